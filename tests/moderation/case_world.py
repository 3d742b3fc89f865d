"""A small world of cases: a community, people who ask, people who decide, pictures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.audit import Anchor, AuditLog
from moderation.cases import Bench, Role
from store.sessions import Database
from store.tables import Case, Community, Identity, Moderator, Person, Request, RequestState, now

PEOPLE = ("asker", "ann", "bob", "cyd", "chief")


async def populate(session: AsyncSession, num_requests: int = 1) -> None:
    """One who asks; ann, bob and cyd moderate "place", chief runs everything; wishes w0, w1, …"""
    session.add_all(
        Community(id=name, platform="terminal", external_id=name) for name in ("place", "other")
    )
    session.add_all(Person(id=name, is_operator=name == "chief") for name in PEOPLE)
    await session.flush()
    session.add(Identity(id="i", person_id="asker", platform="terminal", external_id="1"))
    session.add_all(
        Moderator(person_id=name, community_id="place", role=Role.MODERATOR)
        for name in ("ann", "bob", "cyd")
    )
    await session.flush()
    session.add_all(a_request(f"w{number}") for number in range(num_requests))
    await session.flush()


def a_request(id: str, **facts: Any) -> Request:
    """A wish of the asker's that waits for a moderator."""
    known = {
        "person_id": "asker", "identity_id": "i", "community_id": "place", "wish": "a sword",
        "platform": "terminal", "event_id": id, "address": {}, "language": "en",
        "state": RequestState.AWAITING_REVIEW,
    }  # fmt: skip
    return Request(id=id, **known | facts)


async def open_one(session: AsyncSession, request_id: str = "w0", **facts: Any) -> Case:
    """A case of that request."""
    known = {"community_id": "place", "round": 1, "stage": "wish", "category": "violence"}
    return await cases.open_case(session, request_id=request_id, **known | facts)


async def a_queue(db: Database, num: int) -> list[str]:
    """So many open cases, the oldest first; their ids."""
    async with db.session() as session:
        await populate(session, num)
        opened = [await open_one(session, f"w{number}") for number in range(num)]
        for age, case in enumerate(reversed(opened)):
            case.created_at = now() - dt.timedelta(minutes=age)
        return [case.id for case in opened]


def a_log(folder: Path) -> AuditLog:
    """A log that is anchored in that folder."""
    return AuditLog(key=b"a key", anchor=Anchor(path=folder / "audit.anchor"))


def a_bench(session: AsyncSession, who: str, folder: Path, **options: Any) -> Bench:
    """Where that moderator works."""
    return Bench(session=session, log=a_log(folder), person_id=who, **options)
