"""How soon people are heard, on Discord and on Telegram, and what a thousand of them weigh.

    python -m benchmarks.chat --json [--quick] [--only burst|beside|open] [--hold SECONDS]

*burst*: 300 commands at once on each platform, rendering stubbed. *beside*: five commands a second
while the bundled model paints what they ask for, in its default place. *open*: a thousand people
whose requests wait while nothing is painted, held for ten minutes; the memory of this process
from the start to the end. Each platform is emulated in a process of its own, over real sockets,
and every word to and from it is judged by the platform's description.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import func, select

from benchmarks._chat_discord import acknowledged, measure_discord, stage
from benchmarks._chat_telegram import measure_telegram
from benchmarks.path import Measure, Stub, print_report
from bot.app import App, Parts, real_parts
from bot.settings import Settings
from inference.jobs import Picture, RenderJob
from store.tables import Request, RequestState

PARTS = ("burst", "beside", "open")
RATE = 5.0  # commands a second beside rendering
HOLD_SECONDS = 600.0
NUM_SPANS = 10  # of the waiting, to see whether growth ends
GOAL_GROWTH_MIB, GOAL_LATE_MIB, GOAL_PROCESS_MIB = 5.0, 1.0, 500.0
GOAL_EACH_KIB = 100.0
PAGE_BYTES = 4096
SETTLE_SECONDS = 5.0  # until what they see says so


def main() -> None:
    """Measure and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer people; under 50 s")
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument("--hold", type=float, default=HOLD_SECONDS, help="seconds of waiting")
    options = parser.parse_args()
    measures: list[Measure] = []
    for part in [options.only] if options.only else PARTS:
        measures += uvloop.run(_measure(part, options.quick, options.hold))  # as the service does
    print_report("chat", measures, is_json=options.json)


async def _measure(part: str, is_quick: bool, hold_seconds: float) -> list[Measure]:
    if part == "burst":
        return [*await measure_discord(is_quick=is_quick),
                *await measure_telegram(is_quick=is_quick)]  # fmt: skip
    if part == "beside":
        return await beside_rendering(is_quick)
    return await open_requests(is_quick, 3.0 if is_quick else hold_seconds)


async def beside_rendering(is_quick: bool) -> list[Measure]:
    """Acknowledgements while the machine paints."""
    count = 15 if is_quick else 150
    async with stage(count, real_parts) as it:
        await it.speak(2)  # the model is loaded and busy before it counts
        await it.until("shown", 1, 120)
        await it.speak(count, first=2, rate=RATE)
        report = await it.until("answered", count + 2, count / RATE + 120)
        num_painted = len(report["shown_ms"])
    what = f"{count} commands, {RATE:.0f} a second, while the bundled model paints"
    assert num_painted >= 1
    return acknowledged("beside", what, report["answered_ms"], is_quick)


async def open_requests(is_quick: bool, hold_seconds: float) -> list[Measure]:
    """Many people wait for a long time; what each weighs, and what waiting adds."""
    num_people = 100 if is_quick else 1000
    async with stage(num_people, _endless) as it:
        before = _resident_mib()
        await it.speak(num_people, rate=50)
        await it.until("answered", num_people, 300)
        await _until_waiting(it.app, num_people)
        found = [_resident_mib()]
        for _ in range(NUM_SPANS):
            await asyncio.sleep(hold_seconds / NUM_SPANS)
            found.append(_resident_mib())
    each_kib = 1024 * (found[0] - before) / num_people
    return _weights(found, each_kib, num_people, hold_seconds, is_quick=is_quick)


def _weights(
    found: list[float], each_kib: float, num_people: int, seconds: float, *, is_quick: bool
) -> list[Measure]:
    """What the process weighed from the start of the waiting to its end, in ``NUM_SPANS`` parts."""
    growth, late = found[-1] - found[0], found[-1] - found[NUM_SPANS // 2]
    course = " ".join(f"{one - found[0]:+.1f}" for one in found[1:])
    rows = [
        ("each", f"memory of one open request, {num_people} of them", each_kib, GOAL_EACH_KIB),
        ("growth", f"growth of the process while they waited for {seconds:.0f} s: {course}",
         growth, GOAL_GROWTH_MIB),
        ("late-growth", "growth in the second half of it", late, GOAL_LATE_MIB),
        ("process", f"the process with {num_people} open requests", found[-1], GOAL_PROCESS_MIB),
    ]  # fmt: skip
    return [
        Measure(id=f"open-{name}", what=what, value=round(value, 1),
                unit="KiB" if name == "each" else "MiB", goal=goal,
                ok=None if is_quick else value <= goal)
        for name, what, value, goal in rows
    ]  # fmt: skip


async def _until_waiting(app: App, count: int) -> None:
    """Return once every request is prepared and waits for the painter, and has said so."""
    waiting = (
        select(func.count()).select_from(Request).where(Request.state == RequestState.PAINTING)
    )
    num_waiting = 0
    async with asyncio.timeout(600):
        while num_waiting < count:
            await asyncio.sleep(0.5)
            async with app.db.session() as session:
                num_waiting = await session.scalar(waiting) or 0
    await asyncio.sleep(SETTLE_SECONDS)


class Endless(Stub):
    """An engine that never comes to an end."""

    def __init__(self) -> None:
        self._never = asyncio.Event()

    async def render(self, job: RenderJob, **_: Any) -> list[Picture]:
        """Wait for ever."""
        await self._never.wait()
        return []


def _endless(settings: Settings) -> Parts:
    stub = Endless()
    return replace(real_parts(settings), load_engine=lambda: stub, load_picture_filter=lambda: stub)


def _resident_mib() -> float:
    """This process's memory, garbage collected."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * PAGE_BYTES / 2**20


if __name__ == "__main__":
    main()
