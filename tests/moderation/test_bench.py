"""A moderator at work: what each role may do where, what is sealed in the log, what is alike."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from moderation import cases, sanctions
from moderation.cases import RIGHTS, Bench, CaseKind, Right, Role
from moderation.errors import CaseError
from moderation.policy import Category, Stage
from store.sessions import Database
from store.tables import (
    AuditEntry,
    Moderator,
    Pause,
    Person,
    Picture,
    Request,
    RequestState,
    Statement,
)

from .case_world import a_bench, a_log, a_queue, a_request, open_one, populate

Act = Callable[[Bench, str], Awaitable[Any]]

ACTS: dict[str, tuple[Right, Act]] = {
    "claim": (Right.DECIDE, lambda bench, case: bench.claim(case)),
    "next": (Right.DECIDE, lambda bench, _: bench.claim_next()),
    "decide": (Right.DECIDE, lambda bench, case: bench.decide(case, "approve", "within_rules")),
    "note": (Right.DECIDE, lambda bench, case: bench.note(case, "hm")),
    "take_down": (Right.DECIDE, lambda bench, _: bench.take_down("w1", "hate")),
    "ban": (Right.SANCTION, lambda bench, _: bench.ban("asker", community_id="place", reason="hate")),
    "pause": (Right.PAUSE, lambda bench, _: bench.pause("place")),
}  # fmt: skip
EVERYWHERE: dict[str, Act] = {
    "ban": lambda bench, _: bench.ban("asker", reason="hate"),
    "pause": lambda bench, _: bench.pause(),
}


async def refusal(act: Awaitable[Any]) -> str:
    """Why not; empty where it was done."""
    try:
        await act
    except CaseError as error:
        return error.key
    return ""


async def a_place(db: Database, role: str | None, community_id: str | None = "place") -> str:
    """A case, something delivered, and dee in that role; the case's id."""
    async with db.session() as session:
        await populate(session)
        session.add(a_request("w1", state=RequestState.DELIVERED))
        session.add(Person(id="dee"))
        await session.flush()
        if role is not None:
            session.add(Moderator(person_id="dee", community_id=community_id, role=role))
        return (await open_one(session)).id


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("role", [None, *Role, "something newer"])
async def test_a_role_allows_what_its_table_says(
    sqlite_db: Database, tmp_path: Path, role: str | None, name: str
) -> None:
    """And nothing else; a role that nobody knows allows the least."""
    case_id = await a_place(sqlite_db, role)
    right, act = ACTS[name]
    is_allowed = role in set(Role) and right in RIGHTS[Role(str(role))]
    async with sqlite_db.session() as session:
        why = await refusal(act(a_bench(session, "dee", tmp_path), case_id))
    assert why == ("" if is_allowed else "case-error-no-right")


@pytest.mark.parametrize("name", EVERYWHERE)
@pytest.mark.parametrize(("place", "expected"), [("place", "case-error-no-right"), (None, "")])
async def test_what_holds_everywhere_needs_a_role_everywhere(
    sqlite_db: Database, tmp_path: Path, place: str | None, expected: str, name: str
) -> None:
    """A community's moderator bans and pauses in that community alone."""
    await a_place(sqlite_db, Role.MODERATOR, place)
    async with sqlite_db.session() as session:
        bench = a_bench(session, "dee", tmp_path)
        assert await refusal(EVERYWHERE[name](bench, "")) == expected


async def test_nobody_works_in_a_community_that_is_not_theirs(
    sqlite_db: Database, tmp_path: Path
) -> None:
    """Not by naming a case of it, nor by asking for the next one there."""
    case_id = await a_place(sqlite_db, Role.ADMINISTRATOR, "other")
    async with sqlite_db.session() as session:
        bench = a_bench(session, "dee", tmp_path)
        assert await refusal(bench.claim(case_id)) == "case-error-no-right"
        assert await bench.claim_next() is None
        assert await refusal(bench.claim_next(community_ids=["place"])) == "case-error-no-right"


async def test_every_act_is_sealed_in_the_log(db: Database, tmp_path: Path) -> None:
    """In the same transaction, with codes and ids; the words of a note stay out."""
    (case_id,) = await a_queue(db, 1)
    async with db.session() as session:
        bench = a_bench(session, "ann", tmp_path)
        await bench.claim(case_id)
        await bench.note(case_id, "looks familiar to me")
        await bench.decide(case_id, "reject", "violence", "see my note")
        await bench.undo(case_id)
        await bench.hand_back(case_id)
        await bench.pause("place")
        await bench.resume("place")
    async with db.session() as session:
        entries = list(await session.scalars(select(AuditEntry).order_by(AuditEntry.number)))
        report = await a_log(tmp_path).verify(session)
    assert [entry.action for entry in entries] == [
        "case-claim", "case-note", "case-reject", "case-undo", "case-hand-back", "pause", "resume",
    ]  # fmt: skip
    assert {entry.actor for entry in entries} == {"ann"}
    assert (report.is_intact, report.num_entries) == (True, 7)
    assert "familiar" not in str([entry.facts for entry in entries])


async def test_what_is_refused_leaves_no_trace_in_the_log(db: Database, tmp_path: Path) -> None:
    """Nor an opinion, nor a note."""
    (case_id,) = await a_queue(db, 1)
    async with db.session() as session:
        await a_bench(session, "ann", tmp_path).claim(case_id)
    async with db.session() as session:
        bench = a_bench(session, "bob", tmp_path)
        assert await refusal(bench.decide(case_id, "approve", "within_rules")) == (
            "case-error-claimed"
        )
        assert await refusal(bench.note(case_id, "  ")) == "case-error-note"
        assert await session.scalar(select(func.count()).select_from(AuditEntry)) == 1
        assert await cases.opinions_of(session, case_id) == []


async def test_several_are_decided_alike_and_taken_back(db: Database, tmp_path: Path) -> None:
    """What another holds is left out, and so is what acts already."""
    opened = await a_queue(db, 4)
    async with db.session() as session:
        await a_bench(session, "bob", tmp_path).claim(opened[1])
    async with db.session() as session:
        bench = a_bench(session, "ann", tmp_path)
        decided = await bench.decide_alike([*opened, "no such case"], "reject", "violence")
        assert [case.id for case in decided] == sorted([opened[0], *opened[2:]])
        with pytest.raises(CaseError):
            await bench.decide_alike(opened, "reject", "no such reason")
        await cases.mark_acted(session, decided[0])
        undone = await bench.undo_all(opened)
        assert {case.id for case in undone} == {case.id for case in decided[1:]}


async def test_two_who_decide_alike_at_once_wait_for_each_other(
    db: Database, tmp_path: Path
) -> None:
    """In whatever order they name them: each case is decided by one of them, and none is lost."""
    opened = await a_queue(db, 6)

    async def work(who: str, order: list[str]) -> list[str]:
        async with db.session() as session:
            bench = a_bench(session, who, tmp_path)
            return [case.id for case in await bench.decide_alike(order, "reject", "hate")]

    found = await asyncio.gather(work("ann", opened), work("bob", opened[::-1]))
    assert sorted(found[0] + found[1]) == sorted(opened)


async def test_a_take_down_acts_at_once(db: Database, tmp_path: Path) -> None:
    """It is due now, by one moderator, whatever the category; only what is shown can go."""
    async with db.session() as session:
        await populate(session, 2)
        await session.merge(a_request("w1", state=RequestState.DELIVERED))
        await session.flush()
        bench = a_bench(session, "ann", tmp_path)
        case = await bench.take_down("w1", "child_safety")
        assert (case.kind, case.category) == (CaseKind.TAKEDOWN, "child_safety")
        assert [one.id for one in await cases.due(session, case.acts_at)] == [case.id]  # type: ignore[arg-type]
        assert await refusal(bench.take_down("w0", "hate")) == "case-error-nothing-shown"
        assert await refusal(bench.take_down("no", "hate")) == "case-error-nothing-shown"


async def test_a_ban_by_hand_holds_where_it_was_said(db: Database, tmp_path: Path) -> None:
    """In that community or everywhere, for some days or until it is lifted; with a statement."""
    async with db.session() as session:
        await populate(session)
        await a_bench(session, "ann", tmp_path).ban("asker", community_id="place", reason="hate")
        assert (await sanctions.standing(session, "asker", "place")).is_banned
        assert (await sanctions.standing(session, "asker", "other")).may_ask
        chief = a_bench(session, "chief", tmp_path)
        await chief.ban("asker", days=2, reason="illicit")
        assert (await sanctions.standing(session, "asker", "other")).is_paused
        told = list(await session.scalars(select(Statement).order_by(Statement.created_at)))
        assert [(one.restriction, one.is_everywhere, one.reason) for one in told] == [
            ("ban", False, "hate"), ("pause", True, "illicit"),
        ]  # fmt: skip
        assert await a_bench(session, "bob", tmp_path).lift("asker", community_id="place") == 1
        assert await chief.lift("asker") == 1
        assert (await sanctions.standing(session, "asker", "place")).may_ask
        assert await refusal(chief.lift("asker")) == "case-error-not-banned"


async def test_who_cannot_be_banned(sqlite_db: Database, tmp_path: Path) -> None:
    """An operator, nobody at all; and nobody for a reason of one's own."""
    async with sqlite_db.session() as session:
        await populate(session)
        bench = a_bench(session, "ann", tmp_path)
        for who, reason, why in (
            ("chief", "hate", "case-error-no-right"), ("nobody", "hate", "case-error-no-person"),
            ("asker", "he annoys me", "case-error-reason"),
        ):  # fmt: skip
            assert await refusal(bench.ban(who, community_id="place", reason=reason)) == why


async def test_a_pause_is_one_until_it_ends(db: Database, tmp_path: Path) -> None:
    """Of a community or of everything; another begins after it."""
    async with db.session() as session:
        await populate(session)
        bench = a_bench(session, "chief", tmp_path)
        await bench.pause("place")
        await bench.pause("place")
        await bench.pause()
        assert [one.community_id for one in await cases.pauses_now(session)] == ["place", None]
        await bench.resume()
        asked = select(Request.id).where(cases.is_paused(Request.community_id))
        assert (await session.scalars(asked)).all() == ["w0"]
        await bench.resume("place")
        assert (await session.scalars(asked)).all() == []
        assert await refusal(bench.resume("place")) == "case-error-not-paused"
        await bench.pause("place")
        assert await session.scalar(select(func.count(Pause.id))) == 3


async def test_similar_pictures_are_found_nearest_first(db: Database) -> None:
    """By the bits in which their hashes differ; not beyond the limit, not what is decided."""
    async with db.session() as session:
        await populate(session, 5)
        hashes = [0, 0b1, 0b111, (1 << 40) - 1, 0]
        opened = []
        for number, bits in enumerate(hashes):
            session.add(a_picture(f"w{number}", f"{bits:064x}"))
            opened.append((await open_one(session, f"w{number}", stage="picture")).id)
        await cases.decide(session, opened[4], "bob", decision="reject", reason="hate")
        found = await cases.similar_to(session, opened[0])
        assert [(one.case_id, one.distance) for one in found] == [(opened[1], 1), (opened[2], 3)]
        assert await cases.similar_to(session, opened[0], community_ids=["other"]) == []
        assert await cases.similar_to(session, "no such case") == []


def a_picture(request_id: str, pdq: str) -> Picture:
    """A picture of that request."""
    return Picture(
        request_id=request_id, person_id="asker", round=1, index=0, seed=1, width=8, height=8,
        sha256="0" * 64, pdq=pdq,
    )  # fmt: skip


async def test_a_persons_history_shows_no_other_community(db: Database, tmp_path: Path) -> None:
    """Cases elsewhere are counted; sanctions that hold elsewhere alone are not shown."""
    async with db.session() as session:
        await populate(session, 3)
        here = await open_one(session, "w0")
        await open_one(session, "w1", community_id="other")
        chief = a_bench(session, "chief", tmp_path)
        await chief.ban("asker", community_id="other", reason="hate")
        await sanctions.strike(
            session, person_id="asker", community_id="place", request_id="w2",
            stage=Stage.WISH, category=Category.VIOLENCE,
        )  # fmt: skip
        seen = await cases.history_of(
            session, "asker", community_ids=["place"], community_id="place"
        )
        assert [one.case_id for one in seen.cases] == [here.id]
        assert (seen.num_elsewhere, seen.num_strikes, seen.num_requests) == (1, 1, 3)
        assert (seen.is_banned, [one.kind for one in seen.sanctions]) == (False, ["strike"])
        whole = await cases.history_of(session, "asker", community_id="other")
        assert (len(whole.cases), whole.num_elsewhere, whole.is_banned) == (2, 0, True)
