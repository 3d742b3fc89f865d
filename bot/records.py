"""The rows that the path of a request reads and writes, one function per fact.

Every write may be repeated: what is already there stays as it is. It decides nothing; the steps
in ``bot.fulfil`` do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from inference.expansion.brief import Brief
from inference.jobs import RenderJob
from moderation.policy import Stage as JudgedStage
from moderation.policy import Verdict
from store.sessions import insert_once
from store.tables import FINAL_STATES, Picture, Rendition, Request, RequestState, new_id, now
from store.tables import Brief as BriefRow
from store.tables import Verdict as VerdictRow

from .stages import Ref

TURN_EPOCH_SECONDS = 1_767_225_600  # 2026-01-01; turns are seconds since then
SECONDS_BETWEEN_TURNS = 300  # a person's next request stands this far behind their last


class Superseded(Exception):
    """The request has gone on without this stage: withdrawn, or done by another execution."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Where a stage leaves its request, and what the person must be told about it."""

    state: RequestState
    problem: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Painted:
    """A picture that is made and kept: its bytes are in the blob store."""

    index: int
    seed: int
    width: int
    height: int
    sha256: str
    how: Mapping[str, Any] = field(default_factory=dict)


async def read_request(session: AsyncSession, ref: Ref, states: Sequence[RequestState]) -> Request:
    """The request, if this stage is still to be done; raises ``Superseded``."""
    request = await session.get(Request, ref.request_id)
    if request is None or request.round != ref.round or request.state not in states:
        raise Superseded(ref.workflow_id)
    return request


async def move(
    session: AsyncSession,
    ref: Ref,
    states: Sequence[RequestState],
    outcome: Outcome,
    *,
    rounds: int = 0,
    **changes: Any,
) -> int:
    """The one guarded UPDATE by which a request changes its state; returns its turn.

    ``rounds``: 1 where an answer or a decision begins a new round. Raises ``Superseded`` where
    the request is no longer in one of ``states`` at this round.
    """
    moved = (
        update(Request)
        .where(Request.id == ref.request_id, Request.round == ref.round, Request.state.in_(states))
        .values(
            state=outcome.state,
            round=Request.round + rounds,
            problem=dict(outcome.problem) if outcome.problem else None,
            updated_at=now(),
            finished_at=now() if outcome.state in FINAL_STATES else None,
            **changes,
        )
        .returning(Request.turn)
        .execution_options(synchronize_session=False)
    )
    if outcome.state == RequestState.PAINTING:
        moved = moved.values(turn=_next_turn(ref.request_id))
    turn = await session.scalar(moved)
    if turn is None:
        raise Superseded(ref.workflow_id)
    return int(turn)


def _next_turn(request_id: str) -> ColumnElement[int]:
    """Fair shares: the present, or so far behind the same person's last in the queue.

    A burst of one person spreads out over time, everyone else slips in between, and nobody
    starves, because whoever comes later than a turn stands behind it.
    """
    present = int(now().timestamp()) - TURN_EPOCH_SECONDS
    own = select(Request.person_id).where(Request.id == request_id).scalar_subquery()
    behind = (
        select(func.coalesce(func.max(Request.turn), 0) + SECONDS_BETWEEN_TURNS)
        .where(
            Request.person_id == own,
            Request.state == RequestState.PAINTING,
            Request.id != request_id,
        )
        .correlate(None)
        .scalar_subquery()
    )
    return case((behind > present, behind), else_=present)


async def keep_verdict(
    session: AsyncSession,
    request_id: str,
    round_: int,
    stage: JudgedStage,
    verdict: Verdict,
    subject: str = "",
) -> None:
    """Write what was said at one stage of a round, unless something was said there before."""
    await insert_once(
        session,
        VerdictRow,
        request_id=request_id,
        round=round_,
        stage=stage,
        subject=subject,
        decision=verdict.decision,
        verdict=verdict.to_row(),
        policy=verdict.policy,
    )


async def read_brief(
    session: AsyncSession, request_id: str, round_: int
) -> tuple[Brief, RenderJob | None, int] | None:
    """The brief of that round, or of the last one before it that has one, and its round."""
    row = await session.scalar(
        select(BriefRow)
        .where(BriefRow.request_id == request_id, BriefRow.round <= round_)
        .order_by(BriefRow.round.desc())
        .limit(1)
    )
    if row is None:
        return None
    job = RenderJob.from_row(row.job) if row.job else None
    return Brief.model_validate(row.brief), job, row.round


async def keep_brief(
    session: AsyncSession, request_id: str, round_: int, brief: Brief, job: RenderJob
) -> None:
    """Write the brief of a round and its numbers, unless they are there."""
    await insert_once(
        session,
        BriefRow,
        request_id=request_id,
        round=round_,
        brief=brief.model_dump(mode="json"),
        job=job.to_row(),
    )


async def read_pictures(session: AsyncSession, request_id: str, round_: int) -> list[Picture]:
    """The pictures of that round, or of the last one before it that has any, in order."""
    latest = (
        select(func.max(Picture.round))
        .where(Picture.request_id == request_id, Picture.round <= round_)
        .scalar_subquery()
    )
    found = await session.scalars(
        select(Picture)
        .where(Picture.request_id == request_id, Picture.round == latest)
        .order_by(Picture.index)
    )
    return list(found.all())


async def keep_picture(
    session: AsyncSession, request: Request, painted: Painted, *, release: str
) -> str | None:
    """Insert a picture and its master rendition; its id, or None where it was there already."""
    picture_id = new_id()
    is_new = await insert_once(
        session,
        Picture,
        id=picture_id,
        request_id=request.id,
        person_id=request.person_id,
        round=request.round,
        index=painted.index,
        seed=painted.seed,
        width=painted.width,
        height=painted.height,
        sha256=painted.sha256,
        how=dict(painted.how),
        release=release,
    )
    if not is_new:
        return None
    await insert_once(
        session,
        Rendition,
        picture_id=picture_id,
        purpose="master",
        sha256=painted.sha256,
        width=painted.width,
        height=painted.height,
    )
    return picture_id
