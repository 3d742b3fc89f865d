"""What a moderator must know of a case, read from its rows as plain data for the page.

What endangers children is sealed: no picture of it is ever shown, its words stay covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.cases import REASONS_TO_REJECT, CaseState, Reason
from moderation.policy import Decision, Finding, Stage, Verdict
from store.tables import Brief, Case, Picture, Request, now
from store.tables import Verdict as VerdictRow

from .guests import Place, name_of, names_of
from .pages import moment
from .people_views import Who, who
from .sealing import is_sealed

MAX_SIMILAR = 24


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a text: what a rule found in it, or what the expander added, is marked."""

    words: str
    is_hit: bool = False
    is_added: bool = False


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture of the case; its bytes are fetched by the page."""

    id: str  # the picture's, or "upload"
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """A note, or what a moderator decided before."""

    name: str | None
    when: str
    text: str = ""
    decision: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Another open case with nearly the same picture."""

    case_id: str
    short_id: str
    picture_id: str | None


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as its page shows it."""

    id: str
    request_id: str
    kind: str
    stage: str
    category: str
    state: str
    age_seconds: float
    language: str
    is_sealed: bool
    is_second_look: bool
    is_mine: bool  # held by who looks at it
    may_decide: bool
    held_by_other: str | None
    decision: str | None
    decided_by: str | None
    reason: str
    suggested_reason: Reason
    wish: tuple[Piece, ...]
    negative: str
    prompt: tuple[Piece, ...]
    findings: tuple[Finding, ...]
    policy: str
    pictures: tuple[Shown, ...]
    person: Who
    before: tuple[Said, ...]
    notes: tuple[Said, ...]
    may_have_similar: bool  # looked for once the page is there

    @property
    def short_id(self) -> str:
        return self.id[-6:]


async def view_of(session: AsyncSession, case: Case, viewer_id: str, place: Place) -> CaseView:
    """Everything the page of a case shows to this moderator."""
    request = await session.get_one(Request, case.request_id)
    verdicts = await _verdicts(session, case)
    findings = tuple(f for verdict in verdicts for f in verdict.findings if _is_telling(f))
    is_under_seal = await is_sealed(session, request.id)
    is_held = case.state == CaseState.OPEN and case.claimed_until and case.claimed_until > now()
    is_mine = bool(is_held and case.claimed_by == viewer_id)
    held_by_other = case.claimed_by if is_held and not is_mine else None
    return CaseView(
        id=case.id,
        request_id=case.request_id,
        kind=case.kind,
        stage=case.stage,
        category=case.category,
        state=case.state,
        age_seconds=(now() - case.created_at).total_seconds(),
        language=request.language,
        is_sealed=is_under_seal,
        is_second_look=await is_second_look(session, case),
        is_mine=is_mine,
        may_decide=is_mine and place.may_decide,
        held_by_other=(await name_of(session, held_by_other) or "?") if held_by_other else None,
        decision=case.decision,
        decided_by=await name_of(session, case.decided_by),
        reason=case.reason,
        suggested_reason=suggested(case.category),
        wish=_marked(request.wish, findings if case.stage == Stage.WISH else ()),
        negative=str(request.options.get("negative_prompt") or ""),
        prompt=await _prompt(session, case, findings),
        findings=findings,
        policy=verdicts[0].policy if verdicts else "",
        pictures=()
        if is_under_seal or not place.may_decide
        else await _pictures(session, case, request),
        person=await who(session, request.person_id, case.community_id),
        before=await _before(session, case),
        notes=await _notes(session, case.id),
        may_have_similar=is_mine and case.stage == Stage.PICTURE and not is_under_seal,
    )


async def is_second_look(session: AsyncSession, case: Case) -> bool:
    """True where somebody has said what they think and somebody else must, too."""
    return (
        case.state == CaseState.OPEN
        and case.num_eyes > 1
        and bool(await cases.opinions_of(session, case.id))
    )


def suggested(category: str) -> Reason:
    """The reason to refuse that the case itself names."""
    return Reason(category) if category in REASONS_TO_REJECT else Reason.COMMUNITY_RULES


def _is_telling(finding: Finding) -> bool:
    return finding.decision is not Decision.ALLOW


async def _verdicts(session: AsyncSession, case: Case) -> list[Verdict]:
    """What the filters said at that stage, the strictest first."""
    rows = await session.scalars(
        select(VerdictRow)
        .where(
            VerdictRow.request_id == case.request_id,
            VerdictRow.stage == case.stage,
            VerdictRow.decision != "allow",
            VerdictRow.round
            == select(func.max(VerdictRow.round))
            .where(
                VerdictRow.request_id == case.request_id,
                VerdictRow.stage == case.stage,
                VerdictRow.round <= case.round,
                VerdictRow.decision != "allow",
            )
            .scalar_subquery(),
        )
        .order_by(VerdictRow.decision, VerdictRow.created_at)
    )
    return [Verdict.from_row(row.verdict) for row in rows]


def _marked(
    text: str, findings: Iterable[Finding], added: Sequence[tuple[int, int]] = ()
) -> tuple[Piece, ...]:
    """The text in stretches; offsets that do not fit it are cut to it."""
    hits = [(f.start, f.end) for f in findings if f.start is not None and f.end is not None]
    edges = {0, len(text)}
    edges |= {min(max(edge, 0), len(text)) for span in [*hits, *added] for edge in span}
    cuts = sorted(edges)
    return tuple(
        Piece(
            words=text[start:end],
            is_hit=any(low <= start and end <= high for low, high in hits),
            is_added=any(low <= start and end <= high for low, high in added),
        )
        for start, end in pairwise(cuts)
    )


async def _prompt(
    session: AsyncSession, case: Case, findings: Iterable[Finding]
) -> tuple[Piece, ...]:
    """What was painted, or was about to be; empty where the wish was stopped as it was."""
    newest = (
        select(Brief.brief)
        .where(Brief.request_id == case.request_id, Brief.round <= case.round)
        .order_by(Brief.round.desc())
        .limit(1)
    )
    brief = await session.scalar(newest)
    if brief is None or case.stage == Stage.WISH:
        return ()
    added = [(span["start"], span["end"]) for span in brief.get("added", ())]
    return _marked(brief["prompt"], findings if case.stage == Stage.BRIEF else (), added)


async def _pictures(session: AsyncSession, case: Case, request: Request) -> tuple[Shown, ...]:
    if case.stage == Stage.UPLOAD:
        return (Shown(id="upload"),) if request.reference_sha256 else ()
    if case.stage != Stage.PICTURE:
        return ()
    rounds = select(func.max(Picture.round)).where(
        Picture.request_id == request.id, Picture.round <= case.round
    )
    rows = await session.scalars(
        select(Picture)
        .where(Picture.request_id == request.id, Picture.round == rounds.scalar_subquery())
        .order_by(Picture.index)
    )
    return tuple(Shown(id=row.id, width=row.width, height=row.height) for row in rows)


async def _before(session: AsyncSession, case: Case) -> tuple[Said, ...]:
    """What was decided about the same request before: an appeal is against it."""
    rows = list(
        await session.scalars(
            select(Case)
            .where(
                Case.request_id == case.request_id, Case.id != case.id, Case.decided_by.is_not(None)
            )
            .order_by(Case.decided_at)
        )
    )
    names = await names_of(session, [row.decided_by for row in rows if row.decided_by])
    return tuple(
        Said(
            name=names.get(row.decided_by or ""),
            when=moment(row.decided_at) if row.decided_at else "",
            decision=row.decision or "reject",
            reason=row.reason,
        )
        for row in rows
    )


async def _notes(session: AsyncSession, case_id: str) -> tuple[Said, ...]:
    rows = await cases.notes_of(session, case_id)
    names = await names_of(session, [row.moderator_id for row in rows if row.moderator_id])
    return tuple(
        Said(name=names.get(row.moderator_id or ""), when=moment(row.created_at), text=row.text)
        for row in rows
    )


async def similar_cases(session: AsyncSession, case: Case, place: Place) -> tuple[Alike, ...]:
    """Other open cases of the place with nearly the same picture, none that is sealed."""
    alike: list[Alike] = []
    for each in await cases.similar_to(session, case.id, community_ids=place.community_ids):
        other = await session.get_one(Case, each.case_id)
        if await is_sealed(session, other.request_id):
            continue
        newest = (
            select(Picture.id)
            .where(Picture.request_id == other.request_id)
            .order_by(Picture.round.desc(), Picture.index)
            .limit(1)
        )
        alike.append(
            Alike(case_id=other.id, short_id=other.id[-6:], picture_id=await session.scalar(newest))
        )
        if len(alike) == MAX_SIMILAR:
            break
    return tuple(alike)
