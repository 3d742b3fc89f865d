"""Calls grow while that pays, and shrink where memory says so."""

from __future__ import annotations

from inference.engine.pace import Pace
from inference.engine.scheduler import Lane

LANE = Lane(model="m", height=8, width=8)


def measure(pace: Pace, seconds_by_rows: dict[int, float]) -> None:
    """Fifty steps of each size."""
    for _ in range(50):
        for rows, seconds in seconds_by_rows.items():
            pace.record(LANE, rows, seconds)


def test_rows_that_gain_nothing_are_not_taken() -> None:
    """Where 16 rows take twice as long as 8, a call holds 8."""
    pace = Pace(max_rows=16)
    measure(pace, {4: 0.10, 8: 0.15, 16: 0.30})
    assert pace.max_rows(LANE) == 8


def test_rows_that_pay_are_taken() -> None:
    """Where doubling costs little, a call may hold all it can."""
    pace = Pace(max_rows=16)
    measure(pace, {4: 0.10, 8: 0.12, 16: 0.16})
    assert pace.max_rows(LANE) == 16


def test_a_few_slow_steps_decide_nothing() -> None:
    """Noise slows steps down; the fastest of each size counts."""
    pace = Pace(max_rows=16)
    for number in range(50):
        noise = 5.0 if number % 3 else 1.0
        pace.record(LANE, 8, 0.1)
        pace.record(LANE, 16, 0.15 * noise)
    assert pace.max_rows(LANE) == 16


def test_what_was_wasteful_is_tried_again_later() -> None:
    """The machine may have been busy: the limit passes."""
    pace = Pace(max_rows=16)
    measure(pace, {8: 0.15, 16: 0.30})
    for _ in range(5_000):
        pace.record(LANE, 8, 0.15)
    assert pace.max_rows(LANE) == 16


def test_what_did_not_fit_is_never_tried_again() -> None:
    """Running out of memory halves the calls of that lane for good, down to one guided picture."""
    pace = Pace(max_rows=16)
    pace.shrink(LANE, 12)
    assert pace.max_rows(LANE) == 6
    pace.shrink(LANE, 6)
    pace.shrink(LANE, 2)
    assert pace.max_rows(LANE) == 2
    assert pace.max_rows(Lane(model="m", height=16, width=16)) == 16
