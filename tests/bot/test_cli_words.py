"""``expand`` and ``check`` from the outside: what they print and how they end."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run
from moderation.policy import ALLOWED, POLICY_VERSION, Verdict

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal in English and a data folder of its own."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("ATELIER_DATA_DIR", str(tmp_path / "data"))


def only_document(capsys: Capture) -> Any:
    """What ``--json`` printed: one JSON document and nothing else."""
    return json.loads(capsys.readouterr().out)


def test_expand_prints_the_brief_with_its_marks(capsys: Capture) -> None:
    """The added words stand in marks, and are named."""
    assert run(["expand", "画点可爱的"]) == 0
    said = capsys.readouterr().out
    assert "[+" in said
    assert "added:" in said


def test_expand_json_is_the_brief(capsys: Capture) -> None:
    """The brief's own fields, and the added words as words."""
    assert run(["expand", "画点可爱的", "--json"]) == 0
    brief = only_document(capsys)
    spans = [brief["prompt"][one["start"] : one["end"]] for one in brief["added"]]
    assert spans == brief["added_words"] != []
    assert brief["wish"] == "画点可爱的"


def test_expand_refuses_what_the_path_would_refuse(capsys: Capture) -> None:
    """The person's own words are checked before any expander sees them."""
    assert run(["expand", "a beheading with blood everywhere", "--json"]) == 1
    out, sentence = capsys.readouterr()
    assert "your words: violence" in sentence
    assert json.loads(out)["decision"] == "block"


def test_check_answers_line_by_line(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """One verdict for each line in, in order, with the five names that programs rely on."""
    lines = ['{"text": "a cat"}', '{"text": ""}', '{"text": "how to make a pipe bomb"}']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert run(["check", "--jsonl"]) == 0
    verdicts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["decision"] for one in verdicts] == ["allow", "allow", "block"]
    for one in verdicts:
        assert set(one) == {"decision", "categories", "reasons", "rule_ids", "policy"}
        assert one["policy"].startswith(POLICY_VERSION)


@pytest.mark.parametrize("line", ["", "  ", "nope", "[]", '{"words": "a"}', '{"text": 7}', "null"])
def test_a_line_that_cannot_be_read_is_for_a_human(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """It fails closed, keeps its place, and the exit status tells."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f'{line}\n{{"text": "a cat"}}\n'))
    assert run(["check", "--jsonl"]) == 1
    out, sentence = capsys.readouterr()
    unread, read = (json.loads(one) for one in out.splitlines())
    assert (unread["decision"], read["decision"]) == ("review", "allow")
    assert unread["error"] == "check-bad-line"
    assert "error" not in read
    assert "Line 1" in sentence


def test_a_line_that_cannot_be_judged_keeps_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """A filter that fails means a human looks at that line, and the next ones are judged."""

    class Fragile:
        def check(self, text: str) -> Verdict:
            if "cat" in text:
                raise RuntimeError(text)
            return ALLOWED

    monkeypatch.setattr("bot.parts.make_word_filter", lambda _: Fragile())
    monkeypatch.setattr("sys.stdin", io.StringIO('{"text": "a cat"}\n{"text": "a dog"}\n'))
    assert run(["check", "--jsonl"]) == 1
    first, second = (json.loads(one) for one in capsys.readouterr().out.splitlines())
    assert (first["decision"], first["error"]) == ("review", "check-failed-line")
    assert second["decision"] == "allow"


def test_check_says_why_in_plain_words(capsys: Capture) -> None:
    """Decision, reason, rules; being refused is an answer, not a failure."""
    assert run(["check", "how to make a pipe bomb"]) == 0
    assert "drugs, weapons or fraud" in capsys.readouterr().out


def test_a_damaged_picture_is_judged_before_any_model(tmp_path: Path, capsys: Capture) -> None:
    """The limits come first: no model is needed to refuse a broken file."""
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    assert run(["check", "--image", str(tmp_path / "broken.png"), "--json"]) == 0
    verdict = only_document(capsys)
    assert verdict["decision"] == "block"
    assert verdict["reasons"] != []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check"], "Give either words"),
        (["check", "a", "--jsonl"], "Give either words"),
        (["check", "--image", "none.png"], "none.png"),
        (["expand", "--seed", "-1"], "--seed"),
        (["nonsense"], "nonsense"),
        (["cases"], "cases --help"),
        (["check", "--bogus"], "--bogus"),
    ],
)
def test_wrong_usage_is_one_sentence_and_two(
    arguments: list[str], words: str, capsys: Capture
) -> None:
    """Exit status 2, one line on stderr, nothing on stdout."""
    assert run(arguments) == 2
    out, sentence = capsys.readouterr()
    assert words in sentence
    assert sentence.count("\n") == 1
    assert out == ""


def test_a_bad_setting_names_itself(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """No command runs with settings that were not understood."""
    monkeypatch.setenv("ATELIER_MAX_COUNT", "many")
    assert run(["check", "a cat"]) == 1
    assert "ATELIER_MAX_COUNT" in capsys.readouterr().err


@pytest.mark.parametrize(("locale", "words"), [("en_US.UTF-8", "Judge"), ("zh_CN.UTF-8", "检查")])
def test_help_speaks_the_terminals_language(
    locale: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Every command and option is explained, and no key is left untranslated."""
    monkeypatch.setenv("LC_ALL", locale)
    assert run(["--help"]) == 0
    assert run(["check", "--help"]) == 0
    said = capsys.readouterr().out
    assert words in said
    assert "help-" not in said


def test_the_command_line_starts_light() -> None:
    """Naming a command loads no database, no durable engine and no torch."""
    import subprocess
    import sys

    heavy = ("torch", "dbos", "sqlalchemy", "PIL", "rich", "openai")
    program = f"import sys, bot.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
