"""What to do when a call of the model fails: try it in halves, find the one at fault. No torch."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from typing import TypeVar

from inference.engine.pace import Pace
from inference.engine.stepper import PictureRun
from inference.jobs import RenderFailed

_log = logging.getLogger(__name__)
T = TypeVar("T")
Call = Callable[[Sequence[PictureRun]], Sequence[T]]


class Care:
    """Calls the model so that a fault costs only whom it belongs to."""

    def __init__(
        self,
        pace: Pace,
        fail: Callable[[PictureRun, RenderFailed], None],
        is_here: Callable[[PictureRun], bool],
        *,
        splits: bool,
    ) -> None:
        """``fail``: what becomes of a run whose call failed alone; ``is_here``: False once it has
        left; ``splits``: try halves where a call fails.
        """
        self._pace = pace
        self._fail = fail
        self._is_here = is_here
        self._splits = splits
        self._has_told_of_memory = False

    def attempt(self, call: Call[T], runs: Sequence[PictureRun]) -> list[tuple[PictureRun, T]]:
        """Call for all runs at once; where that fails, for halves, down to the one at fault.

        A failed call has changed nothing yet, so that it may be made again for fewer runs.
        """
        runs = [run for run in runs if self._is_here(run)]  # a sibling may have failed their job
        if not runs:
            return []
        try:
            return list(zip(runs, call(runs), strict=True))
        except RenderFailed as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - the edge: whatever a model throws is recorded here
            failure = self._failure(error, runs)
        return self._halves(call, runs, failure)

    def _halves(
        self, call: Call[T], runs: Sequence[PictureRun], failure: RenderFailed
    ) -> list[tuple[PictureRun, T]]:
        if len(runs) == 1 or not self._splits:
            for run in runs:
                self._fail(run, failure)
            return []
        middle = len(runs) // 2
        first = self.attempt(call, runs[:middle])
        return [*first, *self.attempt(call, runs[middle:])]

    def _failure(self, error: Exception, runs: Sequence[PictureRun]) -> RenderFailed:
        """What the person is told; running out of memory makes later calls smaller."""
        if not is_out_of_memory(error):
            record(error)
            return RenderFailed("render-failed")
        self._pace.shrink(runs[0].lane, sum(run.rows for run in runs))
        if not self._has_told_of_memory:
            self._has_told_of_memory = True
            _log.warning("out of memory with %d pictures in a call; splitting it", len(runs))
        return RenderFailed("render-out-of-memory")


def record(error: Exception) -> None:
    """Log where it happened, not what was said: a message may hold somebody's words."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s in the engine\n%s", type(error).__name__, where)


def is_out_of_memory(error: Exception) -> bool:
    """True for the CUDA allocator's and the CPU allocator's errors, and Python's own."""
    words = str(error).lower()
    is_runtime = isinstance(error, RuntimeError)
    return isinstance(error, MemoryError) or (
        is_runtime and ("out of memory" in words or "not enough memory" in words)
    )
