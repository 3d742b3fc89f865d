"""Reads the grids and votes we may learn from; knows the tables, and no file format.

Only what both sides agreed to leaves this module: the requester and the voter, each when it was
logged and still now. Private requests stay private, and a picture that was started from another
one is left out, because its caption does not say what it shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import false, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import Database
from store.tables import Brief, Consent, Grid, Picture, Request, Slot, Vote

from .log import newest_votes

BATCH_SIZE = 200  # grids read at once


@dataclass(frozen=True, kw_only=True)
class ConsentedGrid:
    """Rows of one grid; ``votes`` are those that count, oldest first, at least one."""

    grid: Grid
    request: Request
    caption: str
    shown: Sequence[tuple[Slot, Picture]]  # in the order shown
    votes: Sequence[Vote]


async def consented_grids(db: Database) -> AsyncIterator[ConsentedGrid]:
    """Every grid we may learn from that someone voted on, in the order they were logged."""
    last = ""
    while True:
        async with db.session() as session:
            rows = await _next_grids(session, last)
            found = await _complete(session, rows)
        for each in found:
            yield each
        if len(rows) < BATCH_SIZE:
            return
        last = rows[-1][0].id


async def consenting(session: AsyncSession, person_ids: Iterable[str]) -> set[str]:
    """Those whose newest answer lets us learn from them."""
    answers = select(Consent).where(
        Consent.kind == "learning", Consent.person_id.in_(set(person_ids))
    )
    oldest_first = await session.scalars(answers.order_by(Consent.created_at, Consent.id))
    newest = {answer.person_id: answer.is_given for answer in oldest_first}
    return {person for person, is_given in newest.items() if is_given}


async def _next_grids(session: AsyncSession, last: str) -> list[tuple[Grid, Request]]:
    wanted = (
        select(Grid, Request)
        .join(Request, Request.id == Grid.request_id)
        .where(
            Grid.id > last,
            Grid.may_learn == true(),
            Request.is_private == false(),
            Request.reference_sha256.is_(None),
        )
    )
    rows = await session.execute(wanted.order_by(Grid.id).limit(BATCH_SIZE))
    return [(grid, request) for grid, request in rows]


async def _complete(
    session: AsyncSession, rows: Sequence[tuple[Grid, Request]]
) -> list[ConsentedGrid]:
    """Add captions, pictures and votes, and leave out what we may not or cannot use."""
    votes = await _votes(session, [grid.id for grid, _ in rows])
    shown = await _shown(session, list(votes))
    briefs = await _briefs(session, [request.id for _, request in rows])
    may = await consenting(session, [request.person_id for _, request in rows])
    found = []
    for grid, request in rows:
        caption = _caption(briefs[request.id], grid.round)
        if votes.get(grid.id) and request.person_id in may and caption is not None:
            found.append(
                ConsentedGrid(
                    grid=grid,
                    request=request,
                    caption=caption,
                    shown=shown[grid.id],
                    votes=votes[grid.id],
                )
            )
    return found


async def _votes(session: AsyncSession, grid_ids: Sequence[str]) -> dict[str, list[Vote]]:
    cast = select(Vote).where(Vote.grid_id.in_(grid_ids))
    counted = newest_votes((await session.scalars(cast)).all())
    may = await consenting(session, [vote.person_id for vote in counted])
    by_grid = defaultdict(list)
    for vote in sorted(counted, key=lambda vote: (vote.created_at, vote.id)):
        if vote.may_learn and vote.person_id in may:
            by_grid[vote.grid_id].append(vote)
    return by_grid


async def _shown(
    session: AsyncSession, grid_ids: Sequence[str]
) -> dict[str, list[tuple[Slot, Picture]]]:
    slots = select(Slot, Picture).join(Picture, Picture.id == Slot.picture_id)
    by_grid = defaultdict(list)
    wanted = slots.where(Slot.grid_id.in_(grid_ids)).order_by(Slot.position)
    for slot, picture in await session.execute(wanted):
        by_grid[slot.grid_id].append((slot, picture))
    return by_grid


async def _briefs(session: AsyncSession, request_ids: Sequence[str]) -> dict[str, list[Brief]]:
    by_request = defaultdict(list)
    wanted = select(Brief).where(Brief.request_id.in_(request_ids)).order_by(Brief.round)
    for brief in await session.scalars(wanted):
        by_request[brief.request_id].append(brief)
    return by_request


def _caption(briefs: Sequence[Brief], round: int) -> str | None:
    """What the model read; None where nothing tells, or where it also saw a picture."""
    jobs = [brief.job for brief in briefs if brief.round <= round and brief.job]
    if not jobs or jobs[-1].get("reference"):
        return None
    return str(jobs[-1]["prompt"])
