"""Databases and transactions: opens SQLite or Postgres, hands out one transaction at a time.

It knows no table and never retries; what fails is raised as a ``StoreError`` that says why.

On SQLite, ``journal_mode=WAL`` lets readers and one writer work at once, and
``synchronous=NORMAL`` leaves out the wait for the disk at every commit: a killed process loses
nothing, a cut of power may lose the last moments, in order, and never damages the file. Whoever
needs every commit to survive a power cut runs Postgres.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy import Table as SchemaTable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.sql.dml import ReturningInsert

from .errors import StoreUnsupported, make_folder, name_of, named_errors
from .tables.columns import Table

BUSY_TIMEOUT_SECONDS = 10.0
MAX_CONNECTION_AGE_SECONDS = 300

AfterCommit = Callable[["Database"], Awaitable[None]]
_AFTER_COMMIT = "after_commit"  # the key in ``session.info``


class Database:
    """One database: its engine, and sessions that are each one transaction."""

    def __init__(self, url: str, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> None:
        """Connects to nothing yet; raises ``StoreUnsupported`` for a URL it cannot serve."""
        self._url = parse_url(url)
        self.engine: AsyncEngine = create_async_engine(
            _with_driver(self._url, sqlite_driver="sqlite+aiosqlite"),
            **_options(self._url, busy_timeout_seconds),
        )
        _prepare(self.engine.sync_engine, busy_timeout_seconds)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        each_alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._readings = async_sessionmaker(each_alone, expire_on_commit=False)

    @property
    def sync_url(self) -> str:
        """The same database for synchronous drivers, password included: DBOS's and Alembic's."""
        url = _with_driver(self._url, sqlite_driver="sqlite")
        return url.render_as_string(hide_password=False)

    @property
    def name(self) -> str:
        """The database as a person may read it, with no password."""
        return name_of(self._url)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction: commits at the end, rolls back on any error; raises ``StoreError``."""
        with named_errors(self._url):
            async with self._sessions.begin() as session:
                yield session
        for act in session.info.get(_AFTER_COMMIT, ()):
            await act(self)

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[AsyncSession]:
        """No transaction around: each statement is one of its own. For what only reads, or writes
        with one statement: it spares two of three trips to a server. Raises ``StoreError``."""
        with named_errors(self._url):
            async with self._readings() as session:
                yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def after_commit(session: AsyncSession, act: AfterCommit) -> None:
    """Do ``act`` once this session's transaction is committed, and never if it is not."""
    session.info.setdefault(_AFTER_COMMIT, []).append(act)


async def insert_once(session: AsyncSession, table: type[Table], **values: Any) -> bool:
    """Insert a row unless one with the same key is there; True where this call inserted it.

    Unlike a caught ``IntegrityError`` it leaves the transaction usable on every database.
    """
    return bool(await insert_new(session, table, [values]))


async def insert_new(
    session: AsyncSession, table: type[Table], rows: Sequence[Mapping[str, Any]]
) -> set[Any]:
    """Insert those rows that are not there yet, in one statement; returns their primary keys.

    Every row names the same columns; what has a default may be left out of all.
    """
    if not rows:
        return set()
    if session.new:
        await session.flush()  # the rows may refer to what only the session knows
    statement = _insert_new(table, session.get_bind().dialect.name)
    inserted = await session.execute(statement, rows if len(rows) > 1 else rows[0])
    return set(inserted.scalars())


@cache
def _insert_new(table: type[Table], dialect: str) -> ReturningInsert[Any]:
    """Built once: building a statement costs more than executing it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = cast("SchemaTable", table.__table__)
    return insert(columns).on_conflict_do_nothing().returning(*columns.primary_key)


def open_engine(url: str, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """A synchronous engine with the same manners; creates the folder of a SQLite file."""
    parsed = parse_url(url)
    if parsed.drivername == "sqlite" and parsed.database:
        make_folder(Path(parsed.database).parent)
    engine = create_engine(
        _with_driver(parsed, sqlite_driver="sqlite"), **_options(parsed, busy_timeout_seconds)
    )
    _prepare(engine, busy_timeout_seconds)
    return engine


def parse_url(url: str) -> URL:
    """The URL with the driver left to us; raises ``StoreUnsupported`` for what we cannot serve."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreUnsupported(place="?") from error
    kind = parsed.drivername.partition("+")[0]
    kind = "postgresql" if kind == "postgres" else kind
    is_file = kind == "sqlite" and parsed.database not in (None, "", ":memory:")
    if not is_file and kind != "postgresql":
        raise StoreUnsupported(place=name_of(parsed))
    return parsed.set(drivername=kind)


def _with_driver(url: URL, *, sqlite_driver: str) -> URL:
    is_sqlite = url.drivername == "sqlite"
    return url.set(drivername=sqlite_driver if is_sqlite else "postgresql+psycopg")


def _options(url: URL, busy_timeout_seconds: float) -> dict[str, Any]:
    if url.drivername == "sqlite":
        return {"connect_args": {"timeout": busy_timeout_seconds}}
    return {
        # As many as a busy process uses at once: one beyond the pool is opened and closed again
        # for a single transaction, which costs both sides more than the transaction.
        "pool_size": 24,
        "max_overflow": 16,
        # An idle connection may be cut unnoticed; asking before every use would cost a third more.
        "pool_recycle": MAX_CONNECTION_AGE_SECONDS,
        "connect_args": {"connect_timeout": 10},
    }


def _prepare(engine: Engine, busy_timeout_seconds: float) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "do_connect")
    def open_here_first(_dialect: Any, _record: Any, where: list[str], how: dict[str, Any]) -> None:
        # A file that cannot be opened would leave aiosqlite's thread to report to a closed loop.
        if engine.dialect.is_async:
            sqlite3.connect(where[0], uri=how.get("uri", False)).close()

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {int(busy_timeout_seconds * 1000)}")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
            cursor.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()  # nobody else knows this connection yet, nor its thread
            raise
        cursor.close()

    @event.listens_for(engine, "savepoint")
    def begin_before_savepoint(connection: Connection, _name: str | None) -> None:
        # sqlite3 begins a transaction only before the first change. A savepoint before it would
        # be a transaction of its own, committed when released. Reads stay outside on purpose:
        # what only reads never locks, and the first change waits for its turn.
        driver = connection.connection.driver_connection
        is_open = driver.in_transaction if driver is not None else False
        if not is_open:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
