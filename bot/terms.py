"""The terms of use: shown before the first picture, accepted once in each version.

A wish that came before they were accepted waits in its row and runs when they are; nobody types
it again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import JobError, Reference
from store.sessions import Database
from store.tables import WaitingWish, now

from . import cards, intake
from .admission import AskRefused, TermsNotAccepted, recognise
from .asks import Ask, Reply
from .chat import Card, Event, Place
from .consents import TERMS, give, has_accepted_older_terms, has_accepted_terms
from .settings import TERMS_VERSION
from .visits import Call, Press, Visit

ASKED_IN = "asked_in"  # beside a wish that waits: where it was said
WAITS = dt.timedelta(hours=24)  # a wish older than this is no longer what the person expects


async def card(session: AsyncSession, person_id: str, language: str) -> Card:
    """The terms of today with the button that accepts them; who agreed to older ones reads so."""
    has_changed = await has_accepted_older_terms(session, person_id)
    title = "terms-title-changed" if has_changed else "terms-title"
    return cards.terms(language, TERMS_VERSION, title)


async def show(call: Call) -> Reply:
    """The terms, and whether they are accepted."""
    if not await has_accepted_terms(call.session, call.visitor.person_id):
        return Reply(card=await card(call.session, call.visitor.person_id, call.language))
    shown = cards.terms(call.language, TERMS_VERSION, "terms-title-known")
    known = cards.plain(call.language, "terms-known", version=TERMS_VERSION)
    return Reply(card=replace(shown, lines=(*shown.lines[:-1], *known.lines), buttons=()))


async def ask_first(visit: Visit, ask: Ask, kind: str) -> Reply:
    """Keep the wish, and show the terms."""
    person_id = visit.visitor.person_id
    await visit.session.execute(delete(WaitingWish).where(WaitingWish.person_id == person_id))
    visit.session.add(
        WaitingWish(
            person_id=person_id,
            platform=visit.event.speaker.platform,
            event_id=visit.event.id,
            kind=kind,
            ask={**asdict(ask), ASKED_IN: _where(visit.event)},
        )
    )
    shown = await card(visit.session, person_id, visit.language)
    return Reply(card=shown, is_refused=True)


async def accept(pressed: Press) -> Reply:
    """Agree to the terms, only to those of today; the wish that waited runs now."""
    if pressed.argument != TERMS_VERSION:
        raise TermsNotAccepted
    session, person_id = pressed.session, pressed.visitor.person_id
    await give(session, person_id, TERMS, TERMS_VERSION, pressed.event.id)
    waiting = await session.get(WaitingWish, person_id)
    if waiting is None or waiting.created_at < now() - WAITS:
        return pressed.done("terms-accepted")
    await session.delete(waiting)
    return await _run(pressed, waiting)


async def _run(pressed: Press, waiting: WaitingWish) -> Reply:
    """Where it cannot be admitted the terms stay accepted all the same."""
    kept = dict(waiting.ask)
    event = _event(pressed.event, waiting.event_id, kept.pop(ASKED_IN, None))
    reference = kept.get("reference")
    ask = Ask(**{**kept, "reference": Reference(**reference) if reference else None})
    shop = pressed.studio.shop
    visitor = await recognise(pressed.session, event, shop.settings)
    try:
        async with pressed.session.begin_nested():
            request_id = await intake.take(shop, pressed.session, event, visitor, ask, waiting.kind)
    except (AskRefused, JobError) as error:
        refused = cards.plain(pressed.language, error.key, is_private=True, **error.args_)
        thanks = cards.plain(pressed.language, "terms-thanks", is_private=True)
        return Reply(card=replace(thanks, lines=(*thanks.lines, *refused.lines)), is_update=True)
    begun = pressed.accepted(request_id, is_private=bool(ask.is_private))
    thanks = cards.plain(pressed.language, "terms-thanks", is_private=True)
    return Reply(card=thanks, also=(begun.card,), request_id=request_id, is_update=True)


def _where(event: Event) -> dict[str, Any]:
    """Where a wish was said, as it is kept with it."""
    return {"address": dict(event.address), "place": asdict(event.place)}


def _event(pressed: Event, event_id: str, asked_in: dict[str, Any] | None) -> Event:
    """The wish's own event. It answers where the button was pressed, which is the fresher way,
    unless that was another place: a person who asked in a room expects the picture there."""
    event = replace(pressed, id=event_id)
    if asked_in is None or Place(**asked_in["place"]) == pressed.place:
        return event
    return replace(event, place=Place(**asked_in["place"]), address=asked_in["address"])


async def forget_old_wishes(db: Database) -> None:
    """Words of people who never agreed to the terms are not kept for longer than they wait."""
    async with db.session() as session:
        old = WaitingWish.created_at < now() - WAITS
        await session.execute(delete(WaitingWish).where(old))
