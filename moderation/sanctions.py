"""Strikes that expire and what they lead to: the ladder of warning, pause and ban; bans by hand.

A strike is for what a person wrote or sent, never for words the expander added or what the model
made of them. Telling the person and cancelling their work is the caller's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import insert_once
from store.tables import Sanction, new_id, now

from .policy import Category, Stage

STRIKE_DAYS = 30


class SanctionKind(StrEnum):
    STRIKE = "strike"  # counts until it expires
    WARNING = "warning"  # the person is told that more will follow
    PAUSE = "pause"  # no new requests until it expires
    BAN = "ban"  # no new requests until it is lifted


@dataclass(frozen=True, kw_only=True)
class Rung:
    """What so many strikes that still count lead to. ``days`` None: until lifted."""

    num_strikes: int
    kind: SanctionKind
    days: float | None


LADDER = (
    Rung(num_strikes=2, kind=SanctionKind.WARNING, days=30),
    Rung(num_strikes=3, kind=SanctionKind.PAUSE, days=1),
    Rung(num_strikes=5, kind=SanctionKind.PAUSE, days=7),
    Rung(num_strikes=8, kind=SanctionKind.BAN, days=None),
)
WEIGHTS = {Category.CHILD_SAFETY: 5}  # every other category counts once

_COSTING_STAGES = frozenset({Stage.WISH, Stage.UPLOAD})
_EXCUSED_CATEGORIES = frozenset({Category.BROKEN, Category.UNCHECKED})  # nobody's fault
_NEVER_UNEARNED = frozenset({Category.CHILD_SAFETY})  # only its own overturn, or a human, lifts it
_KEEPS_OUT = (SanctionKind.PAUSE, SanctionKind.BAN)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a person may do now."""

    is_paused: bool = False
    until: dt.datetime | None = None  # when the last pause ends
    is_banned: bool = False
    num_strikes: int = 0  # those that still count, by weight

    @property
    def may_ask(self) -> bool:
        return not (self.is_paused or self.is_banned)


def costs_strike(stage: Stage, category: Category) -> bool:
    """True where a refusal at that stage and of that category is the person's own doing."""
    return stage in _COSTING_STAGES and category not in _EXCUSED_CATEGORIES


async def strike(
    session: AsyncSession,
    *,
    person_id: str,
    community_id: str | None,
    request_id: str,
    stage: Stage,
    category: Category,
    strike_days: float = STRIKE_DAYS,
    ladder: tuple[Rung, ...] = LADDER,
) -> Rung | None:
    """Count a refusal, once per request; returns the rung this strike reached, if it did."""
    if not costs_strike(stage, category):
        return None
    before = (await standing(session, person_id)).num_strikes

    async def impose(kind: SanctionKind, days: float | None) -> bool:
        return await _impose(
            session,
            kind,
            days,
            person_id=person_id,
            community_id=community_id,
            request_id=request_id,
            category=category,
        )

    if not await impose(SanctionKind.STRIKE, strike_days):
        return None
    after = before + _weight(category)
    reached = [rung for rung in ladder if before < rung.num_strikes <= after]
    if not reached:
        return None
    rung = max(reached, key=lambda rung: rung.num_strikes)
    await impose(rung.kind, rung.days)
    return rung


async def suspend(
    session: AsyncSession,
    *,
    person_id: str,
    community_id: str | None,
    request_id: str,
    category: Category,
) -> bool:
    """Ban until an operator lifts it, whatever the ladder says; once for a request."""
    return await _impose(
        session,
        SanctionKind.BAN,
        None,
        person_id=person_id,
        community_id=community_id,
        request_id=request_id,
        category=category,
    )


async def ban(
    session: AsyncSession,
    person_id: str,
    *,
    community_id: str | None,
    reason: str,
    days: float | None = None,
) -> str:
    """A moderator keeps someone out of a community (None: of all); returns the sanction's id.

    ``days``: a pause of so long, which ends by itself; None: a ban until it is lifted.
    """
    row = Sanction(
        id=new_id(),
        person_id=person_id,
        community_id=community_id,
        kind=SanctionKind.BAN if days is None else SanctionKind.PAUSE,
        reason=reason,
        is_local=community_id is not None,
        expires_at=_in_days(days),
    )
    session.add(row)
    await session.flush()
    return row.id


async def lift_bans(session: AsyncSession, person_id: str, community_id: str | None) -> int:
    """End what keeps someone out of that community alone (None: what does so everywhere, and
    every community's own); returns how many bans and pauses ended."""
    theirs = [Sanction.person_id == person_id, Sanction.kind.in_(_KEEPS_OUT), _is_lasting(now())]
    if community_id is not None:
        theirs += [Sanction.is_local.is_(True), Sanction.community_id == community_id]
    return len(await _lift(session, *theirs))


async def lift(session: AsyncSession, request_id: str, ladder: tuple[Rung, ...] = LADDER) -> int:
    """Take back a request's strike, what it led to, and what its person would not have climbed to
    without it, after an overturn; returns how many sanctions were lifted."""
    people = await _lift(session, Sanction.request_id == request_id)
    num_lifted = len(people)
    for person_id in set(people):
        num_strikes = (await standing(session, person_id)).num_strikes
        earned = {rung.kind for rung in ladder if rung.num_strikes <= num_strikes}
        num_lifted += len(
            await _lift(
                session,
                Sanction.person_id == person_id,
                Sanction.kind.in_({rung.kind for rung in ladder} - earned),
                Sanction.reason == "",  # the ladder's, not a moderator's
                Sanction.category.not_in(_NEVER_UNEARNED),
                _is_lasting(now()),
            )
        )
    return num_lifted


async def _lift(session: AsyncSession, *which: ColumnElement[bool]) -> list[str]:
    """Whose sanctions were lifted, once for each."""
    lifted = await session.scalars(
        update(Sanction)
        .where(*which, Sanction.lifted_at.is_(None))
        .values(lifted_at=now())
        .returning(Sanction.person_id)
        .execution_options(synchronize_session=False)
    )
    return list(lifted.all())


async def standing(
    session: AsyncSession, person_id: str, community_id: str | None = None
) -> Standing:
    """What counts against a person now, in that community; None: only what does everywhere."""
    asked = {"whose": person_id, "at": now(), "where": community_id}
    active = (await session.execute(_ACTIVE, asked)).all()
    pauses = [row.expires_at for row in active if row.kind == SanctionKind.PAUSE and row.expires_at]
    return Standing(
        is_paused=bool(pauses),
        until=max(pauses, default=None),
        is_banned=any(row.kind == SanctionKind.BAN for row in active),
        num_strikes=sum(
            _weight(Category(row.category)) for row in active if row.kind == SanctionKind.STRIKE
        ),
    )


def is_kept_out(
    person_id: SQLColumnExpression[str], community_id: SQLColumnExpression[str], at: dt.datetime
) -> ColumnElement[bool]:
    """As a condition: that person is banned there, so nothing more is made for them."""
    return (
        select(Sanction.id)
        .where(
            Sanction.person_id == person_id,
            Sanction.kind == SanctionKind.BAN,
            Sanction.lifted_at.is_(None),
            _is_lasting(at),
            or_(Sanction.is_local.is_(False), Sanction.community_id == community_id),
        )
        .exists()
    )


def _is_lasting(at: Any) -> ColumnElement[bool]:
    return or_(Sanction.expires_at.is_(None), Sanction.expires_at > at)


def _weight(category: Category) -> int:
    return WEIGHTS.get(category, 1)


_ACTIVE = select(Sanction.kind, Sanction.category, Sanction.expires_at).where(
    Sanction.person_id == bindparam("whose"),
    Sanction.lifted_at.is_(None),
    _is_lasting(bindparam("at")),
    or_(Sanction.is_local.is_(False), Sanction.community_id == bindparam("where")),
)


def _in_days(days: float | None) -> dt.datetime | None:
    return None if days is None else now() + dt.timedelta(days=days)


async def _impose(
    session: AsyncSession,
    kind: SanctionKind,
    days: float | None,
    *,
    person_id: str,
    community_id: str | None,
    request_id: str,
    category: Category,
) -> bool:
    """Write one sanction; the id makes a second one of its kind for the request impossible."""
    return await insert_once(
        session,
        Sanction,
        id=hashlib.sha256(f"{kind}:{request_id}".encode()).hexdigest()[:32],
        person_id=person_id,
        community_id=community_id,
        request_id=request_id,
        kind=kind.value,
        category=category.value,
        expires_at=_in_days(days),
    )
