"""What people and communities have chosen once for all wishes, and how an ask is filled from it.

An option given with the wish comes first, then what the words say, then the person's own default,
then the community's, then the operator's setting. Limits are the strictest of the operator's and
the community's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Community, Person

from .admission import AskRefused, Visitor
from .asks import Ask
from .aspects import Aspect, size_of
from .settings import Settings
from .styles import names_a_style
from .visits import Visit

Chosen = Mapping[str, Any]


async def read_choices(session: AsyncSession, visitor: Visitor) -> tuple[Chosen, Chosen]:
    """What the person and the community have set, in one look."""
    seen = {"whose": visitor.person_id, "where": visitor.community_id}
    person, community = (await session.execute(_CHOICES, seen)).one()
    return person or {}, community or {}


_CHOICES = (
    select(Person.settings, Community.settings)
    .join(Community, Community.id == bindparam("where"))
    .where(Person.id == bindparam("whose"))
)


async def may_administrate(visit: Visit) -> bool:
    """Whoever the platform says runs this place, and the operator."""
    if visit.event.is_administrator:
        return True
    return (await visit.session.get_one(Person, visit.visitor.person_id)).is_operator


def limits_of(settings: Settings, community: Chosen) -> Settings:
    """The operator's settings with what the community narrows."""
    max_count = min(settings.max_count, community.get("max-count") or settings.max_count)
    return settings.model_copy(
        update={
            "max_count": max_count,
            "max_steps": min(settings.max_steps, community.get("max-steps") or settings.max_steps),
            "default_count": min(community.get("count") or settings.default_count, max_count),
        }
    )


def fill(
    ask: Ask,
    person: Chosen,
    community: Chosen,
    settings: Settings,
    native_size: tuple[int, int],
    *,
    is_new: bool = True,
) -> Ask:
    """The ask with every choice left open filled in; ``settings`` are the narrowed ones.

    What goes on from a picture, or asks for the same once more (not ``is_new``), is as it was,
    whoever asks.
    """
    is_private = _first(ask.is_private, person.get("private"), False)
    may_expand = _first(ask.may_expand, person.get("expand"), community.get("expand"), True)
    ask = replace(
        ask,
        is_private=is_private,
        may_expand=may_expand,
        most_count=settings.max_count,
        level=community.get("level"),
    )
    if ask.aspect and not (ask.width or ask.height):
        width, height = size_of(_aspect(ask.aspect), native_size, settings.max_side)
        ask = replace(ask, width=width, height=height)
    if ask.parent_picture_id is not None or not is_new:
        return ask
    usual = _first(person.get("aspect"), community.get("aspect"), None)
    usual_size = size_of(Aspect(usual), native_size, settings.max_side) if usual else None
    return replace(
        ask,
        style=ask.style or _usual_style(ask.text, person, community),
        steps=ask.steps or _at_most(person.get("steps") or community.get("steps"), settings),
        usual_count=min(person.get("count") or settings.default_count, settings.max_count),
        usual_width=usual_size[0] if usual_size else None,
        usual_height=usual_size[1] if usual_size else None,
    )


def _at_most(steps: int | None, settings: Settings) -> int | None:
    return min(steps, settings.max_steps) if steps else None


def _usual_style(text: str, person: Chosen, community: Chosen) -> str | None:
    usual = person.get("style") or community.get("style")
    return usual if usual and not names_a_style(text) else None


def _aspect(name: str) -> Aspect:
    try:
        return Aspect(name)
    except ValueError:
        raise AskRefused("ask-unknown-aspect", value=name) from None


def _first(*choices: Any) -> Any:
    return next((choice for choice in choices[:-1] if choice is not None), choices[-1])
