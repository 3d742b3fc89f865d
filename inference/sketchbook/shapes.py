"""The outlines of the objects: plain geometry in a square from -1 to 1, y downwards.

A shape is a list of parts, painted in order. It knows no colours: a part only has a role
(main, shade, tint, ...), and the style decides what that looks like.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A filled polygon, or an open brush stroke where `stroke` gives its width."""

    role: str
    points: tuple[Point, ...]
    stroke: float = 0.0


def _fill(role: str, *points: Point) -> Part:
    return Part(role=role, points=points)


def _line(role: str, width: float, *points: Point) -> Part:
    return Part(role=role, points=points, stroke=width)


def _arc_points(
    x: float, y: float, rx: float, ry: float, start: float, end: float, steps: int
) -> tuple[Point, ...]:
    """Points on an ellipse from `start` to `end` degrees, clockwise on screen from the right."""
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return tuple((x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles)


def _oval(role: str, x: float, y: float, rx: float, ry: float | None = None) -> Part:
    return Part(role=role, points=_arc_points(x, y, rx, ry or rx, 0, 345, 23))


def _spikes(num: int, inner: float, outer: float = 1.0) -> tuple[Point, ...]:
    points = []
    for i in range(2 * num):
        radius, angle = (outer, inner)[i % 2], math.pi * (i / num - 0.5)
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return tuple(points)


def _star() -> list[Part]:
    return [Part(role="main", points=_spikes(5, 0.46))]


def _heart() -> list[Part]:
    points = []
    for i in range(36):
        t = 2 * math.pi * i / 36
        x = math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x, -y / 16.5 - 0.1))
    return [Part(role="main", points=tuple(points))]


def _moon() -> list[Part]:
    outer = _arc_points(-0.05, 0, 0.98, 0.98, 48, 312, 26)
    inner = _arc_points(0.42, 0, 0.76, 0.76, 286, 74, 20)
    return [Part(role="main", points=outer + inner)]


def _tree() -> list[Part]:
    return [
        _fill("wood", (-0.17, 0.2), (0.17, 0.2), (0.22, 1.0), (-0.22, 1.0)),
        _oval("main", -0.45, 0.05, 0.45),
        _oval("main", 0.45, 0.05, 0.45),
        _oval("main", 0, -0.38, 0.6),
        _oval("blend", 0, 0.0, 0.5, 0.42),
    ]


def _house() -> list[Part]:
    return [
        _fill("main", (-0.75, -0.1), (0.75, -0.1), (0.75, 0.95), (-0.75, 0.95)),
        _fill("shade", (-1.0, -0.08), (0, -0.98), (1.0, -0.08)),
        _fill("dark", (-0.16, 0.95), (-0.16, 0.35), (0.2, 0.35), (0.2, 0.95)),
        _fill("glow", (-0.58, 0.12), (-0.28, 0.12), (-0.28, 0.44), (-0.58, 0.44)),
        _fill("glow", (0.34, 0.12), (0.62, 0.12), (0.62, 0.44), (0.34, 0.44)),
    ]


def _cat() -> list[Part]:
    return [
        _fill("main", (-0.92, -0.95), (-0.2, -0.6), (-0.85, 0.1)),
        _fill("main", (0.92, -0.95), (0.2, -0.6), (0.85, 0.1)),
        _oval("main", 0, 0.12, 0.95, 0.8),
        _oval("dark", -0.38, -0.02, 0.15, 0.2),
        _oval("dark", 0.38, -0.02, 0.15, 0.2),
        _fill("tint", (-0.16, 0.3), (0.16, 0.3), (0, 0.5)),
        _line("dark", 0.09, (-0.26, 0.62), (0, 0.5), (0.26, 0.62)),
        _line("dark", 0.06, (-0.45, 0.4), (-1.05, 0.3)),
        _line("dark", 0.06, (0.45, 0.4), (1.05, 0.3)),
        _line("dark", 0.06, (-0.45, 0.52), (-1.02, 0.62)),
        _line("dark", 0.06, (0.45, 0.52), (1.02, 0.62)),
    ]


def _fish() -> list[Part]:
    return [
        _fill("shade", (0.3, 0), (1.0, -0.62), (0.86, 0), (1.0, 0.62)),
        _fill("shade", (-0.3, -0.4), (0.1, -0.85), (0.35, -0.3)),
        _oval("main", -0.2, 0, 0.8, 0.56),
        _fill("shade", (-0.1, 0.02), (0.3, -0.16), (0.3, 0.28)),
        _oval("light", -0.6, -0.12, 0.15),
        _oval("dark", -0.62, -0.12, 0.08),
    ]


def _flower() -> list[Part]:
    petals = [
        _oval("main", 0.42 * math.cos(a), -0.32 + 0.42 * math.sin(a), 0.34)
        for a in (math.pi * (0.5 + 2 * i / 5) + math.pi for i in range(5))
    ]
    return [
        _line("leaf", 0.16, (0, 0), (0.02, 1.0)),
        _fill("leaf", (0.02, 0.86), (0.2, 0.52), (0.62, 0.46), (0.44, 0.8)),
        *petals,
        _oval("heart", 0, -0.32, 0.26),
    ]


def _boat() -> list[Part]:
    return [
        _line("wood", 0.1, (0, 0.4), (0, -1.0)),
        _fill("tint", (0.1, -0.92), (0.1, 0.22), (0.85, 0.22)),
        _fill("light", (-0.1, -0.7), (-0.1, 0.22), (-0.65, 0.22)),
        _fill("main", (-1.0, 0.36), (1.0, 0.36), (0.66, 0.92), (-0.66, 0.92)),
    ]


def _car() -> list[Part]:
    body = (
        (-1.0, 0.42), (-0.98, 0.02), (-0.62, -0.06), (-0.4, -0.52), (0.34, -0.52),
        (0.66, -0.04), (0.98, 0.08), (1.0, 0.42),
    )  # fmt: skip
    return [
        _fill("main", *body),
        _fill("glass", (-0.44, -0.06), (-0.3, -0.38), (-0.05, -0.38), (-0.05, -0.06)),
        _fill("glass", (0.08, -0.06), (0.08, -0.38), (0.28, -0.38), (0.48, -0.06)),
        _oval("dark", -0.54, 0.44, 0.29),
        _oval("dark", 0.54, 0.44, 0.29),
        _oval("light", -0.54, 0.44, 0.12),
        _oval("light", 0.54, 0.44, 0.12),
    ]


def _mushroom() -> list[Part]:
    return [
        _fill("cream", (-0.26, 0.0), (0.26, 0.0), (0.36, 0.95), (-0.36, 0.95)),
        Part(role="main", points=_arc_points(0, 0.12, 1.0, 1.02, 180, 360, 22)),
        _oval("light", -0.46, -0.22, 0.17),
        _oval("light", 0.06, -0.52, 0.2),
        _oval("light", 0.52, -0.16, 0.15),
    ]


def _rocket() -> list[Part]:
    hull = (
        (0, -1.0), (0.26, -0.66), (0.38, -0.2), (0.34, 0.5), (-0.34, 0.5), (-0.38, -0.2),
        (-0.26, -0.66),
    )  # fmt: skip
    return [
        _fill("flame", (-0.24, 0.46), (0.24, 0.46), (0, 1.05)),
        _fill("shade", (-0.3, 0.0), (-0.78, 0.66), (-0.3, 0.5)),
        _fill("shade", (0.3, 0.0), (0.78, 0.66), (0.3, 0.5)),
        _fill("main", *hull),
        _oval("glass", 0, -0.22, 0.19),
    ]


def _sun() -> list[Part]:
    return [Part(role="main", points=_spikes(10, 0.68)), _oval("tint", 0, 0, 0.5)]


def _cup() -> list[Part]:
    return [
        _line("main", 0.17, *_arc_points(0.5, 0.1, 0.44, 0.36, -80, 80, 12)),
        _fill("main", (-0.8, -0.45), (0.55, -0.45), (0.36, 0.8), (-0.6, 0.8)),
        _oval("shade", -0.125, -0.45, 0.68, 0.2),
        _line("shade", 0.16, (-0.85, 0.9), (0.65, 0.9)),
    ]


def _bird() -> list[Part]:
    body = (
        (-0.62, -0.36), (-0.2, -0.2), (0.4, -0.1), (1.0, -0.44), (0.84, 0.16), (0.4, 0.6),
        (-0.1, 0.72), (-0.56, 0.5), (-0.74, 0.1),
    )  # fmt: skip
    return [
        _line("dark", 0.08, (-0.14, 0.6), (-0.18, 0.98)),
        _line("dark", 0.08, (0.16, 0.6), (0.16, 0.98)),
        _fill("flame", (-0.78, -0.5), (-1.08, -0.28), (-0.76, -0.16)),
        _fill("main", *body),
        _oval("main", -0.52, -0.36, 0.38),
        _fill("shade", (-0.25, 0.06), (0.62, 0.0), (0.3, 0.42), (-0.08, 0.4)),
        _oval("dark", -0.6, -0.42, 0.09),
    ]


def _apple() -> list[Part]:
    body = (
        (0, -0.4), (0.3, -0.56), (0.66, -0.5), (0.9, -0.16), (0.86, 0.32), (0.6, 0.8),
        (0.28, 0.96), (0, 0.86), (-0.28, 0.96), (-0.6, 0.8), (-0.86, 0.32), (-0.9, -0.16),
        (-0.66, -0.5), (-0.3, -0.56),
    )  # fmt: skip
    return [
        _fill("main", *body),
        _line("wood", 0.12, (0, -0.36), (0.1, -0.9)),
        _fill("leaf", (0.12, -0.62), (0.36, -0.96), (0.78, -0.94), (0.52, -0.62)),
        _oval("tint", -0.48, -0.05, 0.13, 0.24),
    ]


def _key() -> list[Part]:
    return [
        _line("main", 0.2, (-0.1, 0), (1.0, 0)),
        _line("main", 0.2, (0.56, 0), (0.56, 0.42)),
        _line("main", 0.2, (0.9, 0), (0.9, 0.46)),
        _line("main", 0.24, *_arc_points(-0.52, 0, 0.4, 0.4, 0, 360, 24)),
    ]


def _umbrella() -> list[Part]:
    canopy = _arc_points(0, 0.06, 1.0, 0.96, 180, 360, 22)
    scallops = (
        _arc_points(0.667, 0.06, 0.333, 0.16, 360, 180, 6)
        + _arc_points(0, 0.06, 0.333, 0.16, 360, 180, 6)
        + _arc_points(-0.667, 0.06, 0.333, 0.16, 360, 180, 6)
    )
    return [
        _line("dark", 0.1, (0, -1.0), (0, 0.78), *_arc_points(-0.18, 0.78, 0.18, 0.2, 0, 180, 8)),
        Part(role="main", points=canopy + scallops),
        _fill("shade", (0, -0.88), (0.333, 0.04), (0, -0.08), (-0.333, 0.04)),
    ]


def _skull() -> list[Part]:
    return [
        _fill("main", (-0.46, 0.3), (0.46, 0.3), (0.42, 0.96), (-0.42, 0.96)),
        _oval("main", 0, -0.18, 0.88, 0.78),
        _oval("dark", -0.36, -0.08, 0.25, 0.27),
        _oval("dark", 0.36, -0.08, 0.25, 0.27),
        _fill("dark", (0, 0.22), (0.13, 0.44), (-0.13, 0.44)),
        _line("dark", 0.07, (-0.16, 0.66), (-0.16, 0.96)),
        _line("dark", 0.07, (0.16, 0.66), (0.16, 0.96)),
    ]


def _bomb() -> list[Part]:
    return [
        _line("wood", 0.1, (0.42, -0.42), (0.6, -0.74), (0.84, -0.78)),
        _fill("dark", (0.2, -0.64), (0.36, -0.86), (0.68, -0.58), (0.48, -0.38)),
        _oval("main", -0.12, 0.2, 0.78),
        _oval("light", -0.4, -0.1, 0.15, 0.19),
        Part(
            role="flame",
            points=tuple((0.86 + 0.27 * x, -0.8 + 0.27 * y) for x, y in _spikes(6, 0.5)),
        ),
    ]


def _sword() -> list[Part]:
    blade = ((0, -1.08), (0.24, -0.76), (0.24, 0.4), (-0.24, 0.4), (-0.24, -0.76))
    return [
        _line("wood", 0.22, (0, 0.54), (0, 0.86)),
        _fill("main", *blade),
        _fill("tint", (0, -1.08), (0.24, -0.76), (0.24, 0.4), (0.04, 0.4)),
        _line("dark", 0.2, (-0.52, 0.46), (0.52, 0.46)),
        _oval("dark", 0, 0.95, 0.16),
    ]


_BUILDERS: Final[dict[str, Callable[[], list[Part]]]] = {
    "star": _star, "heart": _heart, "moon": _moon, "tree": _tree, "house": _house,
    "cat": _cat, "fish": _fish, "flower": _flower, "boat": _boat, "car": _car,
    "mushroom": _mushroom, "rocket": _rocket, "sun": _sun, "cup": _cup, "bird": _bird,
    "apple": _apple, "key": _key, "umbrella": _umbrella, "skull": _skull, "bomb": _bomb,
    "sword": _sword,
}  # fmt: skip

TILT_DEGREES: Final[dict[str, tuple[float, float]]] = {"key": (-50, -25), "sword": (20, 45)}
"""Objects that look better aslant; all others lean by a few degrees either way."""

MIRRORED: Final = frozenset({"moon", "fish", "boat", "car", "bird", "cup", "key", "sword", "bomb"})
"""Objects that are drawn facing either way."""


@cache
def parts_of(object_id: str) -> tuple[Part, ...]:
    """The parts of one object, in painting order."""
    return tuple(_BUILDERS[object_id]())


def place(
    points: Sequence[Point], x: float, y: float, radius: float, degrees: float, mirrored: bool
) -> list[Point]:
    """Unit-square points turned, mirrored and moved onto a canvas (units of the caller)."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    sign = -1.0 if mirrored else 1.0
    return [
        (x + radius * sign * (px * cos - py * sin), y + radius * (px * sin + py * cos))
        for px, py in points
    ]
