"""The places a person works in, with what waits in each. Reads rows, changes none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.cases import CaseState, Right
from store.tables import Case, Community, now

from .guests import PRIVATE, Guest, NotHere, Place

Waiting = Mapping[str, tuple[int, dt.datetime]]  # how many, and since when, by community


async def places_of(session: AsyncSession, guest: Guest) -> list[Place]:
    """Every place of this person with what waits there: the busiest first, then by name."""
    grouped: dict[str, list[Community]] = {}
    for each in await _communities(session, guest):
        grouped.setdefault(PRIVATE if each.is_private else each.id, []).append(each)
    places = [await _place(session, guest, key, members) for key, members in grouped.items()]
    waiting = await _waiting(session, {one for place in places for one in place.community_ids})
    paused = await _paused(session)
    measured = [_measured(place, waiting, paused) for place in places]
    return sorted(measured, key=lambda place: (-place.num_waiting, place.name))


async def place_of(session: AsyncSession, guest: Guest, key: str) -> Place:
    """One of them, not looked into yet; raises ``NotHere`` where the person has no role."""
    communities = await _communities(session, guest, key)
    if not communities:
        raise NotHere
    return await _place(session, guest, key, communities)


async def looked_into(session: AsyncSession, place: Place) -> Place:
    """The same with what waits there and whether it is paused."""
    waiting = await _waiting(session, place.community_ids)
    return _measured(place, waiting, await _paused(session))


async def _communities(
    session: AsyncSession, guest: Guest, key: str | None = None
) -> Sequence[Community]:
    """Those that the person may read, of one place or (None) of all, by name."""
    reads = await cases.places_of(session, guest.person_id, Right.READ)
    statement = select(Community).order_by(Community.name, Community.id)
    if reads is not None:
        statement = statement.where(Community.id.in_(reads))
    if key == PRIVATE:
        statement = statement.where(Community.is_private)
    elif key is not None:
        statement = statement.where(Community.id == key, Community.is_private.is_(False))
    return (await session.scalars(statement)).all()


async def _place(
    session: AsyncSession, guest: Guest, key: str, members: Sequence[Community]
) -> Place:
    """Among private chats whoever has a role in one has it in all that they may read."""
    first = members[0]
    role = await cases.role_in(session, guest.person_id, first.id)
    if role is None:
        raise NotHere
    is_private = key == PRIVATE
    return Place(
        key=key,
        name="" if is_private else first.name or f"{first.platform} {first.external_id[-6:]}",
        platform="" if is_private else first.platform,
        role=role,
        community_ids=frozenset(each.id for each in members),
    )


def _measured(place: Place, waiting: Waiting, paused: Collection[str | None]) -> Place:
    here = [waiting[each] for each in place.community_ids if each in waiting]
    oldest = min((since for _, since in here), default=None)
    return replace(
        place,
        num_waiting=sum(number for number, _ in here),
        oldest_seconds=(now() - oldest).total_seconds() if oldest else None,
        is_paused=None in paused or place.community_id in paused,
    )


async def _paused(session: AsyncSession) -> frozenset[str | None]:
    """Communities whose work is held; None is everything."""
    return frozenset(pause.community_id for pause in await cases.pauses_now(session))


async def _waiting(session: AsyncSession, community_ids: Collection[str]) -> Waiting:
    rows = await session.execute(
        select(Case.community_id, func.count(), func.min(Case.created_at))
        .where(Case.state == CaseState.OPEN, Case.community_id.in_(community_ids))
        .group_by(Case.community_id)
    )
    return {community_id: (number, oldest) for community_id, number, oldest in rows}
