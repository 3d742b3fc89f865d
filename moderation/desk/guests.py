"""Who is at the desk and where they may do what: people by name, their places and roles.

A place is a community, or all private chats together: each of those is a community of one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.cases import RIGHTS, Right, Role
from store.tables import Identity, Person

PRIVATE = "private"  # the key of the place that all private chats are


class NotHere(Exception):
    """There is no such thing at this place, or it is nothing for this person: both look alike."""


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Someone who is signed in."""

    person_id: str
    name: str
    language: str | None  # what they chose in the chats
    form_token: str
    may_ban_everywhere: bool
    may_audit: bool
    may_pause_everything: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """A community as one person may work in it."""

    key: str
    name: str
    platform: str  # "" for the private chats
    role: Role
    community_ids: frozenset[str]
    num_waiting: int = 0
    oldest_seconds: float | None = None
    is_paused: bool = False

    @property
    def platform_name(self) -> str:
        return self.platform.capitalize()

    @property
    def community_id(self) -> str | None:
        """The community; None of the private chats, where what holds holds everywhere."""
        return None if self.key == PRIVATE else self.key

    @property
    def may_decide(self) -> bool:
        return Right.DECIDE in RIGHTS[self.role]

    @property
    def may_sanction(self) -> bool:
        return Right.SANCTION in RIGHTS[self.role]

    @property
    def may_pause(self) -> bool:
        return Right.PAUSE in RIGHTS[self.role] and self.key != PRIVATE


async def names_of(session: AsyncSession, person_ids: Collection[str]) -> Mapping[str, str]:
    """Names by person: that of the account they came with first."""
    if not person_ids:
        return {}
    rows = await session.execute(
        select(Identity.person_id, Identity.name)
        .where(Identity.person_id.in_(set(person_ids)), Identity.name != "")
        .order_by(Identity.created_at.desc())
    )
    return {row.person_id: row.name for row in rows}


async def read_guest(session: AsyncSession, person_id: str, form_token: str) -> Guest | None:
    """The person of a session, or None where they have no role any more."""
    reads, audits, pauses, bans = [
        await cases.places_of(session, person_id, right)
        for right in (Right.READ, Right.AUDIT, Right.PAUSE, Right.SANCTION)
    ]
    if reads is not None and not reads:
        return None
    known = (
        select(Person.language, Identity.name)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .where(Person.id == person_id)
        .order_by(Identity.created_at)
    )
    language, name = (await session.execute(known.limit(1))).one()
    return Guest(
        person_id=person_id,
        name=name or "?",
        language=language,
        form_token=form_token,
        may_ban_everywhere=bans is None,
        may_audit=audits is None or bool(audits),
        may_pause_everything=pauses is None,
    )
