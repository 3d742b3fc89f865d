"""Who is signed in: links that work once, sessions that expire, and the token of a session's forms.

Links and cookies are random; only their digests are kept, so the tables sign nobody in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import DeskLink, DeskSession, now

LINK_MINUTES = 10
SEEN_EVERY_SECONDS = 30.0  # a row is not written again for every click


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session that holds."""

    person_id: str
    form_token: str  # what its forms must carry


async def new_link(session: AsyncSession, person_id: str) -> str:
    """The secret of a new link; those given to the person before work no longer."""
    await session.execute(delete(DeskLink).where(DeskLink.person_id == person_id))
    secret = secrets.token_urlsafe(32)
    expires_at = now() + dt.timedelta(minutes=LINK_MINUTES)
    session.add(DeskLink(person_id=person_id, digest=_digest(secret), expires_at=expires_at))
    return secret


async def is_open(session: AsyncSession, secret: str) -> bool:
    """True while a link may still be used. Looking uses nothing up: chats look at links, too."""
    return await session.scalar(select(DeskLink.id).where(*_usable(secret))) is not None


async def use_link(session: AsyncSession, secret: str) -> str | None:
    """Use a link up; whose it was, or None where it does not work any more."""
    used = update(DeskLink).where(*_usable(secret)).values(used_at=now())
    return await session.scalar(
        used.returning(DeskLink.person_id).execution_options(synchronize_session=False)
    )


async def begin(session: AsyncSession, person_id: str, how: str, hours: float) -> str:
    """A new session of this person; returns what its cookie holds."""
    secret = secrets.token_urlsafe(32)
    expires_at = now() + dt.timedelta(hours=hours)
    session.add(
        DeskSession(person_id=person_id, digest=_digest(secret), how=how, expires_at=expires_at)
    )
    return secret


async def look_up(
    session: AsyncSession, secret: str, idle_minutes: float, *, is_by_hand: bool = True
) -> SignedIn | None:
    """Whose session it is, while it holds. What a page asks by itself keeps no session alive."""
    at = now()
    row = await session.scalar(
        select(DeskSession).where(
            DeskSession.digest == _digest(secret),
            DeskSession.expires_at > at,
            DeskSession.seen_at > at - dt.timedelta(minutes=idle_minutes),
        )
    )
    if row is None:
        return None
    if is_by_hand and (at - row.seen_at).total_seconds() > SEEN_EVERY_SECONDS:
        row.seen_at = at
    return SignedIn(person_id=row.person_id, form_token=form_token(secret))


async def end(session: AsyncSession, secret: str) -> None:
    """Sign out."""
    await session.execute(delete(DeskSession).where(DeskSession.digest == _digest(secret)))


async def forget_old(session: AsyncSession, idle_minutes: float) -> None:
    """Drop links and sessions that work no longer."""
    at = now()
    await session.execute(delete(DeskLink).where(DeskLink.expires_at < at))
    silent = DeskSession.seen_at < at - dt.timedelta(minutes=idle_minutes)
    await session.execute(delete(DeskSession).where(or_(DeskSession.expires_at < at, silent)))


def form_token(secret: str) -> str:
    """Told to our pages only; a stranger's page cannot know it (CSRF)."""
    return hmac.new(secret.encode(), b"atelier desk form", hashlib.sha256).hexdigest()


def _usable(secret: str) -> tuple[ColumnElement[bool], ...]:
    return (
        DeskLink.digest == _digest(secret),
        DeskLink.used_at.is_(None),
        DeskLink.expires_at > now(),
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(f"atelier desk {secret}".encode()).hexdigest()
