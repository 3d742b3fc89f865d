"""One stage of one request with all it needs: its rows as they were found, and the tools.

What a step has done before (in an attempt that died, or by a moderator's decision) is found here
and not done again. Knows how rows are kept; decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.expansion.brief import Brief
from inference.jobs import JobError, RenderJob
from moderation.levels import as_careful_as
from moderation.pictures import tier
from moderation.policy import BY_A_MODERATOR, Category, Level, Verdict, strictest
from moderation.policy import Stage as JudgedStage
from store.tables import Picture, Request, RequestState
from store.tables import Verdict as VerdictRow

from .easel import Easel
from .handoff import Incident, destroy, hand_off
from .judging import Subject, judge
from .records import (
    Painted,
    keep_brief,
    keep_pictures,
    keep_verdict,
    keep_verdicts,
    read_pictures,
    read_request,
)
from .stages import NEXT_STAGE, Ref
from .workshop import Workshop, excusing

Row = Callable[[AsyncSession], Awaitable[None]]

# The states in which each stage finds its request; in any other it has gone on without us.
FOUND_IN: dict[str, tuple[RequestState, ...]] = {
    stage: tuple(state for state, next_stage in NEXT_STAGE.items() if next_stage == stage)
    for stage in ("prepare", "paint", "present")
}


@dataclass(frozen=True, kw_only=True)
class JudgedPicture:
    """A picture in memory, with what the filter says of it."""

    painted: Painted  # its sha256 is empty until the bytes are kept
    png: bytes
    verdict: Verdict

    @property
    def may_be_kept(self) -> bool:
        """False for what must never be written anywhere, not even for a moderator."""
        return not tier.is_forbidden(self.verdict)


@dataclass(kw_only=True)
class Order:
    """The state of one stage's work."""

    shop: Workshop
    ref: Ref
    request: Request
    place: str = ""  # where it was asked: communities have word lists of their own
    is_paused: bool = False  # nothing is made there now
    verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)  # by stage and subject
    found_brief: Brief | None = None
    found_job: RenderJob | None = None
    brief_round: int = 0
    pictures: Sequence[Picture] = ()
    last_rows: list[Row] = field(default_factory=list)  # of the last step: go with the new state

    @property
    def easel(self) -> Easel:
        if self.shop.easel is None:
            raise RuntimeError("only the render role has an easel")
        return self.shop.easel

    @property
    def has_brief(self) -> bool:
        """True where this round's brief is written."""
        return self.found_brief is not None and self.brief_round == self.ref.round

    @property
    def brief(self) -> Brief:
        """The newest brief; raises ``JobError`` where none was ever made."""
        if self.found_brief is None:
            raise JobError("request-without-brief")
        return self.found_brief

    @property
    def job(self) -> RenderJob:
        if self.found_job is None:
            raise JobError("request-without-brief")
        return self.found_job

    @property
    def allowed_categories(self) -> frozenset[Category]:
        """What a moderator has allowed in the person's words; the brief may say it too."""
        wish = self.verdicts.get((JudgedStage.WISH, ""))
        if wish is None or not wish.policy.startswith(BY_A_MODERATOR):
            return frozenset()
        return frozenset(found.category for found in wish.findings)

    @property
    def is_painted(self) -> bool:
        return bool(self._picture_verdicts)

    @property
    def verdict_on_pictures(self) -> Verdict:
        return strictest(self._picture_verdicts)

    @property
    def _picture_verdicts(self) -> list[Verdict]:
        return [v for (stage, _), v in self.verdicts.items() if stage == JudgedStage.PICTURE]

    async def judged(
        self,
        stage: JudgedStage,
        check: Callable[[Subject], Verdict],
        subject: Subject,
        *,
        is_last: bool = False,
    ) -> Verdict:
        """The verdict known for ``stage``, or else what ``check`` says, kept.

        ``is_last``: in the last step of a stage, one transaction serves row and hand-over.
        """
        known = self.verdicts.get((stage, ""))
        if known is not None:
            return known
        verdict = self.careful(await judge(check, subject, f"{stage}-unchecked"))
        verdict = excusing(verdict, self.allowed_categories)
        if not is_last:
            return await self.keep_verdict(stage, verdict)
        self.last_rows.append(lambda session: self._write_verdict(session, stage, verdict))
        return verdict

    def careful(self, verdict: Verdict) -> Verdict:
        """The verdict as the request's community wants it, which is never laxer."""
        level = self.request.options.get("level")
        return as_careful_as(verdict, Level(level)) if level else verdict

    async def keep_verdict(self, stage: JudgedStage, verdict: Verdict) -> Verdict:
        """Write what was said at ``stage``; returns it."""
        async with self.shop.db.statements() as session:
            await self._write_verdict(session, stage, verdict)
        self.verdicts[stage, ""] = verdict
        return verdict

    async def _write_verdict(
        self, session: AsyncSession, stage: JudgedStage, verdict: Verdict
    ) -> None:
        await keep_verdict(session, self.request.id, self.ref.round, stage, verdict)

    async def keep_brief(self, brief: Brief, job: RenderJob | None) -> None:
        async with self.shop.db.statements() as session:
            await keep_brief(session, self.request.id, self.ref.round, brief, job)
        self.found_brief, self.found_job, self.brief_round = brief, job, self.ref.round

    async def withhold(self, stage: JudgedStage, verdict: Verdict, sha256: str) -> Verdict:
        """Write down what is refused for the safety of children, and nothing of the picture; what
        there is of it anywhere goes."""
        sealed = tier.sealed(verdict)
        incident = Incident(
            person_id=self.request.person_id,
            community_id=self.request.community_id,
            key=self.request.id,
            stage=stage,
            verdict=verdict,
            sha256=sha256,
        )
        async with self.shop.db.session() as session:
            await self._write_verdict(session, stage, sealed)
            await destroy(session, self.shop, sha256)
            await hand_off(session, self.shop, incident)
        self.verdicts[stage, ""] = sealed
        self.easel.forget()
        return sealed

    async def keep_pictures(self, pictures: Sequence[JudgedPicture]) -> None:
        """Bytes, then rows and verdicts in one transaction; nothing of what must not be kept."""
        forbidden = [each for each in pictures if not each.may_be_kept]
        for each in forbidden:
            sha256 = hashlib.sha256(each.png).hexdigest()
            await self.withhold(JudgedStage.PICTURE, each.verdict, sha256)
        if forbidden:
            return
        hashes = [await self.shop.blobs.put(each.png) for each in pictures]
        painted = [
            replace(each.painted, sha256=sha256)
            for each, sha256 in zip(pictures, hashes, strict=True)
        ]
        async with self.shop.db.session() as session:
            request, release = self.request, self.job.model
            ids = await keep_pictures(session, request, painted, release=release)
            owners = dict(zip(ids, hashes, strict=bool(ids)))
            await self.shop.blobs.own_all(session, owners, owner_kind="rendition")
            judged = dict(zip(ids, (each.verdict for each in pictures), strict=bool(ids)))
            stage = JudgedStage.PICTURE
            await keep_verdicts(session, request.id, self.ref.round, stage, judged)
        self.verdicts |= {(stage, picture_id): verdict for picture_id, verdict in judged.items()}


async def open_order(shop: Workshop, ref: Ref) -> Order:
    """Read all that is known of the request; raises ``Superseded`` where it has gone on."""
    async with shop.db.statements() as session:
        found = await read_request(session, ref, FOUND_IN[ref.stage])
        request, brief = found.request, found.brief
        order = Order(
            shop=shop, ref=ref, request=request, place=found.place, is_paused=found.is_paused
        )
        if brief is not None:
            order.found_brief, order.found_job, order.brief_round = brief
        if ref.stage == "present":
            order.pictures = await read_pictures(session, ref.request_id, ref.round)
        elif not ref.is_first or ref.round > 1:  # else no check has spoken of this stage yet
            order.verdicts = await _read_verdicts(session, ref)
    return order


async def _read_verdicts(session: AsyncSession, ref: Ref) -> dict[tuple[str, str], Verdict]:
    rows = await session.execute(
        select(VerdictRow.stage, VerdictRow.subject, VerdictRow.verdict).where(
            VerdictRow.request_id == ref.request_id, VerdictRow.round == ref.round
        )
    )
    return {(stage, subject): Verdict.from_row(verdict) for stage, subject, verdict in rows}
