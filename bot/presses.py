"""What each button does, and who may press it.

Votes, vary and again are for anyone who has accepted the terms, on their own quota; withdrawing
is the requester's or a moderator's; deciding a moderator's. Each handler is one transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.learning.log import Ballot, VoteKind, record_vote
from moderation import cases
from moderation.policy import Category
from store.tables import Brief, Request, RequestState, now

from . import cards, case_desk, edits
from .admission import AskRefused, TermsNotAccepted, Visitor, recognise
from .asks import Reply
from .chat import Action, Event
from .consents import TERMS, give, has_accepted_terms, may_learn
from .edits import accepted, existing
from .records import Outcome, Superseded, move
from .settings import TERMS_VERSION
from .stages import Ref

if TYPE_CHECKING:
    from .requests import Studio

WITHDRAWABLE = (
    RequestState.PREPARING,
    RequestState.AWAITING_ANSWER,
    RequestState.AWAITING_REVIEW,
    RequestState.PAINTING,
)


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button, pressed by someone we know, in a transaction."""

    studio: Studio
    session: AsyncSession
    event: Event
    visitor: Visitor
    action: Action
    argument: str
    text: str

    def plain(self, key: str, request_id: str | None = None) -> Reply:
        card = cards.plain(self.visitor.language, key, is_private=True)
        return Reply(card=card, request_id=request_id)


async def press(studio: Studio, event: Event, action: Action, argument: str, text: str) -> Reply:
    """Do what the button says; raises the refusals that ``Studio`` turns into replies."""
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
        if action is not Action.ACCEPT_TERMS and not await has_accepted_terms(
            session, visitor.person_id
        ):
            raise TermsNotAccepted
        return await handler(pressed)


async def accept_terms(pressed: Press) -> Reply:
    """Agree to the terms; only to those of today."""
    if pressed.argument != TERMS_VERSION:
        raise TermsNotAccepted
    await give(pressed.session, pressed.visitor.person_id, TERMS, TERMS_VERSION, pressed.event.id)
    return pressed.plain("terms-accepted")


async def answer(pressed: Press) -> Reply:
    """The answer to the brief's question: an option's number, 0 for "you decide", or words."""
    request_id, _, option = pressed.argument.partition(":")
    request = await existing(pressed.session, request_id)
    if request.person_id != pressed.visitor.person_id:
        raise AskRefused("press-not-yours")
    words = pressed.text or await _option(pressed.session, request, option)
    _check_length(pressed, words)
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
        return accepted(pressed.visitor.language, request.id)  # answered before: one run
    following = Ref(request_id=request.id, stage="prepare", round=request.round + 1)
    await pressed.studio.shop.outbox.put(pressed.session, following)
    return accepted(pressed.visitor.language, request.id)


async def vote(pressed: Press) -> Reply:
    """A pick, a tie or "all bad", with the consent of the moment."""
    grid_id, _, position = pressed.argument.partition(":")
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
    """Withdraw: what waits is gone at once, what is being rendered stops within a step."""
    request = await existing(pressed.session, pressed.argument)
    if request.person_id != pressed.visitor.person_id and not await cases.may_moderate(
        pressed.session, pressed.visitor.person_id, request.community_id
    ):
        raise AskRefused("press-not-yours")
    ref = Ref(request_id=request.id, stage="prepare", round=request.round)
    try:
        withdrawn = Outcome(state=RequestState.CANCELLED)
        await move(pressed.session, ref, WITHDRAWABLE, withdrawn, cancel_asked_at=now())
    except Superseded:
        raise AskRefused("press-too-late") from None
    return pressed.plain("cancelled", request.id)


async def ask_a_human(pressed: Press) -> Reply:
    """Appeal against a refusal: the requester's right, once, to someone else."""
    request = await existing(pressed.session, pressed.argument)
    if request.person_id != pressed.visitor.person_id:
        raise AskRefused("press-not-yours")
    problem = request.problem or {}
    if request.state != RequestState.BLOCKED or problem.get("may_appeal") is False:
        raise AskRefused("press-too-late")
    await cases.appeal(
        pressed.session,
        request_id=request.id,
        community_id=request.community_id,
        round=request.round,
        stage=problem["stage"],
        category=problem.get("category") or Category.UNCHECKED,
    )
    return pressed.plain("appeal-sent", request.id)


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


HANDLERS: Mapping[Action, Callable[[Press], Awaitable[Reply]]] = {
    Action.ACCEPT_TERMS: accept_terms,
    Action.ANSWER: answer,
    Action.PICK: vote,
    Action.TIE: vote,
    Action.ALL_BAD: vote,
    Action.VARY: edits.vary,
    Action.CHANGE_WORD: edits.change_word,
    Action.EDIT: edits.in_plain_words,
    Action.AGAIN: edits.again,
    Action.OWN_WORDS: edits.own_words_only,
    Action.CANCEL: cancel,
    Action.APPEAL: ask_a_human,
    Action.CLAIM: case_desk.claim,
    Action.APPROVE: case_desk.decide,
    Action.REJECT: case_desk.decide,
    Action.UNDO: case_desk.undo,
}
