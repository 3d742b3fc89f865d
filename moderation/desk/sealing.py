"""What no moderator is ever shown: whatever may endanger children."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.policy import Category, Decision
from store.tables import Case, Verdict


async def is_sealed(session: AsyncSession, request_id: str) -> bool:
    """True where a filter or a report says that the request endangers children."""
    reported = select(Case.id).where(
        Case.request_id == request_id, Case.category == Category.CHILD_SAFETY
    )
    if await session.scalar(reported.limit(1)) is not None:
        return True
    judged = select(Verdict.verdict).where(
        Verdict.request_id == request_id, Verdict.decision != Decision.ALLOW
    )
    return any(
        found["category"] == Category.CHILD_SAFETY and found["decision"] != Decision.ALLOW
        for verdict in await session.scalars(judged)
        for found in verdict["findings"]
    )
