"""``imagine``, ``cases``, ``votes`` and ``db``: the real path, a painter of flat pictures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.cli import run

from .path_fakes import FakeEngine, make_parts

Capture = pytest.CaptureFixture[str]
TWIN = """
import sys
import bot.app
from bot.cli import run
from tests.bot.path_fakes import FakeEngine, make_parts
bot.app.real_parts = lambda _: make_parts(FakeEngine())
sys.exit(run(["imagine", "a house", "--count", "1", "--out", sys.argv[1]]))
"""


@pytest.fixture(autouse=True)
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal in English, a data folder of its own, parts that need no torch."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("ATELIER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ATELIER_UNDO_SECONDS", "0")
    monkeypatch.setattr("bot.app.real_parts", lambda _: make_parts(FakeEngine()))


def document(capsys: Capture) -> Any:
    """What ``--json`` printed: one JSON document and nothing else."""
    return json.loads(capsys.readouterr().out)


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height in pixels of a file that decodes."""
    with Image.open(picture) as opened:
        opened.load()
        return opened.size


def test_pictures_and_sheet_are_left_in_the_folder(tmp_path: Path, capsys: Capture) -> None:
    """One PNG for each picture, the sheet, and a document that says which is which."""
    out = tmp_path / "out"
    told = ["imagine", "a house", "--count", "2", "--seed", "7", "--out", str(out), "--json"]
    assert run(told) == 0
    facts = document(capsys)
    assert facts["state"] == "delivered"
    assert sorted(one["seed"] for one in facts["pictures"]) == [7, 8]
    assert [one["position"] for one in facts["pictures"]] == [1, 2]
    for one in facts["pictures"]:
        assert size_of(Path(one["file"])) == (one["width"], one["height"])
    assert size_of(out / "sheet.png") > (512, 256)
    assert {path.name for path in out.iterdir()} == {"picture-1.png", "picture-2.png", "sheet.png"}


@pytest.mark.parametrize(("count", "status"), [(9, 2), (8, 1)])
def test_the_limit_that_binds_is_named(count: int, status: int, capsys: Capture) -> None:
    """What no model could paint is wrong usage, what the studio does not allow is refused; both
    name the studio's limit, which is the narrower."""
    assert run(["imagine", "a house", "--count", str(count)]) == status
    assert "1 to 4" in capsys.readouterr().err


def test_two_at_once_in_a_new_folder_both_paint(tmp_path: Path) -> None:
    """Neither is refused: the second waits for the first's tables, and works beside it or after."""
    painters = [
        subprocess.Popen(
            [sys.executable, "-c", TWIN, str(tmp_path / str(number))],
            env={**os.environ, "ATELIER_DATA_DIR": str(tmp_path / "new")},
        )
        for number in range(2)
    ]
    assert [one.wait(timeout=120) for one in painters] == [0, 0]
    for number in range(2):
        assert (tmp_path / str(number) / "picture-1.png").exists()


def test_without_json_a_person_reads_it(capsys: Capture) -> None:
    """The brief with its marks and where the files are; on stdout, with nothing beside."""
    assert run(["imagine", "a house", "--count", "1"]) == 0
    said, aside = capsys.readouterr()
    assert "a house[+, fine+]" in said
    assert "sheet.png" in said
    assert aside == ""


def test_a_question_is_left_to_the_studio(capsys: Capture) -> None:
    """Nobody sits at a script: the question is quoted, and the pictures are made."""
    assert run(["imagine", "something vague", "--json"]) == 0
    out, aside = capsys.readouterr()
    assert "Cat or dog?" in aside
    assert json.loads(out)["state"] == "delivered"


@pytest.mark.parametrize(
    ("wish", "state", "words"),
    [
        ("something forbidden", "blocked", "I stopped at your words: violence."),
        ("something doubtful", "awaiting_review", "atelier cases list"),
        ("a red house", "blocked", "the finished picture"),
    ],
)
def test_a_refusal_is_a_sentence_and_one(
    wish: str, state: str, words: str, capsys: Capture
) -> None:
    """Exit status 1; a program reads the state, a person where and why."""
    assert run(["imagine", wish, "--json"]) == 1
    out, aside = capsys.readouterr()
    assert words in aside
    assert json.loads(out)["state"] == state


def test_a_case_is_decided_from_the_command_line(capsys: Capture) -> None:
    """List, claim, release, undo, refuse: each says what became of the case."""
    run(["imagine", "something doubtful", "--json"])
    capsys.readouterr()
    assert run(["cases", "list", "--json"]) == 0
    (case,) = document(capsys)
    short = case["id"][-6:]
    assert run(["cases", "claim", short]) == 0
    assert run(["cases", "approve", short, "--json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out[out.index("{") :])["decision"] == "approve"
    assert run(["cases", "list"]) == 0
    assert "Nothing waits" in capsys.readouterr().out


def test_an_unknown_case_is_wrong_usage(capsys: Capture) -> None:
    """The number is quoted."""
    assert run(["db", "upgrade"]) == 0
    assert run(["cases", "approve", "ffffff"]) == 2
    assert "ffffff" in capsys.readouterr().err


def test_the_operator_has_agreed_once(tmp_path: Path) -> None:
    """Running the program counts as having accepted the terms, and is written down once."""
    import sqlite3

    for _ in range(2):
        run(["imagine", "a house", "--count", "1"])
    with sqlite3.connect(tmp_path / "data" / "atelier.sqlite") as database:
        rows = database.execute("SELECT kind, how FROM consents").fetchall()
    assert [(kind, how.split(":")[0]) for kind, how in rows] == [("terms", "command-line")]


def test_the_database_tells_where_it_stands(capsys: Capture) -> None:
    """Before and after an upgrade."""
    assert run(["db", "status", "--json"]) == 1
    assert document(capsys) == {"is_current": False}
    assert run(["db", "upgrade"]) == 0
    capsys.readouterr()
    assert run(["db", "status", "--json"]) == 0
    assert document(capsys) == {"is_current": True}


def test_votes_are_exported(tmp_path: Path, capsys: Capture) -> None:
    """An export of nothing is an export."""
    assert run(["votes", "export", str(tmp_path / "votes"), "--json"]) == 0
    assert document(capsys)["num_votes"] == 0
    assert (tmp_path / "votes" / "manifest.json").is_file()
