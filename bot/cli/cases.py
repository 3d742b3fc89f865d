"""``cases``: what waits, who holds it, deciding and taking back. The same cases as in any chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.edge import DONE
from bot.settings import Settings

from . import case_records, sanctions
from .bench import at_bench, find_case
from .output import Output, opened

if TYPE_CHECKING:
    from moderation.cases import Bench
    from store.tables import Case

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="help-case")]
Reason = Annotated[str, typer.Option("--reason", help="help-reason")]
Json = Annotated[bool, typer.Option("--json", help="help-json")]
Found = TypeVar("Found")


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    group = typer.Typer(help="help-cases", rich_markup_mode=None)
    group.command("list", help="help-cases-list")(list_cases)
    group.command("appeals", help="help-cases-appeals")(appeals)
    group.command("show", help="help-cases-show")(show)
    group.command("claim", help="help-cases-claim")(claim)
    group.command("back", help="help-cases-back")(hand_back)
    group.command("approve", help="help-cases-approve")(approve)
    group.command("reject", help="help-cases-reject")(reject)
    group.command("undo", help="help-cases-undo")(undo)
    group.command("note", help="help-cases-note")(note)
    sanctions.add_to(group)
    case_records.add_to(group)
    app.add_typer(group, name="cases")


def list_cases(
    *,
    is_all: Annotated[bool, typer.Option("--all", help="help-cases-all")] = False,
    is_json: Json = False,
) -> int:
    """Show what waits for a decision, oldest first."""
    return _list(is_all=is_all, kind=None, is_json=is_json)


def appeals(*, is_json: Json = False) -> int:
    """Show the appeals that wait, oldest first."""
    return _list(is_all=False, kind="appeal", is_json=is_json)


def show(case_id: CaseId, *, is_json: Json = False) -> int:
    """Show all that moderators know of a case; pictures are named, not shown."""
    from .case_report import report_of, tell

    settings, output = opened(is_json=is_json)

    async def look(bench: Bench) -> dict[str, Any]:
        return await report_of(bench.session, await find_case(bench.session, case_id))

    report = asyncio.run(_at_bench(settings, output, look))
    output.document(report)
    tell(output, report)
    return DONE


def claim(case_id: CaseId, *, is_json: Json = False) -> int:
    """Tell others that you look at it; again: for ten more minutes."""
    return _do(case_id, lambda bench, case: bench.claim(case.id), is_json=is_json)


def hand_back(case_id: CaseId, *, is_json: Json = False) -> int:
    """Leave a case to whoever takes it next."""
    return _do(case_id, lambda bench, case: bench.hand_back(case.id), is_json=is_json)


def approve(case_id: CaseId, *, reason: Reason = "within_rules", is_json: Json = False) -> int:
    """Release it; it goes on when the time to undo is over."""
    return _do(
        case_id, lambda bench, case: bench.decide(case.id, "approve", reason), is_json=is_json
    )


def reject(
    case_id: CaseId,
    *,
    reason: Reason = "",
    is_blocking: Annotated[bool, typer.Option("--block", help="help-cases-block")] = False,
    is_json: Json = False,
) -> int:
    """Refuse it; the person reads the reason. Without one the category of the case is it."""
    return _do(
        case_id,
        lambda bench, case: bench.decide(
            case.id, "reject", reason or _suggested(case), blocks_pictures=is_blocking
        ),
        is_json=is_json,
    )


def undo(case_id: CaseId, *, is_json: Json = False) -> int:
    """Take a decision back while there is time."""
    return _do(case_id, lambda bench, case: bench.undo(case.id), is_json=is_json)


def note(
    case_id: CaseId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="help-cases-text")],
    *,
    is_json: Json = False,
) -> int:
    """Write something down for the other moderators."""

    async def write(bench: Bench, case: Case) -> Case:
        await bench.note(case.id, text)
        return case

    return _do(case_id, write, is_json=is_json)


def _list(*, is_all: bool, kind: str | None, is_json: bool) -> int:
    settings, output = opened(is_json=is_json)

    async def look(bench: Bench) -> list[Case]:
        return await _waiting(bench, is_all=is_all, kind=kind)

    cases = asyncio.run(_at_bench(settings, output, look))
    output.document([_facts(one) for one in cases])
    if not cases:
        output.say("cases-none")
    for one in cases:
        _print(output, one)
    return DONE


async def _waiting(bench: Bench, *, is_all: bool, kind: str | None) -> list[Case]:
    from sqlalchemy import select

    from store.tables import Case

    wanted = select(Case).order_by(Case.created_at, Case.id)
    if not is_all:
        wanted = wanted.where(Case.state == "open")
    if kind is not None:
        wanted = wanted.where(Case.kind == kind)
    return list(await bench.session.scalars(wanted))


def _do(case_id: str, act: Callable[[Bench, Case], Awaitable[Case]], *, is_json: bool) -> int:
    """One act on one case, and how the case is then."""
    settings, output = opened(is_json=is_json)

    async def do(bench: Bench) -> Case:
        return await act(bench, await find_case(bench.session, case_id))

    case = asyncio.run(_at_bench(settings, output, do))
    output.document(_facts(case))
    _print(output, case)
    return DONE


async def _at_bench(
    settings: Settings, output: Output, act: Callable[[Bench], Awaitable[Found]]
) -> Found:
    async with at_bench(settings, output.language) as bench:
        return await act(bench)


def _suggested(case: Case) -> str:
    """The reason that a case's category names, where it names one."""
    from moderation.cases import REASONS_TO_REJECT

    named = case.category in REASONS_TO_REJECT
    return case.category if named else "community_rules"


def _facts(one: Case) -> dict[str, Any]:
    names = (
        "id", "request_id", "community_id", "kind", "stage", "category", "state", "num_eyes",
        "decision", "reason", "created_at", "claimed_until", "decided_at", "acts_at",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names}


def _print(output: Output, one: Case) -> None:
    """A line of the list: what it is, how long it waits, what was decided."""
    from bot.texts import say
    from store.tables import now

    headline = say(
        output.language,
        "case-headline",
        kind=one.kind,
        case=one.id[-6:],
        stage=say(output.language, f"stage-{one.stage}"),
        category=say(output.language, f"category-{one.category or 'unchecked'}"),
    )
    minutes = int((now() - one.created_at).total_seconds() // 60)
    standing = say(
        output.language,
        "cases-standing",
        state=one.state,
        decision=one.decision or "none",
        minutes=minutes,
        hours=minutes // 60,
    )
    output.text(f"{headline} · {standing}")
