"""``words test``: what the rules of words would do with each line of a file, and why."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.edge import DONE, WrongUsage

from .output import Output, opened

if TYPE_CHECKING:
    from moderation.policy import Finding, Verdict


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    group = typer.Typer(help="help-words", rich_markup_mode=None)
    group.callback()(_group)
    group.command("test", help="help-words-test")(judge_file)
    app.add_typer(group, name="words")


def _group() -> None:
    """Keep ``test`` a word of its own, though it is the only one yet."""


def judge_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="help-words-file")],
    *,
    lists: Annotated[Path | None, typer.Option(help="help-words-lists")] = None,
    community: Annotated[str, typer.Option(help="help-words-community")] = "",
    is_json: Annotated[bool, typer.Option("--json", help="help-json")] = False,
) -> int:
    """Judge every line; exit 0 whatever is found."""
    from bot.parts import make_word_rules

    overrides = {"word_lists": lists} if lists else {}
    settings, output = opened(is_json=is_json, **overrides)
    judge = make_word_rules(settings).within(community)
    judged = [(number, text, judge.check(text)) for number, text in _texts(file)]
    output.document([_facts(number, text, verdict) for number, text, verdict in judged])
    for number, text, verdict in judged:
        _print(output, number, text, verdict)
    counts = Counter(verdict.decision.value for *_, verdict in judged)
    output.say(
        "words-tested",
        lines=len(judged),
        block=counts["block"],
        review=counts["review"],
        allow=counts["allow"],
    )
    return DONE


def _texts(file: Path) -> list[tuple[int, str]]:
    """Numbered lines; one that is a JSON object with ``text`` stands for that text."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise WrongUsage("usage-no-file", path=str(file)) from None
    return [(n, _text_of(line)) for n, line in enumerate(lines, start=1) if line.strip()]


def _text_of(line: str) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return line
    return said["text"] if isinstance(said, dict) and isinstance(said.get("text"), str) else line


def _facts(number: int, text: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "line": number,
        "text": text,
        "decision": verdict.decision.value,
        "policy": verdict.policy,
        "findings": [_finding(found) for found in verdict.findings],
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "rule_id": found.rule_id,
        "category": found.category.value,
        "decision": found.decision.value,
        "score": found.score,
        "start": found.start,
        "end": found.end,
        "matched": found.matched,
    }


def _print(output: Output, number: int, text: str, verdict: Verdict) -> None:
    output.text(f"{number}\t{verdict.decision}\t{text}")
    for found in verdict.findings:
        why = f"“{found.matched}”" if found.matched else "-"
        output.text(f"\t{found.category}\t{found.score:.2f}\t{found.rule_id}\t{why}")
