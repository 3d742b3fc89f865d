"""The rows behind the page of a case, read with few statements. Shows nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.cases import CaseState
from moderation.policy import Decision, Stage, Verdict
from store.tables import Brief, Case, CaseNote, Picture, Request
from store.tables import Verdict as VerdictRow

from .guests import names_of
from .people_views import Who, who
from .sealing import is_under_seal


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """A case and what belongs to it."""

    case: Case
    request: Request
    verdicts: Sequence[Verdict]  # of the case's stage, not allowing, the newest round's
    others: Sequence[Case]  # of the same request, oldest first
    brief: Mapping[str, Any] | None
    pictures: Sequence[Picture]
    notes: Sequence[CaseNote]
    person: Who
    names: Mapping[str, str]  # of everybody who did something here, by person
    is_second_look: bool
    is_sealed: bool


async def read_facts(session: AsyncSession, case: Case) -> CaseFacts:
    """Everything about a case that its page may need."""
    request = await session.get_one(Request, case.request_id)
    judged = await _judged(session, request.id)
    of_request = await _cases_of(session, request.id)
    others = [other for other in of_request if other.id != case.id]
    notes = await cases.notes_of(session, case.id)
    involved = [case.claimed_by, case.decided_by, *(other.decided_by for other in others)]
    involved += [note.moderator_id for note in notes]
    return CaseFacts(
        case=case,
        request=request,
        verdicts=_newest([row for row in judged if row.stage == case.stage], case.round),
        others=others,
        brief=None if case.stage == Stage.WISH else await _brief(session, case),
        pictures=await _pictures(session, case) if case.stage == Stage.PICTURE else (),
        notes=notes,
        person=await who(session, request.person_id, case.community_id),
        names=await names_of(session, [each for each in involved if each]),
        is_second_look=await is_second_look(session, case),
        is_sealed=is_under_seal(of_request, [row.verdict for row in judged]),
    )


async def is_second_look(session: AsyncSession, case: Case) -> bool:
    """True where somebody has said what they think and somebody else must, too."""
    return (
        case.state == CaseState.OPEN
        and case.num_eyes > 1
        and bool(await cases.opinions_of(session, case.id))
    )


async def _judged(session: AsyncSession, request_id: str) -> Sequence[VerdictRow]:
    """What filters said against a request at any stage."""
    rows = select(VerdictRow).where(
        VerdictRow.request_id == request_id, VerdictRow.decision != Decision.ALLOW
    )
    return (await session.scalars(rows.order_by(VerdictRow.decision, VerdictRow.created_at))).all()


def _newest(rows: Sequence[VerdictRow], until: int) -> list[Verdict]:
    """Those of the last round up to ``until``."""
    last = max((row.round for row in rows if row.round <= until), default=0)
    return [Verdict.from_row(row.verdict) for row in rows if row.round == last]


async def _cases_of(session: AsyncSession, request_id: str) -> Sequence[Case]:
    mine = select(Case).where(Case.request_id == request_id)
    return (await session.scalars(mine.order_by(Case.created_at, Case.id))).all()


async def _brief(session: AsyncSession, case: Case) -> Mapping[str, Any] | None:
    return await session.scalar(
        select(Brief.brief)
        .where(Brief.request_id == case.request_id, Brief.round <= case.round)
        .order_by(Brief.round.desc())
        .limit(1)
    )


async def _pictures(session: AsyncSession, case: Case) -> Sequence[Picture]:
    """Those of the newest round up to the case's."""
    last = select(func.max(Picture.round)).where(
        Picture.request_id == case.request_id, Picture.round <= case.round
    )
    rows = select(Picture).where(
        Picture.request_id == case.request_id, Picture.round == last.scalar_subquery()
    )
    return (await session.scalars(rows.order_by(Picture.index))).all()
