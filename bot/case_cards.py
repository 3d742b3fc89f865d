"""Composes what moderators read: a case as a ``Card``, its pictures hidden, its rules named.

Plain data in, a card in one language out; the buttons are listed in ``bot.cards``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference.expansion.brief import Brief
from moderation.cases import REASONS_TO_REJECT
from moderation.policy import Category, Decision, Finding, Stage, Verdict

from .cards import added_ranges, button, category_name
from .chat import Action, Button, Card, CardKind, Image, Menu
from .result_cards import ShownPicture
from .texts import say

NUM_NOTES = 3  # the newest; the desk shows all


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """What a moderator must know of a case."""

    case_id: str
    kind: str  # "review", "appeal", "report"
    stage: Stage
    category: Category | None
    wish: str
    verdict: Verdict | None = None
    brief: Brief | None = None
    pictures: tuple[ShownPicture, ...] = ()
    state: str = "open"  # "open", "decided", "closed"
    claimed_by: str | None = None  # a name to show
    decision: str | None = None  # "approve", "reject"
    decided_by: str | None = None  # a name to show
    seconds_to_undo: int = 0
    age_seconds: float = 0.0
    num_eyes: int = 1  # moderators who must agree
    num_opinions: int = 0  # moderators who have said what they think
    num_earlier: int = 0  # cases of the same person
    num_strikes: int = 0  # of the same person, that still count
    notes: tuple[str, ...] = ()  # moderators' own, oldest first


def case(language: str, view: CaseView) -> Card:
    """Something for a moderator to decide: the pictures hidden, the rules named."""
    headline = say(
        language,
        "case-headline",
        kind=view.kind,
        case=view.case_id[-6:],
        stage=say(language, f"stage-{view.stage}"),
        category=category_name(language, view.category),
    )
    lines = [headline, say(language, "case-wish", wish=view.wish)]
    findings = view.verdict.findings if view.verdict else ()
    lines += [_rule(language, f) for f in findings if f.decision is not Decision.ALLOW]
    lines += _person(language, view)
    lines += [say(language, "case-note", text=text) for text in view.notes[-NUM_NOTES:]]
    lines += _case_state(language, view)
    if view.brief:
        lines.append(say(language, "case-brief"))
    return Card(
        kind=CardKind.CASE,
        lines=tuple(lines),
        brief_line=view.brief.prompt if view.brief else "",
        added=added_ranges(view.brief) if view.brief else (),
        images=_hidden(language, view.pictures),
        buttons=_case_buttons(language, view),
        menus=(refuse_menu(language, view.case_id),) if view.state == "open" else (),
        is_private=True,
    )


def refuse_menu(language: str, case_id: str) -> Menu:
    """Why it is refused: the person reads the reason."""
    options = tuple(
        Button(
            label=say(language, f"decision-{reason}"),
            action=Action.REJECT,
            argument=f"{case_id}:{reason}",
        )
        for reason in REASONS_TO_REJECT
    )
    return Menu(label=say(language, "menu-refuse"), options=options, argument=f"refuse:{case_id}")


def _hidden(language: str, pictures: Sequence[ShownPicture]) -> tuple[Image, ...]:
    return tuple(
        Image(
            sha256=picture.sha256,
            media_type=picture.media_type,
            alt_text=say(language, "alt-case", number=number, count=len(pictures)),
            is_spoiler=True,
        )
        for number, picture in enumerate(pictures, start=1)
    )


def _case_buttons(language: str, view: CaseView) -> tuple[tuple[Button, ...], ...]:
    if view.state == "open":
        held = Action.HAND_BACK if view.claimed_by else Action.CLAIM
        actions = [held, Action.APPROVE, Action.REJECT]
    elif view.state == "decided" and view.seconds_to_undo > 0:
        actions = [Action.UNDO]
    else:
        return ()
    return (tuple(button(language, action, view.case_id) for action in actions),)


def _case_state(language: str, view: CaseView) -> list[str]:
    decided = {"name": view.decided_by or "?", "decision": view.decision or "reject"}
    if view.state == "closed":
        told = [say(language, "case-decided", **decided)] if view.decision else []
        return [*told, say(language, "case-closed")]
    if view.state == "decided":
        undo = say(language, "case-undo", seconds=view.seconds_to_undo)
        return [say(language, "case-decided", **decided), undo]
    is_second = view.num_eyes > 1 and view.num_opinions > 0
    lines = [say(language, "case-eyes", number=view.num_eyes)] if view.num_eyes > 1 else []
    if is_second:
        lines.append(say(language, "case-second"))
    if view.claimed_by:
        return [*lines, say(language, "case-claimed", name=view.claimed_by)]
    return [*lines, say(language, "case-open")]


def _person(language: str, view: CaseView) -> list[str]:
    """How long it has waited, and what there was before with the same person: numbers, no names."""
    lines = []
    if minutes := int(view.age_seconds // 60):
        hours = minutes // 60
        lines.append(say(language, "case-age", hours=hours, minutes=minutes))
    if view.num_earlier or view.num_strikes:
        past = {"cases": view.num_earlier, "strikes": view.num_strikes}
        lines.append(say(language, "case-person", **past))
    return lines


def _rule(language: str, found: Finding) -> str:
    return say(
        language,
        "case-rule",
        rule=found.rule_id,
        decision=found.decision.value,
        score=f"{found.score:.2f}",
        matched=found.matched or "none",
    )
