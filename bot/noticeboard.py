"""Posts where administrators said so: cases for moderators to decide, pictures people shared.

Each is posted once: the delivery's row is written before, the message's id after. One whose
process dies in between is not posted again; the commands ``cases`` and ``gallery`` show it.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import String, cast, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import CaseState
from store.sessions import insert_once
from store.tables import Case, Community, Delivery, Picture, Request, Share, new_id, now

from . import case_cards, case_desk, case_messages, receipts
from .chat import Card, CardKind, ChatRefused, ChatUnavailable, Image
from .records import read_brief
from .texts import pick_language, say
from .workshop import Workshop

NONCE_BYTES = 12
AT_ONCE = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Notice:
    """Something to post."""

    request_id: str
    what: str  # ``Delivery.what``: it makes a second post impossible
    where: dict[str, object]  # {"platform", "at"}
    card: Card
    language: str


async def post_due(shop: Workshop) -> None:
    """Post whatever is due."""
    async with shop.db.session() as session:
        places = await _places(session)
        notices = [*await _cases(session, shop, places), *await _shares(session, shop, places)]
    for notice in notices:
        await _post(shop, notice)


async def _places(session: AsyncSession) -> dict[str, Community]:
    """Communities whose administrators have named a place; few, and read as a whole."""
    is_set = cast(Community.settings, String).not_in(("{}", "null"))
    found = await session.scalars(select(Community).where(is_set))
    named = {each.id: each for each in found}
    return {
        key: each
        for key, each in named.items()
        if each.settings.get("reviews") or each.settings.get("shared")
    }


async def _cases(
    session: AsyncSession, shop: Workshop, places: dict[str, Community]
) -> list[_Notice]:
    reviewed = [key for key, each in places.items() if each.settings.get("reviews")]
    if not reviewed:
        return []
    posted = select(Delivery.id).where(
        Delivery.request_id == Case.request_id, Delivery.what == "case:" + Case.id
    )
    found = await session.scalars(
        select(Case)
        .where(Case.state == CaseState.OPEN, Case.community_id.in_(reviewed), ~posted.exists())
        .order_by(Case.created_at)
        .limit(AT_ONCE)
    )
    return [
        await _case_notice(session, shop, case, places[case.community_id]) for case in found.all()
    ]


async def _case_notice(
    session: AsyncSession, shop: Workshop, case: Case, place: Community
) -> _Notice:
    language = _language(shop, place)
    card = case_cards.case(language, await case_desk.view_of(session, case))
    return _Notice(
        request_id=case.request_id,
        what=f"case:{case.id}",
        where=place.settings["reviews"],
        card=replace(card, receipt=receipts.of_case(case)),
        language=language,
    )


async def _shares(
    session: AsyncSession, shop: Workshop, places: dict[str, Community]
) -> list[_Notice]:
    shown = [key for key, each in places.items() if each.settings.get("shared")]
    if not shown:
        return []
    posted = select(Delivery.id).where(
        Delivery.request_id == Picture.request_id, Delivery.what == "share:" + Share.id
    )
    found = await session.execute(
        select(Share, Picture, Request)
        .join(Picture, Picture.id == Share.picture_id)
        .join(Request, Request.id == Picture.request_id)
        .where(Share.community_id.in_(shown), ~posted.exists())
        .order_by(Share.created_at)
        .limit(AT_ONCE)
    )
    return [
        _Notice(
            request_id=request.id,
            what=f"share:{share.id}",
            where=places[share.community_id].settings["shared"],
            card=await _shared_card(
                session, _language(shop, places[share.community_id]), picture, request
            ),
            language=_language(shop, places[share.community_id]),
        )
        for share, picture, request in found.all()
    ]


async def _shared_card(
    session: AsyncSession, language: str, picture: Picture, request: Request
) -> Card:
    brief = await read_brief(session, request.id, picture.round)
    prompt = (brief[0].prompt if brief else "") or say(language, "alt-no-prompt")
    words = say(language, "alt-picture", number=1, count=1, prompt=prompt)
    wish = request.wish or say(language, "history-surprise")
    return Card(
        kind=CardKind.PICTURE,
        lines=(say(language, "gallery-shared", wish=wish), say(language, "grid-label")),
        images=(Image(sha256=picture.sha256, media_type="image/png", alt_text=words),),
    )


def _language(shop: Workshop, community: Community) -> str:
    return pick_language(community.settings.get("language"), None, shop.settings.language)


async def _post(shop: Workshop, notice: _Notice) -> None:
    chat = shop.chats.get(str(notice.where.get("platform")))
    address = notice.where.get("at")
    if chat is None or not isinstance(address, dict):
        return
    nonce = secrets.token_hex(NONCE_BYTES)
    async with shop.db.session() as session:
        is_mine = await insert_once(
            session,
            Delivery,
            id=new_id(),
            request_id=notice.request_id,
            what=notice.what,
            address=notice.where,
            state="sending",
            nonce=nonce,
            attempts=1,
        )
    if not is_mine:
        return
    sent: str | None = None
    try:
        sent = await chat.send(address, replace(notice.card, is_private=False), nonce=nonce)
    except (ChatUnavailable, ChatRefused) as error:
        logger.warning("a notice could not be posted: %s", type(error).__name__)
    await _keep(shop, notice, chat.platform, address, sent)


async def _keep(
    shop: Workshop, notice: _Notice, platform: str, address: dict[str, Any], sent: str | None
) -> None:
    """Write down which message shows the notice; None: there is none, and no other try."""
    mine = update(Delivery).where(
        Delivery.request_id == notice.request_id, Delivery.what == notice.what
    )
    known: dict[str, Any] = {"state": "gave_up"}
    if sent is not None:
        known = {"state": "sent", "message_id": sent, "sent_at": now()}
    async with shop.db.session() as session:
        await session.execute(mine.values(**known))
        if notice.card.receipt and sent is not None:
            await case_messages.remember(
                session,
                notice.card.receipt,
                platform=platform,
                address=address,
                message_id=sent,
                language=notice.language,
                is_private=False,
            )
