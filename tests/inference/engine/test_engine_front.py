"""The engine's front and loop, with a fake painter: no torch, no model."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from PIL import Image

from inference.engine.front import StepEngine
from inference.engine.scheduler import Lane
from inference.engine.serving import Serving
from inference.engine.stepper import Painted, PictureRun, Plan
from inference.jobs import (
    Picture,
    Progress,
    Reference,
    RenderCancelled,
    RenderFailed,
    RenderJob,
)

LANE = Lane(model="fake", height=8, width=8)


class FakePainter:
    """A stepper that writes down what it is asked to do."""

    name = "fake"
    device = "cpu"
    max_started = 64

    def __init__(self, *, seconds: float = 0.0, is_broken: Callable[[int], bool] | None = None):
        self.batches: list[list[str]] = []
        self.dropped = 0
        self.is_closed = False
        self.fault: Callable[[Sequence[PictureRun]], Exception | None] = lambda _runs: None
        self._seconds = seconds
        self._is_broken = is_broken or (lambda _seed: False)

    def plan(self, job: RenderJob) -> Plan:
        if job.prompt == "unfit":
            raise RenderFailed("render-size-unfit", multiple=16)
        if job.prompt == "unreadable":
            raise ZeroDivisionError
        return Plan(lane=LANE, rows=2 if job.guidance > 1 else 1, steps=job.steps)

    def start(self, run: PictureRun) -> None:
        run.state = "started"

    def step(self, runs: Sequence[PictureRun]) -> None:
        time.sleep(self._seconds)
        fault = self.fault(runs)
        if fault is not None:
            raise fault
        self.batches.append([run.job.id for run in runs])

    def preview(self, runs: Sequence[PictureRun]) -> Callable[[], list[Image.Image]]:
        return lambda: [Image.new("RGB", (8, 8), "red") for _ in runs]

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
    """An engine around ``painter`` that is closed in the end."""
    engine = StepEngine(painter, Serving(**{"grace_seconds": 5.0, **options}))
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


async def test_pictures_come_in_order_with_consecutive_seeds() -> None:
    """Picture i of a job has the job's seed plus i."""
    async with engine_of(FakePainter()) as engine:
        pictures = await engine.render(job(seed=7, count=4))
    assert [(picture.index, picture.seed) for picture in pictures] == [(i, 7 + i) for i in range(4)]


async def test_people_share_calls_and_a_short_job_ends_first() -> None:
    """A four-step job that comes later is done long before the fifty-step one it joined."""
    painter = FakePainter(seconds=0.002)
    async with engine_of(painter) as engine:
        long = asyncio.create_task(engine.render(job("long", steps=50)))
        await until(lambda: len(painter.batches) > 3)
        await engine.render(job("short", steps=4))
        assert not long.done()
        await long
    assert ["long", "short"] in [sorted(batch) for batch in painter.batches]


async def test_a_cancelled_job_leaves_within_a_step() -> None:
    """After ``cancel`` at most the running step is finished, and what it held is dropped."""
    painter = FakePainter(seconds=0.01)
    async with engine_of(painter) as engine:
        task = asyncio.create_task(engine.render(job("gone", steps=100, count=2)))
        await until(lambda: len(painter.batches) > 2)
        engine.cancel("gone")
        taken = len(painter.batches)
        with pytest.raises(RenderCancelled):
            await task
        await asyncio.sleep(0.05)
        assert len(painter.batches) <= taken + 1
    assert painter.dropped == 2


async def test_unknown_ids_are_ignored_by_cancel() -> None:
    """Cancelling what is not there changes nothing."""
    async with engine_of(FakePainter()) as engine:
        engine.cancel("nobody")
        assert len(await engine.render(job())) == 1


async def test_who_stops_waiting_withdraws_the_job() -> None:
    """A cancelled coroutine frees the device like ``cancel`` does."""
    painter = FakePainter(seconds=0.01)
    async with engine_of(painter) as engine:
        task = asyncio.create_task(engine.render(job(steps=150)))
        await until(lambda: len(painter.batches) > 2)
        task.cancel()
        await until(lambda: painter.dropped == 1)


async def test_progress_counts_every_step_once_and_ends_at_the_total() -> None:
    """Steps count over the whole job, and the time left shrinks to nothing."""
    heard: list[Progress] = []
    async with engine_of(FakePainter(seconds=0.001)) as engine:
        await engine.render(job(steps=5, count=2), on_progress=heard.append)
    assert [progress.step for progress in heard] == [2, 4, 6, 8, 10]
    assert all(progress.steps == 10 for progress in heard)
    assert heard[-1].seconds_left == 0


async def test_the_second_step_brings_a_preview_and_the_newest_stays() -> None:
    """The first guess is drawn after the first step, and every report carries the newest."""
    heard: list[Progress] = []
    async with engine_of(FakePainter(seconds=0.05), preview_seconds=0.0) as engine:
        await engine.render(job(steps=5, count=2), on_progress=heard.append)
    previews = [progress.preview_png for progress in heard]
    assert previews[0] is None
    assert all(one is not None and one.startswith(b"\x89PNG") for one in previews[1:])


@pytest.mark.parametrize("interval", [60.0, None])
async def test_previews_keep_their_distance(interval: float | None) -> None:
    """A job shorter than the interval gets none: it would cost more than it shows. None: off."""
    heard: list[Progress] = []
    async with engine_of(FakePainter(seconds=0.01), preview_seconds=interval) as engine:
        await engine.render(job(steps=20), on_progress=heard.append)
    assert not any(progress.preview_png for progress in heard)


async def test_a_broken_picture_is_painted_once_more_with_another_seed() -> None:
    """The retry's seed is on the picture, so that it can be painted again."""
    async with engine_of(FakePainter(is_broken=lambda seed: seed == 8)) as engine:
        pictures = await engine.render(job(seed=7, count=2))
    assert pictures[0].seed == 7
    assert pictures[1].seed not in (7, 8)
    assert pictures[1].index == 1


async def test_a_picture_broken_twice_is_reported() -> None:
    """After the second broken picture the person reads a sentence."""
    async with engine_of(FakePainter(is_broken=lambda _seed: True)) as engine:
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job(count=2))
    assert failure.value.key == "render-broken-picture"


async def test_out_of_memory_splits_the_call_and_tells_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Pictures that do not fit together are painted in smaller calls; nobody fails."""
    painter = FakePainter()
    painter.fault = lambda runs: RuntimeError("CUDA out of memory") if len(runs) > 2 else None
    async with engine_of(painter) as engine:
        pictures = await engine.render(job(count=8, steps=3))
    assert len(pictures) == 8
    assert max(len(batch) for batch in painter.batches) <= 2
    assert sum("out of memory" in record.message for record in caplog.records) == 1


async def test_a_picture_too_large_for_the_device_says_so() -> None:
    """Where even one picture does not fit, the sentence asks for a smaller size."""
    painter = FakePainter()
    painter.fault = lambda _runs: RuntimeError("not enough memory")
    async with engine_of(painter) as engine:
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job())
    assert failure.value.key == "render-out-of-memory"


async def test_one_bad_job_spares_its_neighbours(caplog: pytest.LogCaptureFixture) -> None:
    """A job the model chokes on fails alone, and its words are not in the log."""
    painter = FakePainter(seconds=0.002)
    painter.fault = lambda runs: (
        ValueError("my secret wish") if any(run.job.id == "bad" for run in runs) else None
    )
    async with engine_of(painter) as engine:
        good = asyncio.create_task(engine.render(job("good", steps=20)))
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job("bad"))
        assert len(await good) == 1
    assert failure.value.key == "render-failed"
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_plan_that_fails_reaches_the_person() -> None:
    """What the family cannot do is refused before any step, with its own sentence."""
    painter = FakePainter()
    async with engine_of(painter) as engine:
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job(prompt="unfit"))
    assert failure.value.key == "render-size-unfit"
    assert not painter.batches


async def test_a_job_that_cannot_be_read_fails_alone() -> None:
    """Whatever a family throws while it plans, the others go on."""
    painter = FakePainter(seconds=0.002)
    async with engine_of(painter) as engine:
        good = asyncio.create_task(engine.render(job("good", steps=20)))
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job(prompt="unreadable"))
        assert len(await good) == 1
    assert failure.value.key == "render-failed"


async def test_a_job_with_a_reference_needs_the_picture() -> None:
    """The engine holds no blobs: a reference must come with its picture."""
    async with engine_of(FakePainter()) as engine:
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job(reference=Reference(sha256="a")))
    assert failure.value.key == "render-reference-missing"


async def test_a_listener_that_raises_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    """A fault in somebody's listener costs nobody a picture."""

    def listener(progress: Progress) -> None:
        raise KeyError("listener")

    async with engine_of(FakePainter()) as engine:
        assert len(await engine.render(job(), on_progress=listener)) == 1
    assert sum("KeyError" in record.message for record in caplog.records) == 1


async def test_close_lets_the_running_finish_and_frees_the_device() -> None:
    """A stopping engine keeps its promises for the grace time and takes nothing new."""
    painter = FakePainter(seconds=0.002)
    engine = StepEngine(painter, Serving(grace_seconds=5.0))
    task: asyncio.Task[list[Picture]] = asyncio.create_task(engine.render(job(steps=10)))
    await until(lambda: bool(painter.batches))
    await engine.close()
    assert len(await task) == 1
    assert painter.is_closed
    with pytest.raises(RenderFailed) as failure:
        await engine.render(job())
    assert failure.value.key == "render-stopped"


async def test_close_drops_what_takes_too_long() -> None:
    """After the grace time the rest is told that the painter is being stopped."""
    engine = StepEngine(FakePainter(seconds=0.01), Serving(grace_seconds=0.05))
    task = asyncio.create_task(engine.render(job(steps=150)))
    await asyncio.sleep(0.05)
    await engine.close()
    with pytest.raises(RenderFailed) as failure:
        await task
    assert failure.value.key == "render-stopped"


async def test_the_device_has_one_thread() -> None:
    """Every step of every job runs on one and the same thread."""
    threads: set[int] = set()
    painter = FakePainter()
    painter.fault = lambda _runs: threads.add(threading.get_ident())
    async with engine_of(painter) as engine:
        await asyncio.gather(*(engine.render(job(f"{n}")) for n in range(6)))
    assert len(threads) == 1
    assert threading.get_ident() not in threads
