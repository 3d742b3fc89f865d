"""A case as its page shows it, composed from its rows. Pure.

What endangers children is sealed: no picture of it is ever shown, its words stay covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from moderation.cases import REASONS_TO_REJECT, CaseState, Reason
from moderation.policy import Decision, Finding, Stage
from store.tables import Case, now

from .case_facts import CaseFacts
from .guests import Place
from .pages import moment
from .people_views import Who


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


def compose(facts: CaseFacts, viewer_id: str, place: Place) -> CaseView:
    """What this moderator is shown."""
    case, request = facts.case, facts.request
    findings = tuple(
        found
        for verdict in facts.verdicts
        for found in verdict.findings
        if found.decision is not Decision.ALLOW
    )
    holder = _holder(case)
    is_mine = holder == viewer_id
    may_see = place.may_decide and not facts.is_sealed
    return CaseView(
        id=case.id,
        request_id=request.id,
        kind=case.kind,
        stage=case.stage,
        category=case.category,
        state=case.state,
        age_seconds=(now() - case.created_at).total_seconds(),
        language=request.language,
        is_sealed=facts.is_sealed,
        is_second_look=facts.is_second_look,
        may_decide=is_mine and place.may_decide,
        held_by_other=facts.names.get(holder, "?") if holder and not is_mine else None,
        decision=case.decision,
        decided_by=facts.names.get(case.decided_by or ""),
        reason=case.reason,
        suggested_reason=_suggested(case.category),
        wish=marked(request.wish, findings if case.stage == Stage.WISH else ()),
        negative=str(request.options.get("negative_prompt") or ""),
        prompt=_prompt(facts, findings),
        findings=findings,
        policy=facts.verdicts[0].policy if facts.verdicts else "",
        pictures=_shown(facts) if may_see else (),
        person=facts.person,
        before=_before(facts),
        notes=_notes(facts),
        may_have_similar=is_mine and may_see and case.stage == Stage.PICTURE,
    )


def _holder(case: Case) -> str | None:
    """Who looks at it just now."""
    is_held = case.claimed_until is not None and case.claimed_until > now()
    return case.claimed_by if is_held and case.state == CaseState.OPEN else None


def _suggested(category: str) -> Reason:
    """The reason to refuse that the case itself names."""
    return Reason(category) if category in REASONS_TO_REJECT else Reason.COMMUNITY_RULES


def marked(
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


def _prompt(facts: CaseFacts, findings: Iterable[Finding]) -> tuple[Piece, ...]:
    """What was painted, or was about to be; empty where the wish was stopped as it was."""
    if facts.brief is None:
        return ()
    added = [(span["start"], span["end"]) for span in facts.brief.get("added", ())]
    told = findings if facts.case.stage == Stage.BRIEF else ()
    return marked(facts.brief["prompt"], told, added)


def _shown(facts: CaseFacts) -> tuple[Shown, ...]:
    if facts.case.stage == Stage.UPLOAD and facts.request.reference_sha256:
        return (Shown(id="upload"),)
    return tuple(Shown(id=row.id, width=row.width, height=row.height) for row in facts.pictures)


def _before(facts: CaseFacts) -> tuple[Said, ...]:
    """What was decided about the same request before: an appeal is against it."""
    return tuple(
        Said(
            name=facts.names.get(other.decided_by or ""),
            when=moment(other.decided_at),
            decision=other.decision or "reject",
            reason=other.reason,
        )
        for other in facts.others
        if other.decided_at is not None
    )


def _notes(facts: CaseFacts) -> tuple[Said, ...]:
    return tuple(
        Said(
            name=facts.names.get(note.moderator_id or ""),
            when=moment(note.created_at),
            text=note.text,
        )
        for note in facts.notes
    )
