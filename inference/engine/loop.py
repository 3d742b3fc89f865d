"""The device thread: takes jobs in, steps the runs the scheduler picks, hands pictures out.

It knows no model: a ``Stepper`` paints. Newcomers join and the withdrawn leave between steps.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from inference.engine.pace import Pace
from inference.engine.scheduler import Scheduler
from inference.engine.stepper import Painted, PictureRun, Stepper
from inference.engine.ticket import Ticket, contact_png
from inference.jobs import MAX_SEED, Picture, RenderCancelled, RenderFailed

_log = logging.getLogger(__name__)
_RETRY_SEED_OFFSET = 1_000_003  # far from the seeds of the job's other pictures
T = TypeVar("T")


class Loop:
    """One thread, one device, one model."""

    def __init__(self, stepper: Stepper, *, max_rows: int, preview_seconds: float) -> None:
        """``preview_seconds``: the least time between two previews of a job."""
        self._stepper = stepper
        self._pace = Pace(max_rows=max_rows)
        self._scheduler: Scheduler[PictureRun] = Scheduler(
            max_rows=self._pace.max_rows, max_started=stepper.max_started
        )
        self._preview_seconds = preview_seconds
        self._inbox: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._tickets: dict[str, Ticket] = {}  # by the id of each run
        self._stop_at: float | None = None  # monotonic seconds; None: not asked to stop
        self._has_told_of_memory = False
        self._thread = threading.Thread(target=self._run, name="atelier-device", daemon=True)
        self._thread.start()

    def submit(self, ticket: Ticket) -> None:
        """Hand a job over, from any thread."""
        self._inbox.put(ticket)

    def stop(self, grace_seconds: float) -> None:
        """Finish what runs for so long, drop the rest, free the device. From any thread."""
        self._stop_at = time.monotonic() + grace_seconds
        self._inbox.put(None)

    def join(self) -> None:
        """Wait until the device is free."""
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over():
            try:
                self._take_in()
                self._let_leave()
                self._tick()
            except Exception as error:  # noqa: BLE001 - the edge: a thread that dies would strand every job
                self._record(error)
                self._fail_all(RenderFailed("render-failed"))
        self._fail_all(RenderFailed("render-stopped"))
        self._stepper.close()

    def _is_over(self) -> bool:
        if self._stop_at is None:
            return False
        is_idle = not self._tickets and self._inbox.empty()
        return is_idle or time.monotonic() >= self._stop_at

    def _take_in(self) -> None:
        """Admit what has arrived; sleep where there is nothing else to do."""
        must_wait = not self._tickets and self._stop_at is None
        while must_wait or not self._inbox.empty():
            ticket = self._inbox.get()
            must_wait = False
            if ticket is not None:
                self._admit(ticket)

    def _admit(self, ticket: Ticket) -> None:
        job = ticket.job
        try:
            plan = self._stepper.plan(job)
        except RenderFailed as error:
            return ticket.fail(error)
        except Exception as error:  # noqa: BLE001 - the edge: a job that cannot be read fails alone
            self._record(error)
            return ticket.fail(RenderFailed("render-failed"))
        for index in range(job.count):
            run = PictureRun(
                id=f"{id(ticket)}/{index}",
                owner=job.owner or job.id,
                lane=plan.lane,
                rows=plan.rows,
                steps=plan.steps,
                job=job,
                index=index,
                seed=job.seed + index,
                reference=ticket.reference,
                mask=ticket.mask,
            )
            self._queue(ticket, run)
        return None

    def _queue(self, ticket: Ticket, run: PictureRun) -> None:
        ticket.runs.append(run)
        ticket.steps += run.steps
        self._tickets[run.id] = ticket
        self._scheduler.add(run)

    def _let_leave(self) -> None:
        for ticket in set(self._tickets.values()):
            if ticket.withdrawn.is_set():
                self._fail(ticket, RenderCancelled())

    def _tick(self) -> None:
        """One step for one batch."""
        batch = self._scheduler.next_batch()
        fresh = [run for run in batch if run.step == 0]
        for run in fresh:
            if run.id in self._tickets:  # a sibling may have failed the job
                self._attempt(_one_by_one(self._stepper.start), [run])
        batch = [run for run in batch if run.id in self._tickets]
        stepped = [run for run, _ in self._attempt(self._timed_step, batch)]
        finished = self._scheduler.advance(stepped)
        for ticket in {self._tickets[run.id]: None for run in stepped}:
            self._report(ticket, sum(self._tickets[run.id] is ticket for run in stepped))
        for run, painted in self._attempt(self._stepper.finish, finished):
            if run.id in self._tickets:
                self._hand_out(run, painted)

    def _timed_step(self, runs: Sequence[PictureRun]) -> list[None]:
        for run in runs:
            self._tickets[run.id].begin()
        began = time.monotonic()
        self._stepper.step(runs)
        rows = sum(run.rows for run in runs)
        self._pace.record(runs[0].lane, rows, time.monotonic() - began)
        return [None] * len(runs)

    def _attempt(
        self, call: Callable[[Sequence[PictureRun]], list[T]], runs: Sequence[PictureRun]
    ) -> list[tuple[PictureRun, T]]:
        """Call for all runs at once; where that fails, for halves, down to the one at fault.

        A failed call has changed nothing yet, so that it may be made again for fewer runs.
        """
        if not runs:
            return []
        try:
            return list(zip(runs, call(runs), strict=True))
        except RenderFailed as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - the edge: whatever a model throws is recorded here
            failure = self._failure(error, runs)
        if len(runs) == 1:
            self._fail(self._tickets[runs[0].id], failure)
            return []
        middle = len(runs) // 2
        first = self._attempt(call, runs[:middle])
        rest = [run for run in runs[middle:] if run.id in self._tickets]
        return [*first, *self._attempt(call, rest)]

    def _failure(self, error: Exception, runs: Sequence[PictureRun]) -> RenderFailed:
        """What the person is told; running out of memory makes later calls smaller."""
        if not _is_out_of_memory(error):
            self._record(error)
            return RenderFailed("render-failed")
        self._pace.shrink(runs[0].lane, sum(run.rows for run in runs))
        if not self._has_told_of_memory:
            self._has_told_of_memory = True
            _log.warning("out of memory with %d pictures in a call; splitting it", len(runs))
        return RenderFailed("render-out-of-memory")

    def _report(self, ticket: Ticket, num_steps: int) -> None:
        """Count the steps, draw a preview where one is due, tell the listener."""
        ticket.count_steps(num_steps)
        if ticket.listener is None:
            return
        preview = None
        if ticket.is_preview_due(self._preview_seconds):
            under_way = [run for run in ticket.runs if run.step > 0 and run.id in self._tickets]
            guesses = self._stepper.preview(under_way)
            preview = contact_png(guesses) if guesses else None
        try:
            ticket.listener(ticket.progress(preview))
        except Exception as error:  # noqa: BLE001 - the edge: a listener's fault must not stop the others
            self._record(error)
            ticket.listener = None

    def _hand_out(self, run: PictureRun, painted: Painted) -> None:
        """Keep the picture, or try once more with another seed where it is broken."""
        ticket = self._forget(run)
        if painted.image is None:
            self._retry(ticket, run)
            return
        ticket.pictures[run.index] = Picture(
            index=run.index, seed=run.seed, image=painted.image, how=painted.how
        )
        if len(ticket.pictures) == ticket.job.count:
            ticket.deliver()

    def _retry(self, ticket: Ticket, run: PictureRun) -> None:
        if run.is_retry:
            return self._fail(ticket, RenderFailed("render-broken-picture"))
        seed = (run.seed + _RETRY_SEED_OFFSET) % MAX_SEED
        again = replace(
            run, id=f"{run.id}+", seed=seed, step=0, is_retry=True, state=None
        )  # fmt: skip
        return self._queue(ticket, again)

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        for run in ticket.runs:
            if run.id in self._tickets:
                self._scheduler.remove(run)
                self._forget(run)
        ticket.fail(error)

    def _forget(self, run: PictureRun) -> Ticket:
        self._stepper.drop(run)
        return self._tickets.pop(run.id)

    def _fail_all(self, error: Exception) -> None:
        while not self._inbox.empty():
            ticket = self._inbox.get()
            if ticket is not None:
                ticket.fail(error)
        for ticket in set(self._tickets.values()):
            self._fail(ticket, error)

    def _record(self, error: Exception) -> None:
        """Log where it happened, not what was said: a message may hold somebody's words."""
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s in the engine\n%s", type(error).__name__, where)


def _one_by_one(
    call: Callable[[PictureRun], None],
) -> Callable[[Sequence[PictureRun]], list[None]]:
    """The same call for a list of runs."""

    def for_each(runs: Sequence[PictureRun]) -> list[None]:
        for run in runs:
            call(run)
        return [None] * len(runs)

    return for_each


def _is_out_of_memory(error: Exception) -> bool:
    """True for the CUDA allocator's and the CPU allocator's errors, and Python's own."""
    words = str(error).lower()
    is_runtime = isinstance(error, RuntimeError)
    return isinstance(error, MemoryError) or (
        is_runtime and ("out of memory" in words or "not enough memory" in words)
    )
