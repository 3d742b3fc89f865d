"""``cases takedown``, ``ban``, ``lift``, ``pause``, ``resume``: what moderators do beside deciding."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.edge import DONE

from .bench import at_bench, find_community, find_person, find_request
from .output import opened

if TYPE_CHECKING:
    from moderation.cases import Bench

Reason = Annotated[str, typer.Option("--reason", help="help-reason")]
Json = Annotated[bool, typer.Option("--json", help="help-json")]
Where = Annotated[str, typer.Option("--community", help="help-cases-community")]
Who = Annotated[str, typer.Argument(metavar="PERSON", help="help-cases-person")]
Place = Annotated[str, typer.Argument(metavar="[COMMUNITY]", help="help-cases-place")]
Act = Callable[["Bench"], Awaitable[dict[str, Any]]]


def add_to(group: typer.Typer) -> None:
    """Register these commands in the group of cases."""
    group.command("takedown", help="help-cases-takedown")(takedown)
    group.command("ban", help="help-cases-ban")(ban)
    group.command("lift", help="help-cases-lift")(lift)
    group.command("pause", help="help-cases-pause")(pause)
    group.command("resume", help="help-cases-resume")(resume)


def takedown(
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="help-cases-request")],
    *,
    reason: Reason = "community_rules",
    is_json: Json = False,
) -> int:
    """Take away what was delivered, wherever it stands; its person may appeal."""

    async def act(bench: Bench) -> dict[str, Any]:
        request_id = await find_request(bench.session, request)
        case = await bench.take_down(request_id, reason)
        return {"request_id": request_id, "case_id": case.id, "reason": reason}

    return _do(act, "cases-taken-down", is_json=is_json)


def ban(
    person: Who,
    *,
    reason: Reason = "community_rules",
    days: Annotated[float, typer.Option("--days", min=0, help="help-cases-days")] = 0,
    community: Where = "",
    is_json: Json = False,
) -> int:
    """Keep someone out, of one community or all; what they have waiting is cancelled."""

    async def act(bench: Bench) -> dict[str, Any]:
        person_id = await find_person(bench.session, person)
        place = await find_community(bench.session, community)
        await bench.ban(person_id, community_id=place, days=days or None, reason=reason)
        return {"person_id": person_id, "community_id": place, "days": days or None}

    return _do(act, "cases-banned", is_json=is_json)


def lift(person: Who, *, community: Where = "", is_json: Json = False) -> int:
    """Let someone ask again; what was cancelled stays so."""

    async def act(bench: Bench) -> dict[str, Any]:
        person_id = await find_person(bench.session, person)
        place = await find_community(bench.session, community)
        num_lifted = await bench.lift(person_id, community_id=place)
        return {"person_id": person_id, "community_id": place, "num_lifted": num_lifted}

    return _do(act, "cases-lifted", is_json=is_json)


def pause(community: Place = "", *, is_json: Json = False) -> int:
    """Make nothing for a community, or anybody; what was asked before waits."""

    async def act(bench: Bench) -> dict[str, Any]:
        place = await find_community(bench.session, community)
        await bench.pause(place)
        return {"community_id": place}

    return _do(act, "cases-paused", is_json=is_json)


def resume(community: Place = "", *, is_json: Json = False) -> int:
    """End a pause; what waited goes on."""

    async def act(bench: Bench) -> dict[str, Any]:
        place = await find_community(bench.session, community)
        await bench.resume(place)
        return {"community_id": place}

    return _do(act, "cases-resumed", is_json=is_json)


def _do(act: Act, key: str, *, is_json: bool) -> int:
    settings, output = opened(is_json=is_json)

    async def do() -> dict[str, Any]:
        async with at_bench(settings, output.language) as bench:
            return await act(bench)

    output.document(asyncio.run(do()))
    output.say(key)
    return DONE
