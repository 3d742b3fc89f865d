"""What no moderator is ever shown: whatever may endanger children."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.policy import Category, Decision
from store.tables import Case, Verdict


def is_under_seal(cases: Iterable[Case], verdicts: Iterable[Mapping[str, Any]]) -> bool:
    """True where a case of a request, or what a filter said of it, is about that."""
    return any(case.category == Category.CHILD_SAFETY for case in cases) or any(
        found["category"] == Category.CHILD_SAFETY and found["decision"] != Decision.ALLOW
        for verdict in verdicts
        for found in verdict["findings"]
    )


async def is_sealed(session: AsyncSession, request_id: str) -> bool:
    """The same of a request whose rows are still to be read."""
    cases = await session.scalars(select(Case).where(Case.request_id == request_id))
    verdicts = await session.scalars(
        select(Verdict.verdict).where(
            Verdict.request_id == request_id, Verdict.decision != Decision.ALLOW
        )
    )
    return is_under_seal(cases.all(), verdicts.all())
