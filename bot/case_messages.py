"""The messages that show a case, each kept true: whoever decides it anywhere, all of them say so.

A row says which version of the case a message shows; what is behind is edited. Knows neither what
a case means nor how it is decided.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import CaseState, forget_leases
from store.sessions import insert_once
from store.tables import Case, CaseMessage

from . import case_cards, case_desk, receipts
from .chat import Card, ChatRefused, ChatUnavailable, Event
from .workshop import Workshop

AT_ONCE = 20

logger = logging.getLogger(__name__)


async def keep(
    session: AsyncSession, event: Event, card: Card, message_id: str, language: str
) -> None:
    """A moderator was shown a card with a receipt of a case."""
    await remember(
        session,
        card.receipt,
        platform=event.speaker.platform,
        address=event.address,
        message_id=message_id,
        language=language,
        is_private=card.is_private,
    )


async def remember(
    session: AsyncSession,
    receipt: str,
    *,
    platform: str,
    address: Mapping[str, Any],
    message_id: str,
    language: str,
    is_private: bool,
) -> None:
    """Write down which message shows what; the same message shows the newest thing."""
    case_id, version = receipts.case_of(receipt)
    if await session.get(Case, case_id) is None:
        return  # deleted in this very moment
    known = {"shown_version": version, "address": dict(address)}
    key = {"case_id": case_id, "platform": platform, "message_id": message_id}
    is_new = await insert_once(
        session,
        CaseMessage,
        language=language,
        is_private=is_private,
        **key,
        **known,
    )
    if not is_new:
        await session.execute(update(CaseMessage).filter_by(**key).values(**known))


async def refresh(shop: Workshop) -> None:
    """Edit every message that shows a case as it was."""
    async with shop.db.session() as session:
        await forget_leases(session)
    behind = (
        select(CaseMessage, Case)
        .join(Case, Case.id == CaseMessage.case_id)
        .where(CaseMessage.is_over.is_(False), CaseMessage.shown_version < Case.version)
        .order_by(CaseMessage.created_at)
        .limit(AT_ONCE)
    )
    async with shop.db.statements() as session:
        found = (await session.execute(behind)).all()
        cards = [await _card(session, message, case) for message, case in found]
    for (message, case), card in zip(found, cards, strict=True):
        try:
            is_over = not await _is_edited(shop, message, card) or case.state == CaseState.CLOSED
        except ChatUnavailable:
            continue  # it is tried again
        shown = {"shown_version": case.version, "is_over": is_over}
        async with shop.db.session() as session:
            mine = update(CaseMessage).where(CaseMessage.id == message.id)
            await session.execute(mine.values(**shown))


async def _card(session: AsyncSession, message: CaseMessage, case: Case) -> Card:
    card = case_cards.case(message.language, await case_desk.view_of(session, case))
    return replace(card, is_private=message.is_private)


async def _is_edited(shop: Workshop, message: CaseMessage, card: Card) -> bool:
    """False where the message is gone, or cannot be changed any more. Raises ``ChatUnavailable``."""
    chat = shop.chats.get(message.platform)
    if chat is None or not message.address:
        return False
    try:
        await chat.edit(message.address, message.message_id, card)
    except ChatRefused as error:
        logger.info("a message of a case cannot be changed: %s", type(error).__name__)
        return False
    return True
