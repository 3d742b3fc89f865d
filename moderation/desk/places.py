"""The places a person works in, with what waits in each. Reads rows, changes none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.cases import CaseState, Role
from store.tables import Case, Community, now

from .guests import PRIVATE, Guest, NotHere, Place, communities_of


@dataclass
class _Waiting:
    """Open cases of some communities."""

    number: int = 0
    oldest: dt.datetime | None = None
    community_ids: set[str] = field(default_factory=set)

    def add(self, community_id: str, number: int, oldest: dt.datetime | None) -> None:
        self.community_ids.add(community_id)
        self.number += number
        if oldest is not None:
            self.oldest = min(self.oldest or oldest, oldest)


async def places_of(session: AsyncSession, guest: Guest) -> list[Place]:
    """Every place of this person: the busiest first, then by name."""
    communities = await communities_of(session, guest)
    paused = {pause.community_id for pause in await cases.pauses_now(session)}
    waiting = await _waiting(session, communities)
    found = []
    for key, members in _by_key(communities).items():
        role = await _role(session, guest, members)
        if role is not None:
            found.append(_place(key, members, role, waiting, paused))
    return sorted(found, key=lambda place: (-place.num_waiting, place.name))


async def place_of(session: AsyncSession, guest: Guest, key: str) -> Place:
    """One of them; raises ``NotHere`` where the person has no role."""
    communities = _by_key(await communities_of(session, guest)).get(key)
    if not communities:
        raise NotHere
    role = await _role(session, guest, communities)
    if role is None:
        raise NotHere
    paused = {pause.community_id for pause in await cases.pauses_now(session)}
    return _place(key, communities, role, await _waiting(session, communities), paused)


def _by_key(communities: Iterable[Community]) -> dict[str, list[Community]]:
    grouped: dict[str, list[Community]] = {}
    for each in communities:
        grouped.setdefault(PRIVATE if each.is_private else each.id, []).append(each)
    return grouped


def _place(
    key: str,
    members: list[Community],
    role: Role,
    waiting: dict[str, tuple[int, dt.datetime]],
    paused: Collection[str | None],
) -> Place:
    together = _Waiting()
    for each in members:
        together.add(each.id, *waiting.get(each.id, (0, None)))
    first, at = members[0], now()
    return Place(
        key=key,
        name="" if key == PRIVATE else first.name or f"{first.platform} {first.external_id[-6:]}",
        platform="" if key == PRIVATE else first.platform,
        role=role,
        community_ids=frozenset(together.community_ids),
        num_waiting=together.number,
        oldest_seconds=(at - together.oldest).total_seconds() if together.oldest else None,
        is_paused=None in paused or (key != PRIVATE and first.id in paused),
    )


async def _role(session: AsyncSession, guest: Guest, members: list[Community]) -> Role | None:
    """The role in a place; among private chats whoever works there works in all of them."""
    return await cases.role_in(session, guest.person_id, members[0].id)


async def _waiting(
    session: AsyncSession, communities: Collection[Community]
) -> dict[str, tuple[int, dt.datetime]]:
    """How many open cases, and since when, by community."""
    rows = await session.execute(
        select(Case.community_id, func.count(), func.min(Case.created_at))
        .where(
            Case.state == CaseState.OPEN, Case.community_id.in_([each.id for each in communities])
        )
        .group_by(Case.community_id)
    )
    return {community_id: (number, oldest) for community_id, number, oldest in rows}
