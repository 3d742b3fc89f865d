"""How long people wait when they come as they please: Poisson arrivals, jobs short and long (R3).

Both servers are offered the very same requests at the very same times, at a share of what static
batches carry when there is always a full queue.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._chart import draw_lines
from benchmarks._servers import Bench, Server, burst, wish
from benchmarks.path import Measure
from inference.jobs import RenderJob

STEPS = (4, 8, 20, 30)
LOAD = 0.8  # of what S carries
OTHER_LOADS = (0.4, 0.6, 1.0)  # for the plot


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long people waited, and how long all of it took."""

    seconds: tuple[float, ...]
    short_seconds: tuple[float, ...]  # of the four-step jobs
    makespan_seconds: float

    @property
    def p95(self) -> float:
        return percentile(self.seconds, 95)

    @property
    def short_p95(self) -> float:
        return percentile(self.short_seconds, 95)


Pair = tuple[Waits, Waits]  # S, ours


async def waits(bench: Bench, *, is_quick: bool, plot: Path | None = None) -> list[Measure]:
    """R3, and the plot."""
    rounds, num = (1, 12) if is_quick else (5, 60)
    carried = await _capacity(bench.servers["S"], num=8 if is_quick else 48)
    pairs = [await _pair(bench, LOAD * carried, num, seed) for seed in range(rounds)]
    if plot is not None:
        others = {load: [await _pair(bench, load * carried, num, 0)] for load in OTHER_LOADS}
        _plot(plot, {**others, LOAD: pairs})
    return _measures(pairs, is_quick=is_quick)


async def _pair(bench: Bench, rate: float, num: int, seed: int) -> Pair:
    """S and ours on the same arrivals, who is first changes."""
    found = {}
    for name in ("S", "E") if seed % 2 else ("E", "S"):
        found[name] = await poisson(bench.servers[name], rate=rate, num=num, seed=seed)
    return found["S"], found["E"]


async def poisson(server: Server, *, rate: float, num: int, seed: int) -> Waits:
    """``num`` requests at ``rate`` a second on average, steps mixed; the same for every server."""
    draw = random.Random(seed)
    kept: list[tuple[int, float]] = []

    async def ask(job: RenderJob) -> None:
        began = time.perf_counter()
        await server.render(job)
        kept.append((job.steps, time.perf_counter() - began))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(num):
            group.create_task(ask(wish(number, steps=draw.choice(STEPS))))
            await asyncio.sleep(draw.expovariate(rate))
    return Waits(
        seconds=tuple(wait for _, wait in kept),
        short_seconds=tuple(wait for steps, wait in kept if steps == min(STEPS)),
        makespan_seconds=time.perf_counter() - began,
    )


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that ``share`` percent of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


async def _capacity(server: Server, *, num: int) -> float:
    """Requests a second of mixed steps, all handed in at once."""
    draw = random.Random(0)
    jobs = [wish(number, steps=draw.choice(STEPS)) for number in range(num)]
    return num / await burst(server, jobs)


def _measures(pairs: Sequence[Pair], *, is_quick: bool) -> list[Measure]:
    """Medians over the rounds beside their goals."""
    p95 = [static.p95 / ours.p95 for static, ours in pairs]
    short = [static.short_p95 / ours.short_p95 for static, ours in pairs]
    rate = [static.makespan_seconds / ours.makespan_seconds for static, ours in pairs]
    rows = [
        ("R3.p95", "p95 wait of S next to ours, Poisson at 0.8 of S (at least 1.7)", p95, 2.5),
        ("R3.short", "the same for 4-step jobs (at least 3)", short, 5.0),
        ("R3.rate", "requests/s next to S (at least 0.95)", rate, 1.05),
    ]
    return [
        Measure(id=name, what=what, value=round(statistics.median(values), 3), unit="x",
                goal=goal, ok=None if is_quick else statistics.median(values) >= goal)
        for name, what, values, goal in rows
    ]  # fmt: skip


def _plot(path: Path, waits: dict[float, Sequence[Pair]]) -> None:
    """The 95th-percentile wait of both against the offered load."""
    lines = {
        label: [
            (load, statistics.median(pair[n].p95 for pair in pairs))
            for load, pairs in sorted(waits.items())
        ]
        for n, label in enumerate(("static batches", "the engine"))
    }
    draw_lines(path, lines, across="offered load / what S carries", up="p95 wait, seconds")
