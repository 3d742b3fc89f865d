"""Who may do what in which community: a role is a row, what it allows is a table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Moderator, Person


class Role(StrEnum):
    AUDITOR = "auditor"  # sees what was done and changes nothing
    MODERATOR = "moderator"  # decides
    ADMINISTRATOR = "administrator"  # also says who else does; an operator is one everywhere


class Right(StrEnum):
    READ = "read"  # the queue, a person's history, the statistics
    DECIDE = "decide"  # claim, decide, undo, note, take down
    SANCTION = "sanction"  # ban, and lift a ban
    PAUSE = "pause"  # a community, or everything
    APPOINT = "appoint"  # say who has which role
    AUDIT = "audit"  # the log, and whether it is whole


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AUDITOR: frozenset({Right.READ, Right.AUDIT}),
    Role.MODERATOR: frozenset({Right.READ, Right.DECIDE, Right.SANCTION, Right.PAUSE}),
    Role.ADMINISTRATOR: frozenset(Right),
}


async def roles_of(session: AsyncSession, person_id: str) -> Mapping[str | None, Role]:
    """Their role by community; under None the one they have everywhere. Read once a transaction."""
    known: dict[str, Mapping[str | None, Role]] = session.info.setdefault(_KNOWN, {})
    if person_id not in known:
        rows = (await session.execute(_ROLES, {"whose": person_id})).all()
        roles = {row.community_id: _role(row.role) for row in rows if row.role is not None}
        if any(row.is_operator for row in rows):
            roles[None] = Role.ADMINISTRATOR
        known[person_id] = roles
    return known[person_id]


async def role_in(session: AsyncSession, person_id: str, community_id: str | None) -> Role | None:
    """The role that allows them most there; of None only what they have everywhere counts."""
    roles = await roles_of(session, person_id)
    there = [roles[place] for place in {None, community_id} if place in roles]
    return max(there, key=lambda role: len(RIGHTS[role]), default=None)


async def may(
    session: AsyncSession, person_id: str, right: Right, community_id: str | None
) -> bool:
    """True where they have that right there; of None: everywhere."""
    roles = await roles_of(session, person_id)
    return any(right in RIGHTS[roles[place]] for place in {None, community_id} if place in roles)


async def may_moderate(session: AsyncSession, person_id: str, community_id: str) -> bool:
    """True where they may decide cases."""
    return await may(session, person_id, Right.DECIDE, community_id)


async def places_of(
    session: AsyncSession, person_id: str, right: Right = Right.READ
) -> frozenset[str] | None:
    """The communities where they have that right; None is everywhere, empty is nowhere."""
    allowed = {
        place
        for place, role in (await roles_of(session, person_id)).items()
        if right in RIGHTS[role]
    }
    return None if None in allowed else frozenset(place for place in allowed if place is not None)


def _role(name: str) -> Role:
    """A name nobody knows allows the least."""
    return Role(name) if name in set(Role) else Role.AUDITOR


_KNOWN = "roles"  # the key in ``session.info``
_ROLES = (
    select(Person.is_operator, Moderator.community_id, Moderator.role)
    .outerjoin(Moderator, Moderator.person_id == Person.id)
    .where(Person.id == bindparam("whose"))
)
