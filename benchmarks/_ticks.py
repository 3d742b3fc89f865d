"""What happens between two calls of the network, and what people feel of it.

R7: how much of a tick is not the network's. R9: how many calls begin before a newcomer is in one,
and how many a cancelled job still takes part in. R10: when the first preview comes and what all
of them cost. R15: the same job again.
"""

from __future__ import annotations

import asyncio
import random
import statistics
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

from benchmarks._servers import Bench, burst, timed, wish
from benchmarks.path import Measure
from inference.jobs import Progress, RenderCancelled

NUM_PEOPLE = 8
STEPS = 30


async def overhead(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R7: eight unguided rows, thirty steps; from the end of a call to the start of the next."""
    jobs = [wish(number, steps=STEPS, guidance=1.0) for number in range(NUM_PEOPLE)]
    shares = []
    for _ in range(1 if is_quick else 5):
        first = len(bench.network.calls)
        await burst(bench.servers["E"], jobs)
        calls = bench.network.calls[first:]
        between = [later[0] - earlier[1] for earlier, later in pairwise(calls)]
        inside = [ended - began for began, ended in calls[1:]]
        shares.append(sum(between) / (sum(between) + sum(inside)))
    share = 100 * statistics.median(shares)
    return [
        Measure(id="R7", what="of a tick outside the network, 8 rows (at most 10)",
                value=round(share, 2), unit="%", goal=5.0, ok=None if is_quick else share <= 5.0),
    ]  # fmt: skip


async def joining(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R9: newcomers and cancels at random moments into a crowd that fills the calls."""
    server, steps = bench.servers["E"], bench.stepper.steps
    draw = random.Random(0)
    crowd = [asyncio.create_task(_until_cancelled(bench, number)) for number in range(NUM_PEOPLE)]
    joins, leaves = [], []
    for number in range(100, 103 if is_quick else 130):
        await asyncio.sleep(draw.uniform(0.05, 0.3))
        asked = len(steps)
        task = asyncio.create_task(_until_cancelled(bench, number))
        await bench.stepper.joined(str(number), asked)
        joined = next(n for n in range(asked, len(steps)) if str(number) in steps[n])
        joins.append(joined - asked)
        await asyncio.sleep(draw.uniform(0.05, 0.3))
        withdrawn = len(steps)
        server.cancel(str(number))
        await task
        leaves.append(sum(str(number) in batch for batch in steps[withdrawn:]))
    for number in range(NUM_PEOPLE):
        server.cancel(str(number))
    await asyncio.gather(*crowd)
    rows = [("R9.join", "calls that begin without a newcomer, at worst", max(joins)),
            ("R9.cancel", "calls that begin with a cancelled job, at worst", max(leaves))]  # fmt: skip
    return [
        Measure(id=name, what=what, value=worst, unit="steps", goal=1, ok=worst <= 1)
        for name, what, worst in rows
    ]


async def _until_cancelled(bench: Bench, number: int) -> None:
    """A job that ends by being cancelled; begun again where it was over before."""
    with suppress(RenderCancelled):
        while True:
            await bench.servers["E"].render(wish(number, steps=150))


async def previews(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R10: the same crowd with previews and without, in turns; all of them listen."""
    engines = {seconds: bench.another(preview_seconds=seconds) for seconds in (1.0, None)}
    steps = STEPS // 2 if is_quick else STEPS
    jobs = [wish(number, steps=steps) for number in range(NUM_PEOPLE)]
    firsts: list[int] = []

    async def crowd(seconds: float | None) -> float:
        return await timed(
            asyncio.gather(
                *(engines[seconds].render(job, on_progress=_first_preview(firsts)) for job in jobs)
            )
        )

    await crowd(1.0)  # the map is fitted
    firsts.clear()
    costs = []
    for round_ in range(1 if is_quick else 7):
        order = (1.0, None) if round_ % 2 else (None, 1.0)
        took = {seconds: await crowd(seconds) for seconds in order}
        costs.append(took[1.0] / took[None] - 1)
    cost, worst = 100 * statistics.median(costs), max(firsts)
    return [
        Measure(id="R10.first", what="step that brings the first preview, at worst", value=worst,
                unit="steps", goal=2, ok=worst <= 2),
        Measure(id="R10.cost", what="what previews cost in throughput (at most 5)",
                value=round(cost, 2), unit="%", goal=2.0, ok=None if is_quick else cost <= 2.0),
    ]  # fmt: skip


def _first_preview(firsts: list[int]) -> object:
    """A listener that notes the step of its job's first preview."""
    seen: list[int] = []

    def listen(progress: Progress) -> None:
        if progress.preview_png is not None and not seen:
            seen.append(progress.step)
            firsts.append(progress.step)

    return listen


async def repeats(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R15: a job of eight steps alone, and the very same again."""
    engine = bench.another(repeat_bytes=2**24)
    ratios = []
    for number in range(3 if is_quick else 15):
        job = replace(wish(number), count=4)
        first = await timed(engine.render(job))
        ratios.append(first / await timed(engine.render(replace(job, id="again", owner="bo"))))
    ratio = statistics.median(ratios)
    return [
        Measure(id="R15", what="exact repeat, how many times faster (at least 20)",
                value=round(ratio, 1), unit="x", goal=50, ok=None if is_quick else ratio >= 50),
    ]  # fmt: skip
