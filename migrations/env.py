"""Run by Alembic on the connection it is given; sees our tables and nobody else's."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.sql.schema import SchemaItem

from store.tables import Table
from store.tables.columns import UtcTime


def is_ours(
    _item: SchemaItem, _name: str | None, kind: str, is_reflected: bool, twin: SchemaItem | None
) -> bool:
    """False for tables found in the database that we never made: the durable engine's."""
    return not (kind == "table" and is_reflected and twin is None)


def written_as(_kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How a new revision spells our own column types: a revision must outlive our modules."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcTime) else False


def run(connection: Connection) -> None:
    """Go to the revision that was asked for, inside the transaction that is open."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        include_object=is_ours,
        render_item=written_as,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
