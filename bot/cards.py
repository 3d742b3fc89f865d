"""Composes what is said: plain data in, a ``Card`` in one language out. Knows no database,
no platform and no person; ``bot.chat`` adapters translate cards, ``bot.requests`` reads buttons.

What a button's ``argument`` holds, so that it works after a restart (32-digit ids):

====================================  =========================================================
ACCEPT_TERMS                          the version of the terms
ANSWER                                request id ":" option (1, 2, …; 0 means "you decide")
PICK                                  grid id ":" position (1, 2, … as shown)
TIE, ALL_BAD, MORE, DETAILS           grid id
VARY                                  picture id; ":subtle" after it changes less
LARGER, ORIGINAL, SHARE               picture id
CHANGE_WORD                           grid id; the words come as text, such as ``cat > dog``
EDIT                                  request id; the words come as text
AGAIN, OWN_WORDS, CANCEL, APPEAL      request id
SHOW                                  request id
DELETE                                request id; ":yes" after it when it was asked whether
REPORT                                request id ":" category
OPEN                                  which menu ":" what it is about
SET                                   "me" or "here" ":" what ":" value
ERASE, FORGET                         "yes" when it was asked whether
LINK                                  the code
CLAIM, HAND_BACK, APPROVE, UNDO       case id
REJECT                                case id; the reason after ":" or as text
====================================  =========================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inference.expansion.brief import Brief
from moderation.policy import Category, Stage

from .chat import Action, Button, Card, CardKind, Image
from .texts import has_text, say

PICTURES_IN_A_ROW = 4  # buttons that fit a telephone


def plain(language: str, key: str, /, *, is_private: bool = False, **args: Any) -> Card:
    """One sentence."""
    return Card(kind=CardKind.PLAIN, lines=(say(language, key, **args),), is_private=is_private)


def terms(language: str, version: str, title: str = "terms-title") -> Card:
    """The user agreement, with the button that accepts it; ``title`` is a key."""
    accept = button(language, Action.ACCEPT_TERMS, version)
    return Card(
        kind=CardKind.PLAIN,
        lines=(
            say(language, title),
            say(language, "terms-text"),
            say(language, "terms-question", version=version),
        ),
        buttons=((accept,),),
        is_private=True,
    )


def question(language: str, *, request_id: str, brief: Brief, is_private: bool = False) -> Card:
    """The brief's one question, its options, and the way out."""
    asked = brief.question
    options = asked.options if asked else ()
    answers = [
        Button(label=option, action=Action.ANSWER, argument=f"{request_id}:{number}")
        for number, option in enumerate(options, start=1)
    ]
    decide = Button(
        label=say(language, "button-decide-for-me"),
        action=Action.ANSWER,
        argument=f"{request_id}:0",
    )
    cancel = button(language, Action.CANCEL, request_id)
    return Card(
        kind=CardKind.QUESTION,
        lines=(asked.text if asked else "", say(language, "question-free")),
        buttons=(*rows(answers), (decide, cancel)),
        is_private=is_private,
    )


def progress(
    language: str,
    *,
    request_id: str,
    ahead: int | None = None,
    step: int = 0,
    steps: int = 0,
    seconds_left: float | None = None,
    preview_sha256: str | None = None,
    prompt: str = "",
) -> Card:
    """Where a request is. ``ahead``: requests served before it; None once it is being painted."""
    lines = [whereabouts(language, ahead, step, steps)]
    if seconds_left is not None and (steps == 0 or step < steps):
        lines.append(_time_left(language, seconds_left))
    previews: tuple[Image, ...] = ()
    if preview_sha256 is not None:
        words = say(language, "alt-preview", prompt=prompt or say(language, "alt-no-prompt"))
        previews = (Image(sha256=preview_sha256, media_type="image/png", alt_text=words),)
    return Card(
        kind=CardKind.PROGRESS,
        lines=tuple(lines),
        images=previews,
        buttons=((button(language, Action.CANCEL, request_id),),),
    )


def review(
    language: str, *, request_id: str, stage: Stage, category: Category | None, trace: str = ""
) -> Card:
    """A moderator looks first; the person need not do anything."""
    return Card(
        kind=CardKind.REVIEW,
        lines=(
            say(
                language,
                "review-notice",
                stage=say(language, f"stage-{stage}"),
                category=category_name(language, category),
            ),
            say(language, "review-wait"),
        ),
        buttons=((button(language, Action.CANCEL, request_id),),),
        is_private=True,
        trace=trace,
    )


def blocked(
    language: str,
    *,
    request_id: str,
    stage: Stage,
    category: Category | None,
    moderator_reason: str | None = None,
    strike_days: int | None = None,
    follows: Sequence[str] = (),
    may_appeal: bool = True,
) -> Card:
    """Refused: where, why in plain words, what to do; never the matched word.

    ``moderator_reason`` is the code a moderator chose ("" for none); ``strike_days`` is how long
    the warning counts, None where there is none; ``follows`` are sentences about what it led to.
    """
    lines = [
        *_why_blocked(language, stage, category, moderator_reason),
        say(language, f"blocked-do-{stage}"),
        say(language, "blocked-no-quota"),
    ]
    if wish := safe_wish(language, category):
        lines.insert(-1, say(language, "blocked-instead", wish=wish))
    if stage is Stage.BRIEF:
        lines.append(say(language, "blocked-no-strike"))
    elif strike_days is not None:
        lines.append(say(language, "blocked-strike", days=strike_days))
    lines += follows
    buttons = []
    if stage is Stage.BRIEF:
        buttons.append(button(language, Action.OWN_WORDS, request_id))
    if may_appeal:
        lines.append(say(language, "blocked-appeal"))
        buttons.append(button(language, Action.APPEAL, request_id))
    return Card(
        kind=CardKind.BLOCKED,
        lines=tuple(lines),
        buttons=rows(buttons),
        is_private=True,
    )


def failed(
    language: str,
    key: str = "failed-generic",
    args: Mapping[str, Any] | None = None,
    *,
    request_id: str = "",
    trace: str = "",
) -> Card:
    """Could not be done: what to do, and a short number to quote."""
    lines = [say(language, key, **(args or {}))]
    if trace:
        lines.append(say(language, "failed-trace", trace=trace))
    again = ((button(language, Action.AGAIN, request_id),),) if request_id else ()
    return Card(
        kind=CardKind.FAILED, lines=tuple(lines), buttons=again, is_private=True, trace=trace
    )


def waiting_in_private(language: str, request_id: str) -> Card:
    """Said in the open where the private way to the person is closed."""
    shows = button(language, Action.SHOW, request_id)
    return Card(kind=CardKind.PLAIN, lines=(say(language, "private-closed"),), buttons=((shows,),))


def added_ranges(brief: Brief) -> tuple[tuple[int, int], ...]:
    """The added parts of the prompt as sorted ranges that neither overlap nor leave it."""
    ranges: list[tuple[int, int]] = []
    for span in sorted(brief.added, key=lambda span: (span.start, span.end)):
        start = max(span.start, ranges[-1][1] if ranges else 0)
        end = min(span.end, len(brief.prompt))
        if ranges and start == ranges[-1][1] and end > start:
            ranges[-1] = (ranges[-1][0], end)
        elif end > start:
            ranges.append((start, end))
    return tuple(ranges)


def _why_blocked(
    language: str, stage: Stage, category: Category | None, moderator_reason: str | None
) -> list[str]:
    named = category_name(language, category)
    lines = [
        say(language, "blocked-headline", stage=say(language, f"stage-{stage}"), category=named),
        say(language, f"reason-{category or Category.UNCHECKED}"),
    ]
    if moderator_reason is not None:
        key = f"decision-{moderator_reason}"
        reason = say(language, key) if has_text(key) else moderator_reason or named
        lines.append(say(language, "blocked-moderator", reason=reason))
    return lines


def safe_wish(language: str, category: Category | None) -> str:
    """What could be asked for instead; empty where the words are not the trouble."""
    key = f"safe-wish-{category}"
    return say(language, key) if has_text(key) else ""


def whereabouts(
    language: str,
    ahead: int | None,
    step: int,
    steps: int,
    before_any_step: str = "progress-preparing",
) -> str:
    """Where a request is, in a sentence; ``ahead`` None once it is being painted."""
    if ahead is not None:
        if ahead == 0:
            return say(language, "progress-next")
        return say(language, "progress-position", position=ahead)
    if steps == 0:
        return say(language, before_any_step)
    if step >= steps:
        return say(language, "progress-presenting")
    return say(language, "progress-step", percent=100 * step // steps)


def _time_left(language: str, seconds: float) -> str:
    if seconds >= 90:
        return say(language, "progress-minutes", minutes=round(seconds / 60))
    return say(language, "progress-seconds", seconds=max(1, round(seconds)))


def category_name(language: str, category: Category | None) -> str:
    """What people call a category; None is a check that could not be finished."""
    return say(language, f"category-{category or Category.UNCHECKED}")


_LABELS = {
    Action.MORE: "button-more",
    Action.DETAILS: "button-details",
    Action.EDIT: "button-edit",
    Action.DELETE: "button-delete",
    Action.ERASE: "button-erase",
    Action.FORGET: "button-forget",
    Action.ACCEPT_TERMS: "button-accept-terms",
    Action.TIE: "button-tie",
    Action.ALL_BAD: "button-all-bad",
    Action.AGAIN: "button-again",
    Action.OWN_WORDS: "button-own-words",
    Action.CHANGE_WORD: "button-change-word",
    Action.CANCEL: "button-cancel",
    Action.SHOW: "button-show",
    Action.APPEAL: "button-appeal",
    Action.CLAIM: "button-claim",
    Action.HAND_BACK: "button-hand-back",
    Action.APPROVE: "button-approve",
    Action.REJECT: "button-reject",
    Action.UNDO: "button-undo",
}


def button(language: str, action: Action, argument: str) -> Button:
    """The button for ``action`` with the label people know it by."""
    return Button(label=say(language, _LABELS[action]), action=action, argument=argument)


def rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows that fit a telephone."""
    size = PICTURES_IN_A_ROW
    return tuple(tuple(buttons[i : i + size]) for i in range(0, len(buttons), size))
