"""The migrations and the tables say the same, on both databases, beside the durable engine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select, text

import migrations
from migrations.history import _changing, _config, _known
from store.errors import StoreOutOfDate, StoreTooNew, StoreUnreachable
from store.sessions import Database, open_engine
from store.tables import Identity, Person, Table


def tables_in(url: str) -> set[str]:
    """The names of every table in the database."""
    engine = open_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def differences(url: str) -> list[object]:
    """What autogenerate would change, with no table overlooked but Alembic's own."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, Table.metadata))
    finally:
        engine.dispose()


def test_migrations_equal_tables(migrated_url: str) -> None:
    """A migrated database has exactly the tables, columns, keys and indexes of ``store.tables``."""
    assert differences(migrated_url) == []


def test_a_new_database_becomes_current_once(database_url: str) -> None:
    """Asking creates nothing; upgrading makes it current; upgrading again is harmless."""
    assert not migrations.is_current(database_url)
    assert tables_in(database_url) == set()
    for _ in range(2):
        migrations.upgrade(database_url)
        assert migrations.is_current(database_url)
    assert tables_in(database_url) == {*Table.metadata.tables, "alembic_version"}


async def test_upgrading_keeps_what_is_there(db: Database) -> None:
    """Rows survive another upgrade."""
    async with db.session() as session:
        session.add(Person(id="somebody"))
    migrations.upgrade(db.sync_url)
    async with db.session() as session:
        assert await session.scalar(select(Person.id)) == "somebody"


def test_every_revision_can_be_taken_back(database_url: str) -> None:
    """Each step goes up, down and up again, and going all the way down leaves no table of ours."""
    with _changing(database_url) as connection:
        revisions = sorted(_known(_config(connection)))
    for revision in revisions:
        migrations.upgrade(database_url, revision)
        migrations.downgrade(database_url, "-1")
        migrations.upgrade(database_url, revision)
    assert migrations.is_current(database_url)
    migrations.downgrade(database_url, "base")
    assert tables_in(database_url) == {"alembic_version"}


def test_a_failed_upgrade_changes_nothing(database_url: str) -> None:
    """A table in the way stops the whole upgrade; none of the other tables is left behind."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE votes (x INTEGER)"))
    with pytest.raises(StoreOutOfDate):
        migrations.upgrade(database_url)
    assert tables_in(database_url) == {"votes"}
    engine.dispose()


async def test_changing_a_table_keeps_the_rows_that_refer_to_it(db: Database) -> None:
    """SQLite changes a table by replacing it; nothing that hangs on its rows is deleted."""
    async with db.session() as session:
        session.add(Person(id="somebody"))
        await session.flush()
        session.add(Identity(person_id="somebody", platform="discord", external_id="1"))
    with _changing(db.sync_url) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("people") as people:
            people.alter_column("is_operator", nullable=True)
    async with db.session() as session:
        assert await session.scalar(select(func.count(Identity.id))) == 1


def test_tables_of_a_newer_program_are_left_alone(migrated_url: str) -> None:
    """A database at a revision we do not know is not current, and upgrading it is refused."""
    engine = open_engine(migrated_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'tomorrow'"))
    engine.dispose()
    assert not migrations.is_current(migrated_url)
    with pytest.raises(StoreTooNew):
        migrations.upgrade(migrated_url)


def test_an_absent_server_is_named() -> None:
    """Upgrading a Postgres that does not answer is one clear error."""
    with pytest.raises(StoreUnreachable):
        migrations.upgrade("postgresql://127.0.0.1:9/atelier")


def test_two_processes_upgrading_at_once_take_turns(
    database_url: str, checkout: Path, tmp_path: Path
) -> None:
    """Both succeed, from a folder that is not the project's, and the tables are there once."""
    command = [sys.executable, "-c", f"import migrations; migrations.upgrade({database_url!r})"]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    running = [subprocess.Popen(command, cwd=tmp_path, env=environment) for _ in range(2)]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert migrations.is_current(database_url)


def test_the_durable_engine_shares_the_database(migrated_url: str) -> None:
    """Its tables live beside ours: neither side's history sees or removes the other's."""
    from dbos import DBOS

    DBOS(config={"name": "atelier", "system_database_url": Database(migrated_url).sync_url})
    DBOS.launch()
    DBOS.destroy()
    migrations.upgrade(migrated_url)
    assert migrations.is_current(migrated_url)
    before = _foreign_tables(migrated_url)
    assert "workflow_status" in before
    migrations.downgrade(migrated_url, "base")
    assert _foreign_tables(migrated_url) == before


def _foreign_tables(url: str) -> set[str]:
    engine = open_engine(url)
    schema = "dbos" if engine.dialect.name == "postgresql" else None
    try:
        names = set(inspect(engine).get_table_names(schema))
        return names - {*Table.metadata.tables, "alembic_version"}
    finally:
        engine.dispose()
