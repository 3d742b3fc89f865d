"""Withdrawing a request: what waits is gone at once, what is being rendered stops in a step."""

from __future__ import annotations

from store.tables import RequestState, now

from .admission import AskRefused
from .asks import Reply
from .records import Outcome, Superseded, move
from .stages import Ref
from .visits import Visit, may_manage, open_request, refuse_unless

WITHDRAWABLE = (
    RequestState.PREPARING,
    RequestState.AWAITING_ANSWER,
    RequestState.AWAITING_REVIEW,
    RequestState.PAINTING,
)


async def withdraw(visit: Visit, request_id: str) -> Reply:
    """The requester's or a moderator's right; exactly this request."""
    request = await open_request(visit, request_id)
    refuse_unless(await may_manage(visit, request), "press-not-yours")
    ref = Ref(request_id=request.id, stage="prepare", round=request.round)
    try:
        withdrawn = Outcome(state=RequestState.CANCELLED)
        await move(visit.session, ref, WITHDRAWABLE, withdrawn, cancel_asked_at=now())
    except Superseded:
        raise AskRefused("press-too-late") from None
    return visit.plain("cancelled", request.id)
