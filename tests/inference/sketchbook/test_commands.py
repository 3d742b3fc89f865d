"""The command line: what it refuses, and a style from a folder to a file."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from inference.sketchbook.__main__ import app
from inference.sketchbook.training import loop, style
from inference.sketchbook.training.claim import claim
from inference.sketchbook.training.presets import PRESETS, Budget

# diffusers' scheduler hands tensors to numpy the old way
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
RUNNER = CliRunner()


@pytest.mark.parametrize("option", ["--preset", "--stage"])
def test_unknown_names_are_refused(tmp_path: Path, option: str) -> None:
    """The message lists what there is, and nothing is trained."""
    result = RUNNER.invoke(app, ["train", option, "oil", "--work", str(tmp_path / "work")])
    assert result.exit_code == 2
    assert not (tmp_path / "work").exists()


def test_minutes_are_those_of_a_stage(tmp_path: Path) -> None:
    """Without a stage they would say nothing."""
    result = RUNNER.invoke(app, ["train", "--minutes", "3", "--work", str(tmp_path / "work")])
    assert result.exit_code == 2
    assert "--stage" in result.output
    assert not (tmp_path / "work").exists()


def test_nothing_is_removed_to_begin_anew(tmp_path: Path) -> None:
    """A folder with anything in it is gone on with, or left alone."""
    (tmp_path / "mine.txt").write_text("precious")
    result = RUNNER.invoke(app, ["train", "--work", str(tmp_path)])
    assert result.exit_code == 2
    assert "--resume" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_presets_do_not_mix(tmp_path: Path) -> None:
    """They draw other scenes; what one began another does not go on with."""
    claim(tmp_path, {"--preset": "smoke"})
    result = RUNNER.invoke(app, ["train", "--work", str(tmp_path), "--resume"])
    assert result.exit_code == 2
    assert "--preset smoke" in " ".join(result.output.split())


def test_a_style_needs_captions(tmp_path: Path) -> None:
    """An empty folder ends in one sentence, not in a stack trace."""
    result = RUNNER.invoke(app, ["style", str(tmp_path)])
    assert result.exit_code == 2
    assert "no pictures" in result.output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("000.png", b"no picture"),
        ("000.txt", b""),
        ("000.txt", b"\xff\xfe\x00"),
        ("metadata.jsonl", b"{broken"),
        ("metadata.jsonl", b'{"file_name": "a.png", "text": 5}'),
        ("metadata.jsonl", b'["a.png"]'),
    ],
)
def test_bad_files_are_named_before_anything_begins(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """One sentence that names the file, and no folder that would be taken for a training."""
    style.draw_example(tmp_path / "pictures", 1)
    (tmp_path / "pictures" / name).write_bytes(content)
    result = RUNNER.invoke(
        app, ["style", str(tmp_path / "pictures"), "--out", str(tmp_path / "style")]
    )
    assert result.exit_code == 2, result.output
    assert name.split(".", maxsplit=1)[0] in result.output
    assert not (tmp_path / "style").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "--stage", "words", "--minutes", "-1", "--work", "new"],
        ["train", "--stage", "unet", "--preset", "smoke", "--work", "new"],
        ["train", "--work", "file"],
        ["sheet", "--out", "sheet.xyz"],
        ["style", "nowhere"],
        ["style", ".", "--minutes", "0"],
        ["style", ".", "--device", "banana"],
        ["style", ".", "--out", "file"],
    ],
)
def test_bad_options_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Refused as usage, whatever is wrong with them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    assert RUNNER.invoke(app, arguments).exit_code == 2
    assert (tmp_path / "file").read_text() == "mine"


def test_an_interrupted_training_loses_nothing(tmp_path: Path) -> None:
    """Ctrl-C leaves a checkpoint of the last step."""
    stage = Counting(stop_at=3)
    with pytest.raises(KeyboardInterrupt):
        loop.train(stage, tmp_path, Budget(seconds=60, steps=9, batch=1), PRESETS["smoke"])
    loop.train(Counting(), tmp_path, Budget(seconds=60, steps=5, batch=1), PRESETS["smoke"])
    saved = torch.load(tmp_path / "counting.ckpt", weights_only=True)
    assert saved["steps"] == 5
    assert len(saved["losses"]) == 5


class Counting:
    """A stage that learns nothing, and may be interrupted."""

    name = "counting"

    def __init__(self, stop_at: int = -1) -> None:
        self.stop_at, self.num = stop_at, 0

    def step(self, share: float) -> float:
        """One, until it is interrupted."""
        if self.num == self.stop_at:
            raise KeyboardInterrupt
        self.num += 1
        return 1.0

    def state(self) -> dict[str, loop.Stateful]:
        """Nothing."""
        return {}

    def show(self) -> None:
        """Nothing either."""


def test_a_style_becomes_one_file(tmp_path: Path) -> None:
    """On the shipped model, in a second's training."""
    style.draw_example(tmp_path / "pictures", 2)
    arguments = ["style", str(tmp_path / "pictures"), "--out", str(tmp_path / "style")]
    result = RUNNER.invoke(app, [*arguments, "--minutes", "0.01", "--batch", "2"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "style" / "pytorch_lora_weights.safetensors").stat().st_size < 2**22
    assert (tmp_path / "style" / "style-sheet.png").exists()


def test_a_base_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """No stack trace, and the folder stays as it was."""
    style.draw_example(tmp_path / "pictures", 2)
    arguments = ["style", str(tmp_path / "pictures"), "--out", str(tmp_path / "style")]
    result = RUNNER.invoke(app, [*arguments, "--base", str(tmp_path / "nowhere")])
    assert result.exit_code == 2, result.output
    assert "--base" in result.output
    assert not (tmp_path / "style").exists()


def test_another_style_is_not_taken_for_this_one(tmp_path: Path) -> None:
    """The same folder with other pictures, or another rank, is refused before any training."""
    style.draw_example(tmp_path / "pictures", 2)
    pictures = style.read_folder(tmp_path / "pictures")
    before = {"pictures": style.fingerprint_of(pictures), "--base": "sketchbook", "--rank": 16}
    claim(tmp_path / "style", before)
    arguments = ["style", str(tmp_path / "pictures"), "--out", str(tmp_path / "style")]
    for changed in ("rank", "caption"):
        if changed == "caption":
            (tmp_path / "pictures" / "000.txt").write_text("something else")
        more = ["--rank", "4"] if changed == "rank" else []
        result = RUNNER.invoke(app, [*arguments, *more])
        assert result.exit_code == 2, result.output
        assert "name another" in " ".join(result.output.split())
    assert [path.name for path in (tmp_path / "style").iterdir()] == ["begun-with.json"]


def test_every_stage_has_a_budget_in_every_preset() -> None:
    """Whatever `--stage` takes can be given minutes."""
    from inference.sketchbook.training import everything

    for preset in PRESETS.values():
        assert all(getattr(preset, name).seconds > 0 for name in everything.STAGES)
