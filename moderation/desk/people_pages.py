"""A person's page: what was decided about them here, and what may be done about it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from moderation.cases import REASONS_TO_REJECT

from .guests import NotHere
from .people_views import read_person
from .visits import Visit, go, visiting

router = APIRouter()
DAYS = (1, 7, 30)


@router.get("/p/{place}/people/{person_id}")
async def show_person(request: Request, place: str, person_id: str) -> Response:
    """Someone who has asked for something here."""
    async with visiting(request, place) as visit:
        person = await read_person(visit.session, person_id, visit.here)
        return await visit.page(
            "person.html",
            here="people",
            person=person,
            may_ban_everywhere=visit.guest.may_ban_everywhere,
        )


@router.post("/p/{place}/people/{person_id}/ban")
async def ban(request: Request, place: str, person_id: str) -> Response:
    """No new requests, here or everywhere, for some days or until it is lifted."""
    async with visiting(request, place) as visit:
        await _check(visit, person_id)
        days, reason = visit.form.get("days"), visit.form.get("reason")
        if days not in ("", *map(str, DAYS)) or reason not in REASONS_TO_REJECT:
            raise NotHere
        await visit.bench.ban(
            person_id,
            community_id=_where(visit),
            days=float(days) if days else None,
            reason=reason,
        )
        return go(request, visit.url("/p", place, "people", person_id))


@router.post("/p/{place}/people/{person_id}/lift")
async def lift(request: Request, place: str, person_id: str) -> Response:
    """Bans and pauses end now."""
    async with visiting(request, place) as visit:
        await _check(visit, person_id)
        where = None if visit.guest.may_ban_everywhere else visit.here.community_id
        await visit.bench.lift(person_id, community_id=where)
        return go(request, visit.url("/p", place, "people", person_id))


async def _check(visit: Visit, person_id: str) -> None:
    """Somebody of this place, and a moderator who may."""
    if not visit.here.may_sanction:
        raise NotHere
    await read_person(visit.session, person_id, visit.here)


def _where(visit: Visit) -> str | None:
    """The community it holds in; whoever is banned among private chats is banned everywhere."""
    return None if visit.form.get("everywhere") == "yes" else visit.here.community_id
