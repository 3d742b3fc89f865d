"""Other open cases with nearly the same picture, to be decided along."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from store.tables import Case, Picture

from .guests import Place
from .sealing import is_sealed

MAX_SIMILAR = 24


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Another open case with nearly the same picture."""

    case_id: str
    short_id: str
    picture_id: str | None


async def similar_cases(session: AsyncSession, case: Case, place: Place) -> tuple[Alike, ...]:
    """Other open cases of the place with nearly the same picture, none that is sealed."""
    alike: list[Alike] = []
    for each in await cases.similar_to(session, case.id, community_ids=place.community_ids):
        other = await session.get_one(Case, each.case_id)
        if await is_sealed(session, other.request_id):
            continue
        newest = (
            select(Picture.id)
            .where(Picture.request_id == other.request_id)
            .order_by(Picture.round.desc(), Picture.index)
            .limit(1)
        )
        alike.append(
            Alike(case_id=other.id, short_id=other.id[-6:], picture_id=await session.scalar(newest))
        )
        if len(alike) == MAX_SIMILAR:
            break
    return tuple(alike)
