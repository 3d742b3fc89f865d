"""The world of the desk, and somebody who talks HTTP to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from moderation.desk.site import make_site
from store.sessions import Database
from tests.moderation.desk.desk_reader import Reader
from tests.moderation.desk.desk_world import URL, World

Signing = Callable[[str], Awaitable[Reader]]


@pytest.fixture
async def world(sqlite_db: Database, tmp_path: Path) -> World:
    """Everybody and every place, nothing waiting."""
    made = World(db=sqlite_db, folder=tmp_path)
    await made.settle()
    return made


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[Reader]:
    """Somebody who has not signed in."""
    async with _reading(world) as client:
        yield Reader(client)


@pytest.fixture
async def sign_in(world: World) -> AsyncIterator[Signing]:
    """Signs somebody of the world in by a link."""
    clients: list[httpx2.AsyncClient] = []

    async def sign_in(who: str) -> Reader:
        clients.append(_reading(world))
        reader = Reader(clients[-1])
        answer = await reader.post("/enter", secret=await world.link(who))
        assert answer.status_code == 303, answer.text
        first = await reader.get("/")  # every page tells the token
        if first.status_code == 303:
            await reader.get(first.headers["Location"])
        return reader

    yield sign_in
    for client in clients:
        await client.aclose()


@pytest.fixture
async def mei(sign_in: Signing) -> Reader:
    """A moderator of the club, signed in."""
    return await sign_in("mei")


def _reading(world: World) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=make_site(world.house))
    return httpx2.AsyncClient(transport=transport, base_url=URL)
