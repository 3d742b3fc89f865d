"""Child safety: what was refused is written down, its person suspended, the operator told.

Told by a signed post to the operator's own address, which holds ids, the rule and a SHA-256 and
never a picture; tried again, later each time, until it is taken or given up. Reporting and keeping
evidence as the law wants it is the business of whoever listens there (docs/operating.md). Knows
neither how pictures are judged nor what is stored of them: nothing is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import JobError
from moderation.audit import Fact
from moderation.pictures.tier import is_certain
from moderation.policy import Category, Stage, Verdict
from moderation.sanctions import ban, suspend
from store.sessions import insert_once
from store.tables import Blob, SafetyReport, now

from .admission import recognise
from .chat import Event
from .workshop import Workshop

FIRST_DELAY_SECONDS = 30.0
LATER = 3  # each wait is so many times the one before
MAX_TRIES = 12  # over a week
MAX_DELAY_SECONDS = 2 * 24 * 3600.0
ANSWER_SECONDS = 20.0
AT_ONCE = 20

logger = logging.getLogger(__name__)


class ForbiddenUpload(JobError):
    """A picture a person sent is on a list of this tier: it is not kept, and not told about."""

    def __init__(self, verdict: Verdict, sha256: str) -> None:
        super().__init__("upload-forbidden")
        self.verdict = verdict
        self.sha256 = sha256


@dataclass(frozen=True, kw_only=True)
class Incident:
    """What was refused, of whom and where."""

    person_id: str
    community_id: str | None
    key: str  # the request's id; a digest of the event, where it was refused at the door
    is_at_the_door: bool = False
    stage: Stage
    verdict: Verdict
    sha256: str  # of bytes that are nowhere any more


async def hand_off(session: AsyncSession, shop: Workshop, incident: Incident) -> None:
    """Write it down, once; suspend the person where it is certain. In the caller's transaction."""
    verdict = incident.verdict
    is_new = await insert_once(
        session,
        SafetyReport,
        request_id=incident.key,
        person_id=incident.person_id,
        community_id=incident.community_id,
        stage=incident.stage,
        rule_ids=list(verdict.rule_ids),
        policy=verdict.policy,
        sha256=incident.sha256,
        is_certain=is_certain(verdict),
        next_at=now(),
    )
    if not is_new:
        return
    logger.error("child safety: a picture was refused, see `atelier doctor`")
    facts: dict[str, Fact] = {
        "sha256": incident.sha256,
        "stage": str(incident.stage),
        "certain": is_certain(verdict),
    }
    await shop.audit.append(session, "system", "child-safety", incident.key, facts)
    if is_certain(verdict):
        await _suspend(session, incident)


async def _suspend(session: AsyncSession, incident: Incident) -> None:
    """Until an operator lifts it."""
    if incident.is_at_the_door:
        await ban(session, incident.person_id, community_id=None, reason=str(Category.CHILD_SAFETY))
        return
    await suspend(
        session,
        person_id=incident.person_id,
        community_id=incident.community_id,
        request_id=incident.key,
        category=Category.CHILD_SAFETY,
    )


async def hand_off_upload(shop: Workshop, event: Event, refused: ForbiddenUpload) -> None:
    """The same for a picture that was refused at the door."""
    digest = hashlib.sha256(f"{event.speaker.platform}:{event.id}".encode()).hexdigest()
    async with shop.db.session() as session:
        visitor = await recognise(session, event, shop.settings)
        incident = Incident(
            person_id=visitor.person_id,
            community_id=visitor.community_id,
            key=digest[:32],
            is_at_the_door=True,
            stage=Stage.UPLOAD,
            verdict=refused.verdict,
            sha256=refused.sha256,
        )
        await hand_off(session, shop, incident)


async def destroy(session: AsyncSession, shop: Workshop, sha256: str) -> None:
    """Take these bytes from all who own them; the file goes once this is committed."""
    mine = select(Blob.owner_kind, Blob.owner_id).where(Blob.sha256 == sha256)
    for kind, owner in (await session.execute(mine)).all():
        await shop.blobs.disown(session, owner_kind=kind, owner_id=owner, sha256=sha256)
    shop.blobs.drop_unowned(session, sha256)


async def send_due(shop: Workshop, at: Callable[[], dt.datetime] = now) -> int:
    """Tell the operator's address of what is due; how many it took. Nothing where none is set."""
    url = shop.settings.child_safety_url
    if not url:
        return 0
    async with shop.db.session() as session:
        reports = await _take_due(session, at())
    num_taken = 0
    for report in reports:
        problem = await _post(url, shop.settings.child_safety_secret.get_secret_value(), report)
        num_taken += not problem
        async with shop.db.session() as session:
            await _note(session, report, problem, at())
    return num_taken


async def _take_due(session: AsyncSession, at: dt.datetime) -> list[SafetyReport]:
    """What is due; put off at once, so that no other process tells it as well."""
    due = (
        select(SafetyReport.id)
        .where(SafetyReport.state == "waiting", SafetyReport.next_at <= at)
        .order_by(SafetyReport.next_at)
        .limit(AT_ONCE)
    )
    taken = await session.scalars(
        update(SafetyReport)
        .where(SafetyReport.id.in_(due), SafetyReport.next_at <= at)
        .values(next_at=at + dt.timedelta(seconds=2 * ANSWER_SECONDS))
        .returning(SafetyReport)
        .execution_options(synchronize_session=False)
    )
    return list(taken.all())


async def _post(url: str, secret: str, report: SafetyReport) -> str:
    """Why it was not taken; empty where it was."""
    body = json.dumps(facts_of(report), sort_keys=True).encode()
    headers = {"Content-Type": "application/json", **signed(secret, body, now())}
    try:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as client,
            client.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return "" if answer.status < 300 else f"HTTP {answer.status}"
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return type(error).__name__


def facts_of(report: SafetyReport) -> dict[str, Any]:
    """All that is told of it: opaque ids, when, which rule, and which bytes they were."""
    return {
        "id": report.id,
        "at": report.created_at.isoformat(),
        "person": report.person_id,
        "community": report.community_id,
        "request": report.request_id,
        "stage": report.stage,
        "rules": report.rule_ids,
        "policy": report.policy,
        "sha256": report.sha256,
        "is_certain": report.is_certain,
        "is_suspended": report.is_certain,
    }


def signed(secret: str, body: bytes, at: dt.datetime) -> dict[str, str]:
    """Headers by which the listener knows who sent it and when: HMAC-SHA256 of time, dot, body."""
    when = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), when.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Atelier-Time": when, "Atelier-Signature": mac}


async def _note(session: AsyncSession, report: SafetyReport, problem: str, at: dt.datetime) -> None:
    tries = report.num_tries + 1
    values: dict[str, Any] = {"num_tries": tries, "last_error": problem}
    if not problem:
        values["state"] = "handed_over"
    elif tries >= MAX_TRIES:
        values["state"] = "dead"
        logger.error("child safety: report %s was not taken: %s", report.id, problem)
    else:
        delay = min(FIRST_DELAY_SECONDS * LATER ** (tries - 1), MAX_DELAY_SECONDS)
        values["next_at"] = at + dt.timedelta(seconds=delay)
        logger.error("child safety: report %s is told again later: %s", report.id, problem)
    await session.execute(update(SafetyReport).where(SafetyReport.id == report.id).values(values))
