"""Pictures of jobs that were painted before, for whoever asks for exactly the same again.

A job is the same where everything that shapes its pictures is: the model and styles to the byte,
the words, the seed, every number and every upload; who asks and under which id is not. The
pictures are as the model painted them, so whoever shows them judges them by the policy of that
moment, as if they were new. Knows no torch; bounded by bytes, in memory only.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from inference.jobs import Picture, RenderJob

Key = tuple[str, RenderJob]


class Repeats:
    """The last jobs' pictures; any thread may ask."""

    def __init__(self, max_bytes: int) -> None:
        """``max_bytes``: of all pictures together, uncompressed; 0 keeps none."""
        self._max_bytes = max_bytes
        self._num_bytes = 0
        self._kept: OrderedDict[Key, tuple[Picture, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, identity: str, job: RenderJob) -> list[Picture] | None:
        """Copies of the pictures of the same job; None where it is new. ``identity``: weights."""
        with self._lock:
            kept = self._kept.get(_key(identity, job))
            if kept is None:
                return None
            self._kept.move_to_end(_key(identity, job))
        return [_copy(one, is_repeat=True) for one in kept]

    def keep(self, identity: str, job: RenderJob, pictures: Sequence[Picture]) -> None:
        """Remember copies; the oldest go where there is no room."""
        size = _num_bytes(pictures)
        if size > self._max_bytes:
            return
        with self._lock:
            before = self._kept.pop(_key(identity, job), ())
            self._kept[_key(identity, job)] = tuple(_copy(one) for one in pictures)
            self._num_bytes += size - _num_bytes(before)
            while self._num_bytes > self._max_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._num_bytes -= _num_bytes(oldest)

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
            self._num_bytes = 0


def _key(identity: str, job: RenderJob) -> Key:
    """Everything but who asks: a field that is added later is part of it by itself."""
    return identity, replace(job, id="", owner="")


def _copy(picture: Picture, *, is_repeat: bool = False) -> Picture:
    """With pixels of its own: whoever draws a label on them changes nobody else's."""
    how = {**picture.how, "is_repeat": True} if is_repeat else picture.how
    return replace(picture, image=picture.image.copy(), how=how)


def _num_bytes(pictures: Sequence[Picture]) -> int:
    return sum(one.image.width * one.image.height * len(one.image.getbands()) for one in pictures)
