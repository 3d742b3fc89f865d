"""What moderators do in a chat: see what waits, claim it, decide it, take it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.audit import append
from moderation.cases import REASONS_TO_APPROVE, REASONS_TO_REJECT, Reason
from moderation.policy import Category, Stage, Verdict
from store.tables import Case, Identity, Moderator, Person, Request, now
from store.tables import Verdict as VerdictRow

from . import case_cards
from .admission import AskRefused, Visitor
from .asks import Reply
from .chat import Action, Menu
from .records import read_brief, read_pictures
from .result_cards import ShownPicture
from .visits import Call, Press

NUM_LISTED = 10


async def waiting(session: AsyncSession, visitor: Visitor, limit: int) -> list[Reply]:
    """Open cases this moderator may decide, oldest first; raises ``AskRefused`` for others."""
    places = await _places(session, visitor.person_id)
    found = await cases.queue(
        session, community_ids=places, moderator_id=visitor.person_id, limit=limit
    )
    return [await _reply(session, visitor, each.case) for each in found]


async def list_cases(call: Call) -> Reply:
    """The same as one answer: a card for each case."""
    found = await waiting(call.session, call.visitor, NUM_LISTED)
    if not found:
        return call.plain("cases-none")
    return replace(found[0], also=tuple(each.card for each in found[1:]))


async def moderates(session: AsyncSession, person_id: str) -> bool:
    """True for an operator and for whoever moderates some community."""
    try:
        await _places(session, person_id)
    except AskRefused:
        return False
    return True


async def refuse_menu(pressed: Press, case_id: str) -> Menu:
    """The reasons to refuse a case, for someone who may decide it."""
    case = await _case(pressed, case_id)
    return case_cards.refuse_menu(pressed.language, case.id)


async def claim(pressed: Press) -> Reply:
    """Tell the others that one is looking at it."""
    await _case(pressed, pressed.argument)
    case = await cases.claim(pressed.session, pressed.argument, pressed.visitor.person_id)
    return await _noted(pressed, case, "case-claim")


async def decide(pressed: Press) -> Reply:
    """Release or refuse; it takes effect when the time to undo is over."""
    case_id, _, named = pressed.argument.partition(":")
    case = await _case(pressed, case_id)
    is_approval = pressed.action is Action.APPROVE
    decision: Literal["approve", "reject"] = "approve" if is_approval else "reject"
    reason = _reason(is_approval, named or pressed.text, case.category)
    case = await cases.decide(
        pressed.session,
        case.id,
        pressed.visitor.person_id,
        decision=decision,
        reason=reason,
        undo_seconds=pressed.studio.shop.settings.undo_seconds,
        note="" if pressed.text == reason else pressed.text,
    )
    return await _noted(pressed, case, f"case-{decision}")


async def undo(pressed: Press) -> Reply:
    """Take one's own decision back while there is time."""
    await _case(pressed, pressed.argument)
    case = await cases.undo(pressed.session, pressed.argument, pressed.visitor.person_id)
    return await _noted(pressed, case, "case-undo")


async def _case(pressed: Press, case_id: str) -> Case:
    case = await pressed.session.get(Case, case_id)
    if case is None:
        raise AskRefused("press-gone")
    if not await cases.may_moderate(pressed.session, pressed.visitor.person_id, case.community_id):
        raise AskRefused("press-not-a-moderator")
    return case


def _reason(is_approval: bool, text: str, category: str) -> Reason:
    """The reason named, else the one that the case suggests."""
    allowed = REASONS_TO_APPROVE if is_approval else REASONS_TO_REJECT
    suggested = Reason.WITHIN_RULES if is_approval else Reason.COMMUNITY_RULES
    for word in (text, "" if is_approval else category):
        if word in allowed:
            return Reason(word)
    return suggested


async def _noted(pressed: Press, case: Case, action: str) -> Reply:
    await append(
        pressed.session,
        pressed.studio.shop.audit_key,
        pressed.visitor.person_id,
        action,
        case.id,
        {"reason": case.reason} if case.reason else None,
    )
    return replace(await _reply(pressed.session, pressed.visitor, case), is_update=True)


async def _reply(session: AsyncSession, visitor: Visitor, case: Case) -> Reply:
    view = await view_of(session, case)
    return Reply(card=case_cards.case(visitor.language, view), request_id=case.request_id)


async def view_of(session: AsyncSession, case: Case) -> case_cards.CaseView:
    """What a moderator must know of a case, from its rows."""
    request = await session.get_one(Request, case.request_id)
    brief = await read_brief(session, request.id, case.round)
    pictures = await read_pictures(session, request.id, case.round)
    is_undoable = case.state == cases.CaseState.DECIDED and case.acts_at is not None
    left = (case.acts_at - now()).total_seconds() if is_undoable and case.acts_at else 0.0
    return case_cards.CaseView(
        case_id=case.id,
        kind=case.kind,
        stage=Stage(case.stage),
        category=Category(case.category) if case.category else None,
        wish=request.wish,
        verdict=await _verdict(session, case),
        brief=brief[0] if brief else None,
        pictures=tuple(ShownPicture(picture_id=p.id, sha256=p.sha256) for p in pictures),
        state=case.state,
        claimed_by=await _name(session, case.claimed_by),
        decision=case.decision,
        decided_by=await _name(session, case.decided_by),
        seconds_to_undo=max(0, round(left)),
    )


async def _verdict(session: AsyncSession, case: Case) -> Verdict | None:
    row = await session.scalar(
        select(VerdictRow.verdict)
        .where(
            VerdictRow.request_id == case.request_id,
            VerdictRow.round == case.round,
            VerdictRow.stage == case.stage,
            VerdictRow.decision != "allow",
        )
        .limit(1)
    )
    return Verdict.from_row(row) if row else None


async def _name(session: AsyncSession, person_id: str | None) -> str | None:
    if person_id is None:
        return None
    names = select(Identity.name).where(Identity.person_id == person_id).limit(1)
    return await session.scalar(names)


async def _places(session: AsyncSession, person_id: str) -> list[str] | None:
    """The communities a person moderates; None is all of them."""
    person = await session.get_one(Person, person_id)
    rows = select(Moderator.community_id).where(Moderator.person_id == person_id)
    places = list(await session.scalars(rows))
    if person.is_operator or None in places:
        return None
    if not places:
        raise AskRefused("press-not-a-moderator")
    return [place for place in places if place is not None]
