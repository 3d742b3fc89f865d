"""``kill -9`` at every boundary of every step: what is lost, told twice or done again.

    python -m benchmarks.kills --json [--quick]

A process serves one request after the other and kills itself at the boundary named for each:
before a step, after its effect but before its row is written, after its row, and in the middle of
handing on. The next process finishes what it finds and goes on. Every effect (a filter asked, a
brief written, pictures painted, a message sent) is noted in a file, so it can be counted.

The documented gap: killed after a message went out and before that was written down (which is one
transaction with the request's new state), a chat that cannot recognise a repeat shows it again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import func, select

import migrations
from benchmarks.path import Measure, database, print_report
from bot import durable, fulfil
from bot.app import App, Pace, Parts, build
from bot.asks import Ask
from bot.chat import Card, Event, Place, Speaker
from bot.execution import Execution
from bot.settings import Settings
from inference.expansion.brief import Brief, Span, Wish
from inference.jobs import Picture, RenderJob
from moderation.policy import ALLOWED, Verdict
from store.sessions import Database
from store.tables import FINAL_STATES, Delivery, Grid, Request, RequestState
from store.tables import Picture as PictureRow

STEPS = ("check_words", "expand", "check_brief", "check_uploads", "render", "check_pictures")
EFFECTS = ("check_words", "expand", "check_brief", "render", "deliver")
STAGES = ("prepare", "paint", "present")
NUM_CHAINS = 3  # on Postgres most of the time goes by waiting until the dead count as dead
PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))  # a machine that is busy sets it higher
PACE = Pace(dead_after_seconds=2.0 * PATIENCE, beat_seconds=0.4, sweep_seconds=0.3)
SECONDS_FOR_ONE = 60.0 * PATIENCE

BOUNDARIES = (
    "admit:within",
    "admit:after",
    *(f"{step}:{moment}" for step in (*STEPS, "deliver") for moment in ("before", "after")),
    *(f"{step}:effect" for step in EFFECTS),
    *(f"hand_on-{stage}:{moment}" for stage in STAGES for moment in ("before", "within")),
)
A_FEW = ("admit:within", "expand:effect", "render:effect", "hand_on-paint:within", "deliver:effect")
# The row of a stage's last step goes with the hand-over, so until then that step is running.
LAST_STEP = {"hand_on-prepare": "check_brief", "hand_on-present": "deliver"}
GAP = ("deliver:effect", "deliver:after", "hand_on-present:before", "hand_on-present:within")


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one kill did to the request that was at that boundary."""

    boundary: str
    is_lost: bool
    num_told: int
    num_grids: int
    repeated: Mapping[str, int]  # effects beyond the first, by step

    @property
    def is_told_twice(self) -> bool:
        """Told again outside the documented gap."""
        return self.num_told > (2 if self.boundary in GAP else 1) or self.num_grids > 1

    @property
    def num_too_many(self) -> int:
        """Repeats of anything but the step that was running."""
        running = self.boundary.split(":")[0]
        running = LAST_STEP.get(running, running)
        return sum(times for step, times in self.repeated.items() if step != running) + max(
            0, self.repeated.get(running, 0) - 1
        )


def main() -> None:
    """Kill, look, and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="a few boundaries; under 50 s")
    parser.add_argument("--only", choices=["sqlite", "postgres"], help="one database")
    parser.add_argument("--chain", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.chain:
        url, folder, *boundaries = options.chain
        run_chain(url, Path(folder), boundaries)
        return
    boundaries = A_FEW if options.quick else BOUNDARIES
    measures, table = [], []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for name in [options.only] if options.only else ["sqlite", "postgres"]:
            with database(name, Path(folder)) as url:
                rows = kill_at(boundaries, url, Path(folder) / name)
            measures += summary(name, rows)
            table += [{"database": name, **vars(row)} for row in rows]
    print_report("kills", measures, is_json=options.json, more={"table": table})


def summary(name: str, rows: Sequence[Row]) -> list[Measure]:
    """Three figures that should be nought."""
    figures = {
        "lost": ("requests lost", sum(row.is_lost for row in rows)),
        "told-twice": ("told twice outside the gap", sum(row.is_told_twice for row in rows)),
        "repeated": (
            "steps repeated beyond the one that was running",
            sum(row.num_too_many for row in rows),
        ),
    }
    return [
        Measure(
            id=f"{name_}-{name}",
            what=f"{what}, of {len(rows)} kills, {name}",
            value=value,
            unit="",
            goal=0,
            ok=value == 0,
        )
        for name_, (what, value) in figures.items()
    ]


def kill_at(boundaries: Sequence[str], url: str, folder: Path) -> list[Row]:
    """One request for each boundary, killed there; what became of it.

    Postgres: several chains of processes side by side, each in a database of its own.
    """
    num_chains = min(NUM_CHAINS, len(boundaries)) if url else 1
    chains = [list(boundaries[number::num_chains]) for number in range(num_chains)]
    places = [_place(url, folder, number) for number in range(num_chains)]
    running = []
    for (chain_url, chain_folder), chain in zip(places, chains, strict=True):
        chain_folder.mkdir(parents=True)
        migrations.upgrade(_settings(chain_url, chain_folder).url)
        command = [sys.executable, "-m", "benchmarks.kills", "--chain", chain_url]
        running.append(subprocess.Popen([*command, str(chain_folder), *chain]))
    rows = []
    for process, place, chain in zip(running, places, chains, strict=True):
        if process.wait(timeout=len(chain) * SECONDS_FOR_ONE):
            raise RuntimeError(f"a chain of kills ended with {process.returncode}")
        rows += asyncio.run(_look(*place, chain))
    return rows


def _place(url: str, folder: Path, number: int) -> tuple[str, Path]:
    if not url:
        return "", folder / f"chain-{number}"
    import psycopg

    name = f"kills_{os.getpid()}_{number}"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    before, _, query = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{query}", folder / f"chain-{number}"


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=url,
        default_count=1,
        poll_seconds=0.05,
        daily_pictures=0,
        concurrent_requests=0,
    )


async def _look(url: str, folder: Path, chain: Sequence[str]) -> list[Row]:
    """Count, for each request, what the rows and the notes say."""
    notes = Counter(tuple(line.split()) for line in (folder / "effects").read_text().splitlines())
    db = Database(_settings(url, folder).url)
    rows = []
    async with db.session() as session:
        for number, boundary in enumerate(chain):
            request = await session.scalar(select(Request).where(Request.event_id == f"e{number}"))
            mine = request.id if request else ""
            told, grids, pictures = [
                await session.scalar(
                    select(func.count()).select_from(t).where(t.request_id == mine)
                )
                for t in (Delivery, Grid, PictureRow)
            ]
            is_whole = request is not None and request.state == RequestState.DELIVERED
            rows.append(
                Row(
                    boundary=boundary,
                    is_lost=not (is_whole and told == 1 and pictures == 1),
                    num_told=notes[str(number), "deliver"],
                    num_grids=int(grids or 0),
                    repeated={
                        step: times - 1
                        for (n, step), times in notes.items()
                        if n == str(number) and times > 1
                    },
                )
            )
    await db.close()
    return rows


# What runs in the processes that are killed.


def run_chain(url: str, folder: Path, boundaries: Sequence[str]) -> None:
    """One forked process for each boundary, and a last one that finishes."""
    for number, boundary in enumerate([*boundaries, ""]):
        child = os.fork()  # everything is imported and no thread runs yet: cheap and safe
        if child == 0:
            os._exit(asyncio.run(_serve(url, folder, number, boundary)))
        _, status = os.waitpid(child, 0)
        expected = signal.SIGKILL if boundary else 0
        if os.waitstatus_to_exitcode(status) != -expected:
            sys.exit(f"{boundary or 'the last process'} ended with {status}")


async def _serve(url: str, folder: Path, number: int, boundary: str) -> int:
    """Serve until killed, or until everything asked so far is done: 0."""
    notes = Notes(folder / "effects", str(number), boundary)
    notes.arm()
    app = build(_settings(url, folder), ("chat", "render"), parts=_parts(notes), pace=PACE)
    app.join(NotingChat(notes))
    async with asyncio.timeout(SECONDS_FOR_ONE):
        await app.start()
        await app.studio.accept_terms(_event("terms"))
        for asked in range(max(0, number - 1), number + bool(boundary)):  # the platform repeats
            await app.studio.imagine(_event(f"e{asked}"), Ask(text=f"a cat number {asked}"))
            notes.reach("admit:after", str(asked))
            while not await _is_all_done(app):  # noqa: ASYNC110 - it looks from outside
                await asyncio.sleep(0.05)
    await app.stop()
    return 3 if boundary else 0


async def _is_all_done(app: App) -> bool:
    async with app.db.session() as session:
        states = set(await session.scalars(select(Request.state)))
    return states <= FINAL_STATES


class Notes:
    """Notes effects in a file, and ends the process where it was told to."""

    def __init__(self, path: Path, number: str, boundary: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._number = number
        self._boundary = boundary

    def reach(self, boundary: str, number: str) -> None:
        """Die here, if here it is."""
        if (boundary, number) == (self._boundary, self._number):
            os.kill(os.getpid(), signal.SIGKILL)

    def effect(self, step: str, number: str) -> None:
        """Something was done that no rollback undoes."""
        os.write(self._file, f"{number} {step}\n".encode())
        self.reach(f"{step}:effect", number)

    def arm(self) -> None:
        """Wrap the steps and the hand-over, in this process only."""
        for step in (*STEPS, "deliver"):
            setattr(fulfil, step, self._around(step, getattr(fulfil, step)))
        hand_on, put = Execution.hand_on, durable.Outbox.put

        async def noted_hand_on(execution: Any, session: Any, order: Any, outcome: Any) -> None:
            number = order.request.wish.split()[-1]
            self.reach(f"hand_on-{order.ref.stage}:before", number)
            await hand_on(execution, session, order, outcome)
            self.reach(f"hand_on-{order.ref.stage}:within", number)

        async def noted_put(outbox: Any, session: Any, ref: Any, **options: Any) -> None:
            await put(outbox, session, ref, **options)
            if ref.stage == "prepare":
                request = await session.get(Request, ref.request_id)
                self.reach("admit:within", request.wish.split()[-1])

        Execution.hand_on = noted_hand_on  # type: ignore[method-assign]
        durable.Outbox.put = noted_put  # type: ignore[method-assign]

    def _around(self, step: str, work: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
        async def noted(order: Any, *rest: Any) -> Any:
            number = order.request.wish.split()[-1]
            self.reach(f"{step}:before", number)
            done = await work(order, *rest)
            self.reach(f"{step}:after", number)
            return done

        return noted


class NotingParts:
    """Filter, expander and engine in one: they do little and note it."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def check(self, subject: Any) -> Verdict:
        """Allow; words that end in ", fine" are the brief's."""
        if isinstance(subject, str):
            step = "check_brief" if subject.endswith(", fine") else "check_words"
            self._notes.effect(step, subject.removesuffix(", fine").split()[-1])
        return ALLOWED

    async def expand(self, wish: Wish) -> Brief:
        """Add one word."""
        self._notes.effect("expand", wish.text.split()[-1])
        spans = (Span(start=len(wish.text), end=len(wish.text) + 6),)
        return Brief(wish=wish.text, language="en", prompt=f"{wish.text}, fine", added=spans)

    async def render(self, job: RenderJob, **_: Any) -> list[Picture]:
        """A flat picture."""
        self._notes.effect("render", job.prompt.removesuffix(", fine").split()[-1])
        image = Image.new("RGB", (job.width, job.height), "teal")
        return [Picture(index=0, seed=job.seed, image=image)]

    def cancel(self, job_id: str) -> None:
        """Nothing runs long enough."""

    async def close(self) -> None:
        """Nothing is held."""


class NotingChat:
    """A chat that cannot recognise a repeat."""

    platform = "terminal"

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def run(self) -> None:
        """Nobody talks here."""

    async def send(self, address: Mapping[str, Any], card: Card, *, nonce: str) -> str:
        """Say it, for everyone to see."""
        self._notes.effect("deliver", address["n"])
        return nonce

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        """Nothing is edited."""


def _parts(notes: Notes) -> Parts:
    parts = NotingParts(notes)
    return Parts(
        word_filter=parts,
        negative_filter=parts,
        expander=parts,
        load_engine=lambda: parts,
        load_picture_filter=lambda: parts,
        native_size=(64, 64),
    )


def _event(id: str) -> Event:
    return Event(
        id=id,
        speaker=Speaker(platform="terminal", external_id="ann", locale="en"),
        place=Place(platform="terminal", external_id="room"),
        address={"n": id[1:]},
    )


if __name__ == "__main__":
    main()
