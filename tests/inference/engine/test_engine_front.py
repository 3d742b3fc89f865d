"""The engine's front and loop, with a fake painter: who is served, how and when."""

from __future__ import annotations

import asyncio
import threading

import pytest

from inference.jobs import (
    Reference,
    RenderCancelled,
    RenderFailed,
)
from tests.inference.engine.painter import FakePainter, engine_of, job, until


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


async def test_a_job_with_a_reference_needs_the_picture() -> None:
    """The engine holds no blobs: a reference must come with its picture."""
    async with engine_of(FakePainter()) as engine:
        with pytest.raises(RenderFailed) as failure:
            await engine.render(job(reference=Reference(sha256="a")))
    assert failure.value.key == "render-reference-missing"


async def test_the_device_has_one_thread() -> None:
    """Every step of every job runs on one and the same thread."""
    threads: set[int] = set()
    painter = FakePainter()
    painter.fault = lambda _runs: threads.add(threading.get_ident())
    async with engine_of(painter) as engine:
        await asyncio.gather(*(engine.render(job(f"{n}")) for n in range(6)))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_an_identical_job_paints_nothing_and_gets_the_same_picture() -> None:
    """Words, numbers and weights equal: no step is taken; another seed or other weights: all."""
    painter = FakePainter()
    weights = ["one"]
    async with engine_of(painter, identity=lambda _job: weights[0]) as engine:
        first = await engine.render(job("1", seed=3, steps=5))
        again = await engine.render(job("2", seed=3, steps=5, owner="bo"))
        assert len(painter.batches) == 5
        assert again[0].image.tobytes() == first[0].image.tobytes()
        await engine.render(job("3", seed=4, steps=5))
        weights[0] = "two"
        await engine.render(job("4", seed=3, steps=5))
        assert len(painter.batches) == 15
        engine.forget()
        await engine.render(job("5", seed=3, steps=5))
    assert len(painter.batches) == 20


async def test_repeats_can_be_turned_off() -> None:
    """With no room for pictures, the same job is painted again."""
    painter = FakePainter()
    async with engine_of(painter, repeat_bytes=0) as engine:
        for name in "ab":
            await engine.render(job(name, steps=5))
    assert len(painter.batches) == 10


async def test_a_newcomer_joins_the_next_step_and_a_cancelled_job_takes_no_other() -> None:
    """Counted in calls: at most one begins between asking and joining, or leaving."""
    painter = FakePainter(seconds=0.005)
    async with engine_of(painter) as engine:
        crowd = [asyncio.create_task(engine.render(job(f"{n}", steps=150))) for n in range(6)]
        for attempt in range(5):
            name, began = f"new{attempt}", len(painter.batches)
            task = asyncio.create_task(engine.render(job(name, steps=150)))
            await until(lambda: any(name in batch for batch in painter.batches))  # noqa: B023
            joined = next(n for n, batch in enumerate(painter.batches) if name in batch)
            assert joined <= began + 1
            left = len(painter.batches)
            engine.cancel(name)
            with pytest.raises(RenderCancelled):
                await task
            assert not any(name in batch for batch in painter.batches[left + 1 :])
        for task in crowd:
            task.cancel()
