"""Deciding, agreeing, taking it back within the minute, and carrying it out once.

What a moderator says is an opinion. Most cases are decided by the first; one of a severe category
stays open until two different moderators said the same, and neither is shown what the other said.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Case, Opinion, new_id, now

from .guards import NO_LEASE, change, lease, may_hold, try_change
from .states import UNDO_SECONDS, CaseState, Decided, checked_reason, kinds_decided_alone


async def decide(
    session: AsyncSession,
    case_id: str,
    moderator_id: str,
    *,
    decision: Decided,
    reason: str,
    undo_seconds: float = UNDO_SECONDS,
    note: str = "",
    blocks_pictures: bool = False,
) -> Case:
    """Say what should happen to a case that nobody else holds.

    It takes effect when ``undo_seconds`` are over; where more must agree it stays open for them.
    ``blocks_pictures``: when a refusal acts, its pictures are to be known wherever they come again.
    """
    checked_reason(decision, reason)
    until = now() + dt.timedelta(seconds=undo_seconds)
    decided: dict[str, Any] = {
        "state": CaseState.DECIDED,
        "decision": decision,
        "reason": reason,
        "decided_by": moderator_id,
        "decided_at": now(),
        "acts_at": until,
        "decision_number": Case.decision_number + 1,
        "blocks_pictures": blocks_pictures and decision == "reject",
    }
    is_enough = or_(Case.num_eyes <= 1, Case.kind.in_(kinds_decided_alone(decision)))
    is_mine_alone = and_(Case.id == case_id, may_hold(moderator_id), is_enough)
    case = await try_change(session, is_mine_alone, **decided)
    if case is None:
        case = await _agree(session, case_id, moderator_id, decided)
    session.add(
        Opinion(
            id=new_id(),
            case_id=case_id,
            moderator_id=moderator_id,
            decision=decision,
            reason=reason,
            note=note,
            undo_until=until,
        )
    )
    await session.flush()
    return case


async def _agree(
    session: AsyncSession, case_id: str, moderator_id: str, decided: dict[str, Any]
) -> Case:
    """Give the case free for the next moderator, or decide it where enough of them agree."""
    case = await change(
        session,
        case_id,
        moderator_id,
        may_hold(moderator_id),
        decision_number=Case.decision_number + 1,
        **NO_LEASE,
    )  # its row is locked from here on: of two who agree at once the second sees the first
    agreeing = select(func.count(Opinion.id)).where(
        Opinion.case_id == case_id,
        Opinion.decision == decided["decision"],
        Opinion.undone_at.is_(None),
    )
    if (await session.scalar(agreeing) or 0) + 1 < case.num_eyes:
        return case
    return await change(session, case_id, moderator_id, Case.id == case_id, **decided)


async def undo(session: AsyncSession, case_id: str, moderator_id: str) -> Case:
    """Take one's own decision back within its minute; the case is then held by its moderator."""
    mine = and_(
        Opinion.case_id == case_id,
        Opinion.moderator_id == moderator_id,
        Opinion.undone_at.is_(None),
        Opinion.undo_until > now(),
    )
    may_undo = and_(
        Case.state.in_((CaseState.OPEN, CaseState.DECIDED)),
        Case.acted_number < Case.decision_number,
        exists(select(Opinion.id).where(mine)),
    )
    case = await change(
        session,
        case_id,
        moderator_id,
        may_undo,
        state=CaseState.OPEN,
        decision=None,
        reason="",
        decided_by=None,
        decided_at=None,
        acts_at=None,
        blocks_pictures=False,
        decision_number=Case.decision_number + 1,
        **lease(moderator_id),
    )
    taken_back = update(Opinion).where(mine).values(undone_at=now())
    await session.execute(taken_back.execution_options(synchronize_session=False))
    return case


async def due(session: AsyncSession, now: dt.datetime, limit: int = 100) -> list[Case]:
    """Decisions whose undo is over and that nobody has carried out, oldest first."""
    statement = (
        select(Case)
        .where(Case.state == CaseState.DECIDED, Case.acts_at <= now)
        .where(Case.acted_number < Case.decision_number)
        .order_by(Case.acts_at, Case.id)
        .limit(limit)
    )
    return list(await session.scalars(statement))


async def mark_acted(session: AsyncSession, case: Case) -> None:
    """The decision as the caller saw it is carried out; raises where it changed meanwhile."""
    seen = case.decision_number
    is_same = and_(
        Case.state == CaseState.DECIDED,
        Case.decision_number == seen,
        Case.acted_number < seen,
    )
    await change(session, case.id, "", is_same, state=CaseState.CLOSED, acted_number=seen)
