"""How a case begins, and how it ends where nobody has to decide it any more."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.errors import CaseError
from store.sessions import insert_once
from store.tables import Case

from .guards import NO_LEASE
from .states import CaseKind, CaseState, num_eyes


async def open_case(
    session: AsyncSession,
    *,
    request_id: str,
    community_id: str,
    round: int,
    stage: str,
    category: str,
    kind: str = CaseKind.REVIEW,
) -> Case:
    """Open a case, or return the one there is for the same request, round, stage and kind."""
    key = {"request_id": request_id, "round": round, "stage": stage, "kind": CaseKind(kind).value}
    await insert_once(
        session,
        Case,
        community_id=community_id,
        category=category,
        num_eyes=num_eyes(category),
        **key,
    )
    return (await session.scalars(select(Case).filter_by(**key))).one()


async def appeal(
    session: AsyncSession,
    *,
    request_id: str,
    community_id: str,
    round: int,
    stage: str,
    category: str,
) -> Case:
    """Open the appeal against a refusal, once; raises ``CaseError`` where it was decided."""
    case = await open_case(
        session,
        request_id=request_id,
        community_id=community_id,
        round=round,
        stage=stage,
        category=category,
        kind=CaseKind.APPEAL,
    )
    if case.state != CaseState.OPEN:
        raise CaseError("case-error-appeal-decided")
    return case


async def close_moot(session: AsyncSession, request_id: str, *kinds: CaseKind) -> int:
    """Close open cases of a request that was withdrawn or taken down; returns how many."""
    moot = await session.scalars(
        update(Case)
        .where(Case.request_id == request_id, Case.state == CaseState.OPEN, Case.kind.in_(kinds))
        .values(state=CaseState.CLOSED, version=Case.version + 1, **NO_LEASE)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    return len(moot.all())
