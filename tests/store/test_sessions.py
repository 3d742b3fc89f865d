"""One transaction a session, on both databases; every failure has a name and a sentence."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from store.errors import (
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreOutOfDate,
    StoreReadOnly,
    StoreUnreachable,
    StoreUnsupported,
)
from store.sessions import Database, after_commit, insert_once
from store.tables import Consent, Identity, Person


async def count_people(db: Database) -> int:
    """How many people a new session sees."""
    async with db.session() as session:
        return await session.scalar(select(func.count(Person.id))) or 0


async def test_a_session_commits_at_its_end(db: Database) -> None:
    """What a session added is there for the next one, and its objects stay readable."""
    async with db.session() as session:
        person = Person()
        session.add(person)
    assert person.created_at.tzinfo is not None
    assert await count_people(db) == 1


async def test_a_session_that_fails_leaves_nothing(db: Database) -> None:
    """An error inside rolls the whole transaction back and reaches the caller unchanged."""

    async def fail() -> None:
        async with db.session() as session:
            session.add(Person())
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count_people(db) == 0


async def test_a_savepoint_does_not_commit(db: Database) -> None:
    """A released savepoint goes with its transaction, also where it came before any change."""

    async def fail() -> None:
        async with db.session() as session:
            async with session.begin_nested():
                session.add(Person())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count_people(db) == 0


async def test_a_violated_constraint_is_the_callers_answer(db: Database) -> None:
    """IntegrityError passes unchanged, and a savepoint around it keeps the session usable."""
    async with db.session() as session:
        person = Person()
        session.add(person)
        await session.flush()
        account = {"person_id": person.id, "platform": "discord", "external_id": "1"}
        session.add(Identity(**account))
        await session.flush()
        with pytest.raises(IntegrityError):
            async with session.begin_nested():
                session.add(Identity(**account))
    assert await count_people(db) == 1


async def test_foreign_keys_are_enforced(db: Database) -> None:
    """A row that refers to nobody is refused."""
    with pytest.raises(IntegrityError):
        async with db.session() as session:
            session.add(Consent(person_id="nobody", kind="terms", version="1", is_given=True))


async def test_insert_once_inserts_once(db: Database) -> None:
    """The second row with the same key is not inserted, says so, and breaks nothing."""
    async with db.session() as session:
        person = Person()
        session.add(person)
        await session.flush()
        account = {"person_id": person.id, "platform": "discord", "external_id": "1"}
        assert await insert_once(session, Identity, **account)
        assert not await insert_once(session, Identity, **account)
    async with db.session() as session:
        assert await session.scalar(select(func.count(Identity.id))) == 1


async def test_what_waits_for_the_commit_happens_after_it_or_never(db: Database) -> None:
    """An act asked for after the commit sees the committed row, and none follows a rollback."""
    seen: list[int] = []

    async def look(database: Database) -> None:
        seen.append(await count_people(database))

    async def work(*, is_failing: bool) -> None:
        async with db.session() as session:
            session.add(Person())
            after_commit(session, look)
            if is_failing:
                raise ZeroDivisionError

    await work(is_failing=False)
    with pytest.raises(ZeroDivisionError):
        await work(is_failing=True)
    assert seen == [1]


async def test_many_writers_take_turns(db: Database) -> None:
    """Twenty read-then-write transactions at once all commit."""

    async def write() -> None:
        async with db.session() as session:
            await session.scalar(select(func.count(Person.id)))
            session.add(Person())

    await asyncio.gather(*(write() for _ in range(20)))
    assert await count_people(db) == 20


async def test_a_reader_never_waits_for_a_writer(db: Database) -> None:
    """An open write is invisible to a reader and does not delay it."""
    async with db.session() as session:
        session.add(Person())
        await session.flush()
        assert await asyncio.wait_for(count_people(db), timeout=30) == 0


async def test_an_error_that_is_not_the_databases_passes(db: Database) -> None:
    """What a caller's own work raises inside a session is not blamed on the database."""

    async def fail() -> None:
        async with db.session() as session:
            session.add(Person())
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await fail()


async def test_missing_tables_are_named(database_url: str) -> None:
    """A database that was never migrated says so."""
    db = Database(database_url)
    with pytest.raises(StoreOutOfDate):
        await count_people(db)
    await db.close()


async def test_a_missing_column_is_named(db: Database) -> None:
    """A table of another version says so."""
    async with db.session() as session:
        await session.execute(text("ALTER TABLE consents DROP COLUMN how"))
    with pytest.raises(StoreOutOfDate):
        async with db.session() as session:
            await session.execute(select(Consent))


async def test_a_locked_database_is_named(tmp_path: Path) -> None:
    """A SQLite file that another process will not let go is one clear error, with its path."""
    file = tmp_path / "locked.sqlite"
    db = Database(f"sqlite:///{file}", busy_timeout_seconds=0.05)
    async with db.session() as session:
        await session.execute(text("CREATE TABLE t (x)"))
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked) as caught:
        async with db.session() as session:
            await session.execute(text("INSERT INTO t VALUES (1)"))
    assert caught.value.args_ == {"place": str(file)}
    holder.close()
    await db.close()


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"not a database at all" * 100, StoreDamaged), (None, StoreReadOnly)],
)
async def test_a_file_that_is_no_database_is_named(
    tmp_path: Path, content: bytes | None, expected: type[StoreError]
) -> None:
    """A damaged file and a file in a folder that is not there are told apart."""
    file = tmp_path / "damaged.sqlite" if content else tmp_path / "nowhere" / "atelier.sqlite"
    if content:
        file.write_bytes(content)
    db = Database(f"sqlite:///{file}")
    with pytest.raises(expected):
        await count_people(db)
    await db.close()


async def test_a_full_database_is_named(tmp_path: Path) -> None:
    """A SQLite file that may not grow any more is one clear error."""
    db = Database(f"sqlite:///{tmp_path / 'full.sqlite'}")
    async with db.session() as session:
        await session.execute(text("CREATE TABLE t (x)"))
        await session.execute(text("PRAGMA max_page_count = 3"))
    with pytest.raises(StoreFull):
        async with db.session() as session:
            await session.execute(text("INSERT INTO t VALUES (zeroblob(100000))"))
    await db.close()


async def test_a_database_that_only_reads_is_named(db: Database) -> None:
    """A database that may not be written says so."""
    setting = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}

    async def write() -> None:
        async with db.session() as session:
            await session.execute(text(setting[db.engine.dialect.name]))
            session.add(Person())

    with pytest.raises(StoreReadOnly):
        await write()


async def test_an_absent_server_is_named_without_its_password() -> None:
    """A Postgres that does not answer is named by host and database only."""
    db = Database("postgresql+psycopg://someone:hunter2@127.0.0.1:9/atelier")
    with pytest.raises(StoreUnreachable) as caught:
        await count_people(db)
    assert caught.value.args_ == {"place": "127.0.0.1/atelier"}
    assert "hunter2" not in str(caught.value)
    await db.close()


@pytest.mark.postgres
async def test_a_server_that_hung_up_is_named_once(postgres_copy: str) -> None:
    """Whoever was connected is told; the next session has a new connection."""
    db = Database(postgres_copy)
    await count_people(db)
    with psycopg.connect(postgres_copy.replace("+psycopg", ""), autocommit=True) as admin:
        others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        admin.execute(others + " WHERE datname = current_database() AND pid <> pg_backend_pid()")
    with pytest.raises(StoreUnreachable):
        await count_people(db)
    assert await count_people(db) == 0
    await db.close()


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:", "nonsense"]
)
def test_other_databases_are_refused(url: str) -> None:
    """Only SQLite on a file and Postgres are served."""
    with pytest.raises(StoreUnsupported):
        Database(url)


@pytest.mark.parametrize(
    ("given", "for_sync"),
    [
        ("sqlite:////a/b.sqlite", "sqlite:////a/b.sqlite"),
        ("sqlite+aiosqlite:////a/b.sqlite", "sqlite:////a/b.sqlite"),
        ("postgres://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql+asyncpg://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
    ],
)
def test_any_spelling_of_a_url_gives_the_driver_we_use(given: str, for_sync: str) -> None:
    """The synchronous URL has our driver and keeps the password."""
    assert Database(given).sync_url == for_sync
