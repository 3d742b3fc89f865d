"""A place in the queue and the time left, told from rows: turns, the engine's own line, our pace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from bot.progress import UnknownRequest, forget_progress, keep_progress, read_standing
from inference.jobs import Progress
from store.sessions import Database
from store.tables import Brief, Community, Identity, Person, Picture, Request, RequestState, now

PAINTING, DELIVERED = RequestState.PAINTING, RequestState.DELIVERED


async def queue(db: Database, turns: Mapping[str, int], state: RequestState = PAINTING) -> None:
    """Requests by id with their turns."""
    async with db.session() as session:
        if await session.get(Person, "ann") is None:
            place = Community(id="here", platform="terminal", external_id="here")
            session.add_all([Person(id="ann"), place])
            await session.flush()
            session.add(Identity(id="one", person_id="ann", platform="terminal", external_id="a"))
            await session.flush()
        for name, turn in turns.items():
            session.add(
                Request(
                    id=name, person_id="ann", identity_id="one", community_id="here", state=state,
                    platform="terminal", event_id=name, address={}, language="en", wish="", turn=turn,
                )
            )  # fmt: skip


async def finished(db: Database, id: str, *, queued: float, painted: float) -> None:
    """A request that was queued and painted so many seconds ago."""
    await queue(db, {id: 0}, DELIVERED)
    async with db.session() as session:
        ago = [now() - dt.timedelta(seconds=seconds) for seconds in (queued, painted)]
        session.add(Brief(request_id=id, round=1, brief={}, created_at=ago[0]))
        session.add(
            Picture(
                id=id, request_id=id, person_id="ann", round=1, index=0, seed=0, width=64,
                height=64, sha256="", created_at=ago[1],
            )
        )  # fmt: skip


async def told(db: Database, id: str, **known: Any) -> None:
    """What the engine says of a request."""
    progress = Progress(job=id, **{"step": 0, "steps": 0, **known})
    await keep_progress(db, {id: (progress, None)})


async def standing(db: Database, id: str) -> tuple[int | None, float | None]:
    """Its place and the seconds left."""
    async with db.session() as session:
        found = await read_standing(session, id)
    return found.ahead, found.seconds_left


async def test_a_place_is_counted_in_turns(db: Database) -> None:
    """Not who came first counts but whose turn is earlier; nobody knows how long it takes."""
    await queue(db, {"first": 30, "second": 10, "third": 20})
    places = [await standing(db, name) for name in ("first", "second", "third")]
    assert places == [(2, None), (0, None), (1, None)]


async def test_who_reached_the_engine_has_the_engines_place(db: Database) -> None:
    """And stands before everyone who has not."""
    await queue(db, {"running": 5, "waiting": 9, "queued": 7})
    await told(db, "running", step=2, steps=8, seconds_left=3.0)
    await told(db, "waiting", ahead=1)
    assert await standing(db, "running") == (None, 3.0)
    assert (await standing(db, "waiting"))[0] == 1
    assert (await standing(db, "queued"))[0] == 1


async def test_the_time_left_follows_from_our_pace(db: Database) -> None:
    """Ten seconds from one to the next while people waited; an idle hour between counts for
    nothing, and what runs is still to be finished."""
    await finished(db, "a", queued=3700, painted=3690)
    await finished(db, "b", queued=60, painted=40)
    await finished(db, "c", queued=55, painted=30)
    await finished(db, "d", queued=50, painted=20)
    await queue(db, {"running": 1, "next": 2, "last": 3})
    await told(db, "running", step=1, steps=8)
    assert (await standing(db, "next"))[1] == pytest.approx(20, abs=0.5)
    assert (await standing(db, "last"))[1] == pytest.approx(30, abs=0.5)


async def test_a_render_begun_anew_waits_again(db: Database) -> None:
    """What was known of it is forgotten; its turn is kept."""
    await queue(db, {"one": 5, "other": 4})
    await told(db, "one", step=2, steps=8)
    async with db.session() as session:
        assert await forget_progress(session, "one") == 5
    assert (await standing(db, "one"))[0] == 1


async def test_news_of_many_are_written_over_the_old(db: Database) -> None:
    """One statement for all; the newest counts."""
    await queue(db, {"one": 5, "other": 4})
    for step in (1, 2):
        news = {
            name: (Progress(job=name, step=step, steps=8), "ab" * 32) for name in ("one", "other")
        }
        await keep_progress(db, news)
    async with db.session() as session:
        found = [await read_standing(session, name) for name in ("one", "other")]
    assert [(one.step, one.steps, one.preview_sha256) for one in found] == [(2, 8, "ab" * 32)] * 2


async def test_an_unknown_request_is_said_to_be(sqlite_db: Database) -> None:
    """There is nothing to tell of it."""
    with pytest.raises(UnknownRequest):
        await standing(sqlite_db, "nothing")
