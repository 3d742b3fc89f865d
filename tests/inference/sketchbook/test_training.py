"""The stages of training: their formulas, their checkpoints and what they export."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline
from torch import nn
from transformers import CLIPModel

from inference.sketchbook import samples
from inference.sketchbook.training import autoencoder, everything, loop, muon, unet, words
from inference.sketchbook.training.dataset import NONE, Dataset, decode
from inference.sketchbook.training.presets import PRESETS, Budget
from inference.sketchbook.vocabulary import OBJECTS

# diffusers' scheduler hands tensors to numpy the old way
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.timeout(400),  # the tiny training run takes a minute on a busy core
]
LARGEST_FILE_BYTES = 16 * 2**20


def test_training_exports_a_stock_pipeline(smoke_run: Path) -> None:
    """StableDiffusionPipeline loads the folder by itself and draws 64x64 pictures."""
    pipe = StableDiffusionPipeline.from_pretrained(smoke_run / "export" / "weights")
    pipe.set_progress_bar_config(disable=True)
    (picture,) = samples.draw(pipe, ["a red star"], seed=1, steps=2)
    assert picture.size == (64, 64)
    assert pipe.text_encoder.dtype == pipe.unet.dtype == torch.float32


def test_exports_do_not_say_where_they_were_trained(smoke_run: Path) -> None:
    """No configuration names a folder of the machine."""
    for path in (smoke_run / "export").rglob("*.json"):
        assert str(smoke_run) not in path.read_text("utf-8"), path


def test_training_exports_a_stock_clip(smoke_run: Path) -> None:
    """CLIPModel loads the folder, full precision unless asked otherwise."""
    assert CLIPModel.from_pretrained(smoke_run / "export" / "clip").dtype == torch.float32


def test_exported_files_are_small_enough(smoke_run: Path) -> None:
    """No file exceeds what the repository accepts."""
    files = [path for path in (smoke_run / "export").rglob("*") if path.is_file()]
    assert max(path.stat().st_size for path in files) < LARGEST_FILE_BYTES


def test_checkpoints_show_how_it_goes(smoke_run: Path) -> None:
    """Stages leave a loss plot, and those that make pictures a sheet."""
    for name in ("words-loss", "autoencoder-sheet", "unet-loss", "unet-sheet", "distil-loss"):
        assert (smoke_run / f"{name}.png").exists()


def test_finished_stages_are_not_trained_again(smoke_run: Path) -> None:
    """Running once more changes no checkpoint."""
    before = {path.name: path.stat().st_mtime_ns for path in smoke_run.glob("*.ckpt")}
    everything.run(smoke_run, PRESETS["smoke"], only="unet")
    assert before == {path.name: path.stat().st_mtime_ns for path in smoke_run.glob("*.ckpt")}


class Counting:
    """A stage that adds one to a weight at every step."""

    name = "counting"

    def __init__(self) -> None:
        self.model, self.seen = nn.Linear(1, 1), list[float]()
        nn.init.zeros_(self.model.weight)

    def step(self, share: float) -> float:
        self.seen.append(share)
        with torch.no_grad():
            self.model.weight += 1
        return 1.0

    def state(self) -> dict[str, loop.Stateful]:
        return {"model": self.model}

    def show(self) -> None:
        pass


def test_an_interrupted_stage_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Steps, seconds and weights come back from the checkpoint."""
    first, second = Counting(), Counting()
    loop.train(first, tmp_path, Budget(seconds=60, steps=4, batch=1), PRESETS["smoke"])
    loop.train(second, tmp_path, Budget(seconds=60, steps=10, batch=1), PRESETS["smoke"])
    assert len(second.seen) == 6
    assert second.seen[0] == pytest.approx(0.4, abs=0.01)
    assert second.model.weight.item() == 10


def test_muon_makes_updates_orthogonal() -> None:
    """Singular values of an update end near one, tall or wide."""
    torch.manual_seed(0)
    for shape in ((24, 60), (60, 24)):
        values = torch.linalg.svdvals(muon.orthogonalise(torch.randn(shape)))
        assert values.min() > 0.4
        assert values.max() < 1.4


def test_the_last_noise_level_is_pure_noise() -> None:
    """Zero terminal SNR: nothing of the picture is left at the last step."""
    kept = unet.noise_schedule().alphas_cumprod
    clean, noise = torch.ones(1, 16, 8, 8), torch.randn(1, 16, 8, 8)
    assert torch.allclose(unet.add_noise(clean, noise, kept[[999]]), noise, atol=1e-3)
    assert torch.allclose(unet.add_noise(clean, noise, kept[[0]]), clean, atol=0.2)


def test_alignment_fades_before_the_end() -> None:
    """Full weight to half-time, none in the last tenth."""
    assert unet.alignment_weight(0.5) == unet.alignment_weight(0.0) > 0
    assert unet.alignment_weight(0.9) == unet.alignment_weight(1.0) == 0


def test_words_are_sometimes_withheld() -> None:
    """About one caption in ten becomes the empty one; the others stay as they are."""
    torch.manual_seed(3)
    ids, nothing = torch.ones(2000, 48, dtype=torch.long), torch.zeros(48, dtype=torch.long)
    told = unet.withhold(ids, nothing)
    assert 0.07 < (told.sum(1) == 0).float().mean() < 0.13
    assert set(told.sum(1).tolist()) == {0, 48}


def test_a_gpu_holds_the_same_pictures(smoke_run: Path) -> None:
    """Taken from memory on a device or mapped from disk: the same pixels."""
    mapped = Dataset.open(smoke_run / "scenes")
    held = replace(mapped, kept=torch.from_numpy(np.concatenate(mapped.shards)))
    rows = np.array([3, 60, 7])
    assert torch.equal(held.pixels(rows), mapped.pixels(rows))


def test_captions_written_ahead_are_captions(smoke_run: Path) -> None:
    """Each scene has as many as the preset says, and they name its object."""
    data, (_, tokenizer) = Dataset.open(smoke_run / "scenes"), words.load(smoke_run)
    assert data.words is not None
    assert data.words.shape == (64, PRESETS["smoke"].num_captions, 48)
    told = tokenizer.decode(data.words[0, 0], skip_special_tokens=True)
    thing = decode(data.scenes[0]).things[0].object
    term = next(term for term in OBJECTS if term.id == thing)
    assert any(name in told for name in (*term.english, *term.plurals, *term.chinese))


def test_pairs_come_later(smoke_run: Path) -> None:
    """The first third of the U-Net's training has single objects and counts only."""
    scenes = Dataset.open(smoke_run / "scenes").scenes
    curriculum = unet.Curriculum(scenes, 1)
    assert (scenes[curriculum.draw(0.1, 64), 6] == NONE).all()
    assert (scenes[curriculum.draw(0.9, 64), 6] != NONE).any()
    assert len(curriculum.draw(0.9, 64)) == 64


def test_latents_of_unit_variance_cost_nothing() -> None:
    """The latent penalty is small for independent unit noise and large for anything wider."""
    torch.manual_seed(2)
    unit = torch.randn(64, 16, 8, 8)
    assert autoencoder.latent_penalty(unit) < 0.02
    assert autoencoder.latent_penalty(3 * unit) > 1


@pytest.mark.slow
def test_two_processes_train_one_network(smoke_run: Path, tmp_path: Path) -> None:
    """With two gloo processes the U-Net stage ends with one result."""
    for name in ("scenes", "tokenizer", "text_encoder", "vae", "teacher", "example"):
        (tmp_path / name).symlink_to(smoke_run / name)
    preset = replace(PRESETS["smoke"], num_processes=2)
    everything.run(tmp_path, preset, only="unet")
    config = json.loads((tmp_path / "unet" / "config.json").read_text("utf-8"))
    assert config["in_channels"] == 16
