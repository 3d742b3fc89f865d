"""The stages of training: their formulas, their checkpoints and what they export."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionPipeline
from torch import nn
from transformers import CLIPModel

from inference.sketchbook import samples
from inference.sketchbook.training import autoencoder, everything, loop, muon, unet
from inference.sketchbook.training.presets import PRESETS, Budget

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


def test_training_exports_a_stock_clip(smoke_run: Path) -> None:
    """CLIPModel loads the folder, full precision unless asked otherwise."""
    assert CLIPModel.from_pretrained(smoke_run / "export" / "clip").dtype == torch.float32


def test_exported_files_are_small_enough(smoke_run: Path) -> None:
    """No file exceeds what the repository accepts."""
    files = [path for path in (smoke_run / "export").rglob("*") if path.is_file()]
    assert max(path.stat().st_size for path in files) < LARGEST_FILE_BYTES


def test_checkpoints_show_how_it_goes(smoke_run: Path) -> None:
    """Stages leave a loss plot, and those that make pictures a sheet."""
    for name in ("words-loss", "autoencoder-sheet", "unet-loss", "unet-sheet", "clip-loss"):
        assert (smoke_run / f"{name}.png").exists()


def test_finished_stages_are_not_trained_again(smoke_run: Path) -> None:
    """Running once more changes no checkpoint."""
    before = (smoke_run / "unet.ckpt").stat().st_mtime_ns
    everything.train_unet(smoke_run, PRESETS["smoke"])
    assert (smoke_run / "unet.ckpt").stat().st_mtime_ns == before


def test_an_interrupted_stage_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Steps, seconds and weights come back from the checkpoint."""
    model, seen = nn.Linear(1, 1), list[float]()

    def step(share: float) -> float:
        seen.append(share)
        with torch.no_grad():
            model.weight += 1
        return 1.0

    with torch.no_grad():
        model.weight.zero_()
    state: dict[str, loop.Stateful] = {"model": model}
    loop.train("stage", tmp_path, Budget(seconds=60, steps=4), step, state)
    with torch.no_grad():
        model.weight.zero_()  # a new process knows nothing
    loop.train("stage", tmp_path, Budget(seconds=60, steps=10), step, state)
    assert len(seen) == 10
    assert seen[4] == pytest.approx(0.4, abs=0.01)
    assert model.weight.item() == 10


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


def test_the_coarse_autoencoder_warms_up_the_fine_one() -> None:
    """Layers that work at full resolution are taken over unchanged."""
    torch.manual_seed(1)
    coarse, fine = autoencoder.build(is_coarse=True), autoencoder.build()
    autoencoder.warm_start(fine, coarse)
    last, first = fine.decoder.layers[-1], fine.encoder.layers[0]
    assert torch.equal(last.weight, coarse.decoder.layers[-1].weight)
    assert torch.equal(first.weight, coarse.encoder.layers[0].weight)


def test_latents_of_unit_variance_cost_nothing() -> None:
    """The latent penalty is small for independent unit noise and large for anything wider."""
    torch.manual_seed(2)
    unit = torch.randn(64, 16, 8, 8)
    assert autoencoder.latent_penalty(unit) < 0.02
    assert autoencoder.latent_penalty(3 * unit) > 1


@pytest.mark.slow
def test_two_processes_train_one_network(smoke_run: Path, tmp_path: Path) -> None:
    """With two gloo processes the U-Net stage ends with one result."""
    for name in ("scenes", "tokenizer", "text_encoder", "vae", "teacher.ckpt"):
        (tmp_path / name).symlink_to(smoke_run / name)
    everything.train_unet_together(tmp_path, replace(PRESETS["smoke"], num_processes=2))
    config = json.loads((tmp_path / "unet" / "config.json").read_text("utf-8"))
    assert config["in_channels"] == 16
