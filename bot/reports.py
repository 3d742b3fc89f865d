"""Complaints: a report of a result that should not be there, an appeal against a refusal."""

from __future__ import annotations

from moderation import cases
from moderation.policy import Category, Stage
from store.tables import Request, RequestState

from . import result_cards
from .admission import AskRefused
from .asks import Reply
from .commands import REPORT_REASONS
from .looking_back import find
from .telling import read_grid
from .visits import Call, Press, Visit, open_request

# Their pictures can be seen; the second is written a moment after the message went out.
SHOWN = (RequestState.DELIVERED, RequestState.PRESENTING)
OTHER = Category.UNCHECKED  # a complaint without a category


async def report_command(call: Call) -> Reply:
    """Report the result named or pointed at; asks what is wrong where that was not said."""
    request = await find(call, call.options.get("request", ""), SHOWN)
    reason = call.options.get("reason")
    if reason is None:
        menu = result_cards.report_menu(call.language, request.id)
        return Reply(card=result_cards.menu(menu))
    return await _report(call, request, reason)


async def report(pressed: Press) -> Reply:
    """The same from a menu: ``request id:category``."""
    request_id, _, reason = pressed.argument.partition(":")
    request = await open_request(pressed, request_id)
    return await _report(pressed, request, reason)


async def appeal_command(call: Call) -> Reply:
    """Appeal against the refusal named, or the newest."""
    request = await find(call, call.options.get("request", ""), [RequestState.BLOCKED])
    return await appeal(call, request)


async def appeal(visit: Visit, request: Request) -> Reply:
    """A human looks at a refusal again: the requester's right, once, someone else decides."""
    if request.person_id != visit.visitor.person_id:
        raise AskRefused("press-not-yours")
    problem = request.problem or {}
    if request.state != RequestState.BLOCKED or problem.get("may_appeal") is False:
        raise AskRefused("press-too-late")
    await cases.appeal(
        visit.session,
        request_id=request.id,
        community_id=request.community_id,
        round=request.round,
        stage=problem["stage"],
        category=problem.get("category") or OTHER,
    )
    return visit.plain("appeal-sent", request.id)


async def _report(visit: Visit, request: Request, reason: str) -> Reply:
    """Open the case, once for a round of a request, however many report it."""
    if reason not in REPORT_REASONS:
        raise AskRefused("press-unknown")
    if request.state not in SHOWN or await read_grid(visit.session, request.id) is None:
        raise AskRefused("report-nothing")
    await cases.open_case(
        visit.session,
        request_id=request.id,
        community_id=request.community_id,
        round=request.round,
        stage=Stage.PICTURE,
        category=reason,
        kind=cases.CaseKind.REPORT,
    )
    return visit.plain("report-sent")
