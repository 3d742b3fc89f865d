"""Sharpens the decoder once more, the encoder frozen, so that the U-Net's latents stay valid.

Fine detail is lost in the autoencoder first; a few minutes here are worth several points.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny

from inference.sketchbook.training import autoencoder, loop, parallel
from inference.sketchbook.training.dataset import Dataset, as_pixels, draw_many
from inference.sketchbook.training.device import autocast
from inference.sketchbook.training.muon import Average
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers

SAMPLED_NOISE = 0.1
"""Latents that come out of the U-Net are a little off; the decoder learns to forgive."""
SQUARES = 8.0
"""Squared errors count more here than before: once edges are where they belong, large errors are
what is left, and absolute ones hardly tell them from small ones."""


class _Sharpening:
    """The stage."""

    name = "decoder"

    def __init__(self, work: Path, preset: Preset) -> None:
        self.work, self.data = work, Dataset.open(work / "scenes", preset.device)
        self.model = AutoencoderTiny.from_pretrained(work / "vae").to(preset.device)
        self.sharp = AutoencoderTiny.from_pretrained(work / "vae").eval()
        self.model.encoder.requires_grad_(False)
        self.decoder = self.model.decoder.to(memory_format=torch.channels_last)
        self.optimiser = autoencoder.optimiser_of(self.decoder, 0.005, other_rate=5e-4)
        self.average = Average(self.decoder)
        self.size = preset.decoder.batch
        self.lots = np.random.default_rng()
        torch.manual_seed(int(self.lots.integers(2**32)))
        self.unseen = as_pixels(draw_many(7, min(192, preset.num_checked), held_out=True)[0])

    def state(self) -> Mapping[str, loop.Stateful]:
        return {"model": self.decoder, "optimiser": self.optimiser, "average": self.average}

    def step(self, share: float) -> float:
        real = self.data.pixels(self.lots.integers(len(self.data), size=self.size))
        with autocast(real.device):
            with torch.no_grad():
                latents = self.model.encoder(real)
            amount = SAMPLED_NOISE * torch.rand(len(latents), 1, 1, 1, device=latents.device)
            made = self.decoder(latents + amount * torch.randn_like(latents))
        loss = autoencoder.reconstruction_loss(made.float(), real)
        loss = loss + SQUARES * F.mse_loss(made.float(), real)
        parallel.differentiate(loss, list(self.decoder.parameters()))
        self.optimiser.step(loop.linear_decay(share, 0.3))
        self.average.update()
        return loss.item()

    def show(self) -> None:
        autoencoder.show(self.name, self.result(), self.unseen, self.work)

    def result(self) -> Diffusers:
        """The autoencoder with the averaged decoder."""
        self.average.copy_to(self.sharp.decoder)
        return self.sharp


def train(work: Path, preset: Preset) -> None:
    """Leaves `work/vae-final`."""
    stage = _Sharpening(work, preset)
    loop.train(stage, work, preset.decoder, preset)
    if parallel.rank() == 0:
        stage.result().save_pretrained(work / "vae-final")
