"""The command line: what it refuses, and a style from a folder to a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inference.sketchbook.__main__ import app
from inference.sketchbook.training import style
from inference.sketchbook.training.presets import PRESETS

RUNNER = CliRunner()


@pytest.mark.parametrize("option", ["--preset", "--stage"])
def test_unknown_names_are_refused(tmp_path: Path, option: str) -> None:
    """The message lists what there is, and nothing is trained."""
    result = RUNNER.invoke(app, ["train", option, "oil", "--work", str(tmp_path / "work")])
    assert result.exit_code == 2
    assert not (tmp_path / "work").exists()


def test_a_style_needs_captions(tmp_path: Path) -> None:
    """An empty folder ends in one sentence, not in a stack trace."""
    result = RUNNER.invoke(app, ["style", str(tmp_path)])
    assert result.exit_code == 2
    assert "no pictures" in result.output


def test_a_style_becomes_one_file(tmp_path: Path) -> None:
    """On the shipped model, in a second's training."""
    style.draw_example(tmp_path / "pictures", 2)
    arguments = ["style", str(tmp_path / "pictures"), "--out", str(tmp_path / "style")]
    result = RUNNER.invoke(app, [*arguments, "--minutes", "0.01", "--batch", "2"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "style" / "pytorch_lora_weights.safetensors").stat().st_size < 2**22


def test_every_stage_has_a_budget_in_every_preset() -> None:
    """Whatever `--stage` takes can be given minutes."""
    from inference.sketchbook.training import everything

    for preset in PRESETS.values():
        assert all(getattr(preset, name).seconds > 0 for name in everything.STAGES)
