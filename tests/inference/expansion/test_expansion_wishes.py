"""A table of wishes, clear, vague and odd, in two languages, and what must be understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference.expansion.brief import Brief, Wish
from inference.expansion.compose import own_words
from inference.expansion.offline import OfflineExpander

TABLE = Path(__file__).parent / "data" / "wishes.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]


def facts(brief: Brief) -> dict[str, Any]:
    """A brief as a row of the table; what was chosen by chance is only noted as added."""
    added = " ".join(brief.added_words)
    asked_style = brief.style if brief.style and brief.style not in added else None
    passed = [n.args["words"] for n in brief.notices if n.key == "expansion-passed-through"]
    found: dict[str, Any] = {
        "wish": brief.wish,
        "language": brief.language,
        "clarity": brief.clarity.value,
        "own": own_words(brief),
        "adds": bool(brief.added),
        "style": asked_style,
        "objects": [described(wished) for wished in brief.constraints.objects],
        "texts": list(brief.constraints.texts),
        "negative": brief.negative_prompt,
        "size": [brief.width, brief.height] if brief.width else None,
        "count": brief.count,
        "options": list(brief.question.options) if brief.question else None,
        "passed": passed[0] if passed else None,
    }
    is_said = {"wish", "own", "adds"} | ({"options"} if brief.question else set())
    return {key: value for key, value in found.items() if value or key in is_said}


def described(wished: Any) -> str:
    """An object in one line: "1 red star @ above the house"."""
    where = f"@ {wished.position}" if wished.position else ""
    return " ".join(filter(None, [str(wished.count), wished.color, wished.name, where]))


def test_the_table_is_large_and_bilingual() -> None:
    """At least 120 different wishes, half of them Chinese."""
    assert len({row["wish"] for row in ROWS}) == len(ROWS) >= 240
    assert sum(row["language"] == "zh" for row in ROWS) >= 120


@pytest.mark.parametrize("row", ROWS, ids=[row["wish"][:40] for row in ROWS])
def test_a_wish_is_understood(row: dict[str, Any], offline: OfflineExpander) -> None:
    """Everything a wish says ends up where it belongs, and nothing else does."""
    assert facts(offline.expand_now(Wish(text=row["wish"]))) == row
