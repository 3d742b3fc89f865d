"""Trains the autoencoder: 64x64x3 pictures to 8x8x16 latents and back.

An f=4 one is trained first and its inner layers warm-start the f=8 one, which from scratch
learns far more slowly. The latents are gently pushed to zero mean and unit variance, so that
one scaling factor fits all channels (Rombach et al., 2022, section 3.2 and appendix G).
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny

from inference.sketchbook.training import loop, sheets
from inference.sketchbook.training.dataset import Dataset, as_pixels, draw_many
from inference.sketchbook.training.presets import Budget, Preset
from inference.sketchbook.training.untyped import Diffusers

WIDTH, LATENT_CHANNELS = 32, 16
LATENT_NOISE = 0.05


def build(*, is_coarse: bool = False) -> Diffusers:
    """The f=8 autoencoder, or the f=4 one that warms it up."""
    levels = 3 if is_coarse else 4
    return AutoencoderTiny(
        encoder_block_out_channels=(WIDTH,) * levels,
        decoder_block_out_channels=(WIDTH,) * levels,
        num_encoder_blocks=(1, 1, 2) if is_coarse else (1, 1, 2, 3),
        num_decoder_blocks=(3, 2, 1) if is_coarse else (4, 3, 2, 1),
        latent_channels=LATENT_CHANNELS,
    )


def warm_start(fine: Diffusers, coarse: Diffusers) -> None:
    """Copies the layers that work at the same resolutions in both."""
    encoder, coarse_encoder = fine.encoder.layers, coarse.encoder.layers
    for i in range(len(coarse_encoder) - 1):
        encoder[i].load_state_dict(coarse_encoder[i].state_dict())
    decoder, coarse_decoder = fine.decoder.layers, coarse.decoder.layers
    # counted from the end; the coarse one begins with its own conv_in and activation
    for i in range(1, len(coarse_decoder) - 1):
        decoder[-i].load_state_dict(coarse_decoder[-i].state_dict())


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
    mean = flat.mean(1)
    covariance = torch.cov(flat)
    return mean.square().mean() + (covariance - torch.eye(len(covariance))).square().sum() / len(
        covariance
    )


def psnr(made: torch.Tensor, real: torch.Tensor) -> float:
    """Decibels for values from -1 to 1."""
    return 10 * math.log10(4 / F.mse_loss(made.clamp(-1, 1), real).item())


def _fit(
    name: str, work: Path, model: Diffusers, budget: Budget, preset: Preset, data: Dataset
) -> None:
    model.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, betas=(0.9, 0.98), weight_decay=0)
    lots = np.random.default_rng()
    unseen = as_pixels(draw_many(7, 32, held_out=True)[0])
    batch = min(preset.batch, 32)

    def step(share: float) -> float:
        rate = 2e-3 * loop.linear_decay(share, 0.3)
        for group in optimiser.param_groups:
            group["lr"] = rate
        real = data.pixels(lots.integers(len(data), size=batch))
        real = real.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            latents = model.encoder(real)
            noisy = latents + LATENT_NOISE * torch.randn_like(latents)
            made = model.decoder(noisy)
        loss = reconstruction_loss(made.float(), real)
        total = loss + 0.004 * latent_penalty(latents.float())
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        return loss.item()

    def show() -> None:
        with torch.no_grad():
            made = model.decoder(model.encoder(unseen))
        loop.log.info("%s: %.2f dB on unseen scenes", name, psnr(made, unseen))
        pairs = torch.stack([unseen[:12], made[:12]], 1).flatten(0, 1)
        sheets.save(pairs, work / f"{name}-sheet.png", columns=12)

    state: dict[str, loop.Stateful] = {"model": model, "optimiser": optimiser}
    loop.train(
        name,
        work,
        budget,
        step,
        state,
        on_checkpoint=show,
        checkpoint_seconds=preset.checkpoint_seconds,
    )


def train(work: Path, preset: Preset, data: Dataset) -> Diffusers:
    """Both passes; the result also lies in `work/vae` with its scaling factor set."""
    done = work / "vae"
    if (done / "config.json").exists():
        return AutoencoderTiny.from_pretrained(done)
    torch.manual_seed(11)
    coarse, fine = build(is_coarse=True), build()
    _fit("autoencoder-coarse", work, coarse, preset.autoencoder_coarse, preset, data)
    warm_start(fine, coarse)
    _fit("autoencoder", work, fine, preset.autoencoder, preset, data)
    fine.register_to_config(scaling_factor=measured_scaling(fine, data))
    fine.eval().save_pretrained(done)
    return fine


@torch.no_grad()
def measured_scaling(model: Diffusers, data: Dataset) -> float:
    """The factor that gives latents unit standard deviation."""
    rows = np.arange(min(512, len(data)))
    return round(1 / model.encoder(data.pixels(rows)).std().item(), 4)
