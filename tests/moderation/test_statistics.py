"""How good rules are: intervals, curves and thresholds against what can be counted by hand."""

from __future__ import annotations

import math
import random

import pytest

from moderation.statistics import Judged, best_threshold, curve_of, quality_of, wilson


def test_the_interval_is_wilsons() -> None:
    """Figures of Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for num, of, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        share = wilson(num, of)
        assert (share.low, share.high) == (
            pytest.approx(low, abs=1e-4),
            pytest.approx(high, abs=1e-4),
        )


def test_an_interval_holds_its_share_and_narrows() -> None:
    """Never outside 0…1; nothing counted may be anything and has no value."""
    nothing = wilson(0, 0)
    assert (nothing.value, nothing.low, nothing.high) == (None, 0.0, 1.0)
    for of in (1, 10, 1000):
        for num in (0, of // 2, of):
            share = wilson(num, of)
            assert 0.0 <= share.low <= num / of <= share.high <= 1.0 + 1e-12
    assert wilson(500, 1000).high - wilson(500, 1000).low < wilson(5, 10).high - wilson(5, 10).low


def of_rule(*scored: tuple[float, bool], missed: int = 0) -> list[Judged]:
    """What one rule said of several things, and violations it said nothing of."""
    said = [Judged(scores={"rule": score}, is_violation=is_bad) for score, is_bad in scored]
    return said + [Judged(scores={}, is_violation=True)] * missed


def test_precision_and_recall_are_counted() -> None:
    """Precision of what it brought up, recall of everything that anybody found."""
    (rule,) = quality_of(of_rule((0.9, True), (0.8, True), (0.4, False), missed=2))
    assert (rule.num_fired, rule.precision.num, rule.precision.of) == (3, 2, 3)
    assert (rule.recall.num, rule.recall.of) == (2, 4)
    assert [(p.threshold, p.precision, p.recall) for p in rule.curve] == [
        (0.4, 2 / 3, 0.5), (0.8, 1.0, 0.5), (0.9, 1.0, 0.25),
    ]  # fmt: skip
    assert rule.best is not None
    assert rule.best.threshold == 0.8


def test_equal_scores_stand_or_fall_together() -> None:
    """A threshold takes all of a score or none of it."""
    points = curve_of([(0.5, True), (0.5, False), (0.5, False), (0.7, True)], 2)
    assert [(p.threshold, p.precision) for p in points] == [(0.5, 0.5), (0.7, 1.0)]


def test_of_equally_good_thresholds_the_highest_is_suggested() -> None:
    """It bothers fewest people."""
    points = curve_of([(0.2, True), (0.3, False), (0.6, True), (0.9, True)], 3)
    best = best_threshold(points)
    assert best is not None
    assert best.f1 == max(point.f1 for point in points)
    assert best_threshold([]) is None


def test_a_rule_that_was_never_right_suggests_nothing() -> None:
    """No threshold would have been good."""
    (rule,) = quality_of(of_rule((0.9, False), (0.5, False), missed=1))
    assert (rule.best, rule.precision.value, rule.recall.num) == (None, 0.0, 0)


def test_the_suggestion_is_the_best_there_is() -> None:
    """No threshold at all, of ten thousand tried, would have had a higher F1 on what was judged."""
    draw = random.Random(3)
    scored = [(draw.random(), draw.random() < 0.3) for _ in range(400)]
    scored += [(min(1.0, 0.4 + draw.random()), True) for _ in range(200)]
    (rule,) = quality_of(of_rule(*scored, missed=40))
    num_bad = sum(is_bad for _, is_bad in scored) + 40

    def f1(threshold: float) -> float:
        fired = [is_bad for score, is_bad in scored if score >= threshold]
        return 2 * sum(fired) / (len(fired) + num_bad) if fired else 0.0

    assert rule.best is not None
    tried = max(f1(number / 10_000) for number in range(10_001))
    assert math.isclose(rule.best.f1, max(tried, rule.best.f1))
    assert math.isclose(rule.best.f1, f1(rule.best.threshold))


def test_the_busiest_rule_comes_first() -> None:
    """Each rule by itself; what fired nowhere is not there."""
    judged = [Judged(scores={"a": 1.0, "b": 0.5}, is_violation=True), *of_rule((0.5, True))]
    judged.append(Judged(scores={"b": 0.6}, is_violation=False))
    assert [rule.rule_id for rule in quality_of(judged)] == ["b", "a", "rule"]
    assert quality_of([]) == []
