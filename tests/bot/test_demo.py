"""The demo: it shows what it claims, says so where it does not, and survives ``kill -9``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from bot.demo import hold

from .demo_driver import Painter, demo_parts
from .path_fakes import QUICK

ROOT = Path(__file__).parents[2]


def start(folder: Path, seconds: float = 0.0) -> subprocess.Popen[str]:
    """The demo in a process of its own."""
    environment = os.environ | {
        "ATELIER_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8",
        "LC_ALL": "en_US.UTF-8", "SECONDS": str(seconds),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bot.demo_driver"],
        env=environment, cwd=folder.parent, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.slow
def test_twice_in_a_row_everything_is_shown(tmp_path: Path) -> None:
    """Both runs end well, show the marks and the refusal, and leave pictures and a sheet."""
    for _ in range(2):
        said, errors = start(tmp_path / "data").communicate(timeout=90)
        assert "✗" not in said, said + errors
        assert errors == ""
        assert "[+" in said
        assert "I stopped at your words: violence." in said
        assert "A moderator has looked at it and released it." in said
    sheets = list((tmp_path / "data" / "pictures").glob("*/sheet.png"))
    assert len(sheets) == 2
    with Image.open(sheets[0]) as sheet:
        assert sheet.width > 4 * 256


@pytest.mark.slow
@pytest.mark.alone
def test_a_killed_run_is_finished_by_the_next(tmp_path: Path) -> None:
    """``kill -9`` while a picture is painted: the next run finishes that request first."""
    folder = tmp_path / "data"
    killed = start(folder, seconds=60.0)
    assert killed.stdout is not None
    for line in killed.stdout:
        if "thinking about your wish" in line:
            break
    time.sleep(1.5)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=10)
    said, errors = start(folder).communicate(timeout=90)
    assert "The last run was interrupted" in said, said + errors
    assert said.index("is finished: delivered") < said.index("Mei is new here")
    assert "✗" not in said, said


async def test_what_is_not_seen_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the filters let the doubtful picture pass, the demo says so and fails."""
    monkeypatch.setenv("ATELIER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    status = await hold(demo_parts(Painter(is_blind=True)), QUICK)
    said = capsys.readouterr().out
    assert status == 1
    assert "✗ a doubtful picture became a case" in said
    assert "it ended as: delivered" in said
