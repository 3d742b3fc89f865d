"""How far a request is: written by the render role, read by the chat role."""

from __future__ import annotations

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import Progress
from store.sessions import Database, insert_once
from store.tables import JobProgress, Request, RequestState, now

from .asks import Standing


class UnknownRequest(LookupError):
    """There is no such request."""


async def keep_progress(
    db: Database, request_id: str, progress: Progress, preview_sha256: str | None
) -> None:
    """Write the newest progress of a render over the one before."""
    known = {
        "step": progress.step,
        "steps": progress.steps,
        "seconds_left": progress.seconds_left,
        "preview_sha256": preview_sha256,
        "updated_at": now(),
    }
    row = update(JobProgress).where(JobProgress.request_id == request_id).values(**known)
    async with db.session() as session:
        if not (await session.execute(row.returning(JobProgress.request_id))).first():
            await insert_once(session, JobProgress, request_id=request_id, **known)


async def read_standing(session: AsyncSession, request_id: str) -> Standing:
    """Where a request stands; raises ``UnknownRequest``."""
    request = await session.get(Request, request_id)
    if request is None:
        raise UnknownRequest(request_id)
    progress = await session.get(JobProgress, request_id)
    is_waiting = request.state == RequestState.PAINTING and progress is None
    return Standing(
        request_id=request.id,
        state=RequestState(request.state),
        round=request.round,
        ahead=await _num_ahead(session, request) if is_waiting else None,
        step=progress.step if progress else 0,
        steps=progress.steps if progress else 0,
        seconds_left=progress.seconds_left if progress else None,
        preview_sha256=progress.preview_sha256 if progress else None,
        problem=request.problem,
        updated_at=request.updated_at,
    )


async def _num_ahead(session: AsyncSession, request: Request) -> int:
    """Requests that wait for a renderer in front of this one, in the order of the queue."""
    in_front = or_(
        Request.turn < request.turn, (Request.turn == request.turn) & (Request.id < request.id)
    )
    waiting = (
        select(func.count())
        .select_from(Request)
        .outerjoin(JobProgress, JobProgress.request_id == Request.id)
        .where(Request.state == RequestState.PAINTING, in_front, JobProgress.request_id.is_(None))
    )
    return await session.scalar(waiting) or 0
