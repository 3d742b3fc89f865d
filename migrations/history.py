"""Brings a database to the tables this program needs; knows nothing of what is in them.

Alembic is imported where it is used: the program checks the history at every start and changes
it seldom, but pays for imports always.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event, text

from store.errors import StoreTooNew, name_of, named_errors
from store.sessions import open_engine, parse_url

if TYPE_CHECKING:
    from alembic.config import Config

_UPGRADE_LOCK = 0x61_74_65_6C_69_65_72  # "atelier", for Postgres's advisory lock


def upgrade(url: str, revision: str = "head") -> None:
    """Create or bring up to date every table of ours; harmless where nothing is to be done.

    One transaction: it happens wholly or not at all, and two processes take turns. Raises
    ``StoreError``.
    """
    from alembic import command

    with _changing(url) as connection:
        config = _config(connection)
        if not _heads(connection) <= _known(config):
            raise StoreTooNew(place=name_of(parse_url(url)))
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    """Go back to ``revision`` (``base`` for nothing at all). What newer tables held is lost."""
    from alembic import command

    with _changing(url) as connection:
        command.downgrade(_config(connection), revision)


def is_current(url: str) -> bool:
    """True where the database is at the newest revision of this program; creates nothing.

    Raises ``StoreError`` where the database cannot be asked.
    """
    from alembic.script import ScriptDirectory

    parsed = parse_url(url)
    if parsed.drivername == "sqlite" and not Path(str(parsed.database)).exists():
        return False
    engine = open_engine(url)
    try:
        with named_errors(parsed), engine.connect() as connection:
            script = ScriptDirectory.from_config(_config(connection))
            return _heads(connection) == set(script.get_heads())
    finally:
        engine.dispose()


def draft(url: str, message: str) -> None:
    """Write a revision that leads from the database's tables to ours. For developers."""
    from alembic import command

    with _changing(url) as connection:
        config = _config(connection)
        number = f"{len(_known(config)) + 1:04}"
        command.revision(config, message, autogenerate=True, rev_id=number)


@contextmanager
def _changing(url: str) -> Iterator[Connection]:
    """A connection inside one exclusive transaction."""
    engine = open_engine(url)
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        _make_ddl_transactional(engine)
    try:
        with named_errors(parse_url(url)), engine.begin() as connection:
            if not is_sqlite:
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": _UPGRADE_LOCK})
            yield connection
    finally:
        engine.dispose()


def _make_ddl_transactional(engine: Engine) -> None:
    """Let one transaction hold every change on SQLite (docs.sqlalchemy.org, "pysqlite")."""

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # Alembic changes a table by copying it and dropping the old one, which must not cascade.
        connection.execute("PRAGMA foreign_keys = OFF")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _heads(connection: Connection) -> set[str]:
    """The revisions the database says it is at."""
    from alembic.runtime.migration import MigrationContext

    return set(MigrationContext.configure(connection).get_current_heads())


def _known(config: Config) -> set[str]:
    """Every revision this program knows."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(config)
    return {each.revision for each in script.walk_revisions()}


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
