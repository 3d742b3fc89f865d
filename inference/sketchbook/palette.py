"""Colours of objects and backdrops, and how well one stands out against the other.

All colours are sRGB bytes. It knows no shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Rgb = tuple[int, int, int]

OBJECT_RGB: Final[dict[str, Rgb]] = {
    "red": (222, 38, 44),
    "orange": (246, 134, 28),
    "yellow": (252, 214, 40),
    "green": (42, 162, 70),
    "blue": (38, 88, 216),
    "purple": (132, 58, 182),
    "pink": (246, 132, 184),
    "white": (250, 250, 250),
}


@dataclass(frozen=True, kw_only=True)
class Backdrop:
    """The sky from top to horizon, the ground, and what the marks (stars, waves) are drawn in."""

    top: Rgb
    bottom: Rgb
    ground: Rgb
    marks: Rgb


def _backdrop(top: Rgb, bottom: Rgb, ground: Rgb, marks: Rgb) -> Backdrop:
    return Backdrop(top=top, bottom=bottom, ground=ground, marks=marks)


_BRIGHT = {
    "plain": _backdrop((232, 224, 206), (232, 224, 206), (232, 224, 206), (232, 224, 206)),
    "night": _backdrop((18, 20, 52), (40, 44, 92), (26, 30, 62), (236, 236, 210)),
    "sunset": _backdrop((112, 66, 116), (250, 168, 104), (92, 48, 78), (255, 214, 140)),
    "meadow": _backdrop((172, 216, 240), (214, 236, 244), (134, 192, 92), (92, 156, 62)),
    "sea": _backdrop((206, 232, 242), (232, 244, 246), (70, 152, 196), (168, 214, 232)),
}

_PASTEL = {
    "plain": _backdrop((214, 226, 232), (214, 226, 232), (214, 226, 232), (214, 226, 232)),
    "night": _backdrop((72, 76, 128), (98, 102, 156), (80, 84, 132), (240, 240, 220)),
    "sunset": _backdrop((176, 128, 170), (252, 190, 148), (150, 106, 132), (255, 226, 170)),
    "meadow": _backdrop((186, 222, 242), (208, 232, 244), (156, 206, 124), (118, 176, 92)),
    "sea": _backdrop((190, 222, 240), (208, 232, 244), (104, 172, 208), (170, 214, 234)),
}

BACKDROPS: Final[dict[str, dict[str, Backdrop]]] = {
    "flat": _BRIGHT,
    "cartoon": _BRIGHT
    | {
        "plain": _backdrop((250, 236, 180), (250, 236, 180), (250, 236, 180), (244, 222, 150)),
    },
    "neon": {
        "plain": _backdrop((18, 16, 22), (18, 16, 22), (18, 16, 22), (18, 16, 22)),
        "night": _backdrop((8, 10, 40), (14, 18, 66), (10, 12, 46), (190, 210, 255)),
        "sunset": _backdrop((40, 8, 60), (120, 24, 70), (30, 6, 40), (255, 120, 60)),
        "meadow": _backdrop((8, 22, 24), (8, 30, 26), (6, 40, 18), (70, 200, 90)),
        "sea": _backdrop((8, 18, 32), (8, 24, 44), (6, 28, 64), (60, 150, 240)),
    },
    "blueprint": {
        "plain": _backdrop((34, 72, 140), (34, 72, 140), (34, 72, 140), (70, 108, 172)),
        "night": _backdrop((14, 28, 68), (18, 36, 82), (18, 36, 82), (200, 214, 240)),
        "sunset": _backdrop((60, 62, 122), (112, 76, 112), (44, 56, 116), (240, 176, 120)),
        "meadow": _backdrop((34, 80, 138), (34, 84, 134), (30, 96, 106), (150, 214, 150)),
        "sea": _backdrop((34, 76, 142), (34, 84, 150), (24, 100, 166), (150, 214, 240)),
    },
    "watercolour": {
        "plain": _backdrop((250, 246, 236), (246, 240, 226), (246, 240, 226), (236, 226, 206)),
        "night": _backdrop((70, 80, 136), (112, 118, 170), (84, 92, 146), (250, 246, 232)),
        "sunset": _backdrop((190, 150, 190), (254, 206, 150), (170, 124, 150), (255, 230, 180)),
        "meadow": _backdrop((206, 230, 244), (240, 244, 240), (170, 208, 130), (120, 172, 88)),
        "sea": _backdrop((228, 238, 242), (246, 246, 240), (132, 188, 214), (90, 150, 190)),
    },
    "ink": {
        "plain": _backdrop((240, 232, 214), (236, 228, 208), (236, 228, 208), (210, 202, 184)),
        "night": _backdrop((74, 74, 80), (128, 126, 126), (92, 92, 94), (236, 230, 214)),
        "sunset": _backdrop((232, 214, 192), (230, 160, 120), (150, 132, 122), (214, 110, 80)),
        "meadow": _backdrop((238, 232, 214), (226, 226, 202), (196, 204, 160), (84, 104, 70)),
        "sea": _backdrop((238, 232, 216), (224, 226, 218), (176, 196, 202), (70, 92, 106)),
    },
    "sticker": _PASTEL,
}

LEAST_CONTRAST: Final[dict[str, float]] = {
    "flat": 115.0,
    "cartoon": 70.0,
    "neon": 100.0,
    "blueprint": 95.0,
    "watercolour": 140.0,
    "ink": 90.0,
    "sticker": 150.0,
}
STICKER_BORDER: Final[Rgb] = (252, 252, 252)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """The straight line from `first` (share 0) to `second` (share 1)."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def distance(first: Rgb, second: Rgb) -> float:
    """Perceived difference by the red-mean approximation: 0 to about 765."""
    red_mean = (first[0] + second[0]) / 2
    red, green, blue = (first[i] - second[i] for i in range(3))
    weighted = (
        (2 + red_mean / 256) * red * red
        + 4 * green * green
        + (2 + (255 - red_mean) / 256) * blue * blue
    )
    return float(weighted**0.5)


def least_contrast(colour: str, style: str, setting: str) -> float:
    """How far an object's colour is from whatever it may stand in front of."""
    rgb, backdrop = OBJECT_RGB[colour], BACKDROPS[style][setting]
    if style == "sticker":
        return distance(rgb, STICKER_BORDER)
    sky = [mix(backdrop.top, backdrop.bottom, share) for share in (0.2, 0.5, 0.8, 1.0)]
    return min(distance(rgb, other) for other in (*sky, backdrop.ground))
