"""The places, and the queue of each: oldest first, with its age."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from moderation import cases
from moderation.cases import CaseKind
from store.tables import Case, now

from .case_facts import is_second_look
from .guests import NotHere, names_of
from .places import places_of
from .visits import Visit, go, named, visiting

router = APIRouter()
NUM_LISTED = 100
KINDS = tuple(CaseKind)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case in the queue."""

    id: str
    kind: str
    stage: str
    category: str
    age_seconds: float
    is_second_look: bool
    held_by: str | None

    @property
    def short_id(self) -> str:
        return self.id[-6:]


@router.get("/")
async def show_places(request: Request) -> Response:
    """Every place of this person; with one place, that one."""
    async with visiting(request) as visit:
        places = await places_of(visit.session, visit.guest)
        if len(places) == 1 and not visit.guest.may_pause_everything:
            return go(request, visit.url("/p", places[0].key))
        pauses = await cases.pauses_now(visit.session)
        return await visit.page(
            "places.html",
            places=[named(visit, place) for place in places],
            total=sum(place.num_waiting for place in places),
            may_pause_everything=visit.guest.may_pause_everything,
            is_everything_paused=any(pause.community_id is None for pause in pauses),
        )


@router.post("/pause")
async def pause_everything(request: Request) -> Response:
    """Stop or go on, everywhere."""
    async with visiting(request) as visit:
        if not visit.guest.may_pause_everything:
            raise NotHere
        await _pause(visit, None)
        return go(request, visit.url("/"))


@router.get("/p/{place}")
async def show_queue(request: Request, place: str, kind: str = "all") -> Response:
    """What waits in a place."""
    async with visiting(request, place) as visit:
        return await visit.page(
            "queue.html", here="queue", kind=kind, waiting=await read_queue(visit, kind)
        )


@router.post("/p/{place}/pause")
async def pause_place(request: Request, place: str) -> Response:
    """Stop or go on, in one community."""
    async with visiting(request, place) as visit:
        if not visit.here.may_pause:
            raise NotHere
        await _pause(visit, visit.here.community_id)
        return go(request, visit.url("/p", place))


async def read_queue(visit: Visit, kind: str) -> list[Row]:
    """The oldest cases that wait; what others hold is shown as theirs."""
    kinds = (CaseKind(kind),) if kind in KINDS else ()
    found = await cases.queue(
        visit.session, community_ids=visit.here.community_ids, kinds=kinds, limit=NUM_LISTED
    )
    holders = {w.case.id: _holder(w.case, visit) for w in found}
    names = await names_of(visit.session, [each for each in holders.values() if each])
    return [
        Row(
            id=w.case.id,
            kind=w.case.kind,
            stage=w.case.stage,
            category=w.case.category,
            age_seconds=w.age_seconds,
            is_second_look=await is_second_look(visit.session, w.case),
            held_by=names.get(holder, "?") if (holder := holders[w.case.id]) else None,
        )
        for w in found
    ]


def _holder(case: Case, visit: Visit) -> str | None:
    """Who else looks at it just now."""
    is_held = case.claimed_until is not None and case.claimed_until > now()
    return case.claimed_by if is_held and case.claimed_by != visit.guest.person_id else None


async def _pause(visit: Visit, community_id: str | None) -> None:
    if visit.form.get("what") == "resume":
        await visit.bench.resume(community_id)
    else:
        await visit.bench.pause(community_id)
