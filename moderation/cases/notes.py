"""What moderators tell each other about a case: notes, and who has spoken already."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.errors import CaseError
from store.tables import Case, CaseNote, Opinion

from .guards import try_change

MAX_CHARACTERS = 2000


async def add_note(session: AsyncSession, case_id: str, moderator_id: str, text: str) -> CaseNote:
    """Write something down for the other moderators; raises ``CaseError`` for none or too much."""
    text = text.replace("\0", "").strip()  # Postgres keeps no NUL
    if not 0 < len(text) <= MAX_CHARACTERS:
        raise CaseError("case-error-note", most=MAX_CHARACTERS)
    if await try_change(session, Case.id == case_id) is None:
        raise CaseError("case-error-unknown")
    note = CaseNote(case_id=case_id, moderator_id=moderator_id, text=text)
    session.add(note)
    await session.flush()
    return note


async def notes_of(session: AsyncSession, case_id: str) -> list[CaseNote]:
    """The notes on a case, oldest first."""
    mine = select(CaseNote).where(CaseNote.case_id == case_id)
    return list(await session.scalars(mine.order_by(CaseNote.created_at, CaseNote.id)))


async def opinions_of(session: AsyncSession, case_id: str) -> list[Opinion]:
    """What moderators said of a case and did not take back, oldest first."""
    standing = select(Opinion).where(Opinion.case_id == case_id, Opinion.undone_at.is_(None))
    return list(await session.scalars(standing.order_by(Opinion.created_at, Opinion.id)))
