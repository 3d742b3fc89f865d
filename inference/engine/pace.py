"""How long a step takes for so many rows, as measured; how many rows a call may hold. No torch.

A call grows while that pays: where twice the rows do not raise rows per second by 5 %, more rows
only make everybody wait.
"""

from __future__ import annotations

from inference.engine.scheduler import Lane

_WORTHWHILE_GAIN = 1.05  # rows per second at 2n rows against n rows
_MEMORY = 0.3  # weight of a new measurement
_MIN_MEASUREMENTS = 5  # per size, before it decides anything; the first are warm-up


class Pace:
    """Measured seconds per step and the row limits that follow; one per engine."""

    def __init__(self, *, max_rows: int) -> None:
        self._max_rows = max_rows
        self._seconds: dict[tuple[Lane, int], float] = {}
        self._counts: dict[tuple[Lane, int], int] = {}
        self._limits: dict[Lane, int] = {}

    def max_rows(self, lane: Lane) -> int:
        """Rows one call of this lane may hold, at least 2."""
        return self._limits.get(lane, self._max_rows)

    def record(self, lane: Lane, rows: int, seconds: float) -> None:
        """Learn from one step that took ``seconds`` for ``rows`` rows."""
        key = lane, rows
        known = self._seconds.get(key, seconds)
        self._seconds[key] = known + _MEMORY * (seconds - known)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._is_wasteful(lane, rows):
            self._limits[lane] = max(2, min(self.max_rows(lane), rows // 2))

    def shrink(self, lane: Lane, rows: int) -> None:
        """``rows`` rows did not fit into memory: never try that many again."""
        self._limits[lane] = max(2, min(self.max_rows(lane), rows // 2))

    def _is_wasteful(self, lane: Lane, rows: int) -> bool:
        half = lane, rows // 2
        if rows % 2 or min(self._counts.get(half, 0), self._counts[lane, rows]) < _MIN_MEASUREMENTS:
            return False
        gain = (rows / self._seconds[lane, rows]) / (rows // 2 / self._seconds[half])
        return gain < _WORTHWHILE_GAIN
