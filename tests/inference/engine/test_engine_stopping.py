"""How an engine ends: what runs is finished, what cannot be is handed back."""

from __future__ import annotations

import asyncio

import pytest

from inference.engine.front import StepEngine
from inference.engine.scheduler import Room
from inference.engine.serving import Serving
from inference.jobs import (
    Picture,
    RenderFailed,
    RenderStopped,
)
from tests.inference.engine.painter import FakePainter, job, until


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


async def test_what_cannot_be_over_in_time_is_handed_back_at_once() -> None:
    """On closing, a long job is not painted to no end, and what has not begun does not begin."""
    painter = FakePainter(seconds=0.02)
    engine = StepEngine(painter, Serving(grace_seconds=1.0, room=Room(num_runs=2)))
    short = asyncio.create_task(engine.render(job("short", steps=20)))
    long = asyncio.create_task(engine.render(job("long", steps=150)))
    await until(lambda: len(painter.batches) > 4)
    waiting = asyncio.create_task(engine.render(job("waiting", steps=1)))
    await asyncio.sleep(0.03)
    closing = asyncio.create_task(engine.close())
    for task in (long, waiting):
        with pytest.raises(RenderStopped):
            await task
    assert not short.done()
    assert len(await short) == 1
    await closing
    assert "waiting" not in {name for batch in painter.batches for name in batch}


async def test_quiet_moments_are_used_to_practise_and_practice_gives_way() -> None:
    """A job for nobody runs while nobody asks, leaves when somebody does, and can be turned off."""
    for is_warmed_up in (True, False):
        painter = FakePainter(seconds=0.01)
        practice = [job("practice", steps=150)]
        serving = Serving(is_warmed_up=is_warmed_up, idle_seconds=0.05)
        engine = StepEngine(painter, serving, practice=practice)
        if is_warmed_up:
            await until(lambda: len(painter.batches) > 2)  # noqa: B023
        else:
            await asyncio.sleep(0.2)
            assert not painter.batches
        await engine.render(job("real", steps=3))
        assert all(batch == ["real"] for batch in painter.batches[-2:])
        await engine.close()


async def test_practice_that_fails_is_nobodys_business() -> None:
    """A model that cannot practise still serves."""
    painter = FakePainter(is_broken=lambda seed: seed != 7)
    engine = StepEngine(painter, Serving(idle_seconds=0.01), practice=[job("p", seed=1)] * 3)
    await until(lambda: len(painter.batches) > 20)
    assert len(await engine.render(job(seed=7))) == 1
    await engine.close()
