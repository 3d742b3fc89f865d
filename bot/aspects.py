"""The shapes a picture can have, as sides in pixels around the model's own size. Pure numbers."""

from __future__ import annotations

import math
from enum import StrEnum

from inference.jobs import MIN_SIDE, SIDE_MULTIPLE

LARGE_SIDE = 256  # pixels; a model that paints so large can spare a coarser step
LARGE_MULTIPLE = 16  # what every family takes; FLUX and its like pack their latents two by two


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
    multiple = LARGE_MULTIPLE if min(native) >= LARGE_SIDE else SIDE_MULTIPLE
    height = math.sqrt(native[0] * native[1] / ratio)
    width = height * ratio
    grown = max(1.0, MIN_SIDE / min(width, height))
    shrunk = min(1.0, max_side / (max(width, height) * grown))
    return (
        _side(width * grown * shrunk, multiple, max_side),
        _side(height * grown * shrunk, multiple, max_side),
    )


def _side(pixels: float, multiple: int, max_side: int) -> int:
    most = max_side // multiple * multiple
    return max(MIN_SIDE, min(round(pixels / multiple) * multiple, most))
