"""``desk link``: the operator's way to the web desk, from the machine itself."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.edge import DONE
from bot.settings import Settings

from .front_door import command_event, entered, introduce_operator, ready_database
from .output import Output, opened

Json = Annotated[bool, typer.Option("--json", help="help-json")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    group = typer.Typer(help="help-desk", rich_markup_mode=None)
    group.command("link", help="help-desk-link")(link)
    app.add_typer(group, name="desk")


def link(*, is_json: Json = False) -> int:
    """Print a link that signs the operator in at the desk, once."""
    settings, output = opened(is_json=is_json)
    address = asyncio.run(_link(settings, output))
    output.document({"url": address})
    output.text(address)
    return DONE


async def _link(settings: Settings, output: Output) -> str:
    from bot.admission import recognise
    from bot.desk_links import link_to
    from moderation.desk.sessions import new_link

    ready_database(settings)
    async with entered(settings) as app:
        await introduce_operator(app, output.language)
        async with app.db.session() as session:
            operator = await recognise(session, command_event(output.language), settings)
            return link_to(settings, await new_link(session, operator.person_id))
