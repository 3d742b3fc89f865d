"""How good each rule is, from what moderators decided: precision and recall with their intervals,
and the threshold that would have been best. Pure: judged cases in, figures out.

What was judged is what a rule brought before a human, an appeal or a report: recall is therefore
of the violations that anybody found, and a threshold can be judged only where there are scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Something a filter looked at and a human judged."""

    scores: Mapping[str, float]  # 0…1 by rule id, of the rules that said anything
    is_violation: bool  # what stood in the end, after any appeal


@dataclass(frozen=True, kw_only=True)
class Share:
    """``num`` of ``of``, with its 95 % interval; an empty one may be anything."""

    num: int
    of: int
    low: float  # 0…1
    high: float  # 0…1

    @property
    def value(self) -> float | None:
        """0…1; None where there is nothing to tell."""
        return self.num / self.of if self.of else None


@dataclass(frozen=True, kw_only=True)
class Point:
    """What would have been found at one threshold."""

    threshold: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, kw_only=True)
class RuleQuality:
    """One rule: how often it was right, how much it found, and what other thresholds would do."""

    rule_id: str
    num_fired: int
    precision: Share  # of what it brought up: violations
    recall: Share  # of all violations judged: those it brought up
    curve: tuple[Point, ...]  # one for each score seen, rising thresholds
    best: Point | None  # of the highest F1; of equals the highest threshold; None: no violation


def quality_of(judged: Sequence[Judged]) -> list[RuleQuality]:
    """Every rule that ever fired, the busiest first."""
    rules = {rule_id for one in judged for rule_id in one.scores}
    qualities = [_quality(rule_id, judged) for rule_id in sorted(rules)]
    return sorted(qualities, key=lambda one: -one.num_fired)


def wilson(num: int, of: int, z: float = Z_95) -> Share:
    """The interval of Wilson (1927), which stays within 0…1 and is honest where numbers are few."""
    if of == 0:
        return Share(num=0, of=0, low=0.0, high=1.0)
    share, spread = num / of, z * z / of
    centre = share + spread / 2
    half = z * sqrt((share * (1 - share) + spread / 4) / of)
    low, high = (centre - half) / (1 + spread), (centre + half) / (1 + spread)
    # rounding must not leave the share itself outside
    return Share(num=num, of=of, low=max(0.0, min(low, share)), high=min(1.0, max(high, share)))


def best_threshold(curve: Iterable[Point]) -> Point | None:
    """The point of the highest F1; of equals the highest threshold, which bothers fewest."""
    return max(curve, key=lambda point: (point.f1, point.threshold), default=None)


def curve_of(scored: Sequence[tuple[float, bool]], num_violations: int) -> tuple[Point, ...]:
    """Precision and recall at each score that was seen, were it the threshold."""
    points: list[Point] = []
    num_right = 0
    ordered = sorted(scored, reverse=True)
    for num_fired, (score, is_violation) in enumerate(ordered, start=1):
        num_right += is_violation
        if num_fired < len(ordered) and ordered[num_fired][0] == score:
            continue  # the threshold takes all of one score
        recall = num_right / num_violations if num_violations else 0.0
        points.append(Point(threshold=score, precision=num_right / num_fired, recall=recall))
    return tuple(reversed(points))


def _quality(rule_id: str, judged: Sequence[Judged]) -> RuleQuality:
    scored = [(one.scores[rule_id], one.is_violation) for one in judged if rule_id in one.scores]
    num_right = sum(is_violation for _, is_violation in scored)
    num_violations = sum(one.is_violation for one in judged)
    curve = curve_of(scored, num_violations)
    return RuleQuality(
        rule_id=rule_id,
        num_fired=len(scored),
        precision=wilson(num_right, len(scored)),
        recall=wilson(num_right, num_violations),
        curve=curve,
        best=best_threshold(curve) if num_right else None,
    )
