"""Small guesses from latents: a map fitted to a decoder it has never seen the weights of."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from inference.engine.previews import MAX_SIDE, fit_preview, read_later

MIX = torch.randn(6, 3, generator=torch.Generator().manual_seed(3))


def encode(pixels: Tensor) -> Tensor:
    """A made-up encoder: the mean colour of each 8 x 8 pixels, mixed into six channels."""
    return torch.einsum("bchw,dc->bdhw", F.avg_pool2d(pixels, 8), MIX)


def decode(latents: Tensor) -> Tensor:
    """Its decoder: colours back, smooth in between, and bent a little."""
    colors = torch.einsum("bdhw,cd->bchw", latents, torch.linalg.pinv(MIX))
    smooth = F.interpolate(colors, scale_factor=8.0, mode="bilinear")
    return torch.tanh(smooth) / 2 + 0.5


def test_a_preview_shows_what_the_decoder_would_paint() -> None:
    """On pictures it was not fitted on, the guess is close to the decoder's picture, shrunk."""
    pixels = torch.rand(4, 3, 6, 9, generator=torch.Generator().manual_seed(9)) * 2 - 1
    latents = encode(F.interpolate(pixels, (96, 128), mode="bicubic").clamp(-1, 1))
    guess = fit_preview(encode, decode, 8)(latents)
    wanted = F.avg_pool2d(decode(latents), 2)
    assert guess.shape == (4, 3, 48, 64)
    error = float((guess - wanted).square().mean().sqrt())
    naive = float((wanted.mean(dim=(2, 3), keepdim=True) - wanted).square().mean().sqrt())
    assert error < 0.2 * naive


@pytest.mark.parametrize(("side", "shown"), [(8, 32), (64, 256), (128, 256), (200, 200)])
def test_previews_of_large_pictures_stay_small(side: int, shown: int) -> None:
    """The longest side stays within 256 pixels, or one pixel a latent."""
    guess = fit_preview(encode, decode, 8)(torch.zeros(1, 6, side, side))
    assert guess.shape[2:] == (shown, shown)
    assert shown <= MAX_SIDE


def test_what_is_no_picture_is_left_out() -> None:
    """Numbers that are none and black are not shown."""
    pixels = torch.full((3, 3, 8, 8), 0.5)
    pixels[0] = float("nan")
    pixels[1] = 0.0
    assert len(read_later(pixels)()) == 1
