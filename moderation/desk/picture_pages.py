"""Pictures' bytes, for moderators of their community only, kept in no cache.

A picture is shown where it is part of a case, or of a result everybody there can see. What
endangers children is shown to nobody.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from store.tables import Blob, Case, Picture, RequestState
from store.tables import Request as RequestRow

from .guests import NotHere
from .manners import NO_STORE
from .sealing import is_sealed
from .visits import Visit, visiting

router = APIRouter()
STILL_PICTURES = ("image/png", "image/jpeg", "image/webp")


@router.get("/p/{place}/pictures/{picture_id}")
async def show_picture(request: Request, place: str, picture_id: str) -> Response:
    """A picture the model made."""
    async with visiting(request, place, is_by_hand=False) as visit:
        picture = await visit.session.get(Picture, picture_id)
        if picture is None:
            raise NotHere
        await _check_may_see(visit, picture.request_id)
    return await _send(visit, picture.sha256, "image/png")


@router.get("/p/{place}/uploads/{request_id}")
async def show_upload(request: Request, place: str, request_id: str) -> Response:
    """A picture the person sent."""
    async with visiting(request, place, is_by_hand=False) as visit:
        row = await _check_may_see(visit, request_id)
        kind = await visit.session.scalar(
            select(Blob.media_type).where(Blob.sha256 == row.reference_sha256).limit(1)
        )
    if row.reference_sha256 is None or kind not in STILL_PICTURES:
        raise NotHere
    return await _send(visit, row.reference_sha256, kind)


async def _check_may_see(visit: Visit, request_id: str) -> RequestRow:
    """The request, for a moderator of its community; raises ``NotHere``."""
    row = await visit.session.get(RequestRow, request_id)
    if row is None or row.community_id not in visit.here.community_ids:
        raise NotHere
    if not visit.here.may_decide or await is_sealed(visit.session, request_id):
        raise NotHere
    has_case = select(Case.id).where(Case.request_id == request_id).limit(1)
    is_open = row.state == RequestState.DELIVERED and not row.is_private
    if not is_open and await visit.session.scalar(has_case) is None:
        raise NotHere
    return row


async def _send(visit: Visit, sha256: str, media_type: str) -> Response:
    data = await visit.house.load_blob(sha256)
    headers = {"Cache-Control": NO_STORE, "Content-Disposition": "inline"}
    return Response(data, media_type=media_type, headers=headers)
