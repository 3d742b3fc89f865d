"""How far a request is: written by the render role, read by the chat role.

A request that is to be painted waits first in the durable queue, in the order of its turn, then
in the engine, which says how many begin before it, and then it is being painted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

from sqlalchemy import and_, bindparam, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import Progress
from store.sessions import Database
from store.tables import Brief, JobProgress, Picture, Request, RequestState, now

from .asks import Standing

NUM_MEASURED = 24  # requests whose finish tells how fast we are


class UnknownRequest(LookupError):
    """There is no such request."""


def before_any_step(state: str) -> str:
    """What is said of a request that is in no line and has taken no step yet."""
    if state == RequestState.PAINTING:
        return "progress-begun"
    return "progress-presenting" if state == RequestState.PRESENTING else "progress-preparing"


async def keep_progress(db: Database, news: Mapping[str, tuple[Progress, str | None]]) -> None:
    """Write the newest progress of renders, and their previews, over what was there before."""
    at = now()
    rows = [
        {
            "request_id": request_id,
            "step": progress.step,
            "steps": progress.steps,
            "ahead": progress.ahead,
            "seconds_left": progress.seconds_left,
            "preview_sha256": preview_sha256,
            "updated_at": at,
        }
        for request_id, (progress, preview_sha256) in news.items()
    ]
    if rows:
        async with db.session() as session:
            await session.execute(_keep(session.get_bind().dialect.name), rows)


@cache
def _keep(dialect: str) -> PostgresInsert | SqliteInsert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = insert(JobProgress.__table__)  # type: ignore[arg-type]
    newest = {column.name: column for column in row.excluded if column.name != "request_id"}
    return row.on_conflict_do_update(index_elements=["request_id"], set_=newest)


async def forget_progress(session: AsyncSession, request_id: str) -> int:
    """A render is to be begun anew; returns the request's turn."""
    await session.execute(delete(JobProgress).where(JobProgress.request_id == request_id))
    return await session.scalar(select(Request.turn).where(Request.id == request_id)) or 0


async def read_standing(session: AsyncSession, request_id: str) -> Standing:
    """Where a request stands; raises ``UnknownRequest``."""
    found = await session.execute(_REQUEST, {"this_id": request_id})
    request, progress = found.one_or_none() or (None, None)
    if request is None:
        raise UnknownRequest(request_id)
    ahead = progress.ahead if progress else None
    seconds_left = progress.seconds_left if progress else None
    if request.state == RequestState.PAINTING and (progress is None or ahead is not None):
        ahead, num_begun = await _num_ahead(session, request, ahead)
        if seconds_each := await seconds_each_takes(session):
            seconds_left = seconds_each * (num_begun + ahead + 1)
    return Standing(
        request_id=request.id,
        state=RequestState(request.state),
        round=request.round,
        ahead=ahead,
        step=progress.step if progress else 0,
        steps=progress.steps if progress else 0,
        seconds_left=seconds_left,
        preview_sha256=progress.preview_sha256 if progress else None,
        problem=request.problem,
        updated_at=request.updated_at,
    )


async def _num_ahead(
    session: AsyncSession, request: Request, in_engine: int | None
) -> tuple[int, int]:
    """How many requests are begun before this one, and how many are begun already.

    ``in_engine``: what the engine says of one that has reached it.
    """
    at = {"turn": request.turn, "this_id": request.id}
    num_in_front, num_in_engine, num_begun = (await session.execute(_AHEAD, at)).one()
    return num_in_front + num_in_engine if in_engine is None else in_engine, num_begun


async def seconds_each_takes(session: AsyncSession) -> float | None:
    """Seconds from one finished request to the next, lately, while the next was waiting already.

    Counts every renderer there is, whatever they paint; None where nobody had to wait.
    """
    found = await session.execute(_FINISHED, {"most": NUM_MEASURED})
    rows = sorted(found, key=lambda row: row.finished_at)
    gaps: list[dt.timedelta] = [
        later.finished_at - before.finished_at
        for before, later in zip(rows, rows[1:], strict=False)
        if later.queued_at <= before.finished_at
    ]
    return sum(gaps, dt.timedelta()).total_seconds() / len(gaps) if gaps else None


_REQUEST = (
    select(Request, JobProgress)
    .outerjoin(JobProgress, JobProgress.request_id == Request.id)
    .where(Request.id == bindparam("this_id"))
)
_is_unclaimed = JobProgress.request_id.is_(None)
_is_in_engine = JobProgress.ahead.is_not(None)
_is_in_front = or_(
    Request.turn < bindparam("turn"),
    and_(Request.turn == bindparam("turn"), Request.id < bindparam("this_id")),
)
_AHEAD = (
    select(
        func.count().filter(and_(_is_unclaimed, _is_in_front)),
        func.count().filter(_is_in_engine),
        func.count().filter(and_(~_is_unclaimed, ~_is_in_engine)),
    )
    .select_from(Request)
    .outerjoin(JobProgress, JobProgress.request_id == Request.id)
    .where(Request.state == RequestState.PAINTING)
)
# A picture's first sibling stands for its request; a brief is written as its request is queued.
_FINISHED = (
    select(Picture.created_at.label("finished_at"), Brief.created_at.label("queued_at"))
    .join(Brief, and_(Brief.request_id == Picture.request_id, Brief.round == Picture.round))
    .where(Picture.index == 0)
    .order_by(Picture.id.desc())
    .limit(bindparam("most"))
)
