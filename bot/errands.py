"""What the render role is asked for besides painting: to describe a picture, or to enlarge one.

Such a request has no wish to judge and ends in no grid; it goes the path of every other all the
same, and what it found is kept as its brief. Knows no platform.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from inference.expansion.brief import Brief
from store.tables import Request

from . import describing, enlarging
from .cards import plain
from .chat import Card
from .orders import Order


@dataclass(frozen=True, kw_only=True)
class Errand:
    """``run`` is the render role's part; ``card`` says what came of it, None where it is gone."""

    run: Callable[[Order], Awaitable[None]]
    card: Callable[[AsyncSession, Request, Brief, str], Awaitable[Card | None]]


ERRANDS: Mapping[str, Errand] = {
    describing.KIND: Errand(run=describing.describe, card=describing.told),
    enlarging.KIND: Errand(run=enlarging.enlarge, card=enlarging.told),
}


def errand_of(request: Request) -> Errand | None:
    """The errand; None where pictures are to be painted."""
    return ERRANDS.get(request.kind)


async def card_of(
    session: AsyncSession, request: Request, brief: Brief, language: str
) -> Card | None:
    """What came of an errand; None where the request is none."""
    errand = errand_of(request)
    if errand is None:
        return None
    found = await errand.card(session, request, brief, language)
    return found or plain(language, "press-gone", is_private=request.is_private)
