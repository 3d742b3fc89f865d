"""What waits for a decision: oldest first, with its age, for those who may decide it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Case, now

from .guards import may_hold
from .states import CaseState


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A case in the queue."""

    case: Case
    age_seconds: float


async def queue(
    session: AsyncSession,
    *,
    community_ids: Collection[str] | None = None,
    moderator_id: str | None = None,
    kinds: Collection[str] = (),
    limit: int = 50,
) -> list[Waiting]:
    """Open cases, oldest first. None: of every community. A moderator is shown what they may
    decide: nothing that another holds or they spoke of, no appeal against their own decision."""
    statement = select(Case).where(Case.state == CaseState.OPEN)
    if community_ids is not None:
        statement = statement.where(Case.community_id.in_(community_ids))
    if moderator_id is not None:
        statement = statement.where(may_hold(moderator_id))
    if kinds:
        statement = statement.where(Case.kind.in_(kinds))
    at = now()
    found = await session.scalars(statement.order_by(Case.created_at, Case.id).limit(limit))
    return [
        Waiting(case=case, age_seconds=(at - case.created_at).total_seconds()) for case in found
    ]


async def num_waiting(
    session: AsyncSession, community_ids: Collection[str] | None = None
) -> Mapping[tuple[str, str], int]:
    """How many open cases there are, by community and kind."""
    statement = select(Case.community_id, Case.kind, func.count(Case.id)).where(
        Case.state == CaseState.OPEN
    )
    if community_ids is not None:
        statement = statement.where(Case.community_id.in_(community_ids))
    rows = await session.execute(statement.group_by(Case.community_id, Case.kind))
    return {(community_id, kind): number for community_id, kind, number in rows}
