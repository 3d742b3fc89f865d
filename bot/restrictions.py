"""What follows from a refusal beside the refusal itself: a strike, what strikes lead to, and the
statement of reasons. Decides nothing; the verdict or the moderator did."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import CaseKind, Restriction, put_statement
from moderation.policy import Category, Stage, Verdict
from moderation.sanctions import costs_strike, strike
from store.tables import Case, Request, now
from store.tables import Verdict as VerdictRow

from .records import Outcome
from .settings import TERMS_VERSION


async def refused_by_a_filter(
    session: AsyncSession,
    request: Request,
    outcome: Outcome,
    stage: Stage,
    category: Category,
    strike_days: int,
) -> Outcome:
    """Write the strike and the statements of a refusal that no human decided; the outcome with
    what its person must be told of them."""
    await _state(
        session,
        request,
        Restriction.WITHHELD,
        stage=stage,
        category=category,
        is_found_by_machine=True,
        is_decided_by_machine=True,
    )
    return await _struck(session, request, outcome, stage, category, strike_days)


async def refused_by_a_moderator(
    session: AsyncSession, request: Request, case: Case, outcome: Outcome, strike_days: int
) -> Outcome:
    """The same of a decision that acts. An appeal that is refused changes nothing: no more."""
    if case.kind == CaseKind.APPEAL:
        return outcome
    is_review = case.kind == CaseKind.REVIEW
    await _state(
        session,
        request,
        Restriction.WITHHELD if is_review else Restriction.REMOVED,
        stage=case.stage,
        category=case.category,
        case_id=case.id,
        reason=case.reason,
        is_found_by_machine=is_review,
    )
    named = case.reason if case.reason in set(Category) else case.category
    category = Category(named or Category.UNCHECKED)
    return await _struck(session, request, outcome, Stage(case.stage), category, strike_days)


async def _struck(
    session: AsyncSession,
    request: Request,
    outcome: Outcome,
    stage: Stage,
    category: Category,
    strike_days: int,
) -> Outcome:
    """Count it where it is the person's own doing, and climb the ladder."""
    if not costs_strike(stage, category):
        return outcome
    rung = await strike(
        session,
        person_id=request.person_id,
        request_id=request.id,
        community_id=request.community_id,
        stage=stage,
        category=category,
        strike_days=strike_days,
    )
    told: dict[str, Any] = {"strike_days": strike_days}
    if rung is not None:
        told |= {"sanction": rung.kind.value, "sanction_days": rung.days}
        await _state(
            session,
            request,
            Restriction(rung.kind.value),
            stage=stage,
            category=category,
            until=None if rung.days is None else now() + dt.timedelta(days=rung.days),
            is_everywhere=True,
            is_decided_by_machine=True,
        )
    return replace(outcome, problem={**(outcome.problem or {}), **told})


async def _state(
    session: AsyncSession, request: Request, restriction: Restriction, *, stage: str, **facts: Any
) -> None:
    await put_statement(
        session,
        _key(restriction, request),
        restriction=restriction,
        person_id=request.person_id,
        community_id=request.community_id,
        request_id=request.id,
        stage=stage,
        facts=await _facts(session, request.id, stage),
        **facts,
    )


def _key(restriction: Restriction, request: Request) -> str:
    """The same for whoever writes the same statement again."""
    said = f"{restriction}:{request.id}:{request.round}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


async def _facts(session: AsyncSession, request_id: str, stage: str) -> Mapping[str, Any]:
    """Which rules spoke, of which version, under which terms."""
    rows = await session.scalars(
        select(VerdictRow.verdict).where(
            VerdictRow.request_id == request_id,
            VerdictRow.stage == stage,
            VerdictRow.decision != "allow",
        )
    )
    verdicts = [Verdict.from_row(row) for row in rows]
    rules = dict.fromkeys(rule for verdict in verdicts for rule in verdict.rule_ids)
    policies = dict.fromkeys(verdict.policy for verdict in verdicts)
    return {"rules": list(rules), "policies": list(policies), "terms": TERMS_VERSION}
