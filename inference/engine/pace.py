"""How long a step takes for so many rows, as measured; how many rows a call may hold. No torch.

A call grows while that pays: where twice the rows do not raise rows per second by 5 %, more rows
only make everybody wait.
"""

from __future__ import annotations

from collections import defaultdict, deque

from inference.engine.scheduler import Lane

_WORTHWHILE_GAIN = 1.05  # rows per second at 2n rows against n rows
_NUM_REMEMBERED = 20  # steps per size; the fastest counts, since noise only ever slows a step
_STEPS_UNTIL_RETRIED = 5_000  # the machine may have been busy when a size was found wasteful


class Pace:
    """Measured seconds per step and the row limits that follow; one per engine."""

    def __init__(self, *, max_rows: int) -> None:
        """``max_rows``: the most that any call may hold."""
        self._max_rows = max_rows
        self._seconds: dict[tuple[Lane, int], deque[float]] = defaultdict(
            lambda: deque(maxlen=_NUM_REMEMBERED)
        )
        self._fitting: dict[Lane, int] = {}  # rows that memory has room for
        self._worthwhile: dict[Lane, tuple[int, int]] = {}  # rows, and until which step
        self._num_steps = 0

    def max_rows(self, lane: Lane) -> int:
        """Rows one call of this lane may hold, at least 2."""
        rows, until = self._worthwhile.get(lane, (self._max_rows, 0))
        if self._num_steps >= until:
            rows = self._max_rows
        return max(2, min(rows, self._fitting.get(lane, rows)))

    def record(self, lane: Lane, rows: int, seconds: float) -> None:
        """Learn from one step that took ``seconds`` for ``rows`` rows."""
        self._num_steps += 1
        self._seconds[lane, rows].append(seconds)
        if rows % 2 == 0 and self._is_wasteful(lane, rows):
            self._worthwhile[lane] = rows // 2, self._num_steps + _STEPS_UNTIL_RETRIED
            self._seconds[lane, rows].clear()

    def shrink(self, lane: Lane, rows: int) -> None:
        """``rows`` rows did not fit into memory: never try that many again."""
        self._fitting[lane] = min(self.max_rows(lane), rows // 2)

    def _is_wasteful(self, lane: Lane, rows: int) -> bool:
        """True where half the rows are served as fast, by enough measurements of both."""
        whole, half = self._seconds[lane, rows], self._seconds[lane, rows // 2]
        if min(len(whole), len(half)) < _NUM_REMEMBERED:
            return False
        return 2 * min(half) < _WORTHWHILE_GAIN * min(whole)
