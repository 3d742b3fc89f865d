"""``cases``: list, claim, release, refuse, undo. The same cases as in any chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.chat import Action
from bot.edge import DONE, Refused, WrongUsage
from bot.settings import Settings

from .front_door import command_event, entered
from .output import Output, opened

if TYPE_CHECKING:
    from store.tables import Case

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="help-case")]
Reason = Annotated[str, typer.Option("--reason", help="help-reason")]
Json = Annotated[bool, typer.Option("--json", help="help-json")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    group = typer.Typer(help="help-cases", rich_markup_mode=None)
    group.command("list", help="help-cases-list")(list_cases)
    group.command("claim", help="help-cases-claim")(claim)
    group.command("approve", help="help-cases-approve")(approve)
    group.command("reject", help="help-cases-reject")(reject)
    group.command("undo", help="help-cases-undo")(undo)
    app.add_typer(group, name="cases")


def list_cases(
    *,
    is_all: Annotated[bool, typer.Option("--all", help="help-cases-all")] = False,
    is_json: Json = False,
) -> int:
    """Show what waits for a decision, oldest first."""
    settings, output = opened(is_json=is_json)
    cases = asyncio.run(_read(settings, is_all=is_all))
    output.document([_facts(one) for one in cases])
    if not cases:
        output.say("cases-none")
    for one in cases:
        _print(output, one)
    return DONE


def claim(case_id: CaseId, *, is_json: Json = False) -> int:
    """Tell others that you look at it."""
    return _press(Action.CLAIM, case_id, "", is_json=is_json)


def approve(case_id: CaseId, *, reason: Reason = "", is_json: Json = False) -> int:
    """Release it; it goes on when the time to undo is over."""
    return _press(Action.APPROVE, case_id, reason, is_json=is_json)


def reject(case_id: CaseId, *, reason: Reason = "", is_json: Json = False) -> int:
    """Refuse it; the person reads the reason."""
    return _press(Action.REJECT, case_id, reason, is_json=is_json)


def undo(case_id: CaseId, *, is_json: Json = False) -> int:
    """Take a decision back while there is time."""
    return _press(Action.UNDO, case_id, "", is_json=is_json)


def _press(action: Action, case_id: str, reason: str, *, is_json: bool) -> int:
    settings, output = opened(is_json=is_json)
    asyncio.run(_decide(settings, output, action, case_id, reason))
    return DONE


async def _decide(
    settings: Settings, output: Output, action: Action, case_id: str, reason: str
) -> None:
    found = _one(await _read(settings, is_all=True), case_id)
    async with entered(settings) as app:
        event = command_event(output.language)
        reply = await app.studio.press(event, action, found.id, reason)
    if reply.is_refused:
        raise Refused(" ".join(reply.card.lines), {"case": found.id})
    (after,) = [one for one in await _read(settings, is_all=True) if one.id == found.id]
    output.document(_facts(after))
    for line in reply.card.lines:
        output.text(line)


async def _read(settings: Settings, *, is_all: bool) -> Sequence[Case]:
    from sqlalchemy import select

    from store.sessions import Database
    from store.tables import Case

    database = Database(settings.url)
    try:
        async with database.session() as session:
            query = select(Case).order_by(Case.created_at)
            if not is_all:
                query = query.where(Case.state == "open")
            return (await session.scalars(query)).all()
    finally:
        await database.close()


def _one(cases: Sequence[Case], case_id: str) -> Case:
    """The case whose id is, or ends in, ``case_id``; cards show the last six digits."""
    found = [one for one in cases if case_id and one.id.endswith(case_id.lower())]
    if len(found) != 1:
        raise WrongUsage("cases-unknown" if not found else "cases-ambiguous", case=case_id)
    return found[0]


def _facts(one: Case) -> dict[str, Any]:
    names = (
        "id", "request_id", "kind", "stage", "category", "state", "decision", "reason",
        "created_at", "claimed_until", "decided_at", "acts_at",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names}


def _print(output: Output, one: Case) -> None:
    from bot.texts import say

    category = one.category or "unchecked"
    output.say(
        "case-headline",
        kind=one.kind,
        case=one.id[-6:],
        stage=say(output.language, f"stage-{one.stage}"),
        category=say(output.language, f"category-{category}"),
    )
