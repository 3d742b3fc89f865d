"""One case after the other: shown, held, decided, undone; the next one comes with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from moderation.cases import CaseKind, CaseState
from moderation.errors import CaseError
from store.tables import Case

from .case_facts import read_facts
from .case_views import compose
from .guests import NotHere
from .queue_pages import KINDS, read_queue
from .similar import similar_cases
from .toasts import Toast
from .visits import Visit, afterwards, visiting

router = APIRouter()


@router.get("/p/{place}/next")
async def show_next(request: Request, place: str, kind: str = "all") -> Response:
    """Hold the oldest case that waits, and show it."""
    async with visiting(request, place) as visit:
        _check_may_decide(visit)
        case = await _hold_next(visit, kind=kind)
    return await _show(visit, case)


@router.get("/p/{place}/cases/{case_id}")
async def show_case(request: Request, place: str, case_id: str) -> Response:
    """A case; where nobody holds it, whoever opens it does."""
    async with visiting(request, place) as visit:
        case = await _held(visit, await visit.case(case_id))
    return await _show(visit, case)


@router.get("/p/{place}/cases/{case_id}/similar")
async def show_similar(request: Request, place: str, case_id: str) -> Response:
    """Others like it, fetched by the page of a case once that is there."""
    async with visiting(request, place, is_by_hand=False) as visit:
        _check_may_decide(visit)
        alike = await similar_cases(visit.session, await visit.case(case_id), visit.here)
    return visit.part("similar.html", similar=alike)


@router.post("/p/{place}/cases/{case_id}/keep")
async def keep_holding(request: Request, place: str, case_id: str) -> Response:
    """Said by an open page: whoever reads slowly keeps what they hold."""
    async with visiting(request, place, is_by_hand=False) as visit:
        case = await visit.case(case_id)
        if case.claimed_by == visit.guest.person_id:
            await _held(visit, case)
        return Response(status_code=204)


@router.post("/p/{place}/cases/{case_id}/skip")
async def skip(request: Request, place: str, case_id: str) -> Response:
    """Give it back to the queue and take the next one."""
    async with visiting(request, place) as visit:
        _check_may_decide(visit)
        case = await visit.case(case_id)
        if case.state == CaseState.OPEN and case.claimed_by == visit.guest.person_id:
            await visit.bench.hand_back(case.id)
        following = await _hold_next(visit, skipping=(case_id,))
    return await _show(visit, following)


@router.post("/p/{place}/cases/{case_id}/approve")
async def approve(request: Request, place: str, case_id: str) -> Response:
    """Release it."""
    return await _decide(request, place, case_id, "approve")


@router.post("/p/{place}/cases/{case_id}/reject")
async def reject(request: Request, place: str, case_id: str) -> Response:
    """Refuse it."""
    return await _decide(request, place, case_id, "reject")


@router.post("/p/{place}/undo")
async def undo(request: Request, place: str) -> Response:
    """Take back what was just decided; the first of it is shown again."""
    async with visiting(request, place) as visit:
        ids = [(await visit.case(case_id)).id for case_id in visit.form.all("case")]
        undone = await visit.bench.undo_all(ids)
        if undone:
            case: Case | None = undone[0]
            told = visit.t("desk-told-undone", count=len(undone), case=undone[0].id[-6:])
            toast = Toast(words=told)
        else:
            case, toast = await _hold_next(visit), _refusal(visit, "case-error-too-late")
    return await _show(visit, case, toast)


@router.post("/p/{place}/cases/{case_id}/notes")
async def write_note(request: Request, place: str, case_id: str) -> Response:
    """Leave a note for whoever looks at it later."""
    async with visiting(request, place) as visit:
        _check_may_decide(visit)
        case = await visit.case(case_id)
        if text := visit.form.get("text"):
            await visit.bench.note(case.id, text)
    return await _show(visit, case)


async def _decide(
    request: Request, place: str, case_id: str, decision: Literal["approve", "reject"]
) -> Response:
    """Decide, hold the next one and show it."""
    async with visiting(request, place) as visit:
        _check_may_decide(visit)
        ids = [(await visit.case(each)).id for each in (case_id, *visit.form.all("also"))]
        try:
            toast = visit.toast_of(await _carry_out(visit, ids, decision))
        except CaseError as error:
            toast = _refusal(visit, error.key, **error.args_)
        following = await _hold_next(visit, skipping=(case_id,))
    return await _show(visit, following, toast)


async def _carry_out(
    visit: Visit, ids: Sequence[str], decision: Literal["approve", "reject"]
) -> list[Case]:
    reason = visit.form.get("reason")
    is_to_block = decision == "reject" and visit.form.get("block") == "yes"
    first = await visit.bench.decide(ids[0], decision, reason, blocks_pictures=is_to_block)
    return [first, *await visit.bench.decide_alike(ids[1:], decision, reason)]


async def _hold_next(
    visit: Visit, *, kind: str = "all", skipping: Sequence[str] = ()
) -> Case | None:
    """The oldest case this person may hold; one that was skipped only where there is no other."""
    kinds = (CaseKind(kind),) if kind in KINDS else ()
    places = visit.here.community_ids
    case = await visit.bench.claim_next(community_ids=places, kinds=kinds, skipping=skipping)
    if case is None and skipping:
        case = await visit.bench.claim_next(community_ids=places, kinds=kinds)
    return case


async def _show(visit: Visit, case: Case | None, toast: Toast | None = None) -> Response:
    """The case, or the queue where nothing waits for this person."""
    here = visit.url("/p", visit.here.key)
    async with afterwards(visit) as visit:
        if case is None:
            waiting = await read_queue(visit, "all")
            answer = await visit.page(
                "queue.html", toast, here="queue", kind="all", waiting=waiting
            )
        else:
            here = visit.url("/p", visit.here.key, "cases", case.id)
            facts = await read_facts(visit.session, case)
            view = compose(facts, visit.guest.person_id, visit.here)
            answer = await visit.page("case.html", toast, here="case", case=view)
    answer.headers["HX-Replace-Url"] = here
    return answer


async def _held(visit: Visit, case: Case) -> Case:
    """Held by this person now, if that may be; else it is shown all the same."""
    if not visit.here.may_decide or case.state != CaseState.OPEN:
        return case
    try:
        return await visit.bench.claim(case.id)
    except CaseError:
        return case


def _refusal(visit: Visit, key: str, **args: object) -> Toast:
    return Toast(words=visit.t(key, **args), tone="warn")


def _check_may_decide(visit: Visit) -> None:
    if not visit.here.may_decide:
        raise NotHere
