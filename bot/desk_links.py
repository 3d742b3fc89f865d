"""The way to the web desk from a chat: a link for one moderator, which works once."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import Right, places_of
from moderation.desk.sessions import LINK_MINUTES, new_link

from .asks import Reply
from .settings import Settings
from .visits import Call, refuse_unless


async def has_role(session: AsyncSession, person_id: str) -> bool:
    """True for whoever may read somewhere: moderators, auditors and the operator."""
    places = await places_of(session, person_id, Right.READ)
    return places is None or bool(places)


async def give_link(call: Call) -> Reply:
    """A link that signs the person in at the desk."""
    settings = call.studio.shop.settings
    refuse_unless(settings.desk_url, "desk-not-served")
    secret = await new_link(call.session, call.visitor.person_id)
    return call.plain("desk-link", url=link_to(settings, secret), minutes=LINK_MINUTES)


def link_to(settings: Settings, secret: str) -> str:
    """The address that a secret opens."""
    return f"{settings.desk_address}/enter/{secret}"
