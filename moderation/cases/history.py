"""What is known of a person whose case it is: earlier cases, strikes, sanctions. No words.

What happened in a community that the reader does not look after is counted and not shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.sanctions import standing
from store.tables import Case, Request, Sanction

MOST_SHOWN = 20  # the newest


@dataclass(frozen=True, kw_only=True)
class PastCase:
    """An earlier case of the same person."""

    case_id: str
    kind: str
    stage: str
    category: str
    state: str
    decision: str | None
    reason: str
    created_at: dt.datetime
    decided_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class PastSanction:
    """A strike or what strikes or a moderator led to, whether it still counts or not."""

    kind: str
    category: str
    reason: str  # a moderator's code; empty where the ladder imposed it
    is_local: bool
    created_at: dt.datetime
    expires_at: dt.datetime | None
    lifted_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class History:
    """All of it; the lists hold the newest first."""

    num_requests: int
    num_strikes: int  # that still count, by weight
    is_banned: bool
    is_paused: bool
    cases: tuple[PastCase, ...]
    num_elsewhere: int  # cases in communities that the reader does not see
    sanctions: tuple[PastSanction, ...]


async def history_of(
    session: AsyncSession,
    person_id: str,
    *,
    community_ids: Collection[str] | None = None,
    community_id: str | None = None,
) -> History:
    """Of one person, for someone who looks after ``community_ids`` (None: all of them).

    ``community_id``: where the question comes up; what holds in one community alone counts there.
    """
    num_requests = select(func.count(Request.id)).where(Request.person_id == person_id)
    now = await standing(session, person_id, community_id)
    shown, num_elsewhere = await _cases(session, person_id, community_ids)
    return History(
        num_requests=await session.scalar(num_requests) or 0,
        num_strikes=now.num_strikes,
        is_banned=now.is_banned,
        is_paused=now.is_paused,
        cases=shown,
        num_elsewhere=num_elsewhere,
        sanctions=await _sanctions(session, person_id, community_ids),
    )


async def _cases(
    session: AsyncSession, person_id: str, community_ids: Collection[str] | None
) -> tuple[tuple[PastCase, ...], int]:
    """The newest that the reader may see, and how many there are elsewhere."""
    theirs = select(Case).join(Request, Request.id == Case.request_id)
    theirs = theirs.where(Request.person_id == person_id)
    newest = theirs.order_by(Case.created_at.desc(), Case.id.desc()).limit(MOST_SHOWN)
    if community_ids is None:
        return tuple(_past_case(case) for case in await session.scalars(newest)), 0
    is_here = Case.community_id.in_(community_ids)
    shown = tuple(_past_case(case) for case in await session.scalars(newest.where(is_here)))
    elsewhere = theirs.where(~is_here).with_only_columns(func.count())
    return shown, await session.scalar(elsewhere) or 0


async def _sanctions(
    session: AsyncSession, person_id: str, community_ids: Collection[str] | None
) -> tuple[PastSanction, ...]:
    """Those that hold everywhere, and those of the communities that the reader sees."""
    theirs = select(Sanction).where(Sanction.person_id == person_id)
    if community_ids is not None:
        is_seen = or_(Sanction.is_local.is_(False), Sanction.community_id.in_(community_ids))
        theirs = theirs.where(is_seen)
    newest = theirs.order_by(Sanction.created_at.desc(), Sanction.id).limit(MOST_SHOWN)
    names = PastSanction.__dataclass_fields__
    return tuple(
        PastSanction(**{name: getattr(row, name) for name in names})
        for row in await session.scalars(newest)
    )


def _past_case(case: Case) -> PastCase:
    names = set(PastCase.__dataclass_fields__) - {"case_id"}
    return PastCase(case_id=case.id, **{name: getattr(case, name) for name in names})
