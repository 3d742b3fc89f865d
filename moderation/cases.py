"""Cases: what a human must decide, who holds it, what was decided and when it takes effect.

Every change is one guarded UPDATE; where it finds no row the change is not possible now and a
``CaseError`` says why. Nothing here knows a chat, a picture or what a decision leads to; the
caller's transaction is the unit of work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from store.sessions import insert_once
from store.tables import Case, Moderator, Person, now

from .errors import CaseError

LEASE_SECONDS = 600.0
UNDO_SECONDS = 60.0


class CaseState(StrEnum):
    OPEN = "open"  # waits for a decision, claimed or not
    DECIDED = "decided"  # may be undone until it acts
    CLOSED = "closed"  # the decision has been carried out


class CaseKind(StrEnum):
    REVIEW = "review"  # a filter was unsure
    APPEAL = "appeal"  # a person objects; never decided by whoever decided before
    REPORT = "report"  # a person complains about what was delivered


class Reason(StrEnum):
    """Why a moderator decided so; the statement of reasons names it (``decision-…`` sentences)."""

    WITHIN_RULES = "within_rules"
    FALSE_ALARM = "false_alarm"
    ART_OR_EDUCATION = "art_or_education"
    SEXUAL = "sexual"
    CHILD_SAFETY = "child_safety"
    VIOLENCE = "violence"
    HATE = "hate"
    SELF_HARM = "self_harm"
    ILLICIT = "illicit"
    REAL_PERSON = "real_person"
    BROKEN = "broken"
    COMMUNITY_RULES = "community_rules"


REASONS_TO_APPROVE = (Reason.WITHIN_RULES, Reason.FALSE_ALARM, Reason.ART_OR_EDUCATION)
REASONS_TO_REJECT = tuple(reason for reason in Reason if reason not in REASONS_TO_APPROVE)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A case in the queue."""

    case: Case
    age_seconds: float


async def open_case(
    session: AsyncSession,
    *,
    request_id: str,
    community_id: str,
    round: int,
    stage: str,
    category: str,
    kind: str = CaseKind.REVIEW,
) -> Case:
    """Open a case, or return the one there is for the same request, round, stage and kind."""
    key = {"request_id": request_id, "round": round, "stage": stage, "kind": CaseKind(kind).value}
    await insert_once(session, Case, community_id=community_id, category=category, **key)
    return (await session.scalars(select(Case).filter_by(**key))).one()


async def appeal(
    session: AsyncSession,
    *,
    request_id: str,
    community_id: str,
    round: int,
    stage: str,
    category: str,
) -> Case:
    """Open the appeal against a refusal, once; raises ``CaseError`` where it was decided."""
    case = await open_case(
        session,
        request_id=request_id,
        community_id=community_id,
        round=round,
        stage=stage,
        category=category,
        kind=CaseKind.APPEAL,
    )
    if case.state != CaseState.OPEN:
        raise CaseError("case-error-appeal-decided")
    return case


async def claim(
    session: AsyncSession, case_id: str, moderator_id: str, lease_seconds: float = LEASE_SECONDS
) -> Case:
    """Hold an open case for a while, or renew one's own hold."""
    until = now() + dt.timedelta(seconds=lease_seconds)
    return await _change(
        session,
        case_id,
        moderator_id,
        _may_hold(moderator_id),
        claimed_by=moderator_id,
        claimed_until=until,
    )


async def release(session: AsyncSession, case_id: str, moderator_id: str) -> Case:
    """Give a held case back to the queue."""
    is_own = and_(Case.state == CaseState.OPEN, Case.claimed_by == moderator_id)
    return await _change(
        session, case_id, moderator_id, is_own, claimed_by=None, claimed_until=None
    )


async def decide(
    session: AsyncSession,
    case_id: str,
    moderator_id: str,
    *,
    decision: Literal["approve", "reject"],
    reason: str,
    undo_seconds: float = UNDO_SECONDS,
    note: str = "",
) -> Case:
    """Decide a case that nobody else holds; it takes effect when ``undo_seconds`` are over."""
    at = now()
    return await _change(
        session,
        case_id,
        moderator_id,
        _may_hold(moderator_id),
        state=CaseState.DECIDED,
        decision=decision,
        reason=_checked_reason(decision, reason),
        note=note,
        decided_by=moderator_id,
        decided_at=at,
        acts_at=at + dt.timedelta(seconds=undo_seconds),
        decision_number=Case.decision_number + 1,
    )


async def undo(session: AsyncSession, case_id: str, moderator_id: str) -> Case:
    """Take one's own decision back before it acts; the case stays held by its moderator."""
    may_undo = and_(
        Case.state == CaseState.DECIDED,
        Case.decided_by == moderator_id,
        Case.acts_at > now(),
        Case.acted_number < Case.decision_number,
    )
    return await _change(
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
        decision_number=Case.decision_number + 1,
    )


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
    is_same = and_(
        Case.state == CaseState.DECIDED,
        Case.decision_number == case.decision_number,
        Case.acted_number < case.decision_number,
    )
    await _change(
        session, case.id, "", is_same, state=CaseState.CLOSED, acted_number=case.decision_number
    )


async def queue(
    session: AsyncSession,
    *,
    community_ids: Collection[str] | None = None,
    moderator_id: str | None = None,
    limit: int = 50,
) -> list[Waiting]:
    """Open cases, oldest first. None: of every community. A moderator is shown what they may
    decide: nothing that another holds, no appeal against their own decision."""
    statement = select(Case).where(Case.state == CaseState.OPEN)
    if community_ids is not None:
        statement = statement.where(Case.community_id.in_(community_ids))
    if moderator_id is not None:
        statement = statement.where(_may_hold(moderator_id))
    at = now()
    found = await session.scalars(statement.order_by(Case.created_at, Case.id).limit(limit))
    return [
        Waiting(case=case, age_seconds=(at - case.created_at).total_seconds()) for case in found
    ]


async def may_moderate(session: AsyncSession, person_id: str, community_id: str) -> bool:
    """True for an operator and for a moderator of that community or of all."""
    is_operator = select(Person.id).where(Person.id == person_id, Person.is_operator)
    is_moderator = select(Moderator.id).where(
        Moderator.person_id == person_id,
        or_(Moderator.community_id == community_id, Moderator.community_id.is_(None)),
    )
    found = await session.scalar(select(or_(is_operator.exists(), is_moderator.exists())))
    return bool(found)


def _may_hold(moderator_id: str) -> ColumnElement[bool]:
    """Open, not held by another, and no appeal against a decision of theirs."""
    is_free = or_(
        Case.claimed_by.is_(None), Case.claimed_by == moderator_id, Case.claimed_until <= now()
    )
    is_own_decision = and_(Case.kind == CaseKind.APPEAL, _decided_before(moderator_id))
    return and_(Case.state == CaseState.OPEN, is_free, ~is_own_decision)


def _decided_before(moderator_id: str) -> ColumnElement[bool]:
    """This moderator decided another case of the same request."""
    other = aliased(Case)
    return exists(
        select(other.id).where(
            other.request_id == Case.request_id,
            other.id != Case.id,
            other.decided_by == moderator_id,
        )
    )


def _checked_reason(decision: str, reason: str) -> str:
    allowed = REASONS_TO_APPROVE if decision == "approve" else REASONS_TO_REJECT
    if reason not in allowed:
        raise CaseError("case-error-reason", reasons=", ".join(allowed))
    return reason


async def _change(
    session: AsyncSession,
    case_id: str,
    moderator_id: str,
    guard: ColumnElement[bool],
    **values: Any,
) -> Case:
    """One guarded UPDATE; no row means it is not possible now, and the error says why."""
    statement = (
        update(Case)
        .where(Case.id == case_id, guard)
        .values(**values)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    changed = await session.scalar(statement)
    fresh = await session.get(Case, case_id, populate_existing=True)
    if changed is None:
        raise _why_not(fresh, moderator_id)
    assert fresh is not None  # noqa: S101  it was just changed
    return fresh


def _why_not(case: Case | None, moderator_id: str) -> CaseError:
    if case is None:
        return CaseError("case-error-unknown")
    if case.state == CaseState.CLOSED or case.acted_number >= case.decision_number > 0:
        return CaseError("case-error-closed")
    if case.state == CaseState.DECIDED:
        is_own = case.decided_by == moderator_id
        return CaseError("case-error-too-late" if is_own else "case-error-decided")
    is_held = case.claimed_until is not None and case.claimed_until > now()
    if is_held and case.claimed_by != moderator_id:
        return CaseError("case-error-claimed")
    if case.kind == CaseKind.APPEAL:
        return CaseError("case-error-own-decision")
    return CaseError("case-error-not-decided")
