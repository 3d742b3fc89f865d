"""Carries out what moderators decided, once the minute in which they may undo it is over.

A decision writes the verdict that it stands for into a new round of the request, so the path goes
on from there and judges the same thing not again. Knows the states, not the steps.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.audit import append
from moderation.cases import CaseKind, due, mark_acted
from moderation.errors import CaseError
from moderation.policy import Decision, Finding, Stage, Verdict
from moderation.sanctions import lift
from store.sessions import insert_once
from store.tables import Brief, Case, Picture, Request, RequestState, Share, now
from store.tables import Verdict as VerdictRow

from .messages import Message, messages_of, remove
from .orders import BY_A_MODERATOR
from .records import Outcome, Superseded, keep_verdict, move
from .stages import Ref
from .workshop import Workshop

# Where a request goes on that a moderator has approved at this stage.
GOES_ON = {
    Stage.WISH: RequestState.PREPARING,
    Stage.BRIEF: RequestState.PAINTING,
    Stage.UPLOAD: RequestState.PAINTING,
    Stage.PICTURE: RequestState.PRESENTING,
}
DECIDABLE = (RequestState.AWAITING_REVIEW, RequestState.BLOCKED)  # blocked: an appeal


async def carry_out_due(shop: Workshop) -> int:
    """Act on every decision that is due; returns how many. Safe to run in two places at once."""
    async with shop.db.session() as session:
        cases = await due(session, now())
    num_acted = 0
    for case in cases:
        try:
            async with shop.db.session() as session:
                await mark_acted(session, case)
                removed = await _act(session, shop, case)
            num_acted += 1
        except CaseError:
            continue  # undone, or carried out elsewhere, in this very moment
        await remove(shop.chats, removed)
    return num_acted


async def _act(session: AsyncSession, shop: Workshop, case: Case) -> Sequence[Message]:
    """Carry it out; returns the messages that must go with what they show."""
    request = await session.get_one(Request, case.request_id)
    if case.kind == CaseKind.REPORT:
        return await _act_on_report(session, shop, case, request)
    await _act_on_doubt(session, shop, case, request)
    return ()


async def _act_on_report(
    session: AsyncSession, shop: Workshop, case: Case, request: Request
) -> Sequence[Message]:
    """A report that is upheld takes the result away from everybody; its person may appeal."""
    await append(session, shop.audit_key, "system", f"report-{case.decision}", case.id)
    if case.decision == "approve":
        return ()
    ref = Ref(request_id=request.id, stage="", round=request.round)
    try:
        await move(session, ref, (RequestState.DELIVERED,), _rejected(case), rounds=1)
    except Superseded:
        return ()
    messages = await messages_of(session, request)
    pictures = select(Picture.id).where(Picture.request_id == request.id)
    await session.execute(delete(Share).where(Share.picture_id.in_(pictures)))
    told = Ref(request_id=request.id, stage="present", round=request.round + 1)
    await shop.outbox.put(session, told)
    return messages


async def _act_on_doubt(
    session: AsyncSession, shop: Workshop, case: Case, request: Request
) -> None:
    is_approved = case.decision == "approve"
    if not is_approved and request.state == RequestState.BLOCKED:
        return  # an appeal that was refused changes nothing
    ref = Ref(request_id=request.id, stage="prepare", round=request.round)
    stage = Stage(case.stage)
    outcome = _approved(stage) if is_approved else _rejected(case)
    try:
        turn = await move(session, ref, DECIDABLE, outcome, rounds=1)
    except Superseded:
        return  # withdrawn meanwhile
    new_round = request.round + 1
    await append(session, shop.audit_key, "system", f"case-{case.decision}", case.id)
    if is_approved:
        await lift(session, request.id)
        await _write_approval(session, request, stage, case, new_round)
    following = Ref(request_id=request.id, stage="", round=new_round).next(outcome.state)
    if following is not None:
        await shop.outbox.put(
            session, following, priority=turn if following.stage == "paint" else 0
        )


def _approved(stage: Stage) -> Outcome:
    return Outcome(state=GOES_ON[stage])


def _rejected(case: Case) -> Outcome:
    problem = {"stage": case.stage, "category": case.category, "reason": case.reason}
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
