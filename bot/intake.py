"""How a wish becomes a request: filled in from what was chosen before, checked, admitted, queued.

Everything happens in the caller's transaction. Knows no platform and no stage of the path.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import JobError
from moderation.pictures import tier
from store.sessions import insert_once
from store.tables import Request, RequestState, new_id

from .admission import Visitor, admit
from .asks import Ask
from .chat import Event, Upload
from .handoff import ForbiddenUpload
from .planning import check_ask, draw_seed
from .preferences import fill, limits_of, read_choices
from .stages import Ref
from .workshop import Workshop


async def take(
    shop: Workshop, session: AsyncSession, event: Event, visitor: Visitor, ask: Ask, kind: str
) -> str:
    """The row and its first stage; the id of the request.

    Raises ``AskRefused`` and ``JobError``. An event that was taken before gives its request.
    """
    person, community = await read_choices(session, visitor)
    limits = limits_of(shop.settings, community)
    is_new = kind == "imagine"
    ask = fill(ask, person, community, limits, shop.native_size, is_new=is_new)
    check_ask(ask, limits)
    if ask.seed is None and ask.parent_picture_id is None:  # an edit keeps its parent's
        ask = replace(ask, seed=draw_seed())
    request_id = new_id()
    if not await insert_once(
        session, Request, **request_row(request_id, event, visitor, ask, kind)
    ):
        return await _taken_before(session, event)
    await admit(session, visitor, ask, shop.settings, request_id=request_id)
    first = Ref(request_id=request_id, stage="prepare", round=1)
    await shop.outbox.put(session, first)
    return request_id


async def keep_upload(
    shop: Workshop, session: AsyncSession, visitor: Visitor, upload: Upload
) -> str:
    """Keep a picture a person sent; its sha256. Raises ``JobError`` for what is no picture, and
    ``ForbiddenUpload`` for a listed one that nobody may keep."""
    verdict = await asyncio.to_thread(shop.check_upload, upload.data)
    if tier.is_forbidden(verdict):
        raise ForbiddenUpload(verdict, hashlib.sha256(upload.data).hexdigest())
    if verdict.findings:
        raise JobError(verdict.findings[0].rule_id)
    sha256 = await shop.blobs.put(upload.data)
    await shop.blobs.own(
        session,
        sha256,
        owner_kind="upload",
        owner_id=visitor.person_id,
        media_type=upload.media_type or "image/png",
    )
    return sha256


def request_row(
    request_id: str, event: Event, visitor: Visitor, ask: Ask, kind: str
) -> dict[str, Any]:
    """The row of a new request."""
    is_upload = ask.reference is not None and ask.parent_picture_id is None
    return {
        "id": request_id,
        "person_id": visitor.person_id,
        "identity_id": visitor.identity_id,
        "community_id": visitor.community_id,
        "platform": event.speaker.platform,
        "event_id": event.id,
        "address": dict(event.address),
        "language": visitor.language,
        "kind": kind,
        "wish": ask.text,
        "options": ask.to_options(),
        "reference_sha256": ask.reference.sha256 if ask.reference and is_upload else None,
        "parent_picture_id": ask.parent_picture_id,
        "state": RequestState.PREPARING,
        "round": 1,
        "is_private": bool(ask.is_private),
    }


async def _taken_before(session: AsyncSession, event: Event) -> str:
    """The request that this event was taken for when it came in first."""
    found = await session.scalars(
        select(Request.id).where(
            Request.platform == event.speaker.platform, Request.event_id == event.id
        )
    )
    return found.one()
