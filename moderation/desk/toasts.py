"""What was just done, and for how long it may still be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import CaseKind, CaseState
from store.tables import Case, Opinion, now


@dataclass(frozen=True, kw_only=True)
class Toast:
    """One sentence about what was done."""

    words: str
    tone: str = "plain"  # "plain", "warn"
    undo_ids: tuple[str, ...] = ()  # the cases that one press takes back
    seconds_left: int = 0


async def newest_undoable(
    session: AsyncSession, person_id: str, community_ids: Collection[str]
) -> tuple[Case, int] | None:
    """What this person said last and may still take back, with the seconds left."""
    mine = (
        select(Case, Opinion.undo_until)
        .join(Opinion, Opinion.case_id == Case.id)
        .where(
            Opinion.moderator_id == person_id,
            Opinion.undone_at.is_(None),
            Opinion.undo_until > now(),
            Case.state.in_((CaseState.OPEN, CaseState.DECIDED)),
            Case.kind != CaseKind.TAKEDOWN,
            Case.community_id.in_(community_ids),
        )
        .order_by(Opinion.created_at.desc())
        .limit(1)
    )
    row = (await session.execute(mine)).first()
    return (row[0], max(0, round((row[1] - now()).total_seconds()))) if row else None
