"""Puts many pictures on one PNG."""

from __future__ import annotations

from pathlib import Path

import torch
from PIL import Image


def to_image(pixels: torch.Tensor) -> Image.Image:
    """(3, H, W) from -1 to 1 as a picture."""
    array = pixels.float().clamp(-1, 1).add(1).mul(127.5).round().byte()
    return Image.fromarray(array.permute(1, 2, 0).cpu().numpy())


def tile(pictures: list[Image.Image], columns: int, scale: int = 2) -> Image.Image:
    """Pictures of one size in rows, enlarged without smoothing, with a small gap."""
    side, gap = pictures[0].width * scale, 4
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (side + gap), rows * (side + gap)), "white")
    for i, picture in enumerate(pictures):
        place = (i % columns * (side + gap), i // columns * (side + gap))
        sheet.paste(picture.resize((side, side), Image.Resampling.NEAREST), place)
    return sheet


def save(pixels: torch.Tensor, path: Path, columns: int) -> None:
    """(N, 3, H, W) from -1 to 1 as one PNG."""
    tile([to_image(one) for one in pixels], columns).save(path)
