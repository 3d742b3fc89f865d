"""``words test`` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal in English and a data folder of its own."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("ATELIER_DATA_DIR", str(tmp_path / "data"))


def lines(tmp_path: Path) -> str:
    """A file with three texts."""
    path = tmp_path / "wishes.txt"
    path.write_text('a cat\n\n{"text": "hentai"}\na zorkling\n', encoding="utf-8")
    return str(path)


def test_each_line_is_judged_and_explained(tmp_path: Path, capsys: Capture) -> None:
    """The word that was found, the rule, and a count at the end."""
    assert run(["words", "test", lines(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "3\tblock\thentai" in said
    assert "“hentai”" in said
    assert "3 lines: 1 refused, 0 for a moderator, 2 allowed." in said


def test_own_lists_are_tried_before_they_are_set(tmp_path: Path, capsys: Capture) -> None:
    """``--lists`` names a folder; ``--community`` one of its communities; JSON has the facts."""
    own = tmp_path / "lists" / "discord-7"
    own.mkdir(parents=True)
    (own / "ours.tsv").write_text("hate\tsevere\t-\tzorkling\n", encoding="utf-8")
    command = ["words", "test", lines(tmp_path), "--lists", str(own.parent), "--json"]
    assert run(command) == 0
    assert [one["decision"] for one in json.loads(capsys.readouterr().out)][-1] == "allow"
    assert run([*command, "--community", "discord-7"]) == 0
    last = json.loads(capsys.readouterr().out)[-1]
    assert (last["line"], last["decision"], last["findings"][0]["matched"]) == (
        4,
        "block",
        "zorkling",
    )


def test_a_missing_file_is_wrong_usage(tmp_path: Path, capsys: Capture) -> None:
    """Status 2 and one sentence."""
    assert run(["words", "test", str(tmp_path / "nowhere.txt")]) == 2
    assert "nowhere.txt" in capsys.readouterr().err
