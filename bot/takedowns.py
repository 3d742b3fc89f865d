"""Takes away what was delivered, wherever it stands: each message is edited, or else removed.

What must go is written in the transaction that decided so, and looked for over and over: a chat
that is out of reach, or a process that is killed, only delays it. Decides nothing.
"""

from __future__ import annotations

import logging

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import Database
from store.tables import Delivery, Picture, Request

from . import cards, enlarging
from .chat import Card, Chat, ChatRefused, ChatUnavailable
from .messages import Message, message_of
from .workshop import Workshop

AT_ONCE = 20
LEAVING, GONE = "leaving", "gone"  # states of a delivery
OF_MODERATORS = "case:%"  # what such a delivery says is for those who decide, and stays

logger = logging.getLogger(__name__)


async def take_away(session: AsyncSession, request: Request) -> None:
    """Have every message go that shows or tells of a request, or shows a picture of it larger."""
    pictures = select(Picture.id).where(Picture.request_id == request.id)
    larger = select(Request.id).where(
        Request.parent_picture_id.in_(pictures), Request.kind == enlarging.KIND
    )
    shown = update(Delivery).where(
        or_(Delivery.request_id == request.id, Delivery.request_id.in_(larger)),
        Delivery.message_id.is_not(None),
        Delivery.what.not_like(OF_MODERATORS),
    )
    await session.execute(shown.values(state=LEAVING).execution_options(synchronize_session=False))


async def finish_takedowns(shop: Workshop) -> None:
    """Take away what is to go and can be now."""
    leaving = (
        select(Request, Delivery)
        .join(Delivery, Delivery.request_id == Request.id)
        .where(Delivery.state == LEAVING)
        .order_by(Delivery.created_at)
        .limit(AT_ONCE)
    )
    async with shop.db.statements() as session:
        found = (await session.execute(leaving)).all()
    for request, delivery in found:
        message = message_of(request, delivery)
        card = cards.plain(request.language, "taken-down", is_private=request.is_private)
        chat = shop.chats.get(message.platform)
        if chat is None or not message.address or await _is_changed(chat, message, card):
            await _note_gone(shop.db, delivery.id)


async def _is_changed(chat: Chat, message: Message, card: Card) -> bool:
    """False where the chat must be asked again."""
    try:
        try:
            await chat.edit(message.address, message.message_id, card)
        except ChatRefused:  # a photo's message cannot become words everywhere
            await chat.delete(message.address, message.message_id)
    except ChatUnavailable:
        return False
    except ChatRefused as error:
        logger.warning("a message could not be taken away: %s", type(error).__name__)
    return True


async def _note_gone(db: Database, delivery_id: str) -> None:
    async with db.session() as session:
        await session.execute(update(Delivery).where(Delivery.id == delivery_id).values(state=GONE))
