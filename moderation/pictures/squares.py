"""Cuts a picture into squares, which is what encoders look at. Knows no model."""

from __future__ import annotations

import math

from PIL.Image import Image


def squares(image: Image, zoom: float = 1.0) -> list[Image]:
    """Squares that together cover the picture, so that nothing hides at an end or in a corner.

    Their side is the picture's shorter one divided by ``zoom``; what is small in the picture is
    larger in a square. A square picture is 1 square at zoom 1 and 4 that overlap at 1.5.
    """
    side = max(1, round(min(image.size) / zoom))
    return [
        image.crop((x, y, x + side, y + side))
        for y in _offsets(image.height, side)
        for x in _offsets(image.width, side)
    ]


def _offsets(length: int, side: int) -> list[int]:
    """Where squares of ``side`` begin so that they cover ``length`` evenly."""
    num_squares = math.ceil(length / side)
    stride = (length - side) / max(1, num_squares - 1)
    return [round(number * stride) for number in range(num_squares)]
