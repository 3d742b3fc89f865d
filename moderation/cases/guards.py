"""The one guarded UPDATE by which a case changes, and the sentence for what cannot be now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from moderation.errors import CaseError
from store.tables import Case, Opinion, Person, Request, now

from .states import CaseKind, CaseState

LEASE_SECONDS = 600.0


def may_hold(moderator_id: str) -> ColumnElement[bool]:
    """Open, not held by another, nothing they spoke of already, nothing of their own, no appeal
    against themselves."""
    is_free = or_(
        Case.claimed_by.is_(None), Case.claimed_by == moderator_id, Case.claimed_until <= now()
    )
    is_own_decision = and_(Case.kind == CaseKind.APPEAL, _decided_before(moderator_id))
    return and_(
        Case.state == CaseState.OPEN,
        is_free,
        ~has_said(moderator_id),
        ~is_own_decision,
        ~_asked_for(moderator_id),
    )


def _asked_for(moderator_id: str) -> ColumnElement[bool]:
    """It is about this moderator's own request. An operator may be alone, and decides on theirs."""
    return exists(
        select(Request.id)
        .join(Person, Person.id == Request.person_id)
        .where(
            Request.id == Case.request_id,
            Request.person_id == moderator_id,
            Person.is_operator.is_(False),
        )
    )


def has_said(moderator_id: str) -> ColumnElement[bool]:
    """This moderator has given an opinion on the case that stands."""
    return exists(
        select(Opinion.id).where(
            Opinion.case_id == Case.id,
            Opinion.moderator_id == moderator_id,
            Opinion.undone_at.is_(None),
        )
    )


def _decided_before(moderator_id: str) -> ColumnElement[bool]:
    """This moderator spoke of another case of the same request."""
    other = aliased(Case)
    return exists(
        select(Opinion.id)
        .join(other, other.id == Opinion.case_id)
        .where(
            other.request_id == Case.request_id,
            other.id != Case.id,
            Opinion.moderator_id == moderator_id,
            Opinion.undone_at.is_(None),
        )
    )


def lease(moderator_id: str, seconds: float = LEASE_SECONDS) -> dict[str, Any]:
    """The columns of a hold that begins now."""
    return {"claimed_by": moderator_id, "claimed_until": now() + dt.timedelta(seconds=seconds)}


NO_LEASE: dict[str, Any] = {"claimed_by": None, "claimed_until": None}


async def change(
    session: AsyncSession,
    case_id: str,
    moderator_id: str,
    guard: ColumnElement[bool],
    **values: Any,
) -> Case:
    """One guarded UPDATE; no row means it is not possible now, and the error says why."""
    changed = await try_change(session, and_(Case.id == case_id, guard), **values)
    if changed is None:
        raise await _why_not(session, case_id, moderator_id)
    return changed


async def try_change(
    session: AsyncSession, guard: ColumnElement[bool], **values: Any
) -> Case | None:
    """The same; None where no case is as the guard says."""
    statement = (
        update(Case)
        .where(guard)
        .values(version=Case.version + 1, **values)
        .returning(Case)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return await session.scalar(statement)


async def forget_leases(session: AsyncSession) -> int:
    """Give back what is held for longer than its lease; returns how many cases."""
    is_over = and_(Case.state == CaseState.OPEN, Case.claimed_until <= now())
    if await session.scalar(select(Case.id).where(is_over).limit(1)) is None:
        return 0  # what only reads takes no lock
    over = await session.scalars(
        update(Case)
        .where(is_over)
        .values(version=Case.version + 1, **NO_LEASE)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    return len(over.all())


async def _why_not(session: AsyncSession, case_id: str, moderator_id: str) -> CaseError:
    case = await session.get(Case, case_id, populate_existing=True)
    if case is None:
        return CaseError("case-error-unknown")
    if case.state == CaseState.CLOSED or case.acted_number >= case.decision_number > 0:
        return CaseError("case-error-closed")
    if case.state == CaseState.DECIDED:
        if case.decided_by != moderator_id:
            return CaseError("case-error-decided")
        is_undoable = case.acts_at is not None and case.acts_at > now()
        return CaseError("case-error-said-so" if is_undoable else "case-error-too-late")
    is_held = case.claimed_until is not None and case.claimed_until > now()
    if is_held and case.claimed_by != moderator_id:
        return CaseError("case-error-claimed")
    reasons = {"case-error-said": has_said, "case-error-own-request": _asked_for}
    for key, is_so in reasons.items():
        if await session.scalar(select(Case.id).where(Case.id == case_id, is_so(moderator_id))):
            return CaseError(key)
    if case.kind == CaseKind.APPEAL:
        return CaseError("case-error-own-decision")
    return CaseError("case-error-not-decided")
