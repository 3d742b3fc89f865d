"""Strikes that expire and what they lead to: the ladder of warning, pause and ban.

A strike is for what a person wrote or sent, never for words the expander added or what the model
made of them. Telling the person and cancelling their work is the caller's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import insert_once
from store.tables import Sanction, now

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


async def lift(session: AsyncSession, request_id: str) -> int:
    """Take back a request's strike and what it led to, after an overturn; how many were lifted."""
    lifted = await session.scalars(
        update(Sanction)
        .where(Sanction.request_id == request_id, Sanction.lifted_at.is_(None))
        .values(lifted_at=now())
        .returning(Sanction.id)
        .execution_options(synchronize_session=False)
    )
    return len(lifted.all())


async def standing(session: AsyncSession, person_id: str) -> Standing:
    """What counts against a person now."""
    active = (await session.execute(_ACTIVE, {"whose": person_id, "at": now()})).all()
    pauses = [row.expires_at for row in active if row.kind == SanctionKind.PAUSE and row.expires_at]
    return Standing(
        is_paused=bool(pauses),
        until=max(pauses, default=None),
        is_banned=any(row.kind == SanctionKind.BAN for row in active),
        num_strikes=sum(
            _weight(Category(row.category)) for row in active if row.kind == SanctionKind.STRIKE
        ),
    )


def _weight(category: Category) -> int:
    return WEIGHTS.get(category, 1)


_ACTIVE = select(Sanction.kind, Sanction.category, Sanction.expires_at).where(
    Sanction.person_id == bindparam("whose"),
    Sanction.lifted_at.is_(None),
    or_(Sanction.expires_at.is_(None), Sanction.expires_at > bindparam("at")),
)


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
        expires_at=None if days is None else now() + dt.timedelta(days=days),
    )
