"""A job on its way through the engine: what is done, what is owed, who listens. No torch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inference.jobs import Picture, Progress, ProgressListener, RenderJob

if TYPE_CHECKING:
    from PIL.Image import Image

    from inference.engine.stepper import PictureRun


@dataclass(kw_only=True, eq=False)
class Ticket:
    """One job in the engine. Only the device thread touches it, but for three fields.

    Anyone may set ``withdrawn``; the preview thread sets ``preview_png``; ``result`` is a future.
    """

    job: RenderJob
    reference: Image | None
    listener: ProgressListener | None
    mask: Image | None = None  # white is painted anew
    is_warm_up: bool = False  # for nobody: gives way to whoever comes
    result: Future[list[Picture]] = field(default_factory=Future)
    withdrawn: threading.Event = field(default_factory=threading.Event)
    preview_png: bytes | None = None  # the newest
    runs: list[PictureRun] = field(default_factory=list)
    pictures: dict[int, Picture] = field(default_factory=dict)
    steps: int = 0  # over all pictures
    steps_done: int = 0
    ahead: int | None = None  # jobs that begin before this one, as last told
    first_step_at: float | None = None  # monotonic seconds, just before the first step

    def begin(self) -> None:
        """The first step is about to run; later calls change nothing."""
        if self.first_step_at is None:
            self.first_step_at = time.monotonic()
            self.ahead = None

    @property
    def has_begun(self) -> bool:
        return self.first_step_at is not None

    @property
    def seconds_taken(self) -> float:
        """Since the first step; 0 before it."""
        return 0.0 if self.first_step_at is None else time.monotonic() - self.first_step_at

    @property
    def seconds_left(self) -> float | None:
        """By the pace measured so far, waits for others included; None before the first step."""
        if not self.steps_done:
            return None
        return self.seconds_taken / self.steps_done * (self.steps - self.steps_done)

    def progress(self) -> Progress:
        """Where the job is now."""
        return Progress(
            job=self.job.id,
            step=self.steps_done,
            steps=self.steps,
            seconds_left=self.seconds_left,
            preview_png=self.preview_png,
            ahead=self.ahead,
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
