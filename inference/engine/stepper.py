"""The port between the loop and whatever paints: start, one step, finish. Knows no torch.

The loop owns the one device thread and calls a stepper from nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from inference.engine.scheduler import Lane, Run
from inference.jobs import RenderJob

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a picture of a job will need."""

    lane: Lane
    rows: int
    steps: int  # after the start strength has been taken off
    held_bytes: int = 0  # of device memory, from the first step to the end


@dataclass(kw_only=True, eq=False)
class PictureRun(Run):
    """A run with what it paints; ``state`` belongs to the stepper."""

    job: RenderJob
    index: int  # which picture of the job
    seed: int
    reference: Image | None = None
    mask: Image | None = None  # of the reference: white is painted anew
    is_retry: bool = False
    state: Any = None


@dataclass(frozen=True, kw_only=True)
class Painted:
    """One finished picture; ``image`` is None where the network gave no usable numbers."""

    image: Image | None
    how: Mapping[str, Any] = field(default_factory=dict)


class Stepper(Protocol):
    """Paints runs step by step on one device. Every method may raise ``RenderFailed``."""

    name: str  # the model, as the operator named it
    device: str  # "cpu" or "cuda"
    max_started: int  # runs that may hold device memory at once

    def plan(self, job: RenderJob) -> Plan:
        """What each picture of ``job`` needs; no device work."""

    def start(self, run: PictureRun) -> None:
        """Encode the words, draw the first noise."""

    def step(self, runs: Sequence[PictureRun]) -> None:
        """Take one denoising step for every run; all are of one lane."""

    def preview(self, runs: Sequence[PictureRun]) -> Callable[[], list[Image]]:
        """Begin a small guess of each picture, all after at least one step.

        The answer waits for the numbers and makes pictures of them, none where there are none;
        it is called from another thread, so that the device thread need not wait.
        """

    def finish(self, runs: Sequence[PictureRun]) -> list[Painted]:
        """Decode finished runs, in order."""

    def drop(self, run: PictureRun) -> None:
        """Free what a run holds, whatever its state."""

    def close(self) -> None:
        """Free the device."""
