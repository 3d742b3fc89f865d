"""Who is at the door, and whether they may come in: people, terms, sanctions, quota.

Reads and writes rows inside the caller's transaction; a refusal is an ``AskRefused`` that names
one Fluent sentence. Knows no platform.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import is_paused
from moderation.sanctions import standing
from store.sessions import insert_once
from store.tables import Community, Identity, Person, Request, RequestState, new_id, now

from .asks import Ask
from .chat import Event, Place, Speaker
from .consents import has_accepted_terms
from .settings import Settings
from .texts import pick_language

AT_WORK = (RequestState.PREPARING, RequestState.PAINTING, RequestState.PRESENTING)
COSTS_NOTHING = (RequestState.BLOCKED, RequestState.FAILED, RequestState.CANCELLED)


class AskRefused(Exception):
    """Not now, or not so. ``key`` and ``args_`` name a Fluent sentence."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(f"{key} {args}" if args else key)
        self.key = key
        self.args_: Mapping[str, Any] = args


class TermsNotAccepted(AskRefused):
    """They must agree first; the reply shows the terms."""

    def __init__(self) -> None:
        super().__init__("terms-needed")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who acts, where, and in which language we answer."""

    person_id: str
    identity_id: str
    community_id: str
    language: str
    is_paused: bool = False  # nothing is made in this place now


async def recognise(session: AsyncSession, event: Event, settings: Settings) -> Visitor:
    """The person and the place of an event; both are written down when first seen."""
    speaker, place = event.speaker, event.place
    seen = {
        "platform": speaker.platform,
        "who": speaker.external_id,
        "place_platform": place.platform,
        "where": place.external_id,
    }
    row = (await session.execute(_KNOWN, seen)).first()
    if row is None or row[3] is None:
        if row is None:
            await _meet(session, speaker)
        await _enter(session, place)
        row = (await session.execute(_KNOWN, seen)).one()
    identity_id, person_id, chosen, community_id, spoken_here, is_paused_here = row
    return Visitor(
        person_id=person_id,
        identity_id=identity_id,
        community_id=community_id,
        language=pick_language(chosen, speaker.locale, spoken_here or settings.language),
        is_paused=is_paused_here,
    )


async def _meet(session: AsyncSession, speaker: Speaker) -> None:
    person_id = new_id()
    async with session.begin_nested() as both:
        await insert_once(session, Person, id=person_id)
        is_new = await insert_once(
            session,
            Identity,
            person_id=person_id,
            platform=speaker.platform,
            external_id=speaker.external_id,
            name=speaker.name,
            locale=speaker.locale,
        )
        if not is_new:  # met in this very moment elsewhere: no second person for one account
            await both.rollback()


async def _enter(session: AsyncSession, place: Place) -> None:
    await insert_once(
        session,
        Community,
        platform=place.platform,
        external_id=place.external_id,
        name=place.name,
        is_private=place.is_private,
    )


async def admit(
    session: AsyncSession, visitor: Visitor, ask: Ask, settings: Settings, *, request_id: str
) -> None:
    """Raise ``AskRefused`` unless this person may ask for this now.

    The request is in its table already and does not count against itself.
    """
    if not await has_accepted_terms(session, visitor.person_id):
        raise TermsNotAccepted
    if visitor.is_paused:
        raise AskRefused("ask-paused-here")
    await _check_sanctions(session, visitor)
    await _check_quota(session, visitor, ask, settings, request_id)


async def _check_sanctions(session: AsyncSession, visitor: Visitor) -> None:
    found = await standing(session, visitor.person_id, visitor.community_id)
    if found.is_banned:
        raise AskRefused("ask-banned")
    if found.is_paused and found.until is not None:
        number, unit = as_people_say(found.until - now())
        raise AskRefused("ask-paused", number=number, unit=unit)


def as_people_say(wait: dt.timedelta) -> tuple[int, str]:
    """A wait, rounded up: minutes up to two hours, hours up to two days, then days."""
    minutes = max(1, ceil(wait.total_seconds() / 60))
    if minutes <= 120:
        return minutes, "minutes"
    hours = ceil(minutes / 60)
    return (hours, "hours") if hours <= 48 else (ceil(hours / 24), "days")


async def _check_quota(
    session: AsyncSession, visitor: Visitor, ask: Ask, settings: Settings, request_id: str
) -> None:
    """Pictures of this UTC day, and requests at work. What was refused or failed costs nothing."""
    if not settings.daily_pictures and not settings.concurrent_requests:
        return
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    await _take_turn(session, visitor.person_id)
    mine = {"person_id": visitor.person_id, "this_id": request_id, "midnight": midnight}
    rows = await session.execute(_MINE, mine)
    num_at_work = num_pictures = 0
    for state, created_at, options in rows:
        num_at_work += state in AT_WORK
        if created_at >= midnight and state not in COSTS_NOTHING:
            num_pictures += num_asked(options.get("count") or options.get("usual_count"), settings)
    if settings.concurrent_requests and num_at_work >= settings.concurrent_requests:
        raise AskRefused("ask-concurrent", most=settings.concurrent_requests)
    wanted = num_asked(ask.count or ask.usual_count, settings)
    if settings.daily_pictures and num_pictures + wanted > settings.daily_pictures:
        left = max(0, settings.daily_pictures - num_pictures)
        hours = max(1, round((midnight + dt.timedelta(days=1) - now()).total_seconds() / 3600))
        raise AskRefused("ask-daily", most=settings.daily_pictures, left=left, hours=hours)


async def _take_turn(session: AsyncSession, person_id: str) -> None:
    """Whoever asks twice at once is admitted one ask after the other, so both are counted.

    On SQLite the row that was just written has made this transaction the only writer.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_PERSON, {"person_id": person_id})


def num_asked(count: int | None, settings: Settings) -> int:
    """Pictures a request counts for."""
    return count or settings.default_count


# Built once: building a statement costs more than executing it.

_KNOWN = (
    select(
        Identity.id,
        Identity.person_id,
        Person.language,
        Community.id,
        Community.settings["language"].as_string(),
        is_paused(Community.id),
    )
    .join(Person, Person.id == Identity.person_id)
    .outerjoin(
        Community,
        and_(
            Community.platform == bindparam("place_platform"),
            Community.external_id == bindparam("where"),
        ),
    )
    .where(Identity.platform == bindparam("platform"), Identity.external_id == bindparam("who"))
)
# Rows that only refer to the person do not wait for this lock (FOR NO KEY UPDATE).
_PERSON = (
    select(Person.id).where(Person.id == bindparam("person_id")).with_for_update(key_share=True)
)
_MINE = select(Request.state, Request.created_at, Request.options).where(
    Request.person_id == bindparam("person_id"),
    Request.id != bindparam("this_id"),
    or_(Request.created_at >= bindparam("midnight"), Request.state.in_(AT_WORK)),
)
