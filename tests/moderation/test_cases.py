"""Cases on both databases: claims, decisions, undo, appeals, and who may do what."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.errors import CaseError
from store.sessions import Database
from store.tables import Case, Community, Identity, Moderator, Person, Request, now


async def a_world(session: AsyncSession) -> None:
    """One request in one community, and three people."""
    session.add(Community(id="place", platform="terminal", external_id="1"))
    session.add_all(Person(id=name) for name in ("asker", "ann", "bob"))
    await session.flush()
    session.add(Identity(id="i", person_id="asker", platform="terminal", external_id="1"))
    await session.flush()
    session.add(
        Request(
            id="wish", person_id="asker", identity_id="i", community_id="place", wish="a sword",
            platform="terminal", event_id="1", address={}, language="en",
        )
    )  # fmt: skip
    await session.flush()


async def open_one(session: AsyncSession, kind: str = "review", round: int = 1) -> Case:
    """A case of the world's one request."""
    return await cases.open_case(
        session, request_id="wish", community_id="place", round=round, stage="picture",
        category="violence", kind=kind,
    )  # fmt: skip


async def a_case(db: Database) -> str:
    """The id of a new case in a new world."""
    async with db.session() as session:
        await a_world(session)
        return (await open_one(session)).id


async def failure(action: object) -> str:
    """The key of the ``CaseError`` that awaiting ``action`` raises."""
    with pytest.raises(CaseError) as caught:
        await action  # type: ignore[misc]
    return caught.value.key


async def test_opening_the_same_case_twice_gives_one(db: Database) -> None:
    """A step that runs twice opens one case."""
    first = await a_case(db)
    async with db.session() as session:
        assert (await open_one(session)).id == first
        assert (await open_one(session, round=2)).id != first


async def test_a_claimed_case_is_closed_to_others_until_the_lease_is_over(db: Database) -> None:
    """A live claim keeps others out of claiming and deciding; an expired one does not."""
    case = await a_case(db)
    async with db.session() as session:
        await cases.claim(session, case, "ann")
        assert await failure(cases.claim(session, case, "bob")) == "case-error-claimed"
        decided = cases.decide(session, case, "bob", decision="approve", reason="within_rules")
        assert await failure(decided) == "case-error-claimed"
        await cases.claim(session, case, "ann", lease_seconds=-1)
        assert (await cases.claim(session, case, "bob")).claimed_by == "bob"


async def test_of_many_claims_at_once_one_succeeds(db: Database) -> None:
    """Ten moderators press at the same moment; exactly one holds the case."""
    case = await a_case(db)
    async with db.session() as session:
        session.add_all(Person(id=f"m{number}") for number in range(10))

    async def press(number: int) -> str:
        try:
            async with db.session() as session:
                await cases.claim(session, case, f"m{number}")
        except CaseError as error:
            return error.key
        return "held"

    answers = await asyncio.gather(*map(press, range(10)))
    assert sorted(answers) == ["case-error-claimed"] * 9 + ["held"]


async def test_a_decision_acts_when_its_undo_is_over_and_once(db: Database) -> None:
    """It is due after the undo, and carried out a single time."""
    case_id = await a_case(db)
    async with db.session() as session:
        case = await cases.decide(
            session, case_id, "ann", decision="approve", reason="within_rules", undo_seconds=60
        )
        assert await cases.due(session, now()) == []
        later = now() + dt.timedelta(seconds=61)
        assert [due.id for due in await cases.due(session, later)] == [case_id]
        await cases.mark_acted(session, case)
        assert await cases.due(session, later) == []
        assert await failure(cases.mark_acted(session, case)) == "case-error-closed"


async def test_undo_opens_the_case_again_until_it_acts(db: Database) -> None:
    """Undo is for the one who decided, and only before the decision acts."""
    case_id = await a_case(db)
    async with db.session() as session:
        assert await failure(cases.undo(session, case_id, "ann")) == "case-error-not-decided"
        stale = await cases.decide(session, case_id, "ann", decision="reject", reason="violence")
        seen = stale.decision_number
        assert await failure(cases.undo(session, case_id, "bob")) == "case-error-decided"
        again = cases.decide(session, case_id, "ann", decision="approve", reason="false_alarm")
        assert await failure(again) == "case-error-said-so"
        undone = await cases.undo(session, case_id, "ann")
        assert (undone.state, undone.decision, undone.decision_number) == ("open", None, seen + 1)
        await cases.decide(
            session, case_id, "ann", decision="approve", reason="false_alarm", undo_seconds=0
        )
        assert await failure(cases.undo(session, case_id, "ann")) == "case-error-too-late"


async def test_a_decision_that_changed_meanwhile_is_not_carried_out(db: Database) -> None:
    """Who acts on what they read before an undo and a new decision is told so."""
    case_id = await a_case(db)
    async with db.session() as session:
        read = await cases.decide(session, case_id, "ann", decision="reject", reason="violence")
        session.expunge(read)
        await cases.undo(session, case_id, "ann")
        await cases.decide(session, case_id, "ann", decision="approve", reason="within_rules")
        assert await failure(cases.mark_acted(session, read)) == "case-error-decided"


async def test_an_appeal_is_never_decided_by_whoever_decided_before(db: Database) -> None:
    """Neither claim nor decision nor queue offers the appeal to the first moderator."""
    case_id = await a_case(db)
    async with db.session() as session:
        await cases.decide(session, case_id, "ann", decision="reject", reason="violence")
        about = {"request_id": "wish", "community_id": "place", "round": 1, "stage": "picture"}
        appeal = await cases.appeal(session, category="violence", **about)
        assert await failure(cases.claim(session, appeal.id, "ann")) == "case-error-own-decision"
        mine = cases.decide(session, appeal.id, "ann", decision="reject", reason="violence")
        assert await failure(mine) == "case-error-own-decision"
        assert await cases.queue(session, moderator_id="ann") == []
        assert [item.case.id for item in await cases.queue(session, moderator_id="bob")] == [
            appeal.id
        ]
        await cases.decide(session, appeal.id, "bob", decision="approve", reason="false_alarm")
        assert await failure(cases.appeal(session, category="violence", **about)) == (
            "case-error-appeal-decided"
        )


async def test_the_queue_is_oldest_first_with_ages_and_per_community(db: Database) -> None:
    """Age decides the order; another community's cases are not shown."""
    await a_case(db)
    async with db.session() as session:
        older = await open_one(session, round=2)
        older.created_at = now() - dt.timedelta(hours=1)
    async with db.session() as session:
        waiting = await cases.queue(session, community_ids=["place"])
        assert [item.case.round for item in waiting] == [2, 1]
        assert 3600 <= waiting[0].age_seconds < 3700
        assert await cases.queue(session, community_ids=["elsewhere"]) == []


async def test_a_reason_must_fit_the_decision(db: Database) -> None:
    """Nobody rejects for a reason to approve, or with words of their own."""
    case_id = await a_case(db)
    async with db.session() as session:
        for decision, reason in (("reject", "within_rules"), ("approve", "hate"), ("reject", "")):
            decided = cases.decide(session, case_id, "ann", decision=decision, reason=reason)  # type: ignore[arg-type]
            assert await failure(decided) == "case-error-reason"
        assert await failure(cases.claim(session, "nothing", "ann")) == "case-error-unknown"


async def test_who_may_moderate(db: Database) -> None:
    """Operators everywhere, moderators of all, moderators of that community; nobody else."""
    async with db.session() as session:
        await a_world(session)
        session.add(Person(id="chief", is_operator=True))
        await session.flush()
        session.add_all(
            [
                Moderator(person_id="ann", community_id="place"),
                Moderator(person_id="bob", community_id=None),
            ]
        )
        await session.flush()
        asked = [("chief", "x"), ("ann", "place"), ("ann", "x"), ("bob", "x"), ("asker", "place")]
        may = [await cases.may_moderate(session, *who) for who in asked]
        assert may == [True, True, False, True, False]


async def test_a_released_case_is_free_for_others(db: Database) -> None:
    """Giving a case back is for who holds it."""
    case_id = await a_case(db)
    async with db.session() as session:
        await cases.claim(session, case_id, "ann")
        assert await failure(cases.hand_back(session, case_id, "bob")) == "case-error-claimed"
        await cases.hand_back(session, case_id, "ann")
        assert (await cases.claim(session, case_id, "bob")).claimed_by == "bob"
