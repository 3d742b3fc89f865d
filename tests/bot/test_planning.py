"""From a brief to numbers: what the operator's folder of styles adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.asks import Ask
from bot.planning import plan
from bot.settings import read_settings
from inference.expansion.brief import Brief, Clarity
from inference.jobs import Lora, RenderJob


def _planned(folder: Path | None, style: str | None) -> RenderJob:
    settings = read_settings(_env_file=None, lora_folder=folder)
    brief = Brief(
        wish="a cat", language="en", prompt="a cat", style=style, clarity=Clarity.DIRECTION
    )
    return plan(Ask(text="a cat"), brief, settings, job_id="one", native_size=(64, 64))


@pytest.mark.parametrize("style", ["Chalk", "chalk", "CHALK"])
def test_a_style_that_the_operator_has_is_worn(tmp_path: Path, style: str) -> None:
    """Asked for in whatever case; a folder and a file are styles alike."""
    (tmp_path / "Chalk.safetensors").touch()
    (tmp_path / "woodcut").mkdir()
    (tmp_path / "woodcut" / "pytorch_lora_weights.safetensors").touch()
    assert _planned(tmp_path, style).loras == (Lora(name="Chalk"),)
    assert _planned(tmp_path, "woodcut").loras == (Lora(name="woodcut"),)


def test_any_other_style_is_only_words(tmp_path: Path) -> None:
    """No folder, no such style, no style: nothing is worn."""
    assert _planned(tmp_path, "ink").loras == ()
    assert _planned(tmp_path, None).loras == ()
    assert _planned(None, "ink").loras == ()
