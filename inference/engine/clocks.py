"""How long a step of the network took. Knows neither model nor jobs; torch only where it is asked.

On a CPU a call is over when it returns. A GPU only takes orders, so its own events say how long
they took; they are read a step late, when that costs no wait, and keep the thread that gives the
orders from running ahead by more than a step: who joins or leaves would wait for all of them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from inference.engine.scheduler import Lane

_MAX_AHEAD = 1  # steps that may wait in the GPU's queue behind the one it works on
Measured = tuple[Lane, int, float]  # lane, rows, seconds


class Clock(Protocol):
    """Times the steps of one device."""

    def time(self, lane: Lane, rows: int, step: Callable[[], None]) -> None:
        """Run ``step`` and time it."""

    def measured(self) -> Iterator[Measured]:
        """What has been timed since the last call; waits where the device is too far behind."""


class WallClock:
    """Of a device whose calls return when they are done."""

    def __init__(self) -> None:
        self._measured: deque[Measured] = deque()

    def time(self, lane: Lane, rows: int, step: Callable[[], None]) -> None:
        began = time.perf_counter()
        step()
        self._measured.append((lane, rows, time.perf_counter() - began))

    def measured(self) -> Iterator[Measured]:
        while self._measured:
            yield self._measured.popleft()


class EventClock:
    """Of a GPU, by its events."""

    def __init__(self, new_event: Callable[[], Any]) -> None:
        """``new_event``: such as ``torch.cuda.Event(enable_timing=True)``."""
        self._new_event = new_event
        self._running: deque[tuple[Lane, int, Any, Any]] = deque()

    def time(self, lane: Lane, rows: int, step: Callable[[], None]) -> None:
        began, ended = self._new_event(), self._new_event()
        began.record()
        step()
        ended.record()
        self._running.append((lane, rows, began, ended))

    def measured(self) -> Iterator[Measured]:
        while len(self._running) > _MAX_AHEAD:
            lane, rows, began, ended = self._running.popleft()
            ended.synchronize()
            yield lane, rows, began.elapsed_time(ended) / 1000


def clock_of(device: str) -> Clock:
    """The clock for ``"cpu"`` or ``"cuda"``."""
    if device == "cpu":
        return WallClock()
    import torch

    return EventClock(lambda: torch.cuda.Event(enable_timing=True))
