"""A job on its way through the engine: what is done, what is owed, who listens. No torch."""

from __future__ import annotations

import io
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inference.jobs import Picture, Progress, ProgressListener, RenderJob

if TYPE_CHECKING:
    from PIL.Image import Image

    from inference.engine.stepper import PictureRun

PREVIEW_SIDE = 256  # pixels, the longest side of a preview


@dataclass(kw_only=True, eq=False)
class Ticket:
    """One job in the engine. Only the device thread touches it, ``is_cancelled`` aside."""

    job: RenderJob
    reference: Image | None
    listener: ProgressListener | None
    mask: Image | None = None  # white is painted anew
    result: Future[list[Picture]] = field(default_factory=Future)
    withdrawn: threading.Event = field(default_factory=threading.Event)
    runs: list[PictureRun] = field(default_factory=list)
    pictures: dict[int, Picture] = field(default_factory=dict)
    steps: int = 0  # over all pictures
    steps_done: int = 0
    first_step_at: float | None = None  # monotonic seconds, just before the first step
    preview_at: float | None = None  # monotonic seconds, of the last preview

    @property
    def is_over(self) -> bool:
        """True once the person has an answer, whatever it is."""
        return self.result.done()

    def begin(self) -> None:
        """The first step is about to run; later calls change nothing."""
        if self.first_step_at is None:
            self.first_step_at = time.monotonic()

    def is_preview_due(self, interval_seconds: float) -> bool:
        """At most one preview per interval, and none where the pictures are nearly there."""
        left = self.seconds_left
        if left is None or left < interval_seconds / 2 or self.steps_done >= self.steps:
            return False
        is_due = self.preview_at is None or time.monotonic() - self.preview_at >= interval_seconds
        if is_due:
            self.preview_at = time.monotonic()
        return is_due

    @property
    def seconds_left(self) -> float | None:
        """By the pace measured so far, waits for others included; None before the first step."""
        if self.first_step_at is None or not self.steps_done:
            return None
        elapsed = time.monotonic() - self.first_step_at
        return elapsed / self.steps_done * (self.steps - self.steps_done)

    def count_steps(self, num_steps: int) -> None:
        self.steps_done += num_steps

    def progress(self, preview_png: bytes | None = None) -> Progress:
        """Where the job is now."""
        return Progress(
            job=self.job.id,
            step=self.steps_done,
            steps=self.steps,
            seconds_left=self.seconds_left,
            preview_png=preview_png,
        )

    def deliver(self) -> None:
        self._end(lambda: self.result.set_result([self.pictures[i] for i in sorted(self.pictures)]))

    def fail(self, error: Exception) -> None:
        self._end(lambda: self.result.set_exception(error))

    def _end(self, answer: Callable[[], None]) -> None:
        """Answer once; the waiter may have gone meanwhile, which is no error."""
        try:
            answer()
        except InvalidStateError:
            return


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
    sheet.save(buffer, "PNG")
    return buffer.getvalue()
