"""``votes`` and ``db``: what is kept, handed out and brought up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.edge import DONE, REFUSED
from bot.settings import Settings

from .bar import counter
from .front_door import ready_database
from .output import Output, opened

if TYPE_CHECKING:
    from inference.learning.export import Export

Json = Annotated[bool, typer.Option("--json", help="help-json")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    votes = typer.Typer(help="help-votes", rich_markup_mode=None)
    votes.command("export", help="help-votes-export")(export)
    app.add_typer(votes, name="votes")
    database = typer.Typer(help="help-db", rich_markup_mode=None)
    database.command("upgrade", help="help-db-upgrade")(upgrade)
    database.command("status", help="help-db-status")(status)
    app.add_typer(database, name="db")


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="help-votes-dir")],
    *,
    is_json: Json = False,
) -> int:
    """Write the votes of those who agreed to it, in the columns of Pick-a-Pic."""
    settings, output = opened(is_json=is_json)
    ready_database(settings)
    done = asyncio.run(_export(settings, output, folder))
    output.document({**done.to_row(), "folder": str(folder)})
    output.say("votes-exported", votes=done.num_votes, grids=done.num_grids, folder=str(folder))
    return DONE


def upgrade(*, is_json: Json = False) -> int:
    """Create or change the tables this program needs."""
    import migrations

    settings, output = opened(is_json=is_json)
    migrations.upgrade(settings.url)
    output.document({"is_current": True})
    output.say("db-current")
    return DONE


def status(*, is_json: Json = False) -> int:
    """Tell whether the database has this program's tables."""
    import migrations

    settings, output = opened(is_json=is_json)
    is_current = migrations.is_current(settings.url)
    output.document({"is_current": is_current})
    output.say("db-current" if is_current else "db-old")
    return DONE if is_current else REFUSED


async def _export(settings: Settings, output: Output, folder: Path) -> Export:
    from inference.learning.export import export_votes, read_salt
    from store.blobs import BlobStore
    from store.sessions import Database

    database = Database(settings.url)
    blobs = BlobStore(settings.blob_url or str(settings.data_dir / "blobs"))
    try:
        with counter(output, "votes-exporting") as on_grid:
            salt = read_salt(settings.data_dir)
            return await export_votes(database, blobs, folder, salt=salt, on_grid=on_grid)
    finally:
        await database.close()
