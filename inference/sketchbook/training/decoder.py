"""Sharpens the decoder once more, the encoder frozen, so that the U-Net's latents stay valid.

Fine detail is lost in the autoencoder first; two minutes here are worth several points.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny

from inference.sketchbook.training import autoencoder, loop, sheets
from inference.sketchbook.training.dataset import Dataset, as_pixels, draw_many
from inference.sketchbook.training.muon import Average, Muon
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers

SAMPLED_NOISE = 0.15
"""Latents that come out of the U-Net are a little off; the decoder learns to forgive."""


def train(work: Path, preset: Preset, data: Dataset, vae: Diffusers) -> Diffusers:
    """Trains, or loads what lies in `work/vae-final`."""
    done = work / "vae-final"
    if (done / "config.json").exists():
        return AutoencoderTiny.from_pretrained(done).eval()
    torch.manual_seed(41)
    model = AutoencoderTiny.from_config(vae.config)
    model.load_state_dict(vae.state_dict())
    model.encoder.requires_grad_(False)
    model.decoder.to(memory_format=torch.channels_last)
    convolutions = [p for p in model.decoder.parameters() if p.ndim == 4]
    biases = [p for p in model.decoder.parameters() if p.ndim != 4]
    optimiser = Muon(convolutions, biases, rate=0.005, other_rate=5e-4)
    average, lots = Average(model.decoder), np.random.default_rng()
    unseen = as_pixels(draw_many(7, 48, held_out=True)[0])
    sharp = AutoencoderTiny.from_config(vae.config)
    sharp.load_state_dict(vae.state_dict())

    def step(share: float) -> float:
        real = data.pixels(lots.integers(len(data), size=min(preset.batch, 32)))
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                latents = model.encoder(real)
            amount = SAMPLED_NOISE * torch.rand(len(latents), 1, 1, 1)
            made = model.decoder(latents + amount * torch.randn_like(latents))
        loss = autoencoder.reconstruction_loss(made.float(), real)
        for parameter in model.decoder.parameters():
            parameter.grad = None
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.decoder.parameters(), 1.0)
        optimiser.step(loop.linear_decay(share, 0.3))
        average.update()
        return loss.item()

    def show() -> None:
        average.copy_to(sharp.decoder)
        with torch.no_grad():
            made = sharp.decoder(sharp.encoder(unseen))
        loop.log.info("decoder: %.2f dB on unseen scenes", autoencoder.psnr(made, unseen))
        pairs = torch.stack([unseen[:18], made[:18]], 1).flatten(0, 1)
        sheets.save(pairs, work / "decoder-sheet.png", columns=12)

    state: dict[str, loop.Stateful] = {
        "model": model.decoder, "optimiser": optimiser, "average": average,
    }  # fmt: skip
    loop.train(
        "decoder",
        work,
        preset.decoder,
        step,
        state,
        on_checkpoint=show,
        checkpoint_seconds=preset.checkpoint_seconds,
    )
    average.copy_to(sharp.decoder)
    sharp.eval().save_pretrained(done)
    return sharp
