"""The asynchronous front of the engine: jobs in, pictures out. Knows no torch and no model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from inference.engine.loop import Loop
from inference.engine.stepper import Stepper
from inference.engine.ticket import Ticket
from inference.jobs import Picture, ProgressListener, RenderFailed, RenderJob

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_ROWS = 16  # per call of the network, until measured pace or memory says less
PREVIEW_SECONDS = 1.0
GRACE_SECONDS = 10.0


class StepEngine:
    """An ``Engine`` whose requests share every call of the network, step by step."""

    def __init__(
        self,
        stepper: Stepper,
        *,
        max_rows: int = MAX_ROWS,
        preview_seconds: float = PREVIEW_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """``grace_seconds``: how long ``close`` lets running jobs finish."""
        self._loop = Loop(stepper, max_rows=max_rows, preview_seconds=preview_seconds)
        self._grace_seconds = grace_seconds
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
        """Render ``job``; raises ``RenderCancelled``, ``RenderFailed``.

        Giving up the wait (cancelling this coroutine) withdraws the job.
        """
        if self._is_closed:
            raise RenderFailed("render-stopped")
        if job.reference is not None and reference is None:
            raise RenderFailed("render-reference-missing")
        if job.reference is not None and job.reference.mask and mask is None:
            raise RenderFailed("render-mask-missing")
        ticket = Ticket(job=job, reference=reference, mask=mask, listener=on_progress)
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

    async def close(self) -> None:
        """Let running jobs finish for a while, drop the rest, free the device."""
        self._is_closed = True
        self._loop.stop(self._grace_seconds)
        await asyncio.to_thread(self._loop.join)
