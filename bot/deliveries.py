"""Tells a person something about their request, once.

``sending`` is written before a message goes out and its id after. What happens to a process in
between cannot be known from the rows, and this is where the policy for it stands:

* Where the platform takes a nonce and enforces it (Discord), the message is sent again with the
  same nonce: the platform answers with the first one. Nothing is doubled.
* Where a message told of the progress, what is told takes its place: making it so twice changes
  nothing (Telegram).
* Elsewhere it is sent again at most once: a person would rather see a picture twice than never.
  If that attempt dies as well, it is left at that.
* A process that was silent for long asks first whether the stage is still its own.

An address that is empty belongs to someone who fetches the result: the row is the delivery.
"""

from __future__ import annotations

import contextlib
import random
import secrets
from dataclasses import dataclass
from functools import cache, partial
from math import factorial
from typing import Any, cast

from sqlalchemy import Table, Update, and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from inference.learning.log import record_grid, record_shown
from store.sessions import insert_once
from store.tables import Delivery, Picture, Request, RequestState, new_id, now

from . import cards, receipts
from .chat import Card, ChatRefused, ChatUnavailable, PrivateClosed
from .consents import may_learn
from .errands import card_of
from .messages import message_of
from .orders import Order
from .records import Superseded
from .telling import KIND_TOLD, compose_grid, compose_other, read_grid

IN_DOUBT = ("sending", "resending")  # under way when the process died: nobody knows
NONCE_BYTES = 12  # 24 digits; Discord takes 25


@dataclass(frozen=True, kw_only=True)
class _Sending:
    """A delivery under way."""

    id: str
    nonce: str


async def tell(order: Order) -> None:
    """Send what the request's state calls for; raises ``ChatUnavailable``, ``Superseded``."""
    what = f"{KIND_TOLD[RequestState(order.request.state)]}:{order.ref.round}"
    async with order.shop.db.session() as session:
        card, grid_id = await _compose(session, order)
        delivery = await _begin(session, order, what)
    if delivery is None:
        return
    if not await order.shop.still_holds(order.ref):
        raise Superseded(order.ref.workflow_id)
    try:
        async with order.shop.turns.of(order.request.id):  # no edit of progress comes after it
            message_id = await _send(order, delivery, card)
    except ChatUnavailable:
        async with order.shop.db.session() as session:  # certainly not sent: nothing in doubt
            await _note(session, delivery, state="waiting")
        raise
    except ChatRefused as error:
        if isinstance(error, PrivateClosed):
            await _say_that_it_waits(order, delivery)
        order.last_rows.append(partial(_note, delivery=delivery, state="gave_up"))
        return
    told = partial(
        _told, delivery=delivery, message_id=message_id, request=order.request, grid_id=grid_id
    )
    order.last_rows.append(told)
    if order.ref.round > 1:
        await _take_notices_back(order, besides=what)


async def _take_notices_back(order: Order, *, besides: str) -> None:
    """That a moderator would look is over once they have: nobody waits, nothing can be withdrawn.
    Not worth a second try."""
    request = order.request
    notices = select(Delivery).where(
        Delivery.request_id == request.id,
        Delivery.what.startswith(f"{KIND_TOLD[RequestState.AWAITING_REVIEW]}:"),
        Delivery.what != besides,
        Delivery.message_id.is_not(None),
    )
    async with order.shop.db.statements() as session:
        rows = (await session.scalars(notices)).all()
    for message in (message_of(request, row) for row in rows if row.message_id):
        chat = order.shop.chats.get(message.platform)
        if chat is not None:
            with contextlib.suppress(ChatRefused, ChatUnavailable):
                await chat.delete(message.address, message.message_id)


async def _told(
    session: AsyncSession,
    *,
    delivery: _Sending,
    message_id: str,
    request: Request,
    grid_id: str | None,
) -> None:
    await _note(session, delivery, state="sent", message_id=message_id, sent_at=now())
    await session.execute(_OVER, {"this_id": request.id})
    if grid_id is not None:
        await record_shown(session, grid_id)


async def _note(session: AsyncSession, delivery: _Sending, **values: object) -> None:
    mine = {"this_id": delivery.id, "in_doubt": IN_DOUBT}
    await session.execute(_noted(frozenset(values)), mine | values)


@cache
def _noted(changes: frozenset[str]) -> Update:
    columns = Delivery.__table__.c
    is_mine = and_(
        columns.id == bindparam("this_id"), columns.state.in_(bindparam("in_doubt", expanding=True))
    )
    changed: dict[str, Any] = {name: bindparam(name) for name in changes}
    return update(cast("Table", Delivery.__table__)).where(is_mine).values(changed)


async def _begin(session: AsyncSession, order: Order, what: str) -> _Sending | None:
    """Write ``sending``; None where it was told already, or may not be tried any more."""
    sending = _Sending(id=new_id(), nonce=secrets.token_hex(NONCE_BYTES))
    is_first = await insert_once(
        session,
        Delivery,
        id=sending.id,
        request_id=order.request.id,
        what=what,
        state="sending",
        nonce=sending.nonce,
        attempts=1,
    )
    return sending if is_first else await _begin_again(session, order, what)


async def _begin_again(session: AsyncSession, order: Order, what: str) -> _Sending | None:
    mine = select(Delivery).where(Delivery.request_id == order.request.id, Delivery.what == what)
    delivery = (await session.scalars(mine.with_for_update())).one()
    if delivery.state in ("sent", "gave_up"):
        return None
    chat = order.shop.chats.get(order.request.platform)
    may_repeat = _has_nonces(chat) or await _told_of_progress(session, order.request) is not None
    if delivery.state == "resending" and not may_repeat:
        delivery.state = "gave_up"
        return None
    is_in_doubt = delivery.state in IN_DOUBT
    delivery.state = "resending" if is_in_doubt else "sending"
    delivery.attempts += 1
    return _Sending(id=delivery.id, nonce=delivery.nonce)


def _has_nonces(chat: object) -> bool:
    return bool(getattr(chat, "has_nonces", False))


async def _send(order: Order, delivery: _Sending, card: Card) -> str:
    if not order.request.address:
        return ""
    chat = order.shop.chats.get(order.request.platform)
    if chat is None:
        raise ChatUnavailable(order.request.platform)
    async with order.shop.db.statements() as session:
        replaces = await _told_of_progress(session, order.request)
    if replaces is None:
        return await chat.send(order.request.address, card, nonce=delivery.nonce)
    return await chat.send(order.request.address, card, nonce=delivery.nonce, replaces=replaces)


async def _say_that_it_waits(order: Order, delivery: _Sending) -> None:
    """In the open, without a word of what it is; where that is closed, too, the row remains."""
    request = order.request
    card = cards.waiting_in_private(request.language, request.id)
    chat = order.shop.chats[request.platform]
    with contextlib.suppress(ChatRefused, ChatUnavailable):
        await chat.send(request.address, card, nonce=f"{delivery.nonce}h")


async def _told_of_progress(session: AsyncSession, request: Request) -> str | None:
    """The id of that message. What is told takes its place, which may be repeated without harm."""
    row = (await session.execute(_SHOWN, {"this_id": request.id})).first()
    if row is None or (row[1] or {}).get("platform", request.platform) != request.platform:
        return None
    return str(row[0]) if row[0] else None


async def _compose(session: AsyncSession, order: Order) -> tuple[Card, str | None]:
    """The card, and the grid it shows."""
    request = order.request
    if request.state != RequestState.PRESENTING:
        return compose_other(request, order.found_brief), None
    if card := await card_of(session, request, order.brief, request.language):
        return card, None
    found = None if order.ref.is_first else await read_grid(session, request.id)
    if found is not None and found[0].round == order.ref.round:  # laid out, perhaps even seen
        grid_id, shown = found[0].id, found[1]
    else:
        grid_id, shown = await _lay_out(session, order)
    return compose_grid(request, order.brief, grid_id, shown), grid_id


async def _lay_out(session: AsyncSession, order: Order) -> tuple[str, list[Picture]]:
    """Shuffle the pictures, so that a place in the grid wins nothing, and log how."""
    shown: list[Picture] = random.sample(list(order.pictures), len(order.pictures))
    grid_id = await record_grid(
        session,
        request_id=order.request.id,
        round=order.ref.round,
        picture_ids=[picture.id for picture in shown],
        order_probability=1 / factorial(len(shown)),
        may_learn=await may_learn(session, order.request.person_id),
    )
    return grid_id, shown


# The message that tells of a request's progress, while it does.
_is_progress = and_(
    Delivery.request_id == bindparam("this_id"),
    Delivery.what == receipts.PROGRESS,
    Delivery.state == "sent",
)
_SHOWN = select(Delivery.message_id, Delivery.address).where(_is_progress)
_OVER = (
    update(Delivery)
    .where(_is_progress)
    .values(state="over")
    .execution_options(synchronize_session=False)
)
