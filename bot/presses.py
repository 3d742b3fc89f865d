"""What each button does, and who may press it.

Votes, vary and again are for anyone who has accepted the terms, on their own quota; withdrawing
is the requester's or a moderator's; deciding a moderator's. Each handler is one transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.learning.log import Ballot, VoteKind, record_vote
from store.tables import Brief, Grid, Request, RequestState

from . import (
    case_desk,
    edits,
    gallery,
    linking,
    looking_back,
    menus,
    mydata,
    reports,
    results,
    settings_desk,
    terms,
)
from .admission import AskRefused, TermsNotAccepted, Visitor, recognise
from .asks import Reply
from .chat import Action, Event
from .consents import has_accepted_terms, may_learn
from .planning import check_words
from .records import Outcome, Superseded, move
from .stages import Ref
from .visits import Later, Press, finished, open_request
from .withdrawing import withdraw

if TYPE_CHECKING:
    from .requests import Studio

# One's own language and one's own data are one's right before any agreement.
NEED_NO_TERMS = frozenset(
    {Action.ACCEPT_TERMS, Action.SET, Action.ERASE, Action.FORGET, Action.LINK}
)


async def press(studio: Studio, event: Event, action: Action, argument: str, text: str) -> Reply:
    """Do what the button says; raises the refusals that ``Studio`` turns into replies."""
    check_words(argument, text)
    handler = HANDLERS.get(action)
    if handler is None:
        raise AskRefused("press-unknown")
    async with studio.shop.db.session() as session:
        visitor = await recognise(session, event, studio.shop.settings)
        pressed = Press(
            studio=studio,
            session=session,
            event=event,
            visitor=visitor,
            action=action,
            argument=argument,
            text=text.strip(),
        )
        is_bound = action not in NEED_NO_TERMS
        if is_bound and not await has_accepted_terms(session, visitor.person_id):
            raise TermsNotAccepted
        answer = await handler(pressed)
    return await finished(answer)


async def answer(pressed: Press) -> Reply:
    """The answer to the brief's question: an option's number, 0 for "you decide", or words."""
    request_id, _, option = pressed.argument.partition(":")
    request = await open_request(pressed, request_id)
    if request.person_id != pressed.visitor.person_id:
        raise AskRefused("press-not-yours")
    words = pressed.text or await _option(pressed.session, request, option)
    _check_length(pressed, words)
    begun = pressed.accepted(request.id, is_private=request.is_private)
    ref = Ref(request_id=request.id, stage="prepare", round=request.round)
    waiting = (RequestState.AWAITING_ANSWER,)
    try:
        await move(
            pressed.session,
            ref,
            waiting,
            Outcome(state=RequestState.PREPARING),
            rounds=1,
            answer=words,
        )
    except Superseded:
        return begun  # answered before: one run
    following = Ref(request_id=request.id, stage="prepare", round=request.round + 1)
    await pressed.studio.shop.outbox.put(pressed.session, following)
    return begun


async def vote(pressed: Press) -> Reply:
    """A pick, a tie or "all bad", with the consent of the moment."""
    grid_id, _, position = pressed.argument.partition(":")
    grid = await pressed.session.get(Grid, grid_id)
    if grid is not None:
        await open_request(pressed, grid.request_id)
    kind = {
        Action.PICK: VoteKind.PICK,
        Action.TIE: VoteKind.TIE,
        Action.ALL_BAD: VoteKind.ALL_BAD,
    }[pressed.action]
    ballot = Ballot(
        grid_id=grid_id,
        person_id=pressed.visitor.person_id,
        kind=kind,
        platform=pressed.event.speaker.platform,
        event_id=pressed.event.id,
        may_learn=await may_learn(pressed.session, pressed.visitor.person_id),
        position=int(position) if position.isdecimal() else None,
    )
    await record_vote(pressed.session, ballot)
    return pressed.plain("vote-counted")


async def cancel(pressed: Press) -> Reply:
    """Withdraw the request that the button names."""
    return await withdraw(pressed, pressed.argument)


async def ask_a_human(pressed: Press) -> Reply:
    """Appeal against the refusal that the button is on."""
    return await reports.appeal(pressed, await open_request(pressed, pressed.argument))


async def open_question(session: AsyncSession, visitor: Visitor) -> str | None:
    """The request of this person that waits for an answer in this place, the newest first."""
    waiting = (
        select(Request.id)
        .where(
            Request.person_id == visitor.person_id,
            Request.state == RequestState.AWAITING_ANSWER,
            Request.community_id == visitor.community_id,
        )
        .order_by(Request.created_at.desc())
        .limit(1)
    )
    return await session.scalar(waiting)


async def _option(session: AsyncSession, request: Request, option: str) -> str:
    """The words of the option with that number; "" where they leave it to us."""
    newest = select(Brief.brief).where(Brief.request_id == request.id)
    brief = await session.scalar(newest.order_by(Brief.round.desc()).limit(1))
    options = ((brief or {}).get("question") or {}).get("options") or ()
    number = int(option) if option.isdecimal() else 0
    return str(options[number - 1]) if 0 < number <= len(options) else ""


def _check_length(pressed: Press, words: str) -> None:
    most = pressed.studio.shop.settings.max_wish_characters
    if len(words) > most:
        raise AskRefused("ask-too-long", value=len(words), most=most)


HANDLERS: Mapping[Action, Callable[[Press], Awaitable[Reply | Later]]] = {
    Action.ACCEPT_TERMS: terms.accept,
    Action.ANSWER: answer,
    Action.PICK: vote,
    Action.TIE: vote,
    Action.ALL_BAD: vote,
    Action.VARY: edits.vary,
    Action.CHANGE_WORD: edits.change_word,
    Action.EDIT: edits.in_plain_words,
    Action.AGAIN: edits.again,
    Action.OWN_WORDS: edits.own_words_only,
    Action.LARGER: results.larger,
    Action.ORIGINAL: results.original,
    Action.DETAILS: results.details,
    Action.MORE: results.more,
    Action.OPEN: menus.open_menu,
    Action.DELETE: results.delete,
    Action.SHOW: looking_back.show_again,
    Action.SHARE: gallery.share,
    Action.REPORT: reports.report,
    Action.SET: settings_desk.set_one,
    Action.ERASE: mydata.erase,
    Action.FORGET: mydata.forget,
    Action.LINK: linking.join,
    Action.CANCEL: cancel,
    Action.APPEAL: ask_a_human,
    Action.CLAIM: case_desk.claim,
    Action.HAND_BACK: case_desk.hand_back,
    Action.APPROVE: case_desk.decide,
    Action.REJECT: case_desk.decide,
    Action.UNDO: case_desk.undo,
}
