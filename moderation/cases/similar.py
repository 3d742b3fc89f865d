"""Open cases whose pictures look alike: found by the Hamming distance of their PDQ hashes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Case, Picture

from .states import CaseState

MAX_DISTANCE = 31  # of 256 bits: the PDQ paper's limit for the same picture
MOST_COMPARED = 20_000  # pictures; comparing so many takes some milliseconds


@dataclass(frozen=True, kw_only=True)
class Similar:
    """An open case with a picture as near as ``distance`` bits, 0…256."""

    case_id: str
    distance: int


async def similar_to(
    session: AsyncSession,
    case_id: str,
    *,
    community_ids: Collection[str] | None = None,
    max_distance: int = MAX_DISTANCE,
) -> list[Similar]:
    """Other open cases with a picture that looks like one of this case's, nearest first."""
    mine = await _hashes(session, Case.id == case_id)
    if not mine:
        return []
    wanted = [Case.state == CaseState.OPEN, Case.id != case_id]
    if community_ids is not None:
        wanted.append(Case.community_id.in_(community_ids))
    nearest: dict[str, int] = {}
    for other, theirs in await _hashes(session, *wanted):
        near = min((theirs ^ own).bit_count() for _, own in mine)
        if near <= max_distance:
            nearest[other] = min(near, nearest.get(other, near))
    found = [Similar(case_id=other, distance=near) for other, near in nearest.items()]
    return sorted(found, key=lambda one: (one.distance, one.case_id))


async def _hashes(session: AsyncSession, *wanted: object) -> Sequence[tuple[str, int]]:
    """Case and hash, once for each picture that has one."""
    rows = await session.execute(
        select(Case.id, Picture.pdq)
        .join(Picture, (Picture.request_id == Case.request_id) & (Picture.round == Case.round))
        .where(Picture.pdq != "", *wanted)  # type: ignore[arg-type]
        .order_by(Case.created_at)
        .limit(MOST_COMPARED)
    )
    return [(case_id, int(pdq, 16)) for case_id, pdq in rows]
