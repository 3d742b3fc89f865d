"""Small guesses of a picture from its latents, without running the whole decoder.

Three numbers per latent are fitted once to what the decoder makes of smooth colours, by least
squares, so that any autoencoder gets previews and no extra weights are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

_NUM_PICTURES = 8
_CELLS = 8  # latents per side of a fitted picture


def fit_preview(
    encode: Callable[[Tensor], Tensor], decode: Callable[[Tensor], Tensor], factor: int
) -> Callable[[Tensor], Tensor]:
    """A map from latents (B, C, H, W) to colours (B, 3, H, W) in 0…1.

    ``encode`` takes pixels (B, 3, H, W) in -1…1 to latents, ``decode`` goes back to 0…1;
    ``factor``: pixels per latent along each side.
    """
    colors = torch.rand(_NUM_PICTURES, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    side = _CELLS * factor
    smooth = torch.nn.functional.interpolate(colors, (side, side), mode="bicubic")
    latents = encode(smooth.clamp(0, 1) * 2 - 1)
    pixels = torch.nn.functional.avg_pool2d(decode(latents).float(), factor)
    known = _as_rows(latents.float())
    known = torch.cat([known, torch.ones_like(known[:, :1])], dim=1)  # (N, C + 1)
    weights = torch.linalg.lstsq(known.cpu(), _as_rows(pixels).cpu()).solution.to(latents.device)

    def to_colors(guess: Tensor) -> Tensor:
        channels = torch.einsum("bchw,cd->bdhw", guess.float(), weights[:-1])
        return (channels + weights[-1].view(1, 3, 1, 1)).clamp(0, 1)

    return to_colors


def _as_rows(planes: Tensor) -> Tensor:
    """(B, C, H, W) to (B·H·W, C)."""
    return planes.permute(0, 2, 3, 1).flatten(0, 2)
