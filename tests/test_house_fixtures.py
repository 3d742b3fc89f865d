"""The floor every other test stands on."""

from __future__ import annotations

import socket

import pytest
import sqlalchemy


def test_no_test_can_leave_this_machine() -> None:
    """A connection to another machine is refused before a packet is sent."""
    with pytest.raises(ConnectionRefusedError, match="stay on this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_test_may_talk_to_itself() -> None:
    """A server on the loopback address can be reached."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=1) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_every_database_starts_empty(database_url: str) -> None:
    """The shared database fixture gives a working database without tables, of both kinds."""
    engine = sqlalchemy.create_engine(database_url)
    assert sqlalchemy.inspect(engine).get_table_names() == []
    engine.dispose()
