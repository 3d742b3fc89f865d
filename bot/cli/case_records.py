"""``cases statements``: what was restricted and why, as lines of JSON to keep or to hand out."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from bot.edge import DONE, WrongUsage
from bot.settings import Settings

from .front_door import ready_database
from .output import opened

Json = Annotated[bool, typer.Option("--json", help="help-json")]
Since = Annotated[str, typer.Option("--since", metavar="DATE", help="help-cases-since")]


def add_to(group: typer.Typer) -> None:
    """Register the export in the group of cases."""
    group.command("statements", help="help-cases-statements")(statements)


def statements(*, since: Since = "", is_json: Json = False) -> int:
    """Write every statement of reasons, oldest first, a line of JSON each."""
    settings, output = opened(is_json=is_json)
    ready_database(settings)
    rows = asyncio.run(_statements(settings, _date(since), is_printed=not is_json))
    output.document(rows)
    return DONE


async def _statements(
    settings: Settings, since: dt.datetime | None, *, is_printed: bool
) -> list[Mapping[str, Any]]:
    """The statements with the sentences their person could read; printed as they come."""
    from moderation.cases import exported
    from store.sessions import Database

    rows: list[Mapping[str, Any]] = []
    database = Database(settings.url)
    try:
        async with database.session() as session:
            async for row in exported(session, since=since):
                told = {**row, "sentences": _sentences(row)}
                if is_printed:
                    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
                else:
                    rows.append(told)
    finally:
        await database.close()
    return rows


def _sentences(row: Mapping[str, Any]) -> dict[str, str]:
    """Why, in every language: the moderator's reason, or else the category's."""
    from bot.texts import LANGUAGES, say

    category = row["facts"]["category"] or "unchecked"
    key = f"decision-{row['reason']}" if row["reason"] else f"reason-{category}"
    return {language: say(language, key) for language in LANGUAGES}


def _date(words: str) -> dt.datetime | None:
    if not words:
        return None
    try:
        return dt.datetime.fromisoformat(words).replace(tzinfo=dt.UTC)
    except ValueError:
        raise WrongUsage("cases-no-date", date=words) from None
