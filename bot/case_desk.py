"""What moderators do in a chat: see what waits, claim it, decide it, take it back, hand it back."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.cases import REASONS_TO_APPROVE, REASONS_TO_REJECT, Bench, Reason, Right
from moderation.policy import Category, Stage, Verdict, strictest
from store.tables import Case, Identity, Request, now
from store.tables import Verdict as VerdictRow

from . import case_cards, receipts
from .admission import AskRefused, Visitor
from .asks import Reply
from .chat import Action, Menu
from .records import read_brief, read_pictures
from .result_cards import ShownPicture
from .visits import Call, Press, refuse_unless

NUM_LISTED = 10


async def waiting(session: AsyncSession, visitor: Visitor, limit: int) -> list[Reply]:
    """Open cases this moderator may decide, oldest first; raises ``AskRefused`` for others."""
    places = await cases.places_of(session, visitor.person_id, Right.DECIDE)
    refuse_unless(places is None or places, "press-not-a-moderator")
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
    places = await cases.places_of(session, person_id, Right.DECIDE)
    return places is None or bool(places)


async def refuse_menu(pressed: Press, case_id: str) -> Menu:
    """The reasons to refuse a case, for someone who may decide it."""
    case = await _case(pressed, case_id)
    return case_cards.refuse_menu(pressed.language, case.id)


async def claim(pressed: Press) -> Reply:
    """Tell the others that one is looking at it; once more: for another while."""
    return await _shown(pressed, await _bench(pressed).claim(pressed.argument))


async def hand_back(pressed: Press) -> Reply:
    """Leave it to whoever takes it next."""
    return await _shown(pressed, await _bench(pressed).hand_back(pressed.argument))


async def decide(pressed: Press) -> Reply:
    """Release or refuse; it takes effect when the time to undo is over."""
    case_id, _, named = pressed.argument.partition(":")
    case = await _case(pressed, case_id)
    is_approval = pressed.action is Action.APPROVE
    reason = _reason(is_approval, named or pressed.text, case.category)
    case = await _bench(pressed).decide(
        case.id,
        "approve" if is_approval else "reject",
        reason,
        note="" if pressed.text == reason else pressed.text,
    )
    return await _shown(pressed, case)


async def undo(pressed: Press) -> Reply:
    """Take one's own decision back while there is time."""
    return await _shown(pressed, await _bench(pressed).undo(pressed.argument))


def _bench(pressed: Press) -> Bench:
    """Where this moderator works: it checks, acts and writes the log."""
    return Bench(
        session=pressed.session,
        log=pressed.studio.shop.audit,
        person_id=pressed.visitor.person_id,
        undo_seconds=pressed.studio.shop.settings.undo_seconds,
    )


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


async def _shown(pressed: Press, case: Case) -> Reply:
    """The case as it is now, in the message that was pressed."""
    return replace(await _reply(pressed.session, pressed.visitor, case), is_update=True)


async def _reply(session: AsyncSession, visitor: Visitor, case: Case) -> Reply:
    view = await view_of(session, case)
    card = case_cards.case(visitor.language, view)
    return Reply(card=replace(card, receipt=receipts.of_case(case)), request_id=case.request_id)


async def view_of(session: AsyncSession, case: Case) -> case_cards.CaseView:
    """What a moderator must know of a case, from its rows."""
    request = await session.get_one(Request, case.request_id)
    brief = await read_brief(session, request.id, case.round)
    pictures = await read_pictures(session, request.id, case.round)
    is_undoable = case.state == cases.CaseState.DECIDED and case.acts_at is not None
    left = (case.acts_at - now()).total_seconds() if is_undoable and case.acts_at else 0.0
    past = await cases.history_of(
        session,
        request.person_id,
        community_ids=[case.community_id],
        community_id=case.community_id,
    )
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
        age_seconds=(now() - case.created_at).total_seconds(),
        num_eyes=case.num_eyes,
        num_opinions=len(await cases.opinions_of(session, case.id)),
        num_earlier=len(past.cases) + past.num_elsewhere - 1,
        num_strikes=past.num_strikes,
        notes=tuple(note.text for note in await cases.notes_of(session, case.id)),
    )


async def _verdict(session: AsyncSession, case: Case) -> Verdict | None:
    """Everything the filters said against it, the strongest first."""
    rows = await session.scalars(
        select(VerdictRow.verdict).where(
            VerdictRow.request_id == case.request_id,
            VerdictRow.round == case.round,
            VerdictRow.stage == case.stage,
            VerdictRow.decision != "allow",
        )
    )
    verdicts = [Verdict.from_row(row) for row in rows]
    if not verdicts:
        return None
    merged = strictest(verdicts)
    strongest = sorted(merged.findings, key=lambda found: -found.score)
    return replace(merged, findings=tuple(dict.fromkeys(strongest)))


async def _name(session: AsyncSession, person_id: str | None) -> str | None:
    if person_id is None:
        return None
    names = select(Identity.name).where(Identity.person_id == person_id).limit(1)
    return await session.scalar(names)
