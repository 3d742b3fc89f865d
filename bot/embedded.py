"""The database of the embedded mode, where one process does everything: one turn at a time.

SQLite has one writer, and whoever finds it busy naps and tries again, in no order and for ten
seconds at most. Under load that starves some and wakes all. Inside one process a queue is better:
sessions take turns here, first come first served, and meet the file only when it is theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import Database


class EmbeddedDatabase(Database):
    """A ``Database`` whose sessions wait for each other in this process."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

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


def open_database(url: str, *, is_embedded: bool) -> Database:
    """The database as its mode wants it; connects to nothing yet."""
    return EmbeddedDatabase(url) if is_embedded else Database(url)
