"""Withdrawing a request: what waits is gone at once, what is being rendered stops in a step."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import CaseKind, close_moot
from moderation.sanctions import is_kept_out
from store.tables import Request, RequestState, now

from .admission import AskRefused
from .asks import Reply
from .records import Outcome, Superseded, move
from .stages import Ref
from .visits import Visit, may_manage, open_request, refuse_unless
from .workshop import Workshop

WITHDRAWABLE = (
    RequestState.PREPARING,
    RequestState.AWAITING_ANSWER,
    RequestState.AWAITING_REVIEW,
    RequestState.PAINTING,
)
AT_ONCE = 100


async def withdraw(visit: Visit, request_id: str) -> Reply:
    """The requester's or a moderator's right; exactly this request."""
    request = await open_request(visit, request_id)
    refuse_unless(await may_manage(visit, request), "press-not-yours")
    try:
        await _withdraw(visit.session, request.id, request.round)
    except Superseded:
        raise AskRefused("press-too-late") from None
    return visit.plain("cancelled", request.id)


async def withdraw_banned(shop: Workshop) -> int:
    """Withdraw what people have waiting where they are banned, whoever banned them and wherever
    that was done; returns how many requests."""
    theirs = select(Request.id, Request.round).where(
        Request.state.in_(WITHDRAWABLE), is_kept_out(Request.person_id, Request.community_id, now())
    )
    async with shop.db.statements() as session:
        found = (await session.execute(theirs.limit(AT_ONCE))).all()
    num_withdrawn = 0
    for request_id, round_ in found:
        try:
            async with shop.db.session() as session:
                await _withdraw(session, request_id, round_)
            num_withdrawn += 1
        except Superseded:
            continue  # it went on in this very moment; it is found again
    return num_withdrawn


async def _withdraw(session: AsyncSession, request_id: str, round_: int) -> None:
    """Nobody has to decide any more what the filters were unsure about."""
    ref = Ref(request_id=request_id, stage="prepare", round=round_)
    withdrawn = Outcome(state=RequestState.CANCELLED)
    await move(session, ref, WITHDRAWABLE, withdrawn, cancel_asked_at=now())
    await close_moot(session, request_id, CaseKind.REVIEW)
