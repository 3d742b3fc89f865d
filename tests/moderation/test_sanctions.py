"""Strikes: what costs one, what they lead to, when they are over and how they are taken back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import sanctions
from moderation.policy import Category, Stage
from moderation.sanctions import SanctionKind
from store.sessions import Database
from store.tables import Community, Identity, Person, Request, Sanction, now


async def a_world(session: AsyncSession, num_requests: int = 10) -> None:
    """One person with requests r0, r1, …"""
    session.add(Community(id="place", platform="terminal", external_id="1"))
    session.add(Person(id="ann"))
    await session.flush()
    session.add(Identity(id="i", person_id="ann", platform="terminal", external_id="1"))
    await session.flush()
    session.add_all(
        Request(
            id=f"r{number}", person_id="ann", identity_id="i", community_id="place", wish="x",
            platform="terminal", event_id=str(number), address={}, language="en",
        )
        for number in range(num_requests)
    )  # fmt: skip
    await session.flush()


async def strike(
    session: AsyncSession,
    number: int,
    stage: Stage = Stage.WISH,
    category: Category = Category.SEXUAL,
) -> SanctionKind | None:
    """A refusal of request ``number``; the kind of what it led to."""
    rung = await sanctions.strike(
        session, person_id="ann", community_id="place", request_id=f"r{number}", stage=stage,
        category=category,
    )  # fmt: skip
    return rung.kind if rung else None


async def test_the_ladder_is_climbed_strike_by_strike(db: Database) -> None:
    """Nothing, a warning, a pause, nothing, a longer pause, … a ban."""
    async with db.session() as session:
        await a_world(session)
        reached = [await strike(session, number) for number in range(8)]
        assert reached == [None, "warning", "pause", None, "pause", None, None, "ban"]
        standing = await sanctions.standing(session, "ann")
        assert (standing.is_paused, standing.is_banned, standing.num_strikes) == (True, True, 8)
        assert not standing.may_ask
        assert standing.until is not None
        assert 6 < (standing.until - now()).total_seconds() / 86400 <= 7


async def test_a_request_costs_one_strike_however_often_its_step_runs(db: Database) -> None:
    """A repeated step neither strikes nor sanctions again."""
    async with db.session() as session:
        await a_world(session)
        assert [await strike(session, 0) for _ in range(9)] == [None] * 9
        assert (await sanctions.standing(session, "ann")).num_strikes == 1


NOBODYS_DOING = [
    (Stage.BRIEF, Category.SEXUAL),
    (Stage.PICTURE, Category.SEXUAL),
    (Stage.WISH, Category.UNCHECKED),
    (Stage.UPLOAD, Category.BROKEN),
]


async def test_what_is_not_the_persons_doing_costs_nothing(db: Database) -> None:
    """The expander's words, the model's pictures, a filter that failed, a damaged file."""
    async with db.session() as session:
        await a_world(session)
        for stage, category in NOBODYS_DOING:
            assert await strike(session, 0, stage, category) is None
        assert await sanctions.standing(session, "ann") == sanctions.Standing()


async def test_the_safety_of_children_weighs_more(db: Database) -> None:
    """One strike reaches the longer pause."""
    async with db.session() as session:
        await a_world(session)
        assert await strike(session, 0, category=Category.CHILD_SAFETY) == "pause"
        assert (await sanctions.standing(session, "ann")).num_strikes == 5


async def test_strikes_expire(db: Database) -> None:
    """What is over counts no more, and the ladder starts again."""
    async with db.session() as session:
        await a_world(session)
        await strike(session, 0)
        await strike(session, 1)
        await strike(session, 2)
        past = now() - dt.timedelta(seconds=1)
        await session.execute(update(Sanction).values(expires_at=past))
        assert await sanctions.standing(session, "ann") == sanctions.Standing()
        assert await strike(session, 3) is None


async def test_an_overturn_takes_the_strike_and_its_pause_back(db: Database) -> None:
    """Lifting is by request and leaves other strikes alone."""
    async with db.session() as session:
        await a_world(session)
        for number in range(3):
            await strike(session, number)
        assert await sanctions.lift(session, "r2") == 2
        standing = await sanctions.standing(session, "ann")
        assert (standing.may_ask, standing.num_strikes) == (True, 2)
        assert await sanctions.lift(session, "r2") == 0


async def test_an_overturn_takes_back_what_was_not_earned_without_it(db: Database) -> None:
    """The pause that the third strike led to ends when the first is overturned; not what another
    cause led to, nor what a moderator imposed."""
    async with db.session() as session:
        await a_world(session)
        for number in range(3):
            await strike(session, number)
        await sanctions.ban(session, "ann", community_id=None, reason="hate", days=9)
        assert await sanctions.lift(session, "r0") == 2  # the strike, and the ladder's pause
        found = await sanctions.standing(session, "ann")
        assert (found.num_strikes, found.is_paused) == (2, True)
        assert await sanctions.lift_bans(session, "ann", None) == 1
        assert (await sanctions.standing(session, "ann")).may_ask


async def test_a_suspension_stays_until_a_human_lifts_it(db: Database) -> None:
    """Once for a request, whatever the ladder says, and no other request's overturn ends it."""
    async with db.session() as session:
        await a_world(session)
        facts = {"person_id": "ann", "community_id": "place", "request_id": "r0"}
        category = Category.CHILD_SAFETY
        assert await sanctions.suspend(session, category=category, **facts)  # type: ignore[arg-type]
        assert not await sanctions.suspend(session, category=category, **facts)  # type: ignore[arg-type]
        await strike(session, 1)
        await sanctions.lift(session, "r1")
        assert (await sanctions.standing(session, "ann")).is_banned
        assert await sanctions.lift_bans(session, "ann", None) == 1
