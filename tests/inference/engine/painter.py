"""A stepper that paints nothing and writes down what it is asked to do; no torch, no model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from PIL import Image

from inference.engine.front import StepEngine
from inference.engine.scheduler import Lane
from inference.engine.serving import Serving
from inference.engine.stepper import Painted, PictureRun, Plan
from inference.jobs import (
    RenderFailed,
    RenderJob,
)

LANE = Lane(model="fake", height=8, width=8)


class FakePainter:
    """A stepper that writes down what it is asked to do."""

    name = "fake"
    device = "cpu"
    max_started = 64

    def __init__(
        self,
        *,
        seconds: float = 0.0,
        is_broken: Callable[[int], bool] | None = None,
        held_bytes: int = 0,
    ) -> None:
        self.batches: list[list[str]] = []
        self.dropped = 0
        self.is_closed = False
        self.fault: Callable[[Sequence[PictureRun]], Exception | None] = lambda _runs: None
        self.fetch_fault: Exception | None = None
        self._seconds = seconds
        self._held_bytes = held_bytes
        self._is_broken = is_broken or (lambda _seed: False)

    def plan(self, job: RenderJob) -> Plan:
        if job.prompt == "unfit":
            raise RenderFailed("render-size-unfit", multiple=16)
        if job.prompt == "unreadable":
            raise ZeroDivisionError
        return Plan(
            lane=LANE,
            rows=2 if job.guidance > 1 else 1,
            steps=job.steps,
            held_bytes=self._held_bytes,
        )

    def start(self, run: PictureRun) -> None:
        run.state = "started"

    def step(self, runs: Sequence[PictureRun]) -> None:
        time.sleep(self._seconds)
        fault = self.fault(runs)
        if fault is not None:
            raise fault
        self.batches.append([run.job.id for run in runs])

    def preview(self, runs: Sequence[PictureRun]) -> Callable[[], list[Image.Image]]:
        def fetch() -> list[Image.Image]:
            if self.fetch_fault is not None:
                raise self.fetch_fault
            return [Image.new("RGB", (8, 8), "red") for _ in runs]

        return fetch

    def finish(self, runs: Sequence[PictureRun]) -> list[Painted]:
        return [
            Painted(image=None if self._is_broken(run.seed) else Image.new("RGB", (8, 8), "blue"))
            for run in runs
        ]

    def drop(self, run: PictureRun) -> None:
        self.dropped += run.state is not None

    def close(self) -> None:
        self.is_closed = True


@asynccontextmanager
async def engine_of(painter: FakePainter, **options: Any) -> AsyncIterator[StepEngine]:
    """An engine around ``painter`` that is closed in the end; ``options`` are of ``Serving``."""
    identity = options.pop("identity", lambda _job: "")
    serving = Serving(**{"grace_seconds": 5.0, **options})
    engine = StepEngine(painter, serving, identity=identity)
    try:
        yield engine
    finally:
        await engine.close()


def job(name: str = "job", **options: Any) -> RenderJob:
    """A small job."""
    return RenderJob(id=name, prompt=options.pop("prompt", "a star"), **options)


async def until(condition: Callable[[], bool]) -> None:
    """Wait a little until ``condition`` holds."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never happened")
