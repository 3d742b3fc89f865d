"""The shapes a picture can have, as sides in pixels around the model's own size. Pure numbers."""

from __future__ import annotations

import math
from enum import StrEnum

from inference.jobs import MIN_SIDE, SIDE_MULTIPLE


class Aspect(StrEnum):
    SQUARE = "square"  # 1:1
    PORTRAIT = "portrait"  # 3:4
    LANDSCAPE = "landscape"  # 4:3
    TALL = "tall"  # 9:16
    WIDE = "wide"  # 16:9


RATIOS = {  # width over height
    Aspect.SQUARE: 1.0,
    Aspect.PORTRAIT: 3 / 4,
    Aspect.LANDSCAPE: 4 / 3,
    Aspect.TALL: 9 / 16,
    Aspect.WIDE: 16 / 9,
}


def size_of(aspect: Aspect, native: tuple[int, int], max_side: int) -> tuple[int, int]:
    """Width and height with the native size's area, as far as the least and largest side allow."""
    ratio = RATIOS[aspect]
    area = float(native[0] * native[1])
    height = math.sqrt(area / ratio)
    width = height * ratio
    grown = max(1.0, MIN_SIDE / min(width, height))
    shrunk = min(1.0, max_side / (max(width, height) * grown))
    return _side(width * grown * shrunk, max_side), _side(height * grown * shrunk, max_side)


def _side(pixels: float, max_side: int) -> int:
    most = max_side // SIDE_MULTIPLE * SIDE_MULTIPLE
    return max(MIN_SIDE, min(round(pixels / SIDE_MULTIPLE) * SIDE_MULTIPLE, most))
