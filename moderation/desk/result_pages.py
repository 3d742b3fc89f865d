"""What was delivered in a community lately, and taking it down again.

Private results and private chats are not listed: who saw them may report them.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from moderation.cases import REASONS_TO_REJECT
from store.tables import Picture, RequestState, now
from store.tables import Request as RequestRow

from .case_views import Shown
from .guests import PRIVATE, NotHere, names_of
from .sealing import is_sealed
from .toasts import Toast
from .visits import Visit, visiting

router = APIRouter()
NUM_LISTED = 24


@dataclass(frozen=True, kw_only=True)
class Result:
    """A delivered request."""

    id: str
    person_id: str
    name: str | None
    wish: str
    language: str
    age_seconds: float
    pictures: tuple[Shown, ...]


@router.get("/p/{place}/results")
async def show_results(request: Request, place: str) -> Response:
    """The newest results that everybody in the community can see."""
    async with visiting(request, place) as visit:
        return await _page(visit)


@router.post("/p/{place}/results/{request_id}/take-down")
async def take_down(request: Request, place: str, request_id: str) -> Response:
    """Take a result away wherever it stands; its person may appeal."""
    async with visiting(request, place) as visit:
        row = await visit.session.get(RequestRow, request_id)
        reason = visit.form.get("reason")
        is_here = row is not None and row.community_id in visit.here.community_ids
        if not is_here or not visit.here.may_decide or reason not in REASONS_TO_REJECT:
            raise NotHere
        await visit.bench.take_down(request_id, reason)
        words = visit.t("desk-told-taken-down", request=request_id[-6:])
        return await _page(visit, Toast(words=words))


async def _page(visit: Visit, toast: Toast | None = None) -> Response:
    if not visit.here.may_decide:
        raise NotHere
    results = [] if visit.here.key == PRIVATE else await _newest(visit)
    return await visit.page("results.html", toast, here="results", results=results)


async def _newest(visit: Visit) -> list[Result]:
    newest = (
        select(RequestRow)
        .where(
            RequestRow.community_id.in_(visit.here.community_ids),
            RequestRow.state == RequestState.DELIVERED,
            RequestRow.is_private.is_(False),
            RequestRow.id.in_(select(Picture.request_id)),
        )
        .order_by(RequestRow.created_at.desc())
        .limit(NUM_LISTED)
    )
    rows = [
        row
        for row in await visit.session.scalars(newest)
        if not await is_sealed(visit.session, row.id)
    ]
    names = await names_of(visit.session, [row.person_id for row in rows])
    return [
        Result(
            id=row.id,
            person_id=row.person_id,
            name=names.get(row.person_id),
            wish=row.wish,
            language=row.language,
            age_seconds=(now() - row.created_at).total_seconds(),
            pictures=await _pictures(visit, row),
        )
        for row in rows
    ]


async def _pictures(visit: Visit, row: RequestRow) -> tuple[Shown, ...]:
    mine = select(Picture).where(Picture.request_id == row.id)
    newest = list(await visit.session.scalars(mine.order_by(Picture.round, Picture.index)))
    last = max((picture.round for picture in newest), default=0)
    return tuple(
        Shown(id=picture.id, width=picture.width, height=picture.height)
        for picture in newest
        if picture.round == last
    )
