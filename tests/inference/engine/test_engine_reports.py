"""What people hear while they wait and while their pictures are painted."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from inference.engine.front import StepEngine
from inference.engine.scheduler import Room
from inference.jobs import (
    Progress,
)
from tests.inference.engine.painter import FakePainter, engine_of, job


async def test_progress_counts_every_step_once_and_ends_at_the_total() -> None:
    """Steps count over the whole job, and the time left shrinks to nothing."""
    heard: list[Progress] = []
    async with engine_of(FakePainter(seconds=0.001)) as engine:
        await engine.render(job(steps=5, count=2), on_progress=heard.append)
    assert [progress.step for progress in heard] == [2, 4, 6, 8, 10]
    assert all(progress.steps == 10 for progress in heard)
    assert heard[-1].seconds_left == 0


@pytest.mark.parametrize("has_thread", [False, True])
async def test_the_second_step_brings_a_preview_and_the_newest_stays(has_thread: bool) -> None:
    """The first guess is drawn after the first step, and every report carries the newest; in the
    device's own thread, and beside it as for a GPU.
    """
    heard: list[Progress] = []
    async with engine_of(FakePainter(seconds=0.05), preview_seconds=0.0) as engine:
        reports = engine._loop._reports
        reports._thread = ThreadPoolExecutor(1) if has_thread else None
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


async def test_a_listener_that_raises_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    """A fault in somebody's listener costs nobody a picture."""

    def listener(progress: Progress) -> None:
        raise KeyError("listener")

    async with engine_of(FakePainter()) as engine:
        assert len(await engine.render(job(), on_progress=listener)) == 1
    assert sum("KeyError" in record.message for record in caplog.records) == 1


async def test_who_waits_hears_a_true_place_in_the_queue() -> None:
    """With room for one picture, the third job hears 2, then 1, then 0, then of its steps."""
    heard: dict[str, list[int | None]] = {"a": [], "b": [], "c": []}
    order: list[str] = []

    async def ask(engine: StepEngine, name: str) -> None:
        def listen(progress: Progress) -> None:
            heard[name].append(progress.ahead)

        await engine.render(job(name, steps=4), on_progress=listen)
        order.append(name)

    async with engine_of(FakePainter(seconds=0.01), room=Room(num_runs=1)) as engine:
        first = asyncio.create_task(engine.render(job("first", steps=6)))
        await asyncio.sleep(0.02)
        await asyncio.gather(*(ask(engine, name) for name in heard))
        await first
    places = {name: [place for place in told if place is not None] for name, told in heard.items()}
    for place, name in enumerate(order):
        assert places[name] == list(range(place, -1, -1))
        assert heard[name][-4:] == [None] * 4


async def test_a_preview_that_cannot_be_drawn_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The job goes on without one, and still hears of its steps."""
    painter = FakePainter(seconds=0.01)
    painter.fetch_fault = OSError("no room for a preview")
    heard: list[Progress] = []
    async with engine_of(painter, preview_seconds=0.0) as engine:
        assert len(await engine.render(job(steps=5), on_progress=heard.append)) == 1
    assert [progress.step for progress in heard] == [1, 2, 3, 4, 5]
    assert "OSError" in caplog.text
