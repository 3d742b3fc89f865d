"""A community's own level adds looks by a moderator and takes none away."""

from __future__ import annotations

import pytest

from moderation.levels import as_careful_as
from moderation.policy import ALLOWED, Category, Decision, Finding, Level, Verdict


def scored(decision: Decision, score: float, category: Category = Category.VIOLENCE) -> Verdict:
    """What a filter says that found something with that score."""
    found = Finding(rule_id="r", category=category, decision=decision, score=score)
    findings = () if decision is Decision.ALLOW else (found,)
    return Verdict(decision=decision, scores={category: score}, findings=findings)


@pytest.mark.parametrize(
    ("score", "level", "decision"),
    [
        (0.3, Level.STRICT, Decision.REVIEW),
        (0.7, Level.STRICT, Decision.REVIEW),  # never refused by this alone
        (0.2, Level.STRICT, Decision.ALLOW),
        (0.3, Level.STANDARD, Decision.ALLOW),
        (0.3, Level.RELAXED, Decision.ALLOW),
    ],
)
def test_what_was_allowed_may_get_a_look(score: float, level: Level, decision: Decision) -> None:
    """From the score on at which that level is in doubt; it says the level and the category."""
    verdict = as_careful_as(scored(Decision.ALLOW, score), level)
    assert verdict.decision is decision
    if decision is Decision.REVIEW:
        assert verdict.rule_ids == ("level.strict",)
        assert verdict.categories == (Category.VIOLENCE,)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("decision", [Decision.REVIEW, Decision.BLOCK])
def test_nothing_becomes_laxer(decision: Decision, level: Level) -> None:
    """What the operator's filters doubt or refuse stays as it is, whatever the level."""
    verdict = scored(decision, 0.6)
    assert as_careful_as(verdict, level) == verdict
    assert as_careful_as(ALLOWED, level) == ALLOWED
