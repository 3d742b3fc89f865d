"""Cuts a picture into squares, which is what encoders look at. Knows no model."""

from __future__ import annotations

import math

from PIL.Image import Image


def squares(image: Image) -> list[Image]:
    """Squares that together cover the picture: nothing hides at the end of a long one."""
    side, length = min(image.size), max(image.size)
    num_squares = math.ceil(length / side)
    stride = (length - side) / max(1, num_squares - 1)
    offsets = [round(number * stride) for number in range(num_squares)]
    if image.width >= image.height:
        return [image.crop((x, 0, x + side, side)) for x in offsets]
    return [image.crop((0, y, side, y + side)) for y in offsets]
