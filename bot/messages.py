"""The messages that show a request, wherever they are, and how they are taken away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import AfterCommit, Database
from store.tables import Delivery, Picture, Request

from .chat import Chat, ChatRefused, ChatUnavailable, Event

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message on a platform."""

    platform: str
    address: Mapping[str, Any]
    message_id: str


async def messages_of(session: AsyncSession, request: Request) -> list[Message]:
    """Every message that shows or tells of a request, or of a picture of it enlarged for
    whomever."""
    theirs = select(Picture.id).where(Picture.request_id == request.id)
    return await _messages(session, or_(Request.id == request.id, _is_larger_one_of(theirs)))


async def messages_of_person(session: AsyncSession, person_id: str) -> list[Message]:
    """Every message that shows or tells of any request of theirs, or of a picture of theirs
    enlarged for whomever."""
    theirs = select(Picture.id).where(Picture.person_id == person_id)
    return await _messages(session, or_(Request.person_id == person_id, _is_larger_one_of(theirs)))


def _is_larger_one_of(pictures: Select[str]) -> ColumnElement[bool]:
    return and_(Request.kind == "larger", Request.parent_picture_id.in_(pictures))


async def _messages(session: AsyncSession, where: ColumnElement[bool]) -> list[Message]:
    rows = await session.execute(
        select(Request, Delivery)
        .join(Delivery, Delivery.request_id == Request.id)
        .where(where, Delivery.message_id.is_not(None))
    )
    return [message_of(request, row) for request, row in rows if row.message_id]


def elsewhere(event: Event) -> dict[str, Any]:
    """What ``Delivery.address`` keeps of a message that is not where its request is answered."""
    return {"platform": event.speaker.platform, "at": dict(event.address)}


def message_of(request: Request, row: Delivery) -> Message:
    """Where a delivery is to be found."""
    kept = row.address or {"platform": request.platform, "at": request.address}
    return Message(platform=kept["platform"], address=kept["at"], message_id=str(row.message_id))


def removing(
    chores: set[asyncio.Task[None]], chats: Mapping[str, Chat], messages: Sequence[Message]
) -> AfterCommit:
    """Take the messages away, beside everything else, once what they show is gone."""

    async def act(_: Database) -> None:
        chore = asyncio.create_task(remove(chats, messages))
        chores.add(chore)
        chore.add_done_callback(chores.discard)

    return act


async def remove(chats: Mapping[str, Chat], messages: Sequence[Message]) -> None:
    """Take the messages away. One that stays is logged: what it showed is gone all the same."""
    for one in {(each.platform, each.message_id): each for each in messages}.values():
        chat = chats.get(one.platform)
        if chat is None or not one.address:
            continue
        try:
            await chat.delete(one.address, one.message_id)
        except (ChatUnavailable, ChatRefused) as error:
            logger.warning("a message could not be removed: %s", type(error).__name__)
