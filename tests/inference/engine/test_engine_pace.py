"""Calls grow while that pays, and shrink where memory says so."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inference.engine.pace import Limits, Pace
from inference.engine.scheduler import Lane

LANE = Lane(model="m", height=8, width=8)


def measure(pace: Pace, seconds_by_rows: dict[int, float]) -> None:
    """Fifty steps of each size."""
    for _ in range(50):
        for rows, seconds in seconds_by_rows.items():
            pace.record(LANE, rows, seconds)


def test_rows_that_gain_nothing_are_not_taken() -> None:
    """Where 16 rows take twice as long as 8, a call holds 8."""
    pace = Pace(Limits(max_rows=16))
    measure(pace, {4: 0.10, 8: 0.15, 16: 0.30})
    assert pace.max_rows(LANE) == 8


def test_rows_that_pay_are_taken() -> None:
    """Where doubling costs little, a call may hold all it can."""
    pace = Pace(Limits(max_rows=16))
    measure(pace, {4: 0.10, 8: 0.12, 16: 0.16})
    assert pace.max_rows(LANE) == 16


def test_a_few_slow_steps_decide_nothing() -> None:
    """Noise slows steps down; the fastest of each size counts."""
    pace = Pace(Limits(max_rows=16))
    for number in range(50):
        noise = 5.0 if number % 3 else 1.0
        pace.record(LANE, 8, 0.1)
        pace.record(LANE, 16, 0.15 * noise)
    assert pace.max_rows(LANE) == 16


def test_what_was_wasteful_is_tried_again_later() -> None:
    """The machine may have been busy: the limit passes."""
    pace = Pace(Limits(max_rows=16))
    measure(pace, {8: 0.15, 16: 0.30})
    for _ in range(5_000):
        pace.record(LANE, 8, 0.15)
    assert pace.max_rows(LANE) == 16


def test_what_did_not_fit_is_never_tried_again() -> None:
    """Running out of memory halves the calls of that lane for good, down to one guided picture."""
    pace = Pace(Limits(max_rows=16))
    pace.shrink(LANE, 12)
    assert pace.max_rows(LANE) == 6
    pace.shrink(LANE, 6)
    pace.shrink(LANE, 2)
    assert pace.max_rows(LANE) == 2
    assert pace.max_rows(Lane(model="m", height=16, width=16)) == 16


def test_a_call_keeps_within_the_latency_budget() -> None:
    """Where 16 rows take longer than nobody may wait to join, a call holds fewer; never under 2."""
    pace = Pace(Limits(max_rows=16, step_seconds=0.2))
    measure(pace, {4: 0.10, 8: 0.18})
    assert pace.max_rows(LANE) == 8
    slow = Pace(Limits(max_rows=16, step_seconds=0.2))
    measure(slow, {2: 5.0})
    assert slow.max_rows(LANE) == 2


def test_a_cold_first_step_does_not_shrink_calls() -> None:
    """The first step of a size pays for what is set up once; it says nothing about the next."""
    pace = Pace(Limits(max_rows=16, step_seconds=0.2))
    pace.record(LANE, 16, 9.0)
    assert pace.max_rows(LANE) == 16


@given(st.floats(0.001, 1.0), st.floats(0.0, 1.0))
def test_calls_stop_growing_at_five_percent_a_row(per_row: float, fixed: float) -> None:
    """With a fixed cost and a cost per row, the first doubling that gains under 5 % is not made."""
    pace = Pace(Limits(max_rows=64, step_seconds=1e9))
    sizes = [2, 4, 8, 16, 32, 64]
    measure(pace, {n: fixed + per_row * n for n in sizes})
    rates = [n / (fixed + per_row * n) for n in sizes]
    gains = [many / few - 1 for few, many in pairwise(rates)]
    if not any(abs(gain - 0.05) < 1e-6 for gain in gains):
        wasteful = [size for size, gain in zip(sizes, gains, strict=False) if gain < 0.05]
        assert pace.max_rows(LANE) == (wasteful[0] if wasteful else 64)


def test_seconds_are_those_of_the_nearest_size() -> None:
    """A step of six rows is guessed from one of four; nothing measured, nothing guessed."""
    pace = Pace(Limits())
    assert pace.seconds(LANE, 6) is None
    pace.record(LANE, 4, 0.2)
    pace.record(LANE, 16, 0.4)
    assert pace.seconds(LANE, 4) == 0.2
    assert round(pace.seconds(LANE, 6) or 0, 6) == 0.3
