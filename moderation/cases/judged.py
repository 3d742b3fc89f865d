"""Reads what filters said beside what moderators decided in the end, for the statistics.

One entry for a request and a stage. Under ``category:…`` stand the scores that verdicts carry even
where no rule spoke, so that what people reported and no rule found counts as missed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.policy import BY_A_MODERATOR, Verdict
from moderation.statistics import Judged
from store.tables import Case
from store.tables import Verdict as VerdictRow

from .states import CaseState

Subject = tuple[str, str]  # request and stage


async def read_judged(
    session: AsyncSession,
    *,
    community_ids: Collection[str] | None = None,
    since: dt.datetime | None = None,
) -> list[Judged]:
    """Everything that was decided and carried out; of several decisions on a thing the last."""
    decided = select(Case).where(Case.state == CaseState.CLOSED, Case.decision.is_not(None))
    if community_ids is not None:
        decided = decided.where(Case.community_id.in_(community_ids))
    if since is not None:
        decided = decided.where(Case.decided_at >= since)
    truth = {
        (case.request_id, case.stage): case.decision == "reject"
        for case in await session.scalars(decided.order_by(Case.decided_at, Case.id))
    }
    scores = await _scores(session, decided)
    return [
        Judged(scores=scores.get(subject, {}), is_violation=is_violation)
        for subject, is_violation in truth.items()
    ]


async def _scores(session: AsyncSession, decided: object) -> dict[Subject, dict[str, float]]:
    """The highest score of each rule, by request and stage."""
    requests = decided.with_only_columns(Case.request_id)  # type: ignore[attr-defined]
    rows = await session.execute(
        select(VerdictRow.request_id, VerdictRow.stage, VerdictRow.verdict).where(
            VerdictRow.request_id.in_(requests), VerdictRow.policy.not_like(f"{BY_A_MODERATOR}%")
        )
    )
    scores: dict[Subject, dict[str, float]] = {}
    for request_id, stage, row in rows:
        found = scores.setdefault((request_id, stage), {})
        for name, score in _said(Verdict.from_row(row)):
            found[name] = max(score, found.get(name, 0.0))
    return scores


def _said(verdict: Verdict) -> list[tuple[str, float]]:
    rules = [(found.rule_id, found.score) for found in verdict.findings]
    return rules + [(f"category:{name}", score) for name, score in verdict.scores.items()]
