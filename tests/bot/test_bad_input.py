"""What cannot be done is one clear sentence and an exit status: ``docs/bad-input.md``, row by row.

Every row runs the real command line in processes of its own, in English and in Chinese, and is
compared with the document, so that the document stays true.
"""

from __future__ import annotations

import io
import os
import re
import resource
import sqlite3
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

import migrations

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "bad-input.md"
LOCALES = {"en": "en_US.UTF-8", "zh-CN": "zh_CN.UTF-8"}
MAX_SECONDS = 100


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One command line, and what the machine is like when it runs."""

    arguments: list[str]
    settings: dict[str, str] = field(default_factory=dict)
    before: Callable[[], object] | None = None  # in the new process, before anything else


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How it ended: the exit status and the one sentence."""

    status: int
    sentence: str


def start(attempt: Attempt, folder: Path, language: str) -> subprocess.Popen[str]:
    """``atelier`` in a process of its own, with ``folder`` for its data."""
    environment = {name: value for name, value in os.environ.items() if name[:3] != "LC_"} | {
        "ATELIER_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "LC_ALL": LOCALES[language],
        **attempt.settings,
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *attempt.arguments],
        env=environment, cwd=folder, text=True, preexec_fn=attempt.before,  # noqa: PLW1509
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ending(process: subprocess.Popen[str], folder: Path) -> Ending:
    """Wait for it; fails where a person would see a stack trace or more than a sentence."""
    try:
        out, said = process.communicate(timeout=MAX_SECONDS)
    finally:
        process.kill()
    assert "Traceback" not in said + out, said + out
    lines = said.splitlines() if process.returncode else out.splitlines()[-1:]
    assert len(lines) == 1, said + out
    return Ending(status=process.returncode, sentence=lines[0].replace(str(folder), "DIR"))


def imagine(*arguments: str) -> Attempt:
    """``atelier imagine`` with what makes it wrong."""
    return Attempt(arguments=["imagine", *arguments])


def corrupt_picture(folder: Path) -> Attempt:
    """A PNG that ends in the middle."""
    held = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(held, "PNG")
    (folder / "corrupt.png").write_bytes(held.getvalue()[:1000])
    return imagine("a star", "--reference", str(folder / "corrupt.png"))


def picture_bomb(folder: Path) -> Attempt:
    """A few bytes that claim 50,000 × 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    (folder / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + data)
    return imagine("a star", "--reference", str(folder / "bomb.png"))


def full_disk(folder: Path) -> Attempt:
    """No file may grow beyond four megabytes; the picture to keep is larger."""
    side, limit = 1400, 4 * 2**20
    Image.frombytes("RGB", (side, side), os.urandom(3 * side**2)).save(folder / "large.png")
    return Attempt(
        arguments=["imagine", "a star", "--reference", str(folder / "large.png")],
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


def missing_model(folder: Path) -> Attempt:
    """A folder that is not there."""
    return Attempt(
        arguments=["imagine", "a star"], settings={"ATELIER_MODEL": str(folder / "no" / "model")}
    )


WRONG_TOKEN = Attempt(arguments=["serve"], settings={"ATELIER_DISCORD_TOKEN": "not-a-token"})
NO_LLM = Attempt(
    arguments=["expand", "a star"],
    settings={
        "ATELIER_EXPANDER": "llm", "ATELIER_LLM_MODEL": "any",
        "ATELIER_LLM_BASE_URL": "http://127.0.0.1:9/v1",
    },
)  # fmt: skip
ROWS: dict[str, Callable[[Path], Attempt]] = {
    "20,000 characters": lambda _: imagine("a" * 20_000),
    "size 13×13": lambda _: imagine("a star", "--size", "13x13"),
    "count 0": lambda _: imagine("a star", "--count", "0"),
    "100,000 steps": lambda _: imagine("a star", "--steps", "100000"),
    "a corrupt picture": corrupt_picture,
    "a picture bomb": picture_bomb,
    "a missing model": missing_model,
    "a locked database": lambda _: imagine("a star"),
    "a wrong token": lambda _: WRONG_TOKEN,
    "an unreachable LLM": lambda _: NO_LLM,
    "a full disk": full_disk,
    "two executing processes": lambda _: Attempt(arguments=["serve", "--roles", "chat,render"]),
}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Someone holds the database for themselves."""
    with sqlite3.connect(folder / "atelier.sqlite", isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")
    holder.close()


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """A service already executes in that folder."""
    first = start(ROWS["two executing processes"](folder), folder, "en")
    assert first.stderr is not None
    try:
        assert "Atelier serves" in first.stderr.readline()
        yield
        first.terminate()
        first.communicate(timeout=MAX_SECONDS)
        assert first.returncode == 0
    finally:
        first.kill()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else is there."""
    yield


SURROUNDINGS = {"a locked database": locked, "two executing processes": served}


def documented() -> dict[str, tuple[int, str, str]]:
    """The document's rows: exit status, sentence in English, sentence in Chinese."""
    rows = re.findall(
        r"^\| (.+?) \| `.+?` \| (\d) \| (.+?) \| (.+?) \|$", DOCUMENT.read_text(), re.MULTILINE
    )
    return {name: (int(status), english, chinese) for name, status, english, chinese in rows}


def endings(name: str, tmp_path: Path) -> list[Ending]:
    """How the row ends in English and in Chinese, run side by side in folders of their own."""
    folders = [tmp_path / language for language in LOCALES]
    running = []
    for folder in folders:
        folder.mkdir()
        migrations.upgrade(f"sqlite:///{folder / 'atelier.sqlite'}")
    surroundings = SURROUNDINGS.get(name, alone)
    with surroundings(folders[0]), surroundings(folders[1]):
        for folder, language in zip(folders, LOCALES, strict=True):
            running.append(start(ROWS[name](folder), folder, language))
        return [ending(one, folder) for one, folder in zip(running, folders, strict=True)]


def test_the_document_has_every_row() -> None:
    """What is tested is documented, and the other way round."""
    assert list(documented()) == list(ROWS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_one_clear_sentence_and_an_exit_status(name: str, tmp_path: Path) -> None:
    """What the document says happens, in both languages."""
    english, chinese = endings(name, tmp_path)
    status, in_english, in_chinese = documented()[name]
    assert english == Ending(status=status, sentence=in_english)
    assert chinese == Ending(status=status, sentence=in_chinese)
