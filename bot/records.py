"""The rows that the path of a request reads and writes, one function per fact.

Every write may be repeated: what is already there stays as it is. It decides nothing; the steps
in ``bot.fulfil`` do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningUpdate

from inference.expansion.brief import Brief
from inference.jobs import RenderJob
from moderation.cases import is_paused
from moderation.policy import Stage as JudgedStage
from moderation.policy import Verdict
from store.sessions import insert_new, insert_once
from store.tables import (
    FINAL_STATES,
    Community,
    Picture,
    Rendition,
    Request,
    RequestState,
    new_id,
    now,
)
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
    pdq: str = ""  # see ``moderation.pictures.fingerprints``; empty: too plain
    how: Mapping[str, Any] = field(default_factory=dict)


class KeptBrief(NamedTuple):
    """A brief, the job it became, and the round it was made for."""

    brief: Brief
    job: RenderJob | None
    round: int


class Found(NamedTuple):
    """A request as a stage finds it."""

    request: Request
    brief: KeptBrief | None
    place: str  # where it was asked, as operators name it: "discord-1234"
    is_paused: bool  # nothing is made there now


async def read_request(session: AsyncSession, ref: Ref, states: Sequence[RequestState]) -> Found:
    """The request, if this stage is still to be done; raises ``Superseded``."""
    found = await session.execute(_REQUEST_AND_BRIEF, {"this_id": ref.request_id})
    request, brief, is_paused_now, *place = found.one_or_none() or (None, None, False)
    if request is None or request.round != ref.round or request.state not in states:
        raise Superseded(ref.workflow_id)
    return Found(
        request=request, brief=_kept(brief), place="-".join(place), is_paused=is_paused_now
    )


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
    at = now()
    facts: dict[str, Any] = {
        "this_id": ref.request_id,
        "this_round": ref.round,
        "from_states": list(states),
        "state": outcome.state,
        "round": ref.round + rounds,
        "problem": dict(outcome.problem) if outcome.problem else None,
        "updated_at": at,
        "finished_at": at if outcome.state in FINAL_STATES else None,
        **changes,
    }
    if outcome.state == RequestState.PAINTING:
        facts |= {"present": int(at.timestamp()) - TURN_EPOCH_SECONDS}
    moved = _move(frozenset(changes), "present" in facts)
    turn = await session.scalar(moved, facts)
    if turn is None:
        raise Superseded(ref.workflow_id)
    return int(turn)


@cache
def _move(changes: frozenset[str], is_queueing: bool) -> ReturningUpdate[Any]:
    columns = Request.__table__.c
    is_here = and_(columns.id == bindparam("this_id"), columns.round == bindparam("this_round"))
    changed = {"state", "round", "problem", "updated_at", "finished_at"} | changes
    values: dict[str, Any] = {name: bindparam(name) for name in changed}
    if is_queueing:
        values["turn"] = _next_turn()
    return (
        update(cast("Table", Request.__table__))
        .where(is_here, columns.state.in_(bindparam("from_states", expanding=True)))
        .values(values)
        .returning(columns.turn)
    )


def _next_turn() -> ColumnElement[int]:
    """Fair shares: the present, or so far behind the same person's last in the queue.

    A burst of one person spreads out over time, everyone else slips in between, and nobody
    starves, because whoever comes later than a turn stands behind it.
    """
    this, present = bindparam("this_id", type_=String), bindparam("present", type_=Integer)
    own = select(Request.person_id).where(Request.id == this).scalar_subquery()
    behind = (
        select(func.coalesce(func.max(Request.turn), 0) + SECONDS_BETWEEN_TURNS)
        .where(
            Request.person_id == own,
            Request.state == RequestState.PAINTING,
            Request.id != this,
        )
        .correlate(None)
        .scalar_subquery()
    )
    return case((behind > present, behind), else_=present)


async def keep_verdict(
    session: AsyncSession, request_id: str, round_: int, stage: JudgedStage, verdict: Verdict
) -> None:
    """Write what was said at one stage of a round, unless something was said there before."""
    await keep_verdicts(session, request_id, round_, stage, {"": verdict})


async def keep_verdicts(
    session: AsyncSession,
    request_id: str,
    round_: int,
    stage: JudgedStage,
    verdicts: Mapping[str, Verdict],
) -> None:
    """The same for several subjects, which are the keys; ``""`` is the stage itself."""
    about = {"request_id": request_id, "round": round_, "stage": stage}
    rows = [
        {
            **about,
            "subject": subject,
            "decision": verdict.decision,
            "verdict": verdict.to_row(),
            "policy": verdict.policy,
        }
        for subject, verdict in verdicts.items()
    ]
    await insert_new(session, VerdictRow, rows)


async def read_brief(session: AsyncSession, request_id: str, round_: int) -> KeptBrief | None:
    """The brief of that round, or of the last one before it that has one."""
    row = await session.scalar(
        select(BriefRow)
        .where(BriefRow.request_id == request_id, BriefRow.round <= round_)
        .order_by(BriefRow.round.desc())
        .limit(1)
    )
    return _kept(row)


def _kept(row: BriefRow | None) -> KeptBrief | None:
    if row is None:
        return None
    job = RenderJob.from_row(row.job) if row.job else None
    return KeptBrief(brief=Brief.model_validate(row.brief), job=job, round=row.round)


async def keep_brief(
    session: AsyncSession, request_id: str, round_: int, brief: Brief, job: RenderJob | None
) -> None:
    """Write the brief of a round and its numbers, if it has any, unless they are there."""
    await insert_once(
        session,
        BriefRow,
        request_id=request_id,
        round=round_,
        brief=brief.model_dump(mode="json"),
        job=job.to_row() if job else None,
    )


async def read_pictures(session: AsyncSession, request_id: str, round_: int) -> list[Picture]:
    """The pictures of that round, or of the last one before it that has any, in order."""
    where = {"this_id": request_id, "this_round": round_}
    return list((await session.scalars(_NEWEST_PICTURES, where)).all())


async def keep_pictures(
    session: AsyncSession, request: Request, painted: Sequence[Painted], *, release: str
) -> list[str]:
    """Insert pictures with their master renditions; their ids, or none where another execution
    of the stage has inserted its own."""
    rows = [
        {
            "id": new_id(),
            "request_id": request.id,
            "person_id": request.person_id,
            "round": request.round,
            "release": release,
            **vars(each),
        }
        for each in painted
    ]
    if not await insert_new(session, Picture, rows):
        return []
    masters = [
        {"picture_id": row["id"], "purpose": "master"}
        | {name: row[name] for name in ("sha256", "width", "height")}
        for row in rows
    ]
    await insert_new(session, Rendition, masters)
    return [row["id"] for row in rows]


# Statements that every request needs are built once: that costs more than executing them.

_REQUEST_AND_BRIEF = (
    select(
        Request,
        BriefRow,
        is_paused(Request.community_id),
        Community.platform,
        Community.external_id,
    )
    .join(Community, Community.id == Request.community_id)
    .outerjoin(BriefRow, and_(BriefRow.request_id == Request.id, BriefRow.round <= Request.round))
    .where(Request.id == bindparam("this_id"))
    .order_by(BriefRow.round.desc())
    .limit(1)
)
_NEWEST_PICTURES = (
    select(Picture)
    .where(
        Picture.request_id == bindparam("this_id"),
        Picture.round
        == select(func.max(Picture.round))
        .where(Picture.request_id == bindparam("this_id"), Picture.round <= bindparam("this_round"))
        .correlate(None)
        .scalar_subquery(),
    )
    .order_by(Picture.index)
)
