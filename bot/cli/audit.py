"""``audit verify``: whether the log of what moderators did is whole."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.edge import DONE, REFUSED
from bot.settings import Settings

from .output import opened

if TYPE_CHECKING:
    from moderation.audit import Report

Json = Annotated[bool, typer.Option("--json", help="help-json")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    group = typer.Typer(help="help-audit", rich_markup_mode=None)
    group.callback()(lambda: None)  # one command alone would take the group's name
    group.command("verify", help="help-audit-verify")(verify)
    app.add_typer(group, name="audit")


def verify(*, is_json: Json = False) -> int:
    """Check every entry of the audit log, and that none is missing at its end."""
    settings, output = opened(is_json=is_json)
    report = asyncio.run(_verify(settings))
    output.document({"is_intact": report.is_intact, **asdict(report)})
    key = "audit-intact" if report.is_intact else "audit-broken"
    output.say(key, entries=report.num_entries, number=report.first_bad or 0)
    return DONE if report.is_intact else REFUSED


async def _verify(settings: Settings) -> Report:
    from bot.audit_files import open_audit_log
    from store.sessions import Database

    log = open_audit_log(settings, is_for_reading=True)
    database = Database(settings.url)
    try:
        async with database.session() as session:
            return await log.verify(session)
    finally:
        await database.close()
