"""Claiming the next case on both databases: the oldest, once, and back when its lease is over."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from moderation import cases
from moderation.errors import CaseError
from store.sessions import Database
from store.tables import Case, Person

from .case_world import a_queue, open_one, populate

NUM_MODERATORS = 8


async def test_the_next_case_is_the_oldest(db: Database) -> None:
    """One's own comes first for as long as one holds it; skipping passes it over."""
    opened = await a_queue(db, 3)
    async with db.session() as session:
        first = await cases.claim_next(session, "ann")
        assert (first.id, first.claimed_by) == (opened[0], "ann")  # type: ignore[union-attr]
        again = await cases.claim_next(session, "ann")
        assert again.id == opened[0]  # type: ignore[union-attr]
        second = await cases.claim_next(session, "bob")
        third = await cases.claim_next(session, "ann", skipping=[opened[0]])
        assert [case.id for case in (second, third) if case] == opened[1:]
        assert await cases.claim_next(session, "cyd") is None


async def test_the_next_case_is_of_those_asked_for(db: Database) -> None:
    """Of those communities and kinds alone."""
    async with db.session() as session:
        await populate(session, 3)
        for number, (place, kind) in enumerate(
            (("place", "review"), ("other", "review"), ("place", "appeal"))
        ):
            await open_one(session, f"w{number}", community_id=place, kind=kind)
        appeal = await cases.claim_next(session, "ann", kinds=["appeal"])
        assert appeal is not None
        assert appeal.kind == "appeal"
        elsewhere = await cases.claim_next(session, "ann", community_ids=["other"])
        assert elsewhere is not None
        assert elsewhere.community_id == "other"
        assert await cases.claim_next(session, "bob", community_ids=[]) is None


async def test_many_who_ask_at_once_get_different_cases(db: Database) -> None:
    """No case is held by two, and none is passed over."""
    opened = await a_queue(db, NUM_MODERATORS)
    async with db.session() as session:
        session.add_all(Person(id=f"m{number}") for number in range(NUM_MODERATORS))

    async def ask(number: int) -> str:
        async with db.session() as session:
            case = await cases.claim_next(session, f"m{number}")
            assert case is not None
            return case.id

    given = Counter(await asyncio.gather(*map(ask, range(NUM_MODERATORS))))
    assert given == Counter(opened)


async def test_many_who_decide_at_once_decide_each_case_once(db: Database) -> None:
    """Everyone goes on until nothing is left: as many decisions as cases."""
    await a_queue(db, 3 * NUM_MODERATORS)
    async with db.session() as session:
        session.add_all(Person(id=f"m{number}") for number in range(NUM_MODERATORS))
    decided: Counter[str] = Counter()

    async def work(number: int) -> None:
        while True:
            async with db.session() as session:
                case = await cases.claim_next(session, f"m{number}")
            if case is None:
                return
            async with db.session() as session:
                await cases.decide(
                    session, case.id, f"m{number}", decision="reject", reason="violence"
                )
            decided[case.id] += 1

    await asyncio.gather(*map(work, range(NUM_MODERATORS)))
    assert (len(decided), set(decided.values())) == (3 * NUM_MODERATORS, {1})


async def test_what_is_left_lying_comes_back(db: Database) -> None:
    """After its lease, without anybody's help; the messages that show it are behind then."""
    (case_id,) = await a_queue(db, 1)
    async with db.session() as session:
        held = await cases.claim_next(session, "ann", lease_seconds=-1)
        assert held is not None
        seen = held.version
        assert await cases.forget_leases(session) == 1
        assert await cases.forget_leases(session) == 0
        fresh = await session.scalar(
            select(Case).where(Case.id == case_id).execution_options(populate_existing=True)
        )
        assert fresh is not None
        assert (fresh.claimed_by, fresh.version) == (None, seen + 1)
        taken = await cases.claim_next(session, "bob")
        assert taken is not None


async def test_what_needs_no_decision_any_more_leaves_the_queue(db: Database) -> None:
    """A withdrawn request's case closes; claiming it says so."""
    (case_id,) = await a_queue(db, 1)
    async with db.session() as session:
        assert await cases.close_moot(session, "w0", cases.CaseKind.APPEAL) == 0
        assert await cases.close_moot(session, "w0", cases.CaseKind.REVIEW) == 1
        with pytest.raises(CaseError) as caught:
            await cases.claim(session, case_id, "ann")
        assert caught.value.key == "case-error-closed"


async def test_how_many_wait_is_counted_by_place_and_kind(db: Database) -> None:
    """Only what is open, only where one looks."""
    await a_queue(db, 3)
    async with db.session() as session:
        await open_one(session, "w0", kind="appeal", community_id="other")
        assert await cases.num_waiting(session) == {
            ("place", "review"): 3, ("other", "appeal"): 1,
        }  # fmt: skip
        assert await cases.num_waiting(session, ["other"]) == {("other", "appeal"): 1}


async def test_nobody_decides_on_a_request_of_their_own(db: Database) -> None:
    """It is not offered to them, and claiming it says why; an operator may be alone."""
    (case_id,) = await a_queue(db, 1)
    async with db.session() as session:
        assert await cases.claim_next(session, "asker") is None
        with pytest.raises(CaseError) as caught:
            await cases.claim(session, case_id, "asker")
        assert caught.value.key == "case-error-own-request"
        (await session.get_one(Person, "asker")).is_operator = True
        await session.flush()
        assert (await cases.claim_next(session, "asker")) is not None
