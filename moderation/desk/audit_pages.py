"""The audit log to read: newest first, searched by what it is about, checked on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import or_, select

from moderation import cases
from moderation.audit import Report
from moderation.cases import Right
from store.tables import AuditEntry, Case

from .guests import NotHere, names_of
from .visits import Visit, visiting

router = APIRouter()
NUM_LISTED = 100


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry with the names that its ids stand for today."""

    number: int
    at: dt.datetime
    actor_name: str
    action: str
    subject: str
    facts: Mapping[str, Any]


@router.get("/audit")
async def show_audit(request: Request, subject: str = "", before: int | None = None) -> Response:
    """The newest entries, or those before a number."""
    async with visiting(request) as visit:
        return await _page(visit, subject=subject.strip()[:80], before=before)


@router.post("/audit/check")
async def check_audit(request: Request) -> Response:
    """Is every entry what was written, and is each one there?"""
    async with visiting(request) as visit:
        if not visit.guest.may_audit:
            raise NotHere
        report = await visit.house.log.verify(visit.session)
        return await _page(visit, report=report)


async def _page(
    visit: Visit, *, subject: str = "", before: int | None = None, report: Report | None = None
) -> Response:
    if not visit.guest.may_audit:
        raise NotHere
    entries = await _read(visit, subject, before)
    older = entries[-1].number if len(entries) == NUM_LISTED else None
    return await visit.page(
        "audit.html", here="audit", entries=entries, older=older, subject=subject, report=report
    )


async def _read(visit: Visit, subject: str, before: int | None) -> Sequence[Entry]:
    statement = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(NUM_LISTED)
    places = await cases.places_of(visit.session, visit.guest.person_id, Right.AUDIT)
    if places is not None:
        statement = statement.where(
            AuditEntry.subject.in_(select(Case.id).where(Case.community_id.in_(places)))
        )
    if subject:
        about = (AuditEntry.subject, AuditEntry.actor, AuditEntry.action)
        statement = statement.where(
            or_(*(column.endswith(subject, autoescape=True) for column in about))
        )
    if before is not None:
        statement = statement.where(AuditEntry.number < before)
    rows = list(await visit.session.scalars(statement))
    names = await names_of(visit.session, [row.actor for row in rows])
    return [
        Entry(
            number=row.number,
            at=row.at,
            actor_name=names.get(row.actor, row.actor[-8:]),
            action=row.action,
            subject=row.subject,
            facts=row.facts,
        )
        for row in rows
    ]
