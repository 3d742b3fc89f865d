"""The device thread: takes jobs in, steps the runs the scheduler picks, hands pictures out.

It knows no model: a ``Stepper`` paints. Newcomers join and the withdrawn leave between steps.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from inference.engine.clocks import clock_of
from inference.engine.failures import Care, record
from inference.engine.memory import room_on
from inference.engine.pace import Pace
from inference.engine.places import Places
from inference.engine.reports import Reports
from inference.engine.scheduler import Scheduler
from inference.engine.serving import Serving
from inference.engine.stepper import Painted, PictureRun, Stepper
from inference.engine.ticket import Ticket
from inference.jobs import (
    MAX_SEED,
    Picture,
    RenderCancelled,
    RenderFailed,
    RenderJob,
    RenderStopped,
)

_RETRY_SEED_OFFSET = 1_000_003  # far from the seeds of the job's other pictures
_MAX_PRACTICE_SECONDS = 3.0  # a slower model learns its pace from real jobs


class Loop:
    """One thread, one device, one model."""

    def __init__(
        self,
        stepper: Stepper,
        serving: Serving,
        *,
        practice: Iterable[RenderJob] = (),
        turns: type[Scheduler[PictureRun]] = Scheduler,
    ) -> None:
        """``practice``: jobs for nobody, painted while there is nothing else to do."""
        self._stepper = stepper
        self._serving = serving
        self._clock = clock_of(stepper.device)
        self._practice = deque(practice)
        self._pace = Pace(serving.limits)
        room = room_on(stepper.device, serving.room)
        room = replace(room, num_runs=min(room.num_runs, stepper.max_started))
        self._scheduler = turns(max_rows=self._pace.max_rows, room=room)
        self._care = Care(self._pace, self._fail_run, self._is_here, splits=serving.splits_calls)
        self._reports = Reports(
            stepper.preview,
            interval_seconds=serving.preview_seconds,
            has_thread=stepper.device != "cpu",
        )
        self._inbox: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._tickets: dict[str, Ticket] = {}  # by the id of each run
        self._places = Places(self._scheduler.starts, self._reports.tell)
        self._stop_at: float | None = None  # monotonic seconds; None: not asked to stop
        self._is_draining = False
        self._has_ended = threading.Event()  # nothing is taken in any more
        self._thread = threading.Thread(target=self._run, name="atelier-device", daemon=True)
        self._thread.start()

    def submit(self, ticket: Ticket) -> None:
        """Hand a job over, from any thread."""
        self._inbox.put(ticket)
        if self._has_ended.is_set():  # or it would wait for good, where others close the engine
            self._refuse(RenderStopped())

    def stop(self, grace_seconds: float) -> None:
        """Finish what has begun and can be over by then, hand back the rest, free the device."""
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
                self._places.tell(self._tickets)
            except Exception as error:  # noqa: BLE001 - the edge: a thread that dies would strand every job
                record(error)
                self._fail_all(RenderFailed("render-failed"))
        self._has_ended.set()
        self._fail_all(RenderStopped())
        self._reports.close()
        self._stepper.close()

    def _is_over(self) -> bool:
        if self._stop_at is None:
            return False
        is_idle = not self._tickets and self._inbox.empty()
        return is_idle or time.monotonic() >= self._stop_at

    def _take_in(self) -> None:
        """Admit what has arrived; sleep where there is nothing else to do."""
        if not self._tickets and self._stop_at is None:
            self._admit(self._sleep())
        while not self._inbox.empty():
            self._admit(self._inbox.get())
        if self._stop_at is not None and not self._is_draining:
            self._drain(self._stop_at)

    def _sleep(self) -> Ticket | None:
        """Wait for a job; after some quiet, one for practice."""
        try:
            return self._inbox.get(timeout=self._serving.idle_seconds if self._practice else None)
        except queue.Empty:
            job = self._practice.popleft()
            return Ticket(job=job, reference=None, listener=lambda _: None, is_warm_up=True)

    def _admit(self, ticket: Ticket | None) -> None:
        if ticket is None:
            return None
        job = ticket.job
        try:
            plan = self._stepper.plan(job)
        except RenderFailed as error:
            return ticket.fail(error)
        except Exception as error:  # noqa: BLE001 - the edge: a job that cannot be read fails alone
            record(error)
            return ticket.fail(RenderFailed("render-failed"))
        for other in set(self._tickets.values()):
            if other.is_warm_up:
                other.withdrawn.set()
        for index in range(job.count):
            run = PictureRun(
                id=f"{id(ticket)}/{index}",
                owner=job.owner or job.id,
                lane=plan.lane,
                rows=plan.rows,
                steps=plan.steps,
                held_bytes=plan.held_bytes,
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

    def _drain(self, stop_at: float) -> None:
        """Hand back at once what has not begun whole or will not be over in time."""
        self._is_draining = True
        unbegun = {self._tickets[run.id] for run in self._scheduler.drain()}
        for ticket in set(self._tickets.values()):
            left = ticket.seconds_left
            if ticket in unbegun or left is None or time.monotonic() + left > stop_at:
                self._fail(ticket, RenderStopped())

    def _tick(self) -> None:
        """One step for one batch."""
        batch = self._scheduler.next_batch()
        for run in batch:
            if run.step == 0:
                self._care.attempt(self._start, [run])
        stepped = [run for run, _ in self._care.attempt(self._step, batch) if self._is_here(run)]
        for lane, rows, seconds in self._clock.measured():
            self._pace.record(lane, rows, seconds)
        finished = self._scheduler.advance(stepped)
        for run in stepped:
            self._tickets[run.id].steps_done += 1
        for ticket in {self._tickets[run.id]: None for run in stepped}:
            self._reports.tell(ticket)
        for run, painted in self._care.attempt(self._stepper.finish, finished):
            if self._is_here(run):
                self._hand_out(run, painted)

    def _start(self, runs: Sequence[PictureRun]) -> list[None]:
        for run in runs:
            self._stepper.start(run)
        return [None] * len(runs)

    def _step(self, runs: Sequence[PictureRun]) -> list[None]:
        for run in runs:
            self._tickets[run.id].begin()
        rows = sum(run.rows for run in runs)
        self._clock.time(runs[0].lane, rows, lambda: self._stepper.step(runs))
        return [None] * len(runs)

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
            if ticket.is_warm_up and ticket.seconds_taken > _MAX_PRACTICE_SECONDS:
                self._practice.clear()

    def _retry(self, ticket: Ticket, run: PictureRun) -> None:
        if run.is_retry or not self._serving.retries_broken:
            return self._fail(ticket, RenderFailed("render-broken-picture"))
        seed = (run.seed + _RETRY_SEED_OFFSET) % MAX_SEED
        again = replace(
            run, id=f"{run.id}+", seed=seed, step=0, is_retry=True, state=None
        )  # fmt: skip
        return self._queue(ticket, again)

    def _is_here(self, run: PictureRun) -> bool:
        """False once its job has been answered: a sibling may have failed it."""
        return run.id in self._tickets

    def _fail_run(self, run: PictureRun, error: RenderFailed) -> None:
        if self._is_here(run):
            self._fail(self._tickets[run.id], error)

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        for run in ticket.runs:
            if self._is_here(run):
                self._scheduler.remove(run)
                self._forget(run)
        ticket.fail(error)

    def _forget(self, run: PictureRun) -> Ticket:
        self._stepper.drop(run)
        return self._tickets.pop(run.id)

    def _refuse(self, error: Exception) -> None:
        """Answer whatever has arrived and was not taken in."""
        with suppress(queue.Empty):
            while True:
                ticket = self._inbox.get_nowait()
                if ticket is not None:
                    ticket.fail(error)

    def _fail_all(self, error: Exception) -> None:
        self._refuse(error)
        for ticket in set(self._tickets.values()):
            self._fail(ticket, error)
