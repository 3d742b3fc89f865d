"""One edit operation for every way to go on from a picture: a new request that names its parent.

Vary starts from the picture itself; change replaces one word and keeps seed and numbers; words
added in a reply keep them too. Again and "only my words" ask the same wish anew.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.expansion.brief import Brief
from inference.expansion.tokens import all_entries
from inference.jobs import Reference
from inference.learning.log import Ballot, VoteKind, record_vote
from store.tables import Delivery, Grid, Picture, Request, Vote

from . import intake
from .admission import AskRefused
from .asks import Ask, Reply
from .consents import may_learn
from .planning import draw_seed
from .records import read_brief
from .telling import read_grid
from .visits import Press, open_picture, open_request, refuse_unless

STRENGTHS = {"subtle": 0.35, "strong": 0.7}
_CLOSER = (VoteKind.PICK, VoteKind.LARGER, VoteKind.VARY, VoteKind.DOWNLOAD)
_NUMBER = re.compile(r"(?:#|第)?\s*([1-8一二三四五六七八])\s*(?:张|幅|个)?\s*[.!。！]?")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八", start=1)}
_ARROW = re.compile(r"\s*(?:->|=>|→|＞|>|换成|改成|变成)\s*")


async def vary(pressed: Press) -> Reply:
    """More like this one: ``picture id``, or ``picture id:subtle``; also a sign of liking it."""
    picture_id, _, how = pressed.argument.partition(":")
    picture = await open_picture(pressed, picture_id)
    wish = await open_request(pressed, picture.request_id)
    strength = STRENGTHS.get(how or "strong")
    if strength is None:
        raise AskRefused("press-unknown")
    ask = replace(
        _settings_of(wish),
        text=wish.wish,
        seed=draw_seed(),
        reference=Reference(sha256=picture.sha256, strength=strength),
        parent_picture_id=picture.id,
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
    wish = await open_request(pressed, grid.request_id)
    picture = await _chosen(pressed.session, wish.id, pressed.visitor.person_id)
    found = await read_brief(pressed.session, wish.id, picture.round)
    if found is None:
        raise AskRefused("press-gone")
    old, new = as_painted(found.brief, words[0].removeprefix("把"), words[1])
    ask = replace(_settings_of(wish), text=f"{old} > {new}", parent_picture_id=picture.id)
    return await _take(pressed, ask, "change")


def as_painted(brief: Brief, old: str, new: str) -> tuple[str, str]:
    """The two words as the prompt would say them; raises ``AskRefused`` where the old one is not
    in the picture. A Chinese word also means its English name."""
    for name in (old, *_english_of(old)):
        if name.lower() in brief.prompt.lower():  # the new word in the language of the old one
            return name, next(iter(_english_of(new)), new) if name.isascii() else new
    if old.lower() in brief.wish.lower():
        return old, new
    raise AskRefused("press-no-such-word", word=old)


def _english_of(word: str) -> tuple[str, ...]:
    """Every English name of a Chinese word that the expander knows."""
    named = (entry.english for entry in all_entries() if word in entry.chinese)
    return next((names for names in named if names), ())


async def in_plain_words(pressed: Press) -> Reply:
    """``request id`` and words to add to its wish; seed and numbers are kept."""
    refuse_unless(pressed.text, "press-which-change")
    wish = await open_request(pressed, pressed.argument)
    if wish.kind == "describe":
        return await _paint_what_was_seen(pressed, wish)
    if await _picked(pressed, wish.id):
        return pressed.plain("vote-counted")
    if wish.kind == "larger":  # who speaks of the larger picture means the picture
        picture = await open_picture(pressed, wish.parent_picture_id or "")
    else:
        picture = await _chosen(pressed.session, wish.id, pressed.visitor.person_id)
    ask = replace(_settings_of(wish), text=pressed.text, parent_picture_id=picture.id)
    return await _take(pressed, ask, "edit")


async def _picked(pressed: Press, request_id: str) -> bool:
    """True where the words were no more than the number of a picture that was shown, which is a
    vote: whoever is asked which they like best answers so."""
    said = _NUMBER.fullmatch(pressed.text)
    found = await read_grid(pressed.session, request_id) if said else None
    if said is None or found is None:
        return False
    number = _DIGITS.get(said[1]) or int(said[1])
    shown = found[1]
    if not 1 < len(shown) >= number:
        return False
    await log_vote(pressed, request_id, VoteKind.PICK, shown[number - 1])
    return True


async def again(pressed: Press) -> Reply:
    """The same wish once more, with another seed."""
    request = await open_request(pressed, pressed.argument)
    if request.kind == "describe":
        return await _paint_what_was_seen(pressed, request)
    ask = replace(_ask_of(request), seed=draw_seed())
    return await _take(pressed, ask, _kind_anew(request), VoteKind.AGAIN)


async def _paint_what_was_seen(pressed: Press, request: Request) -> Reply:
    """The words of a description as a wish of their own, with those that were said to it."""
    found = await read_brief(pressed.session, request.id, request.round)
    if found is None:
        raise AskRefused("press-gone")
    words = ", ".join(part for part in (found.brief.prompt, pressed.text) if part)
    ask = Ask(text=words, is_private=request.is_private)
    return await _take(pressed, ask, "imagine")


async def own_words_only(pressed: Press) -> Reply:
    """The same wish and seed without the added words."""
    request = await open_request(pressed, pressed.argument)
    return await _take(pressed, replace(_ask_of(request), may_expand=False), _kind_anew(request))


def _kind_anew(request: Request) -> str:
    """An edit asked again stays that edit."""
    return request.kind if request.parent_picture_id else "again"


async def shown_in(session: AsyncSession, message_id: str) -> str | None:
    """The request whose pictures that message showed; message ids differ between platforms."""
    return await session.scalar(
        select(Delivery.request_id)
        .where(Delivery.message_id == message_id, Delivery.what.startswith("grid:"))
        .limit(1)
    )


def _settings_of(request: Request) -> Ask:
    """What an edit keeps of the ask beside the parent's numbers."""
    return Ask(
        is_private=request.is_private, may_expand=bool(request.options.get("may_expand", True))
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
    shop = pressed.studio.shop
    request_id = await intake.take(shop, pressed.session, pressed.event, pressed.visitor, ask, kind)
    if vote is not None:
        await log_vote(pressed, picture.request_id if picture else pressed.argument, vote, picture)
    return pressed.accepted(request_id, is_private=bool(ask.is_private))


async def log_vote(
    pressed: Press, request_id: str, kind: VoteKind, picture: Picture | None
) -> None:
    """What the press says of the pictures, with the consent of the moment."""
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


async def _chosen(session: AsyncSession, request_id: str, person_id: str) -> Picture:
    """The picture of the newest grid that this person picked or looked closer at last, else the
    first one shown."""
    found = await read_grid(session, request_id)
    if found is None or not found[1]:
        raise AskRefused("press-gone")
    grid, shown = found
    picked = await session.scalar(
        select(Vote.picture_id)
        .where(Vote.grid_id == grid.id, Vote.person_id == person_id, Vote.kind.in_(_CLOSER))
        .order_by(Vote.created_at.desc(), Vote.id.desc())
        .limit(1)
    )
    return next((picture for picture in shown if picture.id == picked), shown[0])
