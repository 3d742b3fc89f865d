"""Databases with every table in place, at the price of a copy; ``conftest.py`` owns the server."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

import migrations
from store.sessions import Database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our tables, to be copied."""
    file = tmp_path_factory.mktemp("template") / "atelier.sqlite"
    migrations.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A Postgres database with our tables, to be copied; the server stops waiting for the disk."""
    import psycopg

    name = "atelier_template"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute(f"CREATE DATABASE {name}")
    migrations.upgrade(_on_server(postgres_server, name))
    return name


@pytest.fixture
def postgres_copy(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A migrated Postgres database of this test's own, dropped afterwards."""
    import psycopg

    name = f"atelier_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
        yield _on_server(postgres_server, name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with every table and no row, once of each kind."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_copy")
        return url
    copy = tmp_path / "atelier.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), copy)
    return f"sqlite:///{copy}"


@pytest.fixture
async def sqlite_db(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """One on SQLite only, opened: for what the kind of database makes no difference to."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'only.sqlite')}")
    yield database
    await database.close()


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    """That database, opened."""
    database = Database(migrated_url)
    yield database
    await database.close()


def _on_server(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
