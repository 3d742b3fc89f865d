"""Decisions and verdicts: the vocabulary every filter answers in, and how verdicts merge.

Filters return a verdict and never act. They know no database, no chat and no person; what
follows from a verdict (a case, a strike, a sentence to the person) is decided by the path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol

POLICY_VERSION = "2026-11-1"
BY_A_MODERATOR = "case:"  # how the policy of a moderator's verdict begins


class Decision(StrEnum):
    ALLOW = "allow"  # nothing stands against it
    REVIEW = "review"  # a human must look first
    BLOCK = "block"  # refused; the person is told why and how to appeal


_STRICTNESS = {Decision.ALLOW: 0, Decision.REVIEW: 1, Decision.BLOCK: 2}


class Category(StrEnum):
    CHILD_SAFETY = "child_safety"  # sexual content that involves minors
    SEXUAL = "sexual"
    VIOLENCE = "violence"  # gore, cruelty, weapons in use
    HATE = "hate"
    SELF_HARM = "self_harm"
    ILLICIT = "illicit"  # drugs, weapons making, fraud
    REAL_PERSON = "real_person"  # a living person's likeness
    BROKEN = "broken"  # an unreadable, empty or failed picture
    UNCHECKED = "unchecked"  # a filter failed, timed out or is missing


class Level(StrEnum):
    """How strict a community wants to be."""

    STRICT = "strict"  # a school, a public place
    STANDARD = "standard"
    RELAXED = "relaxed"  # grown-ups who know each other


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which score on a human looks, and from which on it is refused; above 1: never."""

    review: float
    block: float

    def decide(self, score: float) -> Decision:
        if score >= self.block:
            return Decision.BLOCK
        return Decision.REVIEW if score >= self.review else Decision.ALLOW


_BY_LEVEL = {
    Level.STRICT: Thresholds(review=0.25, block=0.5),
    Level.STANDARD: Thresholds(review=0.5, block=0.8),
    Level.RELAXED: Thresholds(review=0.8, block=0.95),
}
_CHILD_SAFETY = Thresholds(review=0.25, block=0.8)  # the same everywhere
_AGE_GATED = Thresholds(review=0.8, block=0.95)  # sexual content where everyone is grown up


def thresholds(category: Category, level: Level, *, is_age_gated: bool = False) -> Thresholds:
    """What a score of 0…1 in ``category`` leads to, in a community of that level."""
    if category is Category.CHILD_SAFETY:
        return _CHILD_SAFETY
    if category is Category.SEXUAL and is_age_gated:
        return _AGE_GATED
    return _BY_LEVEL[level]


class Stage(StrEnum):
    """Where in the path a verdict was given."""

    WISH = "wish"  # the person's own words
    BRIEF = "brief"  # words the expander added
    UPLOAD = "upload"  # a picture the person sent
    PICTURE = "picture"  # a picture the model made


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Why a filter thought so; moderators see it, the person never does."""

    rule_id: str
    category: Category
    decision: Decision
    score: float = 1.0  # 0…1
    start: int | None = None  # offsets into the original text, where the finding is in words
    end: int | None = None
    matched: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a filter says of words or a picture."""

    decision: Decision
    scores: Mapping[Category, float] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    policy: str = POLICY_VERSION

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories that speak for the decision, strictest findings first; what is allowed
        has none, though rules in shadow may have found something."""
        telling = [f for f in self.findings if f.decision is self.decision is not Decision.ALLOW]
        return tuple(dict.fromkeys(f.category for f in telling))

    @property
    def rule_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f.rule_id for f in self.findings))

    def to_row(self) -> dict[str, Any]:
        """Plain JSON data; ``from_row`` is its inverse."""
        return asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Verdict:
        return cls(
            decision=Decision(row["decision"]),
            scores={Category(k): float(v) for k, v in row["scores"].items()},
            findings=tuple(
                Finding(
                    **{
                        **f,
                        "category": Category(f["category"]),
                        "decision": Decision(f["decision"]),
                    }
                )
                for f in row["findings"]
            ),
            policy=row["policy"],
        )


ALLOWED = Verdict(decision=Decision.ALLOW)


def unchecked(rule_id: str, why: str = "") -> Verdict:
    """The verdict of a filter that failed, timed out or is missing: a human looks."""
    finding = Finding(
        rule_id=rule_id, category=Category.UNCHECKED, decision=Decision.REVIEW, matched=why
    )
    return Verdict(decision=Decision.REVIEW, findings=(finding,))


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """Merge: the strictest decision wins, every finding and each category's top score is kept."""
    every = list(verdicts)
    if not every:
        return ALLOWED
    scores: dict[Category, float] = {}
    for verdict in every:
        for category, score in verdict.scores.items():
            scores[category] = max(score, scores.get(category, 0.0))
    return Verdict(
        decision=max((v.decision for v in every), key=_STRICTNESS.__getitem__),
        scores=scores,
        findings=tuple(f for v in every for f in v.findings),
        policy=every[0].policy,
    )


class WordFilter(Protocol):
    def check(self, text: str) -> Verdict:
        """Judge words. Pure and quick; may raise, which the caller turns into ``unchecked``."""


class PictureFilter(Protocol):
    def check(self, picture: bytes) -> Verdict:
        """Judge an encoded picture (PNG, JPEG, WebP). May raise, as above."""
