"""Severe cases: two different moderators must agree, and neither is asked twice."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import update

from moderation import cases
from moderation.cases import NUM_EYES, CaseState
from moderation.errors import CaseError
from store.sessions import Database
from store.tables import Case, Opinion, now

from .case_world import open_one, populate


async def a_severe_case(db: Database, **facts: Any) -> str:
    """One that needs two."""
    async with db.session() as session:
        await populate(session)
        return (await open_one(session, category="self_harm", **facts)).id


async def say(db: Database, case_id: str, who: str, decision: str) -> str:
    """What a moderator thinks; the state of the case then, or why not."""
    reason = "within_rules" if decision == "approve" else "self_harm"
    try:
        async with db.session() as session:
            case = await cases.decide(
                session, case_id, who, decision=decision, reason=reason,  # type: ignore[arg-type]
            )  # fmt: skip
            return str(case.state)
    except CaseError as error:
        return error.key


async def test_the_table_says_which_categories_need_two() -> None:
    """The safety of children among them."""
    assert NUM_EYES["child_safety"] == 2  # type: ignore[index]
    assert all(number > 1 for number in NUM_EYES.values())


async def test_two_who_agree_decide(db: Database) -> None:
    """The first leaves it open for the second, and cannot be the second."""
    case_id = await a_severe_case(db)
    assert await say(db, case_id, "ann", "reject") == CaseState.OPEN
    assert await say(db, case_id, "ann", "reject") == "case-error-said"
    async with db.session() as session:
        assert await cases.queue(session, moderator_id="ann") == []
        assert await cases.claim_next(session, "ann") is None
        assert len(await cases.queue(session, moderator_id="bob")) == 1
        assert await cases.due(session, now() + dt.timedelta(hours=1)) == []
    assert await say(db, case_id, "bob", "reject") == CaseState.DECIDED
    async with db.session() as session:
        assert len(await cases.due(session, now() + dt.timedelta(hours=1))) == 1


async def test_two_who_disagree_need_a_third(db: Database) -> None:
    """Whom the third agrees with decides."""
    case_id = await a_severe_case(db)
    assert await say(db, case_id, "ann", "reject") == CaseState.OPEN
    assert await say(db, case_id, "bob", "approve") == CaseState.OPEN
    assert await say(db, case_id, "cyd", "approve") == CaseState.DECIDED
    async with db.session() as session:
        case = await session.get_one(Case, case_id)
        assert (case.decision, case.decided_by) == ("approve", "cyd")
        assert [one.moderator_id for one in await cases.opinions_of(session, case_id)] == [
            "ann", "bob", "cyd",
        ]  # fmt: skip


async def test_two_who_agree_at_the_same_moment_decide_once(db: Database) -> None:
    """Whoever comes second sees the first."""
    case_id = await a_severe_case(db)
    states = await asyncio.gather(*(say(db, case_id, who, "reject") for who in ("ann", "bob")))
    assert sorted(states) == [CaseState.DECIDED, CaseState.OPEN]


async def test_an_opinion_can_be_taken_back_in_its_minute(db: Database) -> None:
    """Also when the second has agreed: the case is open again and held by who took back."""
    case_id = await a_severe_case(db)
    await say(db, case_id, "ann", "reject")
    await say(db, case_id, "bob", "reject")
    async with db.session() as session:
        undone = await cases.undo(session, case_id, "ann")
        assert (undone.state, undone.claimed_by) == (CaseState.OPEN, "ann")
        (standing,) = await cases.opinions_of(session, case_id)
        assert standing.moderator_id == "bob"
    assert await say(db, case_id, "ann", "approve") == CaseState.OPEN


async def test_an_old_opinion_stands(db: Database) -> None:
    """When its minute is over, nobody takes it back, though the case is open still."""
    case_id = await a_severe_case(db)
    await say(db, case_id, "ann", "reject")
    async with db.session() as session:
        await session.execute(update(Opinion).values(undo_until=now() - dt.timedelta(seconds=1)))
        with pytest.raises(CaseError) as caught:
            await cases.undo(session, case_id, "ann")
        assert caught.value.key == "case-error-said"


@pytest.mark.parametrize("kind", ["report", "takedown"])
async def test_what_everybody_can_see_is_taken_away_by_one(db: Database, kind: str) -> None:
    """Refusing acts alone; leaving it where it is needs two."""
    case_id = await a_severe_case(db, kind=kind)
    assert await say(db, case_id, "ann", "approve") == CaseState.OPEN
    assert await say(db, case_id, "bob", "reject") == CaseState.DECIDED


async def test_an_appeal_reaches_nobody_who_had_a_say(db: Database) -> None:
    """Neither of the two who agreed; in the list, by claim, by next, by deciding."""
    case_id = await a_severe_case(db)
    await say(db, case_id, "ann", "reject")
    await say(db, case_id, "bob", "reject")
    async with db.session() as session:
        appeal = await open_one(session, kind="appeal", category="self_harm")
        for who in ("ann", "bob"):
            assert await cases.queue(session, moderator_id=who) == []
            assert await cases.claim_next(session, who) is None
            for act in (
                cases.claim(session, appeal.id, who),
                cases.decide(session, appeal.id, who, decision="reject", reason="self_harm"),
            ):
                with pytest.raises(CaseError) as caught:
                    await act
                assert caught.value.key == "case-error-own-decision"
        assert (await cases.claim_next(session, "cyd")).id == appeal.id  # type: ignore[union-attr]
