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
        self.channels = int(vae.config.latent_channels)
        self._vae = vae
        self._device = device
        self._is_tiny = type(vae).__name__ == "AutoencoderTiny"
        self._mean, self._scale = _statistics(vae.config, device)

    @property
    def draws(self) -> bool:
        """True where encoding draws latents from a distribution."""
        return not self._is_tiny

    def encode(self, pixels: Tensor, generator: torch.Generator | None) -> Tensor:
        """Pixels (B, 3, H, W) in -1…1 to latents (B, C, h, w), float32."""
        encoded = self._vae.encode(pixels.to(self._device, self._vae.dtype))
        if self.draws:
            latents: Tensor = encoded.latent_dist.sample(generator)
        else:
            latents = encoded.latents
        return (latents.float() - self._mean) * self._scale

    def decode(self, latents: Tensor) -> Tensor:
        """Latents (B, C, h, w) to pixels (B, 3, H, W) in about 0…1."""
        raw = (latents / self._scale + self._mean).to(self._vae.dtype)
        pixels: Tensor = self._vae.decode(raw, return_dict=False)[0]
        return pixels.float() / 2 + 0.5

    @cached_property
    def to_preview(self) -> Callable[[Tensor], Tensor]:
        """Latents (B, C, h, w) to small pictures (B, 3, H, W) in 0…1; fitted when first asked."""
        return fit_preview(lambda pixels: self.encode(pixels, None), self.decode, self.factor)


def to_pixels(picture: Image) -> Tensor:
    """An RGB picture to (1, 3, H, W) in -1…1."""
    import numpy as np

    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]
    return pixels.float() / 255 * 2 - 1


def _statistics(config: Any, device: str) -> tuple[Tensor, Tensor]:
    """(1, C or 1, 1, 1) each: latents are ``(raw - mean) * scale``; by the three known ways."""
    scale = torch.tensor(float(config.scaling_factor))
    mean, deviation = getattr(config, "latents_mean", None), getattr(config, "latents_std", None)
    if mean is not None and deviation is not None:
        scale = scale / torch.tensor(deviation)
        shift = torch.tensor(mean)
    else:
        shift = torch.tensor(float(getattr(config, "shift_factor", None) or 0.0))
    return shift.reshape(1, -1, 1, 1).to(device), scale.reshape(1, -1, 1, 1).to(device)
