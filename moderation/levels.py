"""A verdict seen with the eyes of a community that wants to be more careful. Pure.

The filters judge at the operator's level and say every score they found. A community's own level
can only add a look by a moderator; it never lets pass what the operator's would not.
"""

from __future__ import annotations

from dataclasses import replace

from .policy import Decision, Finding, Level, Verdict, thresholds


def as_careful_as(verdict: Verdict, level: Level) -> Verdict:
    """The verdict, or a review where it allows a score that ``level`` would not let pass."""
    if verdict.decision is not Decision.ALLOW:
        return verdict
    doubts = tuple(
        Finding(rule_id=f"level.{level}", category=category, decision=Decision.REVIEW, score=score)
        for category, score in verdict.scores.items()
        if thresholds(category, level).decide(score) is not Decision.ALLOW
    )
    if not doubts:
        return verdict
    return replace(verdict, decision=Decision.REVIEW, findings=(*verdict.findings, *doubts))
