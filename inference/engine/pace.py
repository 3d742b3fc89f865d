"""How long a step takes for so many rows, as measured; how many rows a call may hold. No torch.

Three things limit a call: it grows only while that pays, it must be over within the latency
budget (nobody joins or leaves during a step), and it must fit into memory.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from inference.engine.scheduler import Lane

_WORTHWHILE_GAIN = 0.05  # of rows per second per added row; 1: added rows cost no time
_COMPARABLE = 1.5  # sizes closer than that differ by less than noise
_NUM_REMEMBERED = 20  # steps per size; the fastest counts, since noise only ever slows a step
_NUM_NEEDED = 20  # steps of a size before it says what rows gain
_NUM_TRUSTED = 3  # steps of a size before it says how long they take: the first is cold
_STEPS_UNTIL_RETRIED = 5_000  # the machine may have been busy when a size was found wasteful


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an operator may say about calls of the network."""

    max_rows: int = 32
    step_seconds: float = 2.0  # latency budget: longer calls are not made where smaller ones do


class Pace:
    """Measured seconds per step and the row limits that follow; one per engine."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seconds: dict[Lane, dict[int, deque[float]]] = defaultdict(dict)
        self._fitting: dict[Lane, int] = {}  # rows that memory has room for
        self._worthwhile: dict[Lane, tuple[int, int]] = {}  # rows, and until which step
        self._num_steps = 0

    def max_rows(self, lane: Lane) -> int:
        """Rows one call of this lane may hold, at least 2: a guided picture."""
        most = self._limits.max_rows
        rows, until = self._worthwhile.get(lane, (most, 0))
        if self._num_steps >= until:
            rows = most
        return max(2, min(rows, self._fitting.get(lane, rows), self._in_time(lane)))

    def record(self, lane: Lane, rows: int, seconds: float) -> None:
        """Learn from one step that took ``seconds`` for ``rows`` rows."""
        self._num_steps += 1
        sizes = self._seconds[lane]
        sizes.setdefault(rows, deque(maxlen=_NUM_REMEMBERED)).append(seconds)
        smaller = self._next_smaller(lane, rows)
        if smaller is not None and self._gain(lane, smaller, rows) < _WORTHWHILE_GAIN:
            self._worthwhile[lane] = smaller, self._num_steps + _STEPS_UNTIL_RETRIED
            sizes[rows].clear()

    def shrink(self, lane: Lane, rows: int) -> None:
        """``rows`` rows did not fit into memory: never try that many again."""
        self._fitting[lane] = min(self.max_rows(lane), rows // 2)

    def seconds(self, lane: Lane, rows: int) -> float | None:
        """What a step of so many rows takes, from the measured size next to it; None: unknown.

        In proportion, so a guess about more rows than were ever measured is too high, not too low.
        """
        measured = [size for size, steps in self._seconds[lane].items() if steps]
        if not measured:
            return None
        nearest = min(measured, key=lambda size: abs(size - rows))
        return min(self._seconds[lane][nearest]) * rows / nearest

    def _in_time(self, lane: Lane) -> int:
        """Rows that are over within the latency budget, by the size that promises most.

        A size that was slow in a busy moment would otherwise never be tried again.
        """
        paces = [
            size / min(steps)
            for size, steps in self._seconds[lane].items()
            if len(steps) >= _NUM_TRUSTED
        ]
        return int(self._limits.step_seconds * max(paces)) if paces else self._limits.max_rows

    def _next_smaller(self, lane: Lane, rows: int) -> int | None:
        """The largest size that is measured well and far enough below ``rows``."""
        sizes = self._seconds[lane]
        if len(sizes[rows]) < _NUM_NEEDED:
            return None
        known = [s for s, steps in sizes.items() if len(steps) >= _NUM_NEEDED]
        return max((size for size in known if size * _COMPARABLE <= rows), default=None)

    def _gain(self, lane: Lane, few: int, many: int) -> float:
        """What each row beyond ``few`` adds to rows per second, next to a row that costs no time.

        1 where ``many`` rows take as long as ``few``, 0 where they take longer in proportion.
        """
        rate_few, rate_many = (n / min(self._seconds[lane][n]) for n in (few, many))
        return (rate_many / rate_few - 1) / (many / few - 1)
