"""How figures are counted: intervals of shares and of differences."""

from __future__ import annotations

import pytest

from benchmarks._judged import Bench, ask, interval, loss_of_points, share


def test_intervals_are_wilsons() -> None:
    """50 of 100 lie within 40.4 and 59.6; nothing measured, nothing known."""
    assert interval([True, False] * 50) == pytest.approx((0.404, 0.596), abs=0.001)
    assert interval([]) == (0.0, 1.0)
    assert interval([True] * 100)[1] == pytest.approx(1.0)


def test_pictures_of_one_composition_count_for_less() -> None:
    """Twins that always agree are worth one; twins that are independent are worth two."""
    agreeing, independent = [True, True, False, False] * 25, [True, True, True, False] * 25
    independent += [False, True, False, False] * 25
    assert interval(agreeing, 2) == pytest.approx(interval([True, False] * 25), abs=0.005)
    assert interval(independent, 2) == pytest.approx(interval(independent), abs=0.002)
    assert interval([True] * 100, 2) == pytest.approx(interval([True] * 50))


def test_a_share_says_how_many_it_stands_on() -> None:
    """The sample size and the interval are part of the sentence; too few say nothing."""
    measure = share("x", "right", [True] * 9 + [False], 80, is_quick=False)
    assert (measure.value, measure.ok) == (90.0, True)
    assert "n 10, 95 % interval 59.6-98.2" in measure.what
    assert share("x", "right", [True], 80, is_quick=True).ok is None


def test_a_loss_counts_scenes_that_changed() -> None:
    """One of four lost: 25 points; the same lost and won: none, but less certain."""
    before, after = [True, True, True, False], [True, True, False, False]
    assert loss_of_points("x", "things", before, after, 2, is_quick=False).value == 25.0
    swapped = loss_of_points("x", "things", [True, False], [False, True], 2, is_quick=False)
    assert (swapped.value, swapped.ok) == (0.0, True)


def test_both_languages_are_asked_for_the_same_scenes() -> None:
    """Each unseen composition comes once in English and once in Chinese."""
    asked = ask("pair", 3, 1)
    assert [one.language for one in asked] == ["en", "zh"] * 3
    assert all(asked[i].composition == asked[i + 1].composition for i in (0, 2, 4))


def test_no_composition_is_asked_for_twice() -> None:
    """Three hundred of the few singles that are held out, and as many pairs."""
    singles, pairs = ask("single", 300, 5), ask("pair", 300, 5)
    for asked in (singles, pairs):
        assert len({one.composition for one in asked}) == 300


def test_a_quick_bench_draws_little() -> None:
    """Numbers and sheets follow the options."""
    quick = Bench(pipe=None, eye=None, is_quick=True, sheets=None)  # type: ignore[arg-type]
    assert quick.num(4, 60) == 4
    assert quick.sheet("pairs") is None
