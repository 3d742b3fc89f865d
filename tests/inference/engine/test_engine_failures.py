"""What becomes of jobs when memory, the model or its numbers fail."""

from __future__ import annotations

import asyncio

import pytest

from inference.engine.scheduler import Room
from inference.jobs import (
    RenderFailed,
)
from tests.inference.engine.painter import FakePainter, engine_of, job, until


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


async def test_a_job_whose_second_picture_fails_spares_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Though its first picture took the same step well, nobody else loses a step or a picture."""
    painter = FakePainter(seconds=0.002)
    painter.fault = lambda runs: ValueError() if any(run.seed == 8 for run in runs) else None
    async with engine_of(painter) as engine:
        good = asyncio.create_task(engine.render(job("good", steps=20, seed=50, count=2)))
        await until(lambda: len(painter.batches) > 2)
        with pytest.raises(RenderFailed):
            await engine.render(job("bad", seed=7, count=2))
        assert len(await good) == 2
    assert sum(batch.count("good") for batch in painter.batches) == 40
    assert sum("ValueError" in record.message for record in caplog.records) == 3  # calls of 4, 2, 1


async def test_splitting_can_be_turned_off() -> None:
    """Without it, a call that does not fit fails everybody in it."""
    painter = FakePainter()
    painter.fault = lambda runs: RuntimeError("CUDA out of memory") if len(runs) > 2 else None
    async with engine_of(painter, splits_calls=False) as engine:
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job(count=8, steps=3))
    assert failure.value.key == "render-out-of-memory"


async def test_retrying_can_be_turned_off() -> None:
    """Without it, the first broken picture is reported."""
    painter = FakePainter(is_broken=lambda seed: seed == 7)
    async with engine_of(painter, retries_broken=False) as engine:
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job(seed=7))
    assert failure.value.key == "render-broken-picture"


async def test_memory_admits_only_what_fits() -> None:
    """Pictures that hold too much together start one after the other; all are painted."""
    painter = FakePainter(held_bytes=100)
    async with engine_of(painter, room=Room(held_bytes=250)) as engine:
        pictures = await engine.render(job(count=5, steps=3))
    assert len(pictures) == 5
    assert max(len(batch) for batch in painter.batches) == 2
