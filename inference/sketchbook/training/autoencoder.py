"""Trains the autoencoder: 64x64x3 pictures to 8x8x16 latents and back.

A stock AutoencoderTiny without residual blocks at full resolution: the same arithmetic spent
at half resolution with more channels learns faster per second. Muon on its convolutions makes
a warm start unnecessary. The latents are gently pushed to zero mean and unit variance, so that
one scaling factor fits all channels (Rombach et al., 2022, section 3.2 and appendix G).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny

from inference.sketchbook.training import loop, parallel, sheets
from inference.sketchbook.training.dataset import Dataset, as_pixels, draw_many
from inference.sketchbook.training.device import autocast
from inference.sketchbook.training.muon import Average, Muon
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers

WIDTH, LATENT_CHANNELS = 48, 16
LATENT_NOISE, LATENT_PENALTY = 0.05, 0.004
RATE = 0.01


def build() -> Diffusers:
    """The untrained autoencoder: full resolution, then three halvings."""
    return AutoencoderTiny(
        encoder_block_out_channels=(WIDTH,) * 4,
        decoder_block_out_channels=(WIDTH,) * 4,
        num_encoder_blocks=(0, 1, 2, 3),
        num_decoder_blocks=(4, 3, 2, 0),
        latent_channels=LATENT_CHANNELS,
    )


def gradient_l1(made: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Mean absolute difference of neighbouring-pixel differences; keeps edges crisp."""
    across = (made.diff(dim=3) - real.diff(dim=3)).abs().mean()
    down = (made.diff(dim=2) - real.diff(dim=2)).abs().mean()
    return across + down


def reconstruction_loss(made: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """L1 + MSE + half the gradient L1, on (B, 3, H, W) from -1 to 1."""
    return F.l1_loss(made, real) + F.mse_loss(made, real) + 0.5 * gradient_l1(made, real)


def latent_penalty(latents: torch.Tensor) -> torch.Tensor:
    """How far channels are from zero mean, unit variance and no correlation; (B, C, h, w)."""
    flat = latents.transpose(0, 1).flatten(1)  # (C, B*h*w)
    excess = torch.cov(flat) - torch.eye(len(flat), device=flat.device)
    return flat.mean(1).square().mean() + excess.square().sum() / len(flat)


def psnr(made: torch.Tensor, real: torch.Tensor) -> float:
    """Decibels for values from -1 to 1."""
    return 10 * math.log10(4 / F.mse_loss(made.clamp(-1, 1), real).item())


def optimiser_of(module: torch.nn.Module, rate: float, other_rate: float = 1.5e-3) -> Muon:
    """Muon on the convolutions, except those that touch pixels."""
    chosen, others = list[torch.nn.Parameter](), list[torch.nn.Parameter]()
    for parameter in module.parameters():
        is_matrix = parameter.ndim == 4 and min(parameter.shape[:2]) > 3
        (chosen if is_matrix else others).append(parameter)
    return Muon(chosen, others, rate=rate, other_rate=other_rate)


class _Compressing:
    """The stage."""

    name = "autoencoder"

    def __init__(self, work: Path, preset: Preset) -> None:
        self.work, self.data = work, Dataset.open(work / "scenes", preset.device)
        torch.manual_seed(11)
        self.model = build().to(preset.device, memory_format=torch.channels_last)
        self.optimiser, self.average = optimiser_of(self.model, RATE), Average(self.model)
        self.sharp, self.size = build(), preset.autoencoder.batch
        self.unseen = as_pixels(draw_many(7, min(192, preset.num_checked), held_out=True)[0])
        self.lots = np.random.default_rng()
        torch.manual_seed(int(self.lots.integers(2**32)))

    def state(self) -> Mapping[str, loop.Stateful]:
        return {"model": self.model, "optimiser": self.optimiser, "average": self.average}

    def step(self, share: float) -> float:
        real = self.data.pixels(self.lots.integers(len(self.data), size=self.size))
        real = real.contiguous(memory_format=torch.channels_last)
        with autocast(real.device):
            latents = self.model.encoder(real)
            made = self.model.decoder(latents + LATENT_NOISE * torch.randn_like(latents))
        loss = reconstruction_loss(made.float(), real)
        total = loss + LATENT_PENALTY * latent_penalty(latents.float())
        parallel.differentiate(total, list(self.model.parameters()))
        self.optimiser.step(loop.linear_decay(share, 0.4))
        self.average.update()
        return loss.item()

    def show(self) -> None:
        self.average.copy_to(self.sharp)
        show(self.name, self.sharp, self.unseen, self.work)

    def result(self) -> Diffusers:
        """The averaged model, with the factor that gives its latents unit variance."""
        self.average.copy_to(self.sharp)
        self.sharp.register_to_config(scaling_factor=measured_scaling(self.sharp, self.data))
        return self.sharp.eval()


@torch.no_grad()
def show(name: str, model: Diffusers, unseen: torch.Tensor, work: Path) -> None:
    """Says the decibels, and draws unseen scenes beside what becomes of them."""
    made = torch.cat([model.decoder(model.encoder(part)) for part in unseen.split(64)])
    loop.log.info("%s: %.2f dB on unseen scenes", name, psnr(made, unseen))
    pairs = torch.stack([unseen[:18], made[:18]], 1).flatten(0, 1)
    sheets.save(pairs, work / f"{name}-sheet.png", columns=12)


def train(work: Path, preset: Preset) -> None:
    """Leaves `work/vae`."""
    stage = _Compressing(work, preset)
    loop.train(stage, work, preset.autoencoder, preset)
    if parallel.rank() == 0:
        stage.result().save_pretrained(work / "vae")


@torch.no_grad()
def measured_scaling(model: Diffusers, data: Dataset) -> float:
    """The factor that gives latents unit standard deviation."""
    rows = np.arange(min(512, len(data)))
    return round(1 / model.encoder(data.pixels(rows).cpu()).std().item(), 4)
