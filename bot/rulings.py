"""Carries out what moderators decided, once the minute in which they may undo it is over.

A decision writes the verdict that it stands for into a new round of the request, so the path goes
on from there and judges the same thing not again. Knows the states, not the steps.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import (
    CaseKind,
    close_moot,
    due,
    mark_acted,
    reverse_statements,
)
from moderation.errors import CaseError
from moderation.policy import BY_A_MODERATOR, Decision, Finding, Stage, Verdict
from moderation.sanctions import lift
from store.sessions import insert_once
from store.tables import Brief, Case, Picture, Request, RequestState, Share, now
from store.tables import Verdict as VerdictRow

from .blocking import add_to_block_list
from .records import Outcome, Superseded, keep_verdict, move
from .restrictions import refused_by_a_moderator
from .stages import Ref
from .takedowns import take_away
from .workshop import Workshop

# Where a request goes on that a moderator has approved at this stage.
GOES_ON = {
    Stage.WISH: RequestState.PREPARING,
    Stage.BRIEF: RequestState.PAINTING,
    Stage.UPLOAD: RequestState.PAINTING,
    Stage.PICTURE: RequestState.PRESENTING,
}
DECIDABLE = (RequestState.AWAITING_REVIEW, RequestState.BLOCKED)  # blocked: an appeal
ON_SHOW = (CaseKind.REPORT, CaseKind.TAKEDOWN)  # about what was delivered


async def carry_out_due(shop: Workshop) -> int:
    """Act on every decision that is due; returns how many. Safe to run in two places at once."""
    async with shop.db.statements() as session:
        cases = await due(session, now())
    num_acted = 0
    for case in cases:
        try:
            async with shop.db.session() as session:
                await mark_acted(session, case)
                await _act(session, shop, case)
            num_acted += 1
        except CaseError:
            continue  # undone, or carried out elsewhere, in this very moment
    return num_acted


async def _act(session: AsyncSession, shop: Workshop, case: Case) -> None:
    """Carry it out. The log comes last: who waits for their turn in it must hold nothing that
    whoever is writing may wait for."""
    request = await session.get_one(Request, case.request_id)
    if case.kind not in ON_SHOW:
        await _act_on_doubt(session, shop, case, request)
    elif case.decision == "reject":
        await _take_down(session, shop, case, request)
    if case.blocks_pictures:
        await add_to_block_list(session, shop, case, by=case.decided_by or "system")
    kind = "report" if case.kind == CaseKind.REPORT else "case"
    await shop.audit.append(session, "system", f"{kind}-{case.decision}", case.id)


async def _take_down(session: AsyncSession, shop: Workshop, case: Case, request: Request) -> None:
    """The result is taken away from everybody; its person reads why, and may appeal."""
    ref = Ref(request_id=request.id, stage="prepare", round=request.round)
    delivered = (RequestState.DELIVERED, RequestState.PRESENTING)
    days = shop.settings.strike_days
    try:
        outcome = await refused_by_a_moderator(session, request, case, _rejected(case), days)
        await move(session, ref, delivered, outcome, rounds=1)
    except Superseded:
        return
    await close_moot(session, request.id, *ON_SHOW)
    await take_away(session, request)
    pictures = select(Picture.id).where(Picture.request_id == request.id)
    await session.execute(delete(Share).where(Share.picture_id.in_(pictures)))
    told = Ref(request_id=request.id, stage="present", round=request.round + 1)
    await shop.outbox.put(session, told)


async def _act_on_doubt(
    session: AsyncSession, shop: Workshop, case: Case, request: Request
) -> None:
    """A request that waited goes on or is refused; one that was refused goes on, or its person
    reads that the refusal stands."""
    is_approved = case.decision == "approve"
    stage = Stage(case.stage)
    ref = Ref(request_id=request.id, stage="prepare", round=request.round)
    if is_approved:
        outcome = await _approved(session, request, stage)
    else:
        days = shop.settings.strike_days
        outcome = await refused_by_a_moderator(session, request, case, _rejected(case), days)
    try:
        turn = await move(session, ref, DECIDABLE, outcome, rounds=1)
    except Superseded:
        return  # withdrawn meanwhile
    new_round = request.round + 1
    if is_approved:
        await lift(session, request.id)
        await reverse_statements(session, request.id)
        if outcome.state is GOES_ON[stage]:
            await _write_approval(session, request, stage, case, new_round)
    following = Ref(request_id=request.id, stage="", round=new_round).next(outcome.state)
    if following is not None:
        await shop.outbox.put(
            session, following, priority=turn if following.stage == "paint" else 0
        )


async def _approved(session: AsyncSession, request: Request, stage: Stage) -> Outcome:
    """Pictures that were never kept have to be painted first."""
    state = GOES_ON[stage]
    if state is RequestState.PRESENTING:
        kept = select(Picture.id).where(Picture.request_id == request.id).limit(1)
        if await session.scalar(kept) is None:
            state = RequestState.PAINTING
    return Outcome(state=state)


def _rejected(case: Case) -> Outcome:
    """What its person reads; after an appeal nobody looks once more."""
    problem: dict[str, Any] = {
        "stage": case.stage,
        "category": case.category,
        "reason": case.reason,
    }
    if case.kind == CaseKind.APPEAL:
        problem |= {"may_appeal": False, "is_final": True}
    return Outcome(state=RequestState.BLOCKED, problem=problem)


async def _write_approval(
    session: AsyncSession, request: Request, stage: Stage, case: Case, new_round: int
) -> None:
    """The moderator's verdict stands where a filter's would, with the brief it was given on."""
    verdict = await _approval(session, case)
    await keep_verdict(session, request.id, new_round, stage, verdict)
    if stage is Stage.WISH:
        return
    newest = select(Brief).where(Brief.request_id == request.id).order_by(Brief.round.desc())
    brief = (await session.scalars(newest.limit(1))).first()
    if brief is not None:
        await insert_once(
            session,
            Brief,
            request_id=request.id,
            round=new_round,
            brief=brief.brief,
            job=brief.job,
        )


async def _approval(session: AsyncSession, case: Case) -> Verdict:
    """Allowed, and every category of which the filters spoke at that stage with it."""
    rows = select(VerdictRow.verdict).where(
        VerdictRow.request_id == case.request_id, VerdictRow.stage == case.stage
    )
    doubts = [Verdict.from_row(row) for row in await session.scalars(rows)]
    categories = dict.fromkeys(f.category for verdict in doubts for f in verdict.findings)
    rule = f"{BY_A_MODERATOR}{case.id}"
    findings = tuple(
        Finding(rule_id=rule, category=category, decision=Decision.ALLOW) for category in categories
    )
    return Verdict(decision=Decision.ALLOW, findings=findings, policy=rule)
