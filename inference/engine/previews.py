"""Small guesses of a picture from its latents, without running the decoder.

A decoder is nearly linear in small neighbourhoods: what it paints for one latent is fitted, once
and by least squares, to the three by three latents around it. So any autoencoder gets previews,
no extra weights are needed, and a preview costs less than a thousandth of a step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from inference.engine.pictures import to_picture

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

MAX_SIDE = 256  # pixels; larger pictures are guessed at a fraction of their size
_NUM_PICTURES = 16
_CELLS = 8  # latents per side of a fitted picture
_COLORS = 5  # patches of colour per side: their edges fall all over the cells
_RIDGE = 1e-2  # of the mean square of a feature: a latent that hardly varies says little

Codec = Callable[["Tensor"], "Tensor"]


def fit_preview(encode: Codec, decode: Codec, factor: int) -> Callable[[Tensor], Tensor]:
    """A map from latents (B, C, h, w) to pixels (B, 3, k·h, k·w) in 0…1; k is half of ``factor`` or less.

    ``encode`` takes pixels (B, 3, H, W) in -1…1 to latents, ``decode`` goes back to 0…1;
    ``factor``: pixels per latent along each side.
    """
    latents = encode(_samples(_CELLS * factor) * 2 - 1)
    pixels = decode(latents).float()
    features = _neighbourhoods(latents.float()).flatten(0, 1)  # (N, 9·C + 1)
    patches = F.unfold(pixels, factor, stride=factor).transpose(1, 2).flatten(0, 1)  # (N, 3·f·f)
    weights = _fitted(features, patches)

    def to_pixels(guess: Tensor) -> Tensor:
        height, width = guess.shape[2:]
        k = _scale(max(height, width), factor)
        patches = _neighbourhoods(guess.float()) @ _shrunk(weights, factor, k)  # (B, h·w, 3·k·k)
        return F.fold(patches.transpose(1, 2), (k * height, k * width), k, stride=k).clamp(0, 1)

    return to_pixels


def read_later(pixels: Tensor) -> Callable[[], list[Image]]:
    """Begin to copy pixels (B, 3, H, W) in 0…1 off the device; the answer waits, then paints.

    Pictures of no numbers, or black all over, are left out.
    """
    if pixels.device.type == "cpu":
        return lambda: _pictures(pixels)
    there = torch.empty(pixels.shape, dtype=pixels.dtype, pin_memory=True)
    there.copy_(pixels, non_blocking=True)
    copied = torch.cuda.Event()
    copied.record()

    def read() -> list[Image]:
        copied.synchronize()
        return _pictures(there)

    return read


def _pictures(pixels: Tensor) -> list[Image]:
    return [picture for picture in map(to_picture, pixels) if picture is not None]


def _samples(side: int) -> Tensor:
    """(16, 3, side, side) in 0…1: half of them soft colours, half with hard edges."""
    colors = torch.rand(
        _NUM_PICTURES, 3, _COLORS, _COLORS, generator=torch.Generator().manual_seed(0)
    )
    soft, hard = colors.chunk(2)
    return torch.cat(
        [
            F.interpolate(soft, (side, side), mode="bicubic").clamp(0, 1),
            F.interpolate(hard, (side, side), mode="nearest"),
        ]
    )


def _neighbourhoods(latents: Tensor) -> Tensor:
    """(B, C, h, w) to (B, h·w, 9·C + 1): each latent with those around it, and a one."""
    around = F.unfold(F.pad(latents, (1, 1, 1, 1), mode="replicate"), 3).transpose(1, 2)
    return torch.cat([around, torch.ones_like(around[..., :1])], dim=2)


def _fitted(features: Tensor, patches: Tensor) -> Tensor:
    """(9·C + 1, 3·f·f): ridge regression in double precision, on the CPU."""
    x, y = features.cpu().double(), patches.cpu().double()
    squares = x.T @ x
    ridge = _RIDGE * squares.diagonal().mean() * torch.eye(len(squares), dtype=squares.dtype)
    return torch.linalg.solve(squares + ridge, x.T @ y).float().to(features.device)


def _scale(side: int, factor: int) -> int:
    """Pixels per latent: a divisor of ``factor`` with which ``side`` latents stay small."""
    finest = max(1, factor // 2)  # what is finer is guessed wrong more often than right
    fitting = (k for k in range(finest, 1, -1) if factor % k == 0 and k * side <= MAX_SIDE)
    return next(fitting, 1)


def _shrunk(weights: Tensor, factor: int, k: int) -> Tensor:
    """The same map to patches of k x k pixels, each the mean of those it stands for."""
    patches = weights.reshape(len(weights), 3, factor, factor)
    return F.avg_pool2d(patches, factor // k).flatten(1)
