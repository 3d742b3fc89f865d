"""Puts many pictures, or a curve of losses, on one PNG."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from PIL import Image, ImageDraw


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


def plot_losses(losses: list[float], path: Path) -> None:
    """Smoothed loss against steps, log scale, from the first step (left) to the last."""
    width, height, margin = 480, 240, 24
    chunk = max(1, len(losses) // width)
    means = [sum(losses[i : i + chunk]) / chunk for i in range(0, len(losses) - chunk + 1, chunk)]
    logs = [math.log10(max(mean, 1e-6)) for mean in means]
    low, high = min(logs), max(*logs, min(logs) + 1e-3)
    canvas = Image.new("RGB", (width + 2 * margin, height + 2 * margin), "white")
    draw = ImageDraw.Draw(canvas)
    points = [
        (margin + width * i / max(1, len(logs) - 1), margin + height * (high - v) / (high - low))
        for i, v in enumerate(logs)
    ]
    draw.line(points, fill=(30, 90, 200), width=2)
    draw.text((margin, 6), f"{10**high:.4g}", fill="black")
    draw.text((margin, height + margin + 6), f"{10**low:.4g}   {len(losses)} steps", fill="black")
    canvas.save(path)
