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
        actions = [Action.APPROVE, Action.REJECT]
        if view.claimed_by is None:
            actions.insert(0, Action.CLAIM)
    elif view.state == "decided" and view.seconds_to_undo > 0:
        actions = [Action.UNDO]
    else:
        return ()
    return (tuple(button(language, action, view.case_id) for action in actions),)


def _case_state(language: str, view: CaseView) -> list[str]:
    if view.state == "closed":
        return [say(language, "case-closed")]
    if view.state == "decided":
        return [
            say(
                language,
                "case-decided",
                name=view.decided_by or "?",
                decision=view.decision or "reject",
            ),
            say(language, "case-undo", seconds=view.seconds_to_undo),
        ]
    if view.claimed_by:
        return [say(language, "case-claimed", name=view.claimed_by)]
    return [say(language, "case-open")]


def _rule(language: str, found: Finding) -> str:
    return say(
        language,
        "case-rule",
        rule=found.rule_id,
        decision=found.decision.value,
        score=f"{found.score:.2f}",
        matched=found.matched or "none",
    )
