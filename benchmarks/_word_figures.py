"""Shares and times of the word filter as figures with goals; knows no filter and no text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.path import Measure
from moderation.policy import Decision, Verdict

TABLES = Path(__file__).parent.parent / "tests" / "moderation" / "tables"
SEED = 5
Check = Callable[[str], Verdict]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Figures, and what does not fit a figure."""

    measures: list[Measure]
    details: dict[str, Any] = field(default_factory=dict)


def share(name: str, what: str, hits: Iterable[bool], goal: float, *, is_most: bool) -> Measure:
    """A share in per cent with its goal: at most, or at least."""
    every = list(hits)
    value = round(100 * sum(every) / max(len(every), 1), 2)
    ok = value <= goal if is_most else value >= goal
    what = f"{what} ({len(every)})"
    return Measure(id=name, what=what, value=value, unit="%", goal=goal, ok=ok)


def at_least(name: str, what: str, percent: float, goal: float) -> Measure:
    """A share that is known already, in per cent, with what is wanted at least."""
    value = round(percent, 2)
    return Measure(id=name, what=what, value=value, unit="%", goal=goal, ok=value >= goal)


def rate(name: str, what: str, times: Sequence[float], goal: float) -> Measure:
    """How many a second, with what is wanted at least."""
    value = round(len(times) / max(sum(times), 1e-9))
    return Measure(id=name, what=what, value=value, unit="/s", goal=goal, ok=value >= goal)


def at_most(name: str, what: str, milliseconds: float, goal: float) -> Measure:
    """A time with what is wanted at most."""
    value = round(milliseconds, 3)
    return Measure(id=name, what=what, value=value, unit="ms", goal=goal, ok=value <= goal)


def is_caught(verdict: Verdict) -> bool:
    """Blocked or put before a human."""
    return verdict.decision is not Decision.ALLOW


def top_score(verdict: Verdict) -> float:
    """What the verdict's thresholds were compared with."""
    return max(verdict.scores.values(), default=0.0)
