"""Paints the setting behind the objects: plain, night, sunset, meadow or sea, in each style.

Marks (stars, waves, grass) stay small and near the edges of what they decorate, so that they
never look like one of the objects.
"""

from __future__ import annotations

import math
from functools import cache
from random import Random
from typing import Final

from PIL import Image, ImageDraw

from inference.sketchbook.palette import BACKDROPS, Rgb, mix

HORIZON: Final[dict[str, float]] = {
    "plain": 1.0,
    "night": 1.0,
    "sunset": 0.8,
    "meadow": 0.66,
    "sea": 0.62,
}


@cache
def _gradient(style: str, setting: str, side: int) -> Image.Image:
    """Sky and ground without marks; shared, so callers copy it."""
    colours, horizon = BACKDROPS[style][setting], HORIZON[setting]
    column = Image.new("RGB", (1, side))
    for y in range(side):
        share = y / side / horizon
        inside = mix(colours.top, colours.bottom, min(1.0, share))
        column.putpixel((0, y), inside if share < 1 else colours.ground)
    return column.resize((side, side))


def paint(random: Random, style: str, setting: str, side: int) -> Image.Image:
    """A backdrop, RGB, `side` pixels square."""
    canvas = _gradient(style, setting, side).copy()
    draw, marks = ImageDraw.Draw(canvas), BACKDROPS[style][setting].marks
    if style == "blueprint":
        _grid(draw, mix(BACKDROPS[style][setting].top, (200, 216, 244), 0.2), side)
    if style == "ink" and setting in ("night", "sunset", "meadow"):
        _mountains(random, draw, style, setting, side)
    if setting == "night":
        _stars(random, draw, marks, side)
    elif setting == "sunset":
        _bands(random, draw, style, marks, side)
    elif setting == "meadow":
        _grass(random, draw, marks, side)
    elif setting == "sea":
        _waves(random, draw, marks, side)
    elif style == "cartoon":
        _dots(draw, marks, side)
    return canvas


def _grid(draw: ImageDraw.ImageDraw, rgb: Rgb, side: int) -> None:
    for i in range(1, 8):
        at = side * i // 8
        draw.line((at, 0, at, side), fill=rgb, width=side // 128)
        draw.line((0, at, side, at), fill=rgb, width=side // 128)


def _dots(draw: ImageDraw.ImageDraw, rgb: Rgb, side: int) -> None:
    """The halftone of cheap comics."""
    step, radius = side / 8, side / 64
    for row in range(9):
        for column in range(9):
            x, y = (column + 0.5 * (row % 2)) * step, row * step
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=rgb)


def _stars(random: Random, draw: ImageDraw.ImageDraw, rgb: Rgb, side: int) -> None:
    for _ in range(12):
        x, y = random.random() * side, random.random() * side
        r = side * random.uniform(0.007, 0.012)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=rgb)


def _bands(random: Random, draw: ImageDraw.ImageDraw, style: str, rgb: Rgb, side: int) -> None:
    """Thin clouds across the evening sky."""
    sky = mix(BACKDROPS[style]["sunset"].bottom, rgb, 0.7)
    for _ in range(5):
        y = side * random.uniform(0.12, 0.74)
        x, half = side * random.random(), side * random.uniform(0.12, 0.3)
        draw.line((x - half, y, x + half, y), fill=sky, width=max(2, side // 56))
    y = round(side * HORIZON["sunset"])
    draw.line((0, y, side, y), fill=rgb, width=max(2, side // 64))


def _grass(random: Random, draw: ImageDraw.ImageDraw, rgb: Rgb, side: int) -> None:
    for _ in range(18):
        x, y = side * random.random(), side * random.uniform(0.7, 1.0)
        lean, height = random.uniform(-0.02, 0.02) * side, random.uniform(0.04, 0.08) * side
        draw.line((x, y, x + lean, y - height), fill=rgb, width=max(2, side // 72))


def _waves(random: Random, draw: ImageDraw.ImageDraw, rgb: Rgb, side: int) -> None:
    phase = random.random()
    for row in range(4):
        base = side * (0.67 + 0.1 * row)
        points = [
            (x * side / 32, base + side * 0.012 * math.sin(2 * math.pi * (x / 8 + phase + row / 3)))
            for x in range(33)
        ]
        draw.line(points, fill=rgb, width=max(2, side // 64))


def _mountains(
    random: Random, draw: ImageDraw.ImageDraw, style: str, setting: str, side: int
) -> None:
    """Two pale ridges far away."""
    colours = BACKDROPS[style][setting]
    horizon = side * min(0.8, HORIZON[setting])
    for share in (0.25, 0.45):
        points = [(0.0, horizon)]
        points += [
            (side * i / 6, horizon - side * random.uniform(0.05, 0.3 - 0.3 * share))
            for i in range(7)
        ]
        points.append((float(side), horizon))
        draw.polygon(points, fill=mix(colours.bottom, (110, 110, 112), share * 0.6))
