"""Fifty moderators at the web desk: what they wait, and what is left of their work by ``kill -9``.

    python -m benchmarks.desk --json [--quick]

Ten thousand cases in a Postgres that is started here; the desk is served by two processes
(``atelier serve --roles desk``), each on a socket of its own. Every moderator signs in by a link
and decides a case every five seconds, over HTTP as a browser does; an answer shows the next case.
In the middle of it one process is killed with ``SIGKILL`` and started anew; its moderators go on
with the other, as behind a proxy.

Decide-and-next: from the first byte of the decision to the last of the page with the next case.
Claimed twice: the audit log has a claim by one moderator of what another held. Lost: a decision
that a moderator was shown as done and that the tables do not have, a case that is gone or that
nobody can get any more. Each figure is counted from the tables, not from what the moderators saw.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

import migrations
from benchmarks._moderators import NUM_MODERATORS, SECONDS_BETWEEN, Worker
from benchmarks.path import Measure, database, print_report
from bot.audit_files import open_audit_log
from bot.settings import Settings
from moderation.cases import LEASE_SECONDS
from store.sessions import Database
from store.tables import (
    AuditEntry,
    Case,
    Community,
    Identity,
    Moderator,
    Opinion,
    Person,
    Request,
    RequestState,
    Verdict,
    new_id,
)

NUM_CASES = 10_000
NUM_ASKERS = 2_000
SECONDS, QUICK_SECONDS = 120.0, 20.0
NUM_SERVERS = 2
GOAL_MS, LEAST_MS = 150.0, 400.0
START_SECONDS = 90.0
PLACE = "desk-benchmark"
FINDING = {
    "rule_id": "en.violence.7", "category": "violence", "decision": "review", "score": 0.6,
    "start": 2, "end": 7, "matched": "sword",
}  # fmt: skip


def main() -> None:
    """Measure and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="twenty seconds of work; under 50 s")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        database("postgres", Path(folder)) as url,
    ):
        seconds = QUICK_SECONDS if options.quick else SECONDS
        found = asyncio.run(measure(url, Path(folder) / "data", seconds))
    print_report("desk", judged(found, is_quick=options.quick), is_json=options.json)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was seen, and what the tables say."""

    waits_ms: Sequence[float]  # of each decision and the next case
    num_shown_done: int
    num_twice: int
    num_lost: int
    is_log_whole: bool


async def measure(url: str, folder: Path, seconds: float) -> Found:
    """Fill the tables, serve, let them work, kill one server on the way, and count."""
    migrations.upgrade(Settings(data_dir=folder, database_url=url).url)
    db = Database(url)
    moderators = await populate(db)
    ports = free_ports(NUM_SERVERS)
    servers = [await serve(url, folder, port) for port in ports]
    crowd = [Worker(name=name, number=n, ports=ports) for n, name in enumerate(moderators)]
    try:
        async with asyncio.timeout(START_SECONDS + 3 * seconds):
            await asyncio.gather(*(worker.come_in(db) for worker in crowd))
            until = time.monotonic() + seconds
            work = asyncio.gather(*(worker.work(until) for worker in crowd))
            await asyncio.sleep(seconds / 2)
            servers[0].kill()
            await servers[0].wait()
            servers[0] = await serve(url, folder, ports[0])
            await work
        return await count(db, url, folder, crowd)
    finally:
        await asyncio.gather(*(worker.leave() for worker in crowd))
        for server in servers:
            server.kill()
            await server.wait()
        await db.close()


async def populate(db: Database) -> list[str]:
    """One community, its moderators, and as many doubtful wishes; returns the moderators."""
    moderators = [new_id() for _ in range(NUM_MODERATORS)]
    askers, place = [new_id() for _ in range(NUM_ASKERS)], new_id()
    async with db.session() as session:
        session.add(Community(id=place, platform="discord", external_id="1", name=PLACE))
        session.add_all(Person(id=each) for each in [*askers, *moderators])
        await session.flush()
        session.add_all(
            Identity(id=each, person_id=each, platform="discord", external_id=each, name="mei")
            for each in askers
        )
        session.add_all(Moderator(person_id=each, community_id=place) for each in moderators)
        await session.flush()
        for start in range(0, NUM_CASES, NUM_ASKERS):
            await ask(session, askers, place, f"{start}")
    return moderators


async def ask(session: AsyncSession, askers: Sequence[str], place: str, turn: str) -> None:
    """A doubtful wish of everybody's, and its case."""
    wishes = {new_id(): who for who in askers}
    same = {"community_id": place, "platform": "discord", "address": {}, "language": "en"}
    requests = [
        {"id": wish, "person_id": who, "identity_id": who, "event_id": f"{turn}:{wish}",
         "wish": f"a sword in the stone, number {wish[-5:]}",
         "state": RequestState.AWAITING_REVIEW, **same}
        for wish, who in wishes.items()
    ]  # fmt: skip
    about = {"round": 1, "stage": "wish"}
    said = {"decision": "review", "scores": {"violence": 0.6}, "findings": [FINDING], "policy": "1"}
    verdict = {"decision": "review", "verdict": said, "policy": "1", **about}
    case = {"community_id": place, "category": "violence", **about}
    await session.execute(insert(Request), requests)
    await session.execute(insert(Case), [{"request_id": wish, **case} for wish in wishes])
    await session.execute(insert(Verdict), [{"request_id": wish, **verdict} for wish in wishes])


def free_ports(num: int) -> list[int]:
    """Ports of this machine that nobody uses now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(num)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


async def serve(url: str, folder: Path, port: int) -> asyncio.subprocess.Process:
    """A process that serves the desk, once it answers."""
    choices = {
        "ATELIER_DATA_DIR": str(folder),
        "ATELIER_DATABASE_URL": url,
        "ATELIER_DESK_PORT": str(port),
    }
    command = [sys.executable, "-W", "ignore", "-m", "bot", "serve", "--roles", "desk"]
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **choices}, stderr=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(START_SECONDS):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return process
    raise RuntimeError(f"the desk ended with {process.returncode}")


async def count(db: Database, url: str, folder: Path, crowd: Sequence[Worker]) -> Found:
    """What the tables and the log say of it."""
    done = {(case_id, worker.name) for worker in crowd for case_id in worker.shown_done}
    log = open_audit_log(Settings(data_dir=folder, database_url=url), is_for_reading=True)
    async with db.session() as session:
        opinions = await session.execute(
            select(Opinion.case_id, Opinion.moderator_id).where(Opinion.undone_at.is_(None))
        )
        said = {(case_id, who) for case_id, who in opinions}
        num_decided = await session.scalar(
            select(func.count(Case.id)).where(Case.state != "open", Case.decision.is_not(None))
        )
        num_open = await session.scalar(select(func.count(Case.id)).where(Case.state == "open"))
        report = await log.verify(session)
        entries = (
            await session.execute(
                select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject).order_by(
                    AuditEntry.number
                )
            )
        ).all()
    num_gone = NUM_CASES - (num_decided or 0) - (num_open or 0)
    return Found(
        waits_ms=[wait for worker in crowd for wait in worker.waits_ms],
        num_shown_done=len(done),
        num_twice=claimed_twice(entries) + len(said) - len({case_id for case_id, _ in said}),
        num_lost=len(done - said) + num_gone + await held_for_ever(db),
        is_log_whole=report.is_intact,
    )


def claimed_twice(entries: Sequence[Any]) -> int:
    """Claims of a case that another held: no lease ends while this runs."""
    held: dict[str, str] = {}
    num_twice = 0
    for actor, action, subject in entries:
        if action == "case-claim":
            num_twice += held.get(subject, actor) != actor
            held[subject] = actor
        elif action == "case-hand-back":
            held.pop(subject, None)
        elif action in ("case-approve", "case-reject"):
            num_twice += held.get(subject, actor) != actor
    return num_twice


async def held_for_ever(db: Database) -> int:
    """Open cases whose hold never ends."""
    is_stuck = Case.claimed_by.is_not(None) & Case.claimed_until.is_(None)
    async with db.session() as session:
        stuck = select(func.count(Case.id)).where(Case.state == "open", is_stuck)
        return await session.scalar(stuck) or 0


def judged(found: Found, *, is_quick: bool) -> list[Measure]:
    """Each figure beside its goal."""
    waits = sorted(found.waits_ms)
    p50, p95, p99 = (waits[int(share * (len(waits) - 1))] for share in (0.5, 0.95, 0.99))
    crowd = f"{NUM_MODERATORS} moderators, a decision each {SECONDS_BETWEEN:.0f} s"
    times: Mapping[str, tuple[str, float, float]] = {
        "next-p95": (f"decide and next, 95th percentile (at least {LEAST_MS:.0f})", p95, GOAL_MS),
        "next-p50": ("decide and next, median", p50, GOAL_MS),
        "next-p99": ("decide and next, 99th percentile", p99, LEAST_MS),
    }
    counts: Mapping[str, tuple[str, float]] = {
        "twice": ("claimed or decided twice", found.num_twice),
        "lost": (f"lost, of {found.num_shown_done} shown as done, by kill -9", found.num_lost),
        "log": ("audit logs that are not whole after kill -9", not found.is_log_whole),
    }
    measures = [
        Measure(id=name, what=f"{what}: {crowd}", value=round(value, 1), unit="ms", goal=goal,
                ok=None if is_quick else value <= goal)
        for name, (what, value, goal) in times.items()
    ]  # fmt: skip
    return measures + [
        Measure(id=name, what=what, value=int(value), unit="", goal=0, ok=value == 0)
        for name, (what, value) in counts.items()
    ]


assert SECONDS < LEASE_SECONDS


if __name__ == "__main__":
    main()
