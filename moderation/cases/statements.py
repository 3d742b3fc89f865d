"""Statements of reasons: what was restricted, why, who found and decided it, how to object.

One row for each restriction, with the columns of Art. 17 of the Digital Services Act; codes and
opaque ids only, so that they can be kept and handed out. The sentences for the codes are Fluent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.policy import Category
from store.sessions import insert_once
from store.tables import Statement, now

ROWS_AT_ONCE = 500


class Restriction(StrEnum):
    """What the person was kept from."""

    WITHHELD = "withheld"  # it was not made, or not delivered
    REMOVED = "removed"  # it was delivered and taken away
    WARNING = "warning"  # they were told that more will follow
    PAUSE = "pause"  # no new requests for a while
    BAN = "ban"  # no new requests until it is lifted


# Against the law wherever we know of, not only against the terms.
_AGAINST_THE_LAW = frozenset({Category.CHILD_SAFETY, Category.ILLICIT})


async def put_statement(
    session: AsyncSession,
    key: str,
    *,
    restriction: str,
    category: str,
    person_id: str | None,
    community_id: str | None,
    **facts: Any,
) -> None:
    """Write one, once for a ``key`` of at most 32 characters; ``facts`` are other columns."""
    await insert_once(
        session,
        Statement,
        id=key,
        restriction=Restriction(restriction).value,
        category=category,
        person_id=person_id,
        community_id=community_id,
        ground="law" if category in _AGAINST_THE_LAW else "terms",
        **facts,
    )


async def reverse_statements(session: AsyncSession, request_id: str) -> None:
    """The restrictions of a request are taken back: an appeal was upheld."""
    theirs = update(Statement).where(
        Statement.request_id == request_id, Statement.reversed_at.is_(None)
    )
    await session.execute(
        theirs.values(reversed_at=now()).execution_options(synchronize_session=False)
    )


async def exported(
    session: AsyncSession, *, since: dt.datetime | None = None, community_id: str | None = None
) -> AsyncIterator[Mapping[str, Any]]:
    """Every statement as plain data, oldest first."""
    wanted = select(Statement).order_by(Statement.created_at, Statement.id)
    if since is not None:
        wanted = wanted.where(Statement.created_at >= since)
    if community_id is not None:
        wanted = wanted.where(Statement.community_id == community_id)
    rows = await session.stream_scalars(wanted.execution_options(yield_per=ROWS_AT_ONCE))
    async for row in rows:
        yield _plain(row)


def _plain(row: Statement) -> Mapping[str, Any]:
    """One statement in the order of Art. 17(3): restriction, facts, machine, ground, redress."""
    return {
        "id": row.id,
        "created_at": row.created_at.isoformat(),
        "restriction": row.restriction,
        "scope": "everywhere" if row.is_everywhere else "community",
        "community": row.community_id,
        "until": row.until.isoformat() if row.until else None,
        "person": row.person_id,
        "request": row.request_id,
        "case": row.case_id,
        "facts": {"stage": row.stage, "category": row.category, **row.facts},
        "is_found_by_machine": row.is_found_by_machine,
        "is_decided_by_machine": row.is_decided_by_machine,
        "ground": row.ground,
        "reason": row.reason,
        "redress": "appeal" if row.may_appeal else "none",
        "reversed_at": row.reversed_at.isoformat() if row.reversed_at else None,
    }
