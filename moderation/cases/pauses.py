"""Pauses: for as long as one lasts, nothing is made for a community, or for anybody.

What becomes of work that is under way is the path's business.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, SQLColumnExpression, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.errors import CaseError
from store.tables import Pause, now


async def pause(
    session: AsyncSession, community_id: str | None, moderator_id: str | None, reason: str = ""
) -> Pause:
    """Begin a pause of a community (None: of everything), or return the one that lasts."""
    running = await session.scalar(select(Pause).where(*_lasting(community_id)).limit(1))
    if running is not None:
        return running
    begun = Pause(community_id=community_id, moderator_id=moderator_id, reason=reason)
    session.add(begun)
    await session.flush()
    return begun


async def resume(session: AsyncSession, community_id: str | None) -> None:
    """End it; raises ``CaseError`` where there is none."""
    ended = await session.scalars(
        update(Pause)
        .where(*_lasting(community_id))
        .values(ended_at=now())
        .returning(Pause.id)
        .execution_options(synchronize_session=False)
    )
    if not ended.all():
        raise CaseError("case-error-not-paused")


async def pauses_now(session: AsyncSession) -> list[Pause]:
    """Those that last, oldest first."""
    lasting = select(Pause).where(Pause.ended_at.is_(None)).order_by(Pause.created_at, Pause.id)
    return list(await session.scalars(lasting))


def is_paused(community_id: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """As a condition: nothing is made for that community now."""
    is_there = or_(Pause.community_id.is_(None), Pause.community_id == community_id)
    return select(Pause.id).where(Pause.ended_at.is_(None), is_there).exists()


def _lasting(community_id: str | None) -> tuple[ColumnElement[bool], ...]:
    is_there = (
        Pause.community_id.is_(None) if community_id is None else Pause.community_id == community_id
    )
    return Pause.ended_at.is_(None), is_there
