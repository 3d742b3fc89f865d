"""The documents are true: their commands run, their settings and targets exist, their links lead
somewhere, and both READMEs say the same."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from bot.cli import command
from bot.settings import Settings, read_settings
from moderation.cases import NUM_EYES, RIGHTS, Right, Role
from moderation.sanctions import LADDER

READMES = ("README.md", "README.zh-CN.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SETTING_ROW = re.compile(r"^\| `ATELIER_(\w+)` \| (?:`(.*?)`|(empty)) \|", re.MULTILINE)
# Lines with a test of their own; every other line of a README's `sh` blocks is run as it stands.
NOT_THEIRS = ("ATELIER_", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
HAVE_THEIR_OWN_TEST = ("sudo apt-get install", "make demo", "make test", "make run")


def _pages(checkout: Path) -> dict[str, str]:
    pages = [*checkout.glob("*.md"), *(checkout / "docs").rglob("*.md")]
    return {str(page.relative_to(checkout)): page.read_text(encoding="utf-8") for page in pages}


def _blocks(text: str, language: str) -> list[str]:
    return [body for tag, body in FENCE.findall(text) if tag == language]


def _commands(text: str) -> list[str]:
    lines = [line for block in _blocks(text, "sh") for line in block.splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _environment(home: Path) -> dict[str, str]:
    """What a stranger's shell has: no settings of ours, no make above it, a home of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_THEIRS)}
    return {**kept, "HOME": str(home), "ATELIER_DATA_DIR": str(home / "data")}


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(400)
@pytest.mark.parametrize("readme", READMES)
def test_the_commands_of_the_readme_run(readme: str, checkout: Path, tmp_path: Path) -> None:
    """Each block, pasted into a shell, ends well; the pictures it promises are there."""
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    ran = 0
    for block in _blocks((checkout / readme).read_text(encoding="utf-8"), "sh"):
        lines = [line for line in block.splitlines() if not line.startswith(HAVE_THEIR_OWN_TEST)]
        if not lines:
            continue
        script = ["bash", "-euo", "pipefail", "-c", "\n".join(lines)]
        done = subprocess.run(
            script, cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        ran += len(lines)
    assert ran >= 3
    names = sorted(path.name for path in (tmp_path / "pictures").glob("*.png"))
    assert names == [*(f"picture-{n}.png" for n in range(1, 5)), "sheet.png"]


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(400)
def test_make_demo_holds_its_conversation(checkout: Path, tmp_path: Path) -> None:
    """`make demo` ends well and names a contact sheet that is there."""
    done = subprocess.run(
        ["make", "demo"], cwd=checkout, env=_environment(tmp_path), capture_output=True,
        text=True, stdin=subprocess.DEVNULL, timeout=360, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    said = done.stdout.replace("\n", "")  # long paths are broken where the terminal ends
    sheets = [*tmp_path.rglob("sheet.png"), *(checkout / "data").rglob("sheet.png")]
    assert any(str(sheet) in said for sheet in sheets)


@pytest.mark.slow
@pytest.mark.alone
def test_make_run_serves_until_it_is_stopped(checkout: Path, tmp_path: Path) -> None:
    """`make run` says that it serves, and a polite signal ends it well."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # somebody's desk may have the usual one
        port = str(free.getsockname()[1])
    environment = _environment(tmp_path) | {"ATELIER_DESK_PORT": port}
    with subprocess.Popen(
        ["make", "run"], cwd=checkout, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    ) as service:  # fmt: skip
        assert service.stdout is not None
        first = service.stdout.readline()
        os.killpg(service.pid, signal.SIGINT)
        rest = service.stdout.read()
    assert service.returncode in {0, 130, -signal.SIGINT}, first + rest
    assert "chat" in first
    assert "Traceback" not in rest


def test_the_apt_line_is_what_ci_installs(checkout: Path) -> None:
    """A bare machine needs exactly the packages that the README and the CI script name."""
    script = (checkout / ".ci" / "run").read_text(encoding="utf-8")
    installed = set(re.findall(r"missing\+=\(([\w.-]+)\)", script))
    for readme in READMES:
        lines = [
            line
            for line in _commands((checkout / readme).read_text(encoding="utf-8"))
            if "apt-get install" in line
        ]
        assert len(lines) == 1
        assert set(lines[0].split()[4:]) == installed


def test_both_readmes_say_the_same(checkout: Path) -> None:
    """The same headings in number, the same commands but for the wishes, settings and links."""
    english, chinese = ((checkout / name).read_text(encoding="utf-8") for name in READMES)
    wish = re.compile(r'"[^"]*"')
    assert [wish.sub("…", line) for line in _commands(english)] == [
        wish.sub("…", line) for line in _commands(chinese)
    ]
    assert _blocks(english, "ini") == _blocks(chinese, "ini")
    assert len(re.findall("^#+ ", english, re.MULTILINE)) == len(
        re.findall("^#+ ", chinese, re.MULTILINE)
    )
    other = {"README.md", "README.zh-CN.md"}
    assert set(LINK.findall(english)) - other == set(LINK.findall(chinese)) - other


def test_every_setting_is_documented(checkout: Path) -> None:
    """The table of settings has each one once, with its true default."""
    rows = SETTING_ROW.findall((checkout / "docs" / "operating.md").read_text(encoding="utf-8"))
    documented = {name.lower(): default for name, default, _ in rows}
    assert len(rows) == len(documented)
    true = {
        name: "" if field.default is None or not str(_plain(field.default)) else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert documented == true


def _plain(value: object) -> object:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def test_settings_shown_as_examples_are_accepted(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every `.env` in the documents starts a studio: its names exist, its values are allowed."""
    monkeypatch.chdir(tmp_path)
    examples = [
        block
        for text in _pages(checkout).values()
        for block in _blocks(text, "ini")
        if block.startswith("ATELIER_")
    ]
    assert len(examples) >= 4
    for example in examples:
        (tmp_path / ".env").write_text(example, encoding="utf-8")
        assert read_settings()


def test_links_lead_somewhere(checkout: Path) -> None:
    """Every link to a file or a heading of this repository is right."""
    pages = _pages(checkout)
    broken = []
    for name, text in pages.items():
        for link in LINK.findall(text):
            target, _, anchor = link.partition("#")
            if "://" in link:
                continue
            path = (checkout / name).parent / target if target else checkout / name
            if not path.exists() or (anchor and anchor not in _anchors(path)):
                broken.append(f"{name}: {link}")
    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        "".join(
            "-" if char == " " else char
            for char in heading.lower()
            if char in "-_ " or unicodedata.category(char)[0] in "LN"
        )
        for heading in headings
    }


def test_make_targets_in_the_documents_exist(checkout: Path) -> None:
    """Each `make TARGET` a document names can be made."""
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        target
        for text in _pages(checkout).values()
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)
    }
    assert {"demo", "test", "run", "setup"} <= named
    assert named - targets == set()


def test_commands_in_the_documents_exist(checkout: Path) -> None:
    """Each `atelier COMMAND` a document names is a command, down to its sub-commands."""
    known = _paths(command())
    wrong = []
    for name, text in _pages(checkout).items():
        for words in re.findall(r"(?:`|^)atelier ((?:[a-z]+ ?)+)", text, re.MULTILINE):
            first, *rest = words.split()
            is_known = first in known and not (
                rest and known[first] and rest[0] not in known[first]
            )
            if not is_known:
                wrong.append(f"{name}: atelier {words}")
    assert wrong == []


def _paths(group: Any) -> dict[str, set[str]]:
    """Every command and the names of those below it (typer carries a click of its own)."""
    return {name: set(getattr(below, "commands", ())) for name, below in group.commands.items()}


def test_the_ladder_of_strikes_is_documented(checkout: Path) -> None:
    """The moderators' page names each rung at its true number of strikes."""
    page = (checkout / "docs" / "moderating.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| a (\w+)", page, re.MULTILINE)
    assert rows == [(str(rung.num_strikes), rung.kind.value) for rung in LADDER]


def test_who_must_agree_and_who_may_is_documented(checkout: Path) -> None:
    """The moderators' page has the tables of severe categories and of roles as the code has them."""
    page = (checkout / "docs" / "moderating.md").read_text(encoding="utf-8")
    eyes = dict(re.findall(r"^\| `(\w+)` \| (\d) \|$", page, re.MULTILINE))
    assert eyes == {str(category): str(number) for category, number in NUM_EYES.items()}
    roles = re.findall(r"^\| `(\w+)` \| ((?:(?:yes|no) \|\s?){6})$", page, re.MULTILINE)
    assert {role: re.findall(r"yes|no", row) for role, row in roles} == {
        str(role): ["yes" if right in RIGHTS[role] else "no" for right in Right] for role in Role
    }
