"""One edit operation for every way to go on from a picture: a new request that names its parent.

Vary starts from the picture itself; change replaces one word and keeps seed and numbers; words
added in a reply keep them too. Again and "only my words" ask the same wish anew.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import Reference
from inference.learning.log import Ballot, VoteKind, record_vote
from store.tables import Delivery, Grid, Picture, Request, Vote

from . import cards
from .admission import AskRefused
from .asks import Ask, Reply
from .chat import Event
from .consents import may_learn
from .planning import draw_seed
from .telling import read_grid

if TYPE_CHECKING:
    from .presses import Press

STRENGTHS = {"subtle": 0.35, "strong": 0.7}
_ARROW = re.compile(r"\s*(?:->|=>|→|＞|>|换成|改成|变成)\s*")


async def vary(pressed: Press) -> Reply:
    """More like this one: ``picture id``, or ``picture id:subtle``; also a sign of liking it."""
    picture_id, _, how = pressed.argument.partition(":")
    picture = await _picture(pressed.session, picture_id)
    wish = await existing(pressed.session, picture.request_id)
    strength = STRENGTHS.get(how or "strong")
    if strength is None:
        raise AskRefused("press-unknown")
    ask = Ask(
        text=wish.wish,
        seed=draw_seed(),
        reference=Reference(sha256=picture.sha256, strength=strength),
        parent_picture_id=picture.id,
        is_private=wish.is_private,
    )
    return await _take(pressed, ask, "vary", VoteKind.VARY, picture)


async def change_word(pressed: Press) -> Reply:
    """The same picture with one word changed: ``grid id`` and words such as ``cat > dog``."""
    grid = await pressed.session.get(Grid, pressed.argument)
    if grid is None:
        raise AskRefused("press-gone")
    words = [part for part in _ARROW.split(pressed.text) if part]
    if len(words) != 2:
        raise AskRefused("press-which-word")
    picture = await _chosen(pressed.session, grid.request_id, pressed.visitor.person_id)
    wish = await existing(pressed.session, grid.request_id)
    ask = Ask(text=" > ".join(words), parent_picture_id=picture.id, is_private=wish.is_private)
    return await _take(pressed, ask, "change")


async def in_plain_words(pressed: Press) -> Reply:
    """``request id`` and words to add to its wish; seed and numbers are kept."""
    picture = await _chosen(pressed.session, pressed.argument, pressed.visitor.person_id)
    wish = await existing(pressed.session, pressed.argument)
    ask = Ask(text=pressed.text, parent_picture_id=picture.id, is_private=wish.is_private)
    return await _take(pressed, ask, "edit")


async def again(pressed: Press) -> Reply:
    """The same wish once more, with another seed."""
    request = await existing(pressed.session, pressed.argument)
    ask = replace(_ask_of(request), seed=draw_seed())
    return await _take(pressed, ask, _kind_anew(request), VoteKind.AGAIN)


async def own_words_only(pressed: Press) -> Reply:
    """The same wish and seed without the added words."""
    request = await existing(pressed.session, pressed.argument)
    return await _take(pressed, replace(_ask_of(request), may_expand=False), _kind_anew(request))


def _kind_anew(request: Request) -> str:
    """An edit asked again stays that edit."""
    return request.kind if request.parent_picture_id else "again"


def accepted(language: str, request_id: str) -> Reply:
    """What the person sees at once."""
    return Reply(card=cards.progress(language, request_id=request_id), request_id=request_id)


async def existing(session: AsyncSession, request_id: str) -> Request:
    """The request a button names; raises ``AskRefused`` where it is gone."""
    request = await session.get(Request, request_id)
    if request is None:
        raise AskRefused("press-gone")
    return request


async def shown_in(session: AsyncSession, event: Event, message_id: str) -> str | None:
    """The request whose pictures that message showed."""
    return await session.scalar(
        select(Delivery.request_id)
        .join(Request, Request.id == Delivery.request_id)
        .where(
            Request.platform == event.speaker.platform,
            Delivery.message_id == message_id,
            Delivery.what.startswith("grid:"),
        )
        .limit(1)
    )


def _ask_of(request: Request) -> Ask:
    ask = Ask.from_options(request.wish, request.options, request.parent_picture_id)
    return replace(ask, is_private=request.is_private)


async def _take(
    pressed: Press,
    ask: Ask,
    kind: str,
    vote: VoteKind | None = None,
    picture: Picture | None = None,
) -> Reply:
    """Admit the edit on the presser's own quota, and log what the press says of the pictures."""
    request_id = await pressed.studio.take(
        pressed.session, pressed.event, pressed.visitor, ask, kind
    )
    if vote is not None:
        source = picture.request_id if picture else pressed.argument
        await _log(pressed, source, vote, picture)
    return accepted(pressed.visitor.language, request_id)


async def _log(pressed: Press, request_id: str, kind: VoteKind, picture: Picture | None) -> None:
    found = await read_grid(pressed.session, request_id)
    if found is None:
        return  # nothing was shown: there is nothing to like
    person_id = pressed.visitor.person_id
    ballot = Ballot(
        grid_id=found[0].id,
        person_id=person_id,
        kind=kind,
        platform=pressed.event.speaker.platform,
        event_id=pressed.event.id,
        may_learn=await may_learn(pressed.session, person_id),
        picture_id=picture.id if picture else None,
    )
    await record_vote(pressed.session, ballot)


async def _picture(session: AsyncSession, picture_id: str) -> Picture:
    picture = await session.get(Picture, picture_id)
    if picture is None:
        raise AskRefused("press-gone")
    return picture


async def _chosen(session: AsyncSession, request_id: str, person_id: str) -> Picture:
    """The picture this person picked in the newest grid, else the first one shown."""
    found = await read_grid(session, request_id)
    if found is None or not found[1]:
        raise AskRefused("press-gone")
    grid, shown = found
    picked = await session.scalar(
        select(Vote.picture_id)
        .where(Vote.grid_id == grid.id, Vote.person_id == person_id, Vote.kind == VoteKind.PICK)
        .order_by(Vote.created_at.desc())
        .limit(1)
    )
    return next((picture for picture in shown if picture.id == picked), shown[0])
