"""The asynchronous front of the engine: jobs in, pictures out. Knows no torch and no model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from inference.engine.loop import Loop
from inference.engine.repeats import Repeats
from inference.engine.scheduler import Scheduler
from inference.engine.serving import Serving
from inference.engine.stepper import PictureRun, Stepper
from inference.engine.ticket import Ticket
from inference.jobs import Picture, ProgressListener, RenderFailed, RenderJob, RenderStopped

if TYPE_CHECKING:
    from PIL.Image import Image


class StepEngine:
    """An ``Engine`` whose requests share every call of the network, step by step."""

    def __init__(
        self,
        stepper: Stepper,
        serving: Serving | None = None,
        *,
        practice: Iterable[RenderJob] = (),
        turns: type[Scheduler[PictureRun]] = Scheduler,
        identity: Callable[[RenderJob], str] = lambda _job: "",
    ) -> None:
        """``practice``: jobs to warm up with; ``turns``: who goes when; ``identity``: of the
        weights that paint a job.
        """
        self._serving = serving or Serving()
        may_practise = practice if self._serving.is_warmed_up else ()
        self._loop = Loop(stepper, self._serving, practice=may_practise, turns=turns)
        self._repeats = Repeats(self._serving.repeat_bytes)
        self._identity = identity
        self._tickets: set[Ticket] = set()
        self._is_closed = False

    async def render(
        self,
        job: RenderJob,
        *,
        reference: Image | None = None,
        mask: Image | None = None,
        on_progress: ProgressListener | None = None,
    ) -> list[Picture]:
        """Render ``job``; raises ``RenderCancelled``, ``RenderFailed``, ``RenderStopped``.

        Giving up the wait (cancelling this coroutine) withdraws the job.
        """
        if self._is_closed:
            raise RenderStopped
        if job.reference is not None and reference is None:
            raise RenderFailed("render-reference-missing")
        if job.reference is not None and job.reference.mask and mask is None:
            raise RenderFailed("render-mask-missing")
        identity = self._identity(job)
        known = self._repeats.find(identity, job)
        if known is not None:
            return known
        ticket = Ticket(job=job, reference=reference, mask=mask, listener=on_progress)
        pictures = await self._painted(ticket)
        self._repeats.keep(identity, job, pictures)
        return pictures

    async def _painted(self, ticket: Ticket) -> list[Picture]:
        self._tickets.add(ticket)
        self._loop.submit(ticket)
        try:
            return await asyncio.wrap_future(ticket.result)
        finally:
            ticket.withdrawn.set()
            self._tickets.discard(ticket)

    def cancel(self, job_id: str) -> None:
        """Stop that job within a step; unknown ids are ignored."""
        for ticket in list(self._tickets):
            if ticket.job.id == job_id:
                ticket.withdrawn.set()

    def forget(self) -> None:
        """Drop every picture that is kept for repeats."""
        self._repeats.forget()

    async def close(self) -> None:
        """Let what runs finish for a while, hand back the rest, free the device."""
        self._is_closed = True
        self._loop.stop(self._serving.grace_seconds)
        await asyncio.to_thread(self._loop.join)
