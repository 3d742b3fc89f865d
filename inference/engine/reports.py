"""What people hear while their pictures are painted: steps, time left, small guesses. No torch.

The device thread only launches a preview; reading its numbers back from a GPU and making a PNG of
them happens on a thread of its own, and the next report carries it. On a CPU the numbers are there
at once, and a further thread would only push one that computes off its core, while the others wait
for that one.
"""

from __future__ import annotations

import io
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from inference.engine.failures import record
from inference.engine.stepper import PictureRun
from inference.engine.ticket import Ticket

if TYPE_CHECKING:
    from PIL.Image import Image

PREVIEW_SIDE = 256  # pixels, the longest side of a preview
_MAX_SHARE = 0.02  # of the time that is left, for one preview
_NUM_REMEMBERED = 20  # previews; the cheapest counts, since noise only ever adds

Draw = Callable[[Sequence[PictureRun]], Callable[[], list["Image"]]]


class Reports:
    """Tells listeners; called from the device thread only."""

    def __init__(self, draw: Draw, *, interval_seconds: float | None, has_thread: bool) -> None:
        """``draw`` launches a preview of runs and returns what waits for it; ``interval_seconds``:
        the least between two previews of a job, None for no previews; ``has_thread``: for waiting.
        """
        self._draw = draw
        self._interval_seconds = interval_seconds
        self._costs: deque[float] = deque(maxlen=_NUM_REMEMBERED)  # seconds of the device thread
        self._is_cold = True  # the first preview pays for what is set up once
        self._thread = ThreadPoolExecutor(1, "atelier-preview") if has_thread else None
        self._drawn: WeakKeyDictionary[Ticket, tuple[float, Future[None] | None]]
        self._drawn = WeakKeyDictionary()  # when, and what is still being made

    def tell(self, ticket: Ticket) -> None:
        """Tell the listener where its job is, and begin a preview where one is due."""
        if ticket.listener is None:
            return
        try:
            ticket.listener(ticket.progress())
            if self._is_due(ticket):
                self._preview(ticket)
        except Exception as error:  # noqa: BLE001 - the edge: a listener's fault must not stop the others
            record(error)
            ticket.listener = None

    def close(self) -> None:
        """Wait for the preview that is being made."""
        if self._thread is not None:
            self._thread.shutdown()

    def _is_due(self, ticket: Ticket) -> bool:
        """At most one preview per interval, and none that would cost more than it shows."""
        interval, left = self._interval_seconds, ticket.seconds_left
        if interval is None or left is None or ticket.steps_done >= ticket.steps:
            return False
        if left < max(interval / 2, min(self._costs, default=0.0) / _MAX_SHARE):
            return False
        drawn_at, making = self._drawn.get(ticket, (-math.inf, None))
        is_free = making is None or making.done()
        return is_free and time.monotonic() - drawn_at >= interval

    def _preview(self, ticket: Ticket) -> None:
        under_way = [run for run in ticket.runs if run.step > 0 and run.state is not None]
        began = time.monotonic()
        fetch = self._draw(under_way)
        making: Future[None] | None = None
        if self._thread is None:
            _show(ticket, fetch)
        else:
            making = self._thread.submit(_show, ticket, fetch)
        if not self._is_cold:
            self._costs.append(time.monotonic() - began)
        self._is_cold = False
        self._drawn[ticket] = began, making


def _show(ticket: Ticket, fetch: Callable[[], list[Image]]) -> None:
    """The guesses become the ticket's preview; on the preview thread where there is one."""
    try:
        images = fetch()
        if images:
            ticket.preview_png = contact_png(images)
    except Exception as error:  # noqa: BLE001 - the edge of a thread: a preview that fails harms nobody
        record(error)


def contact_png(images: Sequence[Image]) -> bytes:
    """One small PNG of all guesses side by side in a near-square grid."""
    from PIL import Image as Pillow

    columns = math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    width, height = images[0].size
    sheet = Pillow.new("RGB", (columns * width, rows * height))
    for place, image in enumerate(images):
        sheet.paste(image, (place % columns * width, place // columns * height))
    sheet.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
