"""Who holds a case: a claim is a lease, so what its moderator leaves lying comes back by itself."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Case

from .guards import LEASE_SECONDS, NO_LEASE, change, lease, may_hold, try_change
from .states import CaseState


async def claim(
    session: AsyncSession, case_id: str, moderator_id: str, lease_seconds: float = LEASE_SECONDS
) -> Case:
    """Hold an open case for a while, or renew one's own hold."""
    held = lease(moderator_id, lease_seconds)
    return await change(session, case_id, moderator_id, may_hold(moderator_id), **held)


async def claim_next(
    session: AsyncSession,
    moderator_id: str,
    *,
    community_ids: Collection[str] | None = None,
    kinds: Collection[str] = (),
    skipping: Collection[str] = (),
    lease_seconds: float = LEASE_SECONDS,
) -> Case | None:
    """Hold the oldest case they may hold, in one statement; None where there is none.

    Two who ask at the same moment get two cases, and neither waits for the other.
    """
    wanted = [may_hold(moderator_id)]
    if community_ids is not None:
        wanted.append(Case.community_id.in_(community_ids))
    if kinds:
        wanted.append(Case.kind.in_(kinds))
    if skipping:
        wanted.append(Case.id.not_in(skipping))
    oldest = (
        select(Case.id)
        .where(*wanted)
        .order_by(Case.created_at, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .correlate(None)
        .scalar_subquery()
    )
    return await try_change(session, Case.id == oldest, **lease(moderator_id, lease_seconds))


async def hand_back(session: AsyncSession, case_id: str, moderator_id: str) -> Case:
    """Give a held case back to the queue."""
    is_own = and_(Case.state == CaseState.OPEN, Case.claimed_by == moderator_id)
    return await change(session, case_id, moderator_id, is_own, **NO_LEASE)
