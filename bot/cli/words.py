"""``expand`` and ``check``: words to a brief, words and pictures to a verdict."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.edge import DONE, REFUSED, Refused, WrongUsage
from bot.texts import has_text, say

from .output import Output, opened

if TYPE_CHECKING:
    from bot.settings import Settings
    from inference.expansion.brief import Brief
    from moderation.policy import Verdict


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    app.command("expand", help="help-expand")(expand)
    app.command("check", help="help-check")(check)


def expand(
    wish: Annotated[str, typer.Argument(help="help-wish")] = "",
    *,
    seed: Annotated[int, typer.Option(help="help-seed", min=0)] = 0,
    style: Annotated[str | None, typer.Option(help="help-style")] = None,
    is_json: Annotated[bool, typer.Option("--json", help="help-json")] = False,
) -> int:
    """Show the brief a wish becomes, the added words marked."""
    from bot.parts import make_expander
    from inference.expansion.brief import Wish

    settings, output = opened(is_json=is_json)
    _refuse_bad_words(settings, output.language, wish)
    brief = asyncio.run(make_expander(settings).expand(Wish(text=wish, seed=seed, style=style)))
    output.document({**brief.model_dump(mode="json"), "added_words": brief.added_words})
    _print_brief(output, brief)
    return DONE


def check(
    text: Annotated[str | None, typer.Argument(help="help-check-text")] = None,
    *,
    is_lines: Annotated[bool, typer.Option("--jsonl", help="help-check-jsonl")] = False,
    image: Annotated[Path | None, typer.Option("--image", help="help-check-image")] = None,
    is_json: Annotated[bool, typer.Option("--json", help="help-json")] = False,
) -> int:
    """Judge words or a picture."""
    settings, output = opened(is_json=is_json)
    if [text is not None, is_lines, image is not None].count(True) != 1:
        raise WrongUsage("usage-check-one")
    if is_lines:
        return _check_lines(settings, output.language)
    verdict = _judge_words(settings)(text) if text is not None else _judge_picture(settings, image)
    output.document(verdict_facts(verdict, output.language))
    _print_verdict(output, verdict)
    return DONE


def verdict_facts(verdict: Verdict, language: str) -> dict[str, Any]:
    """A verdict as a program reads it; the reasons are the sentences a person would read."""
    return {
        "decision": verdict.decision.value,
        "categories": [category.value for category in verdict.categories],
        "reasons": reasons(verdict, language),
        "rule_ids": list(verdict.rule_ids),
        "policy": verdict.policy,
    }


def reasons(verdict: Verdict, language: str) -> list[str]:
    """Why, in the sentences a person reads: the rule's own where it has one."""
    from moderation.policy import Decision

    keys = []
    for found in verdict.findings:
        if found.decision is verdict.decision and found.decision is not Decision.ALLOW:
            own = has_text(found.rule_id)
            keys.append(found.rule_id if own else f"reason-{found.category}")
    return [say(language, key) for key in dict.fromkeys(keys)]


def _check_lines(settings: Settings, language: str) -> int:
    """One verdict for each line in, blank ones too; what cannot be read or judged keeps its place,
    says so, and is for a human to look at."""
    judge = _judge_words(settings)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # one bad byte spoils one line at most
    status = DONE
    for number, line in enumerate(sys.stdin, start=1):
        try:
            facts = verdict_facts(judge(_text_of(line)), language)
        except Exception as error:  # noqa: BLE001 - the edge of a line: recorded in its place
            is_unread = isinstance(error, ValueError)
            key = "check-bad-line" if is_unread else "check-failed-line"
            sys.stderr.write(say(language, key, number=number) + "\n")
            status, rule = REFUSED, "input.unreadable" if is_unread else "words-unchecked"
            facts = {**verdict_facts(_unread(rule), language), "error": key}
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return status


def _text_of(line: str) -> str:
    """The text of a line ``{"text": …}``; raises ``ValueError`` where it is none."""
    said = json.loads(line)
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        raise ValueError("no text")  # noqa: TRY004  (as of a line that is no JSON)
    return str(said["text"])


def _unread(rule_id: str) -> Verdict:
    from moderation.policy import unchecked

    return unchecked(rule_id)


def _judge_words(settings: Settings) -> Callable[[str], Verdict]:
    """The rules, and the operator's own classifiers, about what the rules do not block."""
    from bot.parts import make_local_guard, make_word_filter
    from moderation.policy import Decision, strictest

    rules, guard = make_word_filter(settings), make_local_guard(settings)

    def check(text: str) -> Verdict:
        verdict = rules.check(text)
        if guard is None or verdict.decision is Decision.BLOCK:
            return verdict
        return strictest([verdict, guard.check(text)])

    return check


def _judge_picture(settings: Settings, path: Path | None) -> Verdict:
    """Limits before decoding, then what the picture shows."""
    from bot.parts import make_picture_filter, make_upload_check
    from moderation.policy import Decision

    data = read_picture(path)
    limits = make_upload_check(settings)(data)
    if limits.decision is not Decision.ALLOW:
        return limits
    return make_picture_filter(settings).check(data)


def read_picture(path: Path | None) -> bytes:
    """The bytes of a file named on the command line; raises ``Refused`` in one sentence."""
    try:
        if path is None:
            return b""
        if path.is_file():  # a pipe might never end
            return path.read_bytes()
    except OSError:
        pass
    raise WrongUsage("usage-no-file", path=str(path))


def _refuse_bad_words(settings: Settings, language: str, wish: str) -> None:
    """What the path would refuse before any expander saw it is refused here too."""
    from bot.cards import blocked
    from moderation.policy import Decision, Stage

    if len(wish) > settings.max_wish_characters:
        raise WrongUsage("ask-too-long", value=len(wish), most=settings.max_wish_characters)
    verdict = _judge_words(settings)(wish)
    if verdict.decision is Decision.BLOCK:
        category = next(iter(verdict.categories), None)
        card = blocked(
            language, request_id="", stage=Stage.WISH, category=category, may_appeal=False
        )
        raise Refused(" ".join(card.lines[:3]), verdict_facts(verdict, language))


def _print_brief(output: Output, brief: Brief) -> None:
    from bot.cards import added_ranges
    from bot.chat import Card, CardKind
    from bot.console_cards import brief_text

    card = Card(kind=CardKind.PLAIN, lines=(), brief_line=brief.prompt, added=added_ranges(brief))
    if output.is_json:
        return
    output.console().print(brief_text(card).plain.strip(), soft_wrap=True, markup=False)
    if brief.added:
        output.say("expand-added", words=", ".join(brief.added_words))
    for name, value in (("style", brief.style), ("negative", brief.negative_prompt)):
        if value:
            output.say(f"expand-{name}", value=value)
    if brief.question:
        output.say("expand-question", question=brief.question.text)
    for notice in brief.notices:
        output.say(notice.key, **notice.args)


def _print_verdict(output: Output, verdict: Verdict) -> None:
    output.say(f"check-{verdict.decision}")
    for reason in reasons(verdict, output.language):
        output.text(f"  {reason}")
    if verdict.rule_ids:
        output.say("check-rules", rules=", ".join(verdict.rule_ids), policy=verdict.policy)
