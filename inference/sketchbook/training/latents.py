"""The latents of all training pictures, encoded once and kept in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny

from inference.sketchbook.training import parallel
from inference.sketchbook.training.dataset import Dataset
from inference.sketchbook.training.device import autocast
from inference.sketchbook.training.untyped import Diffusers


def encoder(work: Path) -> Diffusers:
    """The trained autoencoder, before its decoder is sharpened; the encoder stays the same."""
    return AutoencoderTiny.from_pretrained(work / "vae").eval()


@torch.no_grad()
def encoded(vae: Diffusers, pixels: torch.Tensor) -> torch.Tensor:
    """Scaled latents (n, 16, 8, 8) of (n, 3, 64, 64) from -1 to 1; full precision."""
    parts = []
    for part in pixels.split(256):
        with autocast(part.device):
            latents = vae.encoder(part.contiguous(memory_format=torch.channels_last))
        parts.append(latents.float() * vae.config.scaling_factor)
    return torch.cat(parts)


@torch.no_grad()
def of_all(work: Path, data: Dataset) -> torch.Tensor:
    """Scaled latents of every picture, (n, 16, 8, 8) half precision.

    They are kept beside the autoencoder, so that they go when it goes.
    """
    path = work / "vae" / "latents.npy"
    if parallel.rank() == 0 and not path.exists():
        vae = encoder(work).to(data.device)
        parts = []
        for first in range(0, len(data), 256):
            rows = np.arange(first, min(first + 256, len(data)))
            parts.append(encoded(vae, data.pixels(rows)).half().cpu())
        np.save(path.with_suffix(".part.npy"), torch.cat(parts).numpy())
        path.with_suffix(".part.npy").replace(path)
    parallel.wait()
    return torch.from_numpy(np.load(path)).to(data.device)
