"""Many people who do anything at any time: everybody gets one answer, nothing is left behind."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from inference.engine import Serving, load_engine
from inference.engine.front import StepEngine
from inference.engine.loop import Loop
from inference.engine.scheduler import Room
from inference.engine.stepper import PictureRun
from inference.engine.ticket import Ticket
from inference.jobs import (
    SAMPLERS,
    Engine,
    Reference,
    RenderCancelled,
    RenderFailed,
    RenderJob,
    RenderStopped,
)
from tests.inference.engine.painter import FakePainter, engine_of, job

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


async def answered(engine: Engine, wish: RenderJob, draw: random.Random) -> str:
    """Ask, perhaps withdraw or give up on the way; what came of it."""
    reference = Image.effect_noise((draw.randint(1, 90), 40), 90) if wish.reference else None
    task = asyncio.create_task(engine.render(wish, reference=reference, mask=reference))
    fate = draw.choice(["waits", "waits", "withdraws", "gives up"])
    if fate != "waits":
        await asyncio.sleep(draw.random() / 20)
        engine.cancel(wish.id) if fate == "withdraws" else task.cancel()
    try:
        async with asyncio.timeout(60):
            pictures = await task
    except (RenderCancelled, asyncio.CancelledError):
        return "cancelled"
    except RenderFailed as failure:
        return failure.key
    assert [one.index for one in pictures] == list(range(wish.count))
    return "painted"


@pytest.mark.parametrize("seed", range(3))
async def test_in_a_storm_everybody_gets_one_answer(seed: int) -> None:
    """Cancels, faults and memory running out by chance: the engine serves on, and is empty after."""
    draw = random.Random(seed)

    def fault(runs: Sequence[PictureRun]) -> Exception | None:
        if any(run.job.prompt == "bad" for run in runs):
            return ValueError()
        return RuntimeError("out of memory") if draw.random() < 0.1 else None

    painter = FakePainter(is_broken=lambda seed: seed % 5 == 0)
    painter.fault = fault
    async with engine_of(painter, room=Room(num_runs=9), repeat_bytes=0) as engine:
        wishes = [
            job(f"{n}", prompt=draw.choice(["star", "star", "bad", "unfit"]), seed=draw.randrange(99),
                steps=draw.randint(1, 9), count=draw.randint(1, 8), owner=draw.choice("abc"))
            for n in range(120)
        ]  # fmt: skip
        came = Counter(await asyncio.gather(*(answered(engine, w, draw) for w in wishes)))
        painter.fault = lambda _runs: None
        assert len(await engine.render(job("after the storm", seed=1))) == 1
    assert came["painted"] > 0
    assert came["cancelled"] > 0
    assert "render-failed" in came
    assert painter.is_closed


async def test_a_close_in_the_middle_answers_everybody() -> None:
    """Twice at once, too; what was not finished is handed back."""
    engine = StepEngine(FakePainter(seconds=0.005), Serving(grace_seconds=0.1))
    tasks = [asyncio.create_task(engine.render(job(f"{n}", steps=40, seed=n))) for n in range(30)]
    await asyncio.sleep(0.05)
    await asyncio.gather(engine.close(), engine.close())
    for found in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(found, list | RenderStopped)


def test_what_comes_after_the_end_is_handed_back() -> None:
    """A job that crosses the closing on its way in does not wait for good."""
    loop = Loop(FakePainter(), Serving())
    loop.stop(0.0)
    loop.join()
    late = Ticket(job=job(), reference=None, listener=None)
    loop.submit(late)
    assert isinstance(late.result.exception(timeout=1), RenderStopped)


def strange(number: int, draw: random.Random) -> RenderJob:
    """A job at the edges of what may be asked."""
    strength = draw.choice([0.01, 1 / 49, 0.29, 0.999, 1.0])
    return RenderJob(
        id=str(number),
        prompt=draw.choice(["", "\0", "星" * 300, "a " * 9000, "<|endoftext|>", "\ud800"]),
        negative_prompt=draw.choice(["", "🙂" * 200]),
        width=draw.choice([64, 72, 96]), height=draw.choice([64, 104]),
        steps=draw.choice([1, 2, 9]), guidance=draw.choice([0.0, 1.0000001, 30.0]),
        seed=draw.choice([0, 2**63 - 9]), count=draw.choice([1, 2]),
        sampler=draw.choice(["", *SAMPLERS]),
        reference=draw.choice([None, Reference(sha256="r", strength=strength, mask="m")]),
    )  # fmt: skip


async def test_strange_jobs_are_painted_or_refused_with_a_sentence(tiny_sd: Path) -> None:
    """On a real model: odd sizes, strengths, words and seeds cost nobody else a picture."""
    draw = random.Random(4)
    engine = load_engine(str(tiny_sd), "cpu", serving=Serving(preview_seconds=0.0))
    wishes = [strange(number, draw) for number in range(24)]
    came = Counter(await asyncio.gather(*(answered(engine, w, draw) for w in wishes)))
    await engine.close()
    assert came["painted"] >= 3
    assert set(came) <= {"painted", "cancelled", "render-failed", "render-sampler-unfit"}
