"""What the statistics are made of, read from verdicts, decisions, appeals and reports."""

from __future__ import annotations

from typing import Any

from moderation import cases
from moderation.cases import CaseKind, CaseState
from moderation.policy import BY_A_MODERATOR, Category, Decision, Finding, Verdict
from store.sessions import Database
from store.tables import Verdict as VerdictRow
from store.tables import now

from .case_world import open_one, populate


def a_verdict(
    request_id: str, *rules: tuple[str, float], stage: str = "wish", **facts: Any
) -> VerdictRow:
    """What a filter said: rules with their scores."""
    findings = tuple(
        Finding(rule_id=rule, category=Category.VIOLENCE, decision=Decision.REVIEW, score=score)
        for rule, score in rules
    )
    scores = {Category.VIOLENCE: max((score for _, score in rules), default=0.1)}
    said = Verdict(decision=Decision.REVIEW, findings=findings, scores=scores, **facts)
    return VerdictRow(
        request_id=request_id, round=1, stage=stage, decision="review", verdict=said.to_row(),
        policy=said.policy,
    )  # fmt: skip


async def decided(session: Any, request_id: str, decision: str, **facts: Any) -> None:
    """A case that was decided and carried out."""
    case = await open_one(session, request_id, **facts)
    case.state, case.decision, case.decided_at = CaseState.CLOSED, decision, now()
    await session.flush()


async def test_each_thing_is_judged_once_by_what_stood_in_the_end(db: Database) -> None:
    """An appeal that was upheld makes the refusal a false alarm; what is open counts not yet."""
    async with db.session() as session:
        await populate(session, 4)
        session.add_all(
            [a_verdict("w0", ("knife", 0.7), ("knife", 0.9)), a_verdict("w1", ("knife", 0.6))]
        )
        await decided(session, "w0", "reject")
        await decided(session, "w1", "reject")
        await decided(session, "w1", "approve", kind=CaseKind.APPEAL)
        await open_one(session, "w2")
        judged = await cases.read_judged(session)
    found = {one.scores["knife"]: one.is_violation for one in judged}
    assert found == {0.9: True, 0.6: False}
    assert {one.scores["category:violence"] for one in judged} == {0.9, 0.6}


async def test_what_people_reported_counts_as_missed(db: Database) -> None:
    """No rule spoke, yet it was a violation: only the category's score is known."""
    async with db.session() as session:
        await populate(session)
        session.add(a_verdict("w0", stage="picture"))
        await decided(session, "w0", "reject", kind=CaseKind.REPORT, stage="picture")
        (one,) = await cases.read_judged(session)
    assert (one.is_violation, one.scores) == (True, {"category:violence": 0.1})


async def test_a_moderators_own_verdict_is_no_rule(db: Database) -> None:
    """What a decision wrote where a filter's verdict stands says nothing of rules."""
    async with db.session() as session:
        await populate(session)
        session.add(a_verdict("w0", ("case", 1.0), policy=f"{BY_A_MODERATOR}x"))
        await decided(session, "w0", "approve")
        (one,) = await cases.read_judged(session)
    assert one.scores == {}


async def test_only_where_and_since_when_one_asks(db: Database) -> None:
    """A community's moderators see their own figures."""
    async with db.session() as session:
        await populate(session)
        await decided(session, "w0", "reject")
        assert len(await cases.read_judged(session, community_ids=["place"])) == 1
        assert await cases.read_judged(session, community_ids=["other"]) == []
        assert await cases.read_judged(session, since=now()) == []
