"""What a person has agreed to: the terms in their current version, learning from their votes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Consent

from .settings import TERMS_VERSION

TERMS = "terms"
LEARNING = "learning"


async def has_accepted_terms(session: AsyncSession, person_id: str) -> bool:
    """True where the newest answer to the current terms is yes."""
    newest = await _newest(session, person_id, TERMS)
    return bool(newest and newest.is_given and newest.version == TERMS_VERSION)


async def has_accepted_older_terms(session: AsyncSession, person_id: str) -> bool:
    """True where they agreed, and the terms are others by now."""
    newest = await _newest(session, person_id, TERMS)
    return bool(newest and newest.is_given and newest.version != TERMS_VERSION)


async def may_learn(session: AsyncSession, person_id: str) -> bool:
    """True where the person lets the model learn from what they pick."""
    newest = await _newest(session, person_id, LEARNING)
    return bool(newest and newest.is_given)


async def give(session: AsyncSession, person_id: str, kind: str, version: str, how: str) -> None:
    """Write down a yes; an earlier one stays."""
    await set_consent(session, person_id, kind, version, how, is_given=True)


async def set_consent(
    session: AsyncSession, person_id: str, kind: str, version: str, how: str, *, is_given: bool
) -> None:
    """Write down an answer, unless the newest one says the same."""
    newest = await _newest(session, person_id, kind)
    if newest is None or newest.is_given is not is_given or newest.version != version:
        session.add(
            Consent(person_id=person_id, kind=kind, version=version, is_given=is_given, how=how)
        )


async def _newest(session: AsyncSession, person_id: str, kind: str) -> Any | None:
    """Its ``is_given`` and ``version``."""
    if session.new:
        await session.flush()  # an answer given in this very transaction counts
    return (await session.execute(_NEWEST, {"whose": person_id, "kind": kind})).first()


_NEWEST = (
    select(Consent.is_given, Consent.version)
    .where(Consent.person_id == bindparam("whose"), Consent.kind == bindparam("kind"))
    .order_by(Consent.created_at.desc(), Consent.id.desc())
    .limit(1)
)
