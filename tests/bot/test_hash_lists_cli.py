"""``atelier lists`` and what moderators put on a list: by hashes, found again when asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.asks import Ask
from bot.blocking import add_to_block_list
from bot.cli import run
from moderation.lists import HashLists
from moderation.pictures.fingerprints import fingerprint
from store.tables import Case, RequestState
from tests.moderation.conftest import encoded, textured

from .path_fakes import event, settle
from .test_path import rows, serving


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file with a picture of much detail."""
    path = tmp_path / "picture.png"
    path.write_bytes(encoded(textured(1)))
    return path


def said(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, Any]:
    """The exit status and the JSON document of a command."""
    capsys.readouterr()
    status = run(["lists", *words, "--json"])
    return status, json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    monkeypatch.setenv("ATELIER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_picture_is_put_on_a_list_shown_and_taken_off(
    capsys: pytest.CaptureFixture[str], data: Path, picture: Path
) -> None:
    """Its hashes alone; the file is nowhere."""
    status, added = said(capsys, data, "add", "gore", str(picture), "--category", "violence")
    made = fingerprint(picture.read_bytes(), textured(1))
    assert (status, added["added"]) == (0, 1)
    assert added["pictures"][0]["sha256"] == made.sha256
    _, shown = said(capsys, data, "show")
    assert shown["lists"] == [{"name": "gore", "trial": False, "pictures": 1}]
    assert {path.name for path in data.rglob("*.*")} == {".lock", "gore.tsv"}
    entry = added["pictures"][0]["id"]
    assert said(capsys, data, "remove", "gore", entry)[1]["removed"] == 1
    assert said(capsys, data, "remove", "gore", entry)[0] == 1


def test_lists_travel(capsys: pytest.CaptureFixture[str], data: Path, picture: Path) -> None:
    """What one exports another imports; so are hashes of others, on trial if one likes."""
    said(capsys, data, "add", "gore", str(picture), "--category", "violence")
    capsys.readouterr()
    assert run(["lists", "export", "gore"]) == 0
    theirs = picture.with_name("theirs.tsv")
    theirs.write_text(capsys.readouterr().out, "utf-8")
    assert said(capsys, data, "import", "copy", str(theirs))[1]["added"] == 1
    hashes = picture.with_name("hashes.txt")
    hashes.write_text(f"# bank\n{fingerprint(b'', textured(2)).pdq},1\n", "utf-8")
    words = ("import", "bank", str(hashes), "--kind", "pdq", "--category", "hate", "--trial")
    assert said(capsys, data, *words)[1]["added"] == 1
    _, shown = said(capsys, data, "show")
    assert {(each["name"], each["trial"]) for each in shown["lists"]} == {
        ("gore", False), ("copy", False), ("bank", True)
    }  # fmt: skip


def test_a_plain_picture_is_told_to_be_known_by_its_file_only(
    capsys: pytest.CaptureFixture[str], picture: Path
) -> None:
    """So that nobody relies on more."""
    picture.write_bytes(encoded(Image.new("RGB", (64, 64))))
    assert run(["lists", "add", "x", str(picture), "--category", "hate"]) == 0
    assert "picture.png" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [("add", "x", "{picture}", "--category", "nothing"), ("add", "x", "{missing}", "--category", "hate"),
     ("add", "x", "{picture}", "--category", "hate", "--decision", "allow"),
     ("import", "x", "{picture}", "--kind", "md5"), ("add", "x", "{text}", "--category", "hate"),
     ("import", "x", "{missing}")],
)  # fmt: skip
def test_wrong_usage_is_one_sentence(
    capsys: pytest.CaptureFixture[str], picture: Path, words: tuple[str, ...]
) -> None:
    """And exit 2."""
    text = picture.with_name("text.png")
    text.write_text("no picture", "utf-8")
    named = {"picture": picture, "missing": picture.with_name("none"), "text": text}
    assert run(["lists", *(word.format(**named) for word in words)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_what_is_no_list_is_refused(capsys: pytest.CaptureFixture[str], picture: Path) -> None:
    """With the line, and exit 1."""
    broken = picture.with_name("broken.tsv")
    broken.write_text("what is this\n", "utf-8")
    assert run(["lists", "import", "x", str(broken)]) == 1
    assert "1" in capsys.readouterr().err
    assert run(["lists", "export", "unknown"]) == 1
    assert run(["lists", "show", "unknown"]) == 1


async def test_a_moderator_s_list_stops_the_same_picture(tmp_path: Path) -> None:
    """The pictures of a case, under its category; a second time adds nothing."""
    async with serving(tmp_path) as (app, _chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a blue thing"))
        assert (await settle(app, reply)).state == RequestState.AWAITING_REVIEW
        (case,) = await rows(app, Case)
        for num_new in (1, 0):
            async with app.db.session() as session:
                assert await add_to_block_list(session, app.shop, case, by="m1") == num_new
        (entry,) = HashLists(app.settings.hash_folder).edition.lists[0].pictures
        assert (entry.category, entry.added_by) == ("violence", "m1")
