"""An autoencoder in both directions, and its cheap preview. Knows no U-Net and no words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from inference.engine.previews import fit_preview

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor


class LatentCodec:
    """Pictures to scaled latents and back, as the stock pipelines do it."""

    def __init__(self, vae: Any, factor: int, device: str) -> None:
        """``factor``: pixels per latent along each side."""
        self.factor = factor
        self._vae = vae
        self._device = device

    def encode(self, picture: Image, generator: torch.Generator) -> Tensor:
        """An RGB picture to latents (1, C, h, w), float32; ``generator`` draws where it must."""
        import numpy as np

        pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]
        return self._latents(pixels.float() / 255 * 2 - 1, generator)

    def decode(self, latents: Tensor) -> Tensor:
        """Latents (B, C, h, w) to pixels (B, 3, H, W) in about 0…1."""
        scaled = (latents / self._vae.config.scaling_factor).to(self._vae.dtype)
        pixels: Tensor = self._vae.decode(scaled, return_dict=False)[0]
        return pixels.float() / 2 + 0.5

    @cached_property
    def to_colors(self) -> Callable[[Tensor], Tensor]:
        """Latents to a small picture: the decoder itself where it is tiny, else a fitted map."""
        if type(self._vae).__name__ == "AutoencoderTiny":
            return self.decode
        return fit_preview(lambda pixels: self._latents(pixels, None), self.decode, self.factor)

    def _latents(self, pixels: Tensor, generator: torch.Generator | None) -> Tensor:
        encoded = self._vae.encode(pixels.to(self._device, self._vae.dtype))
        if hasattr(encoded, "latent_dist"):
            latents: Tensor = encoded.latent_dist.sample(generator)
        else:
            latents = encoded.latents
        return latents.float() * self._vae.config.scaling_factor
