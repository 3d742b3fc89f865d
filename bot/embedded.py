"""The database of the embedded mode, where one process does everything.

Two things make SQLite quick inside one process, and neither changes what a transaction is:

* Statements run where they are asked. A thread for each connection costs a statement four hops
  between threads, several times what SQLite itself needs for it.
* Sessions take turns, first come first served. SQLite has one writer, and whoever finds the file
  busy naps and tries again, in no order; a queue wakes the right one at the right time.

Who else uses the file (the durable engine's threads, a command beside the service) is waited for
by sleeping, so the event loop never stands still for them.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import BUSY_TIMEOUT_SECONDS, Database

RETRY_SECONDS = 0.002
_PRIMARY_CODE = 0xFF  # the low byte of SQLite's extended result codes


class InlineConnection(aiosqlite.Connection):
    """An aiosqlite connection without its thread."""

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        return self._connect().__await__()

    async def _connect(self) -> aiosqlite.Connection:
        if self._connection is None:
            self._connection = self._connector()
        return self

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if self._connection is None:
            raise ValueError("Connection closed")  # as aiosqlite says it
        give_up_at = time.monotonic() + BUSY_TIMEOUT_SECONDS
        while True:
            try:
                return fn(*args, **kwargs)
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() > give_up_at:
                    raise
            await asyncio.sleep(RETRY_SECONDS)

    def stop(self) -> None:
        """Close at once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def close(self) -> None:
        """Close; what was begun is rolled back."""
        self.stop()


class EmbeddedDatabase(Database):
    """A ``Database`` on a file that this process, and seldom another, works on."""

    def __init__(self, url: str) -> None:
        super().__init__(url, busy_timeout_seconds=0)  # waited for here, asleep
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

        @event.listens_for(self.engine.sync_engine, "do_connect")
        def without_a_thread(_dialect: Any, _record: Any, _where: Any, how: dict[str, Any]) -> None:
            how["async_creator_fn"] = _open

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction, as of old; what a transaction does after its end belongs to its turn."""
        task = asyncio.current_task()
        if self._holder is not None and self._holder is task:
            async with super().session() as session:
                yield session
            return
        async with self._turn:
            self._holder = task
            try:
                async with super().session() as session:
                    yield session
            finally:
                self._holder = None

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[AsyncSession]:
        """A transaction like any other: it costs nothing here, and takes its turn."""
        async with self.session() as session:
            yield session


def _open(file: str, **how: Any) -> InlineConnection:
    return InlineConnection(lambda: sqlite3.connect(file, **how), iter_chunk_size=64)


def open_database(url: str, *, is_embedded: bool) -> Database:
    """The database as its mode wants it; connects to nothing yet."""
    return EmbeddedDatabase(url) if is_embedded else Database(url)
