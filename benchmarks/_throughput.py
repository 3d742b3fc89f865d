"""Pictures a second with eight people at once (R1, R2), and with two sizes mixed (R13)."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections import deque
from typing import Any

from benchmarks._servers import Bench, burst, timed, wish
from benchmarks.path import Measure
from inference.engine.scheduler import Scheduler

NUM_PEOPLE = 8
NUM_OF_EACH_SIZE = 3
SMALL, LARGE = 64, 96  # pixels


class InOrder(Scheduler[Any]):
    """First come, first served: only the head of the queue may share a call with those behind it.

    What servers do whose queue is a queue: who wants another size waits, and blocks the rest.
    """

    def next_batch(self) -> list[Any]:
        """The oldest and, up to the first of another lane, those behind it."""
        waiting = deque(sorted(self, key=self._arrivals.__getitem__))
        batch: list[Any] = []
        rows = 0
        while waiting and waiting[0].lane == (batch or waiting)[0].lane:
            rows += waiting[0].rows
            if rows > self._max_rows(waiting[0].lane):
                break
            batch.append(waiting.popleft())
        return batch


async def crowd(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R1 and R2: the median over rounds of each server's seconds, ours being one."""
    jobs = [wish(number) for number in range(NUM_PEOPLE)]
    ratios: dict[str, list[float]] = {"P": [], "T": [], "S": []}
    for _ in range(1 if is_quick else 7):
        ours = await burst(bench.servers["E"], jobs)
        for server, values in ratios.items():
            values.append(await burst(bench.servers[server], jobs) / ours)
    rows = [
        ("R1", "pictures/s, 8 people, next to P (at least 2.0)", "P", 2.5),
        ("R2", "pictures/s, 8 people, next to T (at least 1.5)", "T", 2.0),
        ("R2.static", "pictures/s, 8 people, next to S", "S", 0.95),
    ]
    medians = {server: statistics.median(values) for server, values in ratios.items()}
    return [
        Measure(id=name, what=what, value=round(medians[server], 3), unit="x", goal=goal,
                ok=None if is_quick else medians[server] >= goal)
        for name, what, server, goal in rows
    ]  # fmt: skip


async def sizes(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R13: six people, two sizes, in a random order: in order, and in turns by cost."""
    queue = bench.another(turns=InOrder)
    makespans, slowdowns = [], []
    alone = {side: await _alone(bench, side) for side in (SMALL, LARGE)}
    for round_ in range(1 if is_quick else 5):
        sides = [SMALL, LARGE] * NUM_OF_EACH_SIZE
        random.Random(round_).shuffle(sides)
        jobs = [wish(number, side=side) for number, side in enumerate(sides)]
        in_order = await burst(queue, jobs)
        took = await asyncio.gather(*(timed(bench.servers["E"].render(job)) for job in jobs))
        makespans.append(in_order / max(took))
        slowdowns.append(max(s / alone[side] for s, side in zip(took, sides, strict=True)))
    ratio, worst = statistics.median(makespans), statistics.median(slowdowns)
    return [
        Measure(id="R13", what="two sizes, six people: makespan in order next to ours (at least 1.1)",
                value=round(ratio, 3), unit="x", goal=1.25,
                ok=None if is_quick else ratio >= 1.25),
        Measure(id="R13.slowest", what="worst slowdown against being alone (at most 4)",
                value=round(worst, 3), unit="x", goal=3.0, ok=None if is_quick else worst <= 3.0),
    ]  # fmt: skip


async def _alone(bench: Bench, side: int) -> float:
    """Seconds of a job with nobody else there."""
    job = wish(0, side=side)
    return statistics.median([await timed(bench.servers["E"].render(job)) for _ in range(3)])
