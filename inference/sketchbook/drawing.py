"""Draws a composition as a picture, in one of the styles, on one of the settings.

Everything random comes from the generator that is handed in, so a seed is a picture. Pillow
draws at four times the size and reduces; it knows nothing of captions or models.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from inference.sketchbook import backdrops
from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.palette import OBJECT_RGB, STICKER_BORDER, Rgb, mix
from inference.sketchbook.shapes import MIRRORED, TILT_DEGREES, Point, parts_of, place

SUPERSAMPLING: Final = 4
DARK: Final[Rgb] = (34, 30, 40)


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where one object is: centre and radius as shares of the side."""

    thing: Thing
    x: float
    y: float
    radius: float
    degrees: float
    mirrored: bool


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A composition with all that a picture needs besides: places and turns."""

    composition: Composition
    placements: tuple[Placement, ...]


def _centres(random: Random, composition: Composition) -> tuple[list[Point], float]:
    """Centres and one radius for every object, never overlapping and never cut off."""

    def wobble(amount: float) -> float:
        return random.uniform(-amount, amount)

    if composition.is_pair:
        radius = random.uniform(0.2, 0.225)
        near, far = 0.255 + wobble(0.015), 0.745 + wobble(0.015)
        first, second = 0.5 + wobble(0.08), 0.5 + wobble(0.08)
        places = {
            "left of": [(near, first), (far, second)],
            "right of": [(far, first), (near, second)],
            "above": [(first, near), (second, far)],
            "below": [(first, far), (second, near)],
        }
        return places[composition.relation or "left of"], radius
    if composition.count == 1:
        centre, radius = _alone(random, composition)
        return [centre], radius
    if composition.count == 2:
        tilt = wobble(0.1)
        return [(0.26, 0.5 - tilt), (0.74, 0.5 + tilt)], random.uniform(0.195, 0.215)
    flip = random.choice((-1, 1))
    shift = wobble(0.02)
    low, high = 0.5 + 0.22 * flip, 0.5 - 0.22 * flip
    return [(0.25, low), (0.75, low), (0.5 + shift, high)], random.uniform(0.175, 0.195)


_RADII: Final = {None: (0.29, 0.34), "small": (0.19, 0.22), "large": (0.37, 0.4)}
_PLACED_RADII: Final = {None: (0.22, 0.25), "small": (0.17, 0.2)}


def _alone(random: Random, composition: Composition) -> tuple[Point, float]:
    """Centre and radius of a single object."""
    if composition.place is None:
        low, high = _RADII[composition.size]
        reach = 0.03 if composition.size == "large" else 0.06
        x, y = (0.5 + random.uniform(-reach, reach) for _ in range(2))
        return (x, y), random.uniform(low, high)
    near, along = 0.27 + random.uniform(-0.02, 0.03), 0.5 + random.uniform(-0.1, 0.1)
    places = {
        "left": (near, along),
        "right": (1 - near, along),
        "top": (along, near),
        "bottom": (along, 1 - near),
    }
    return places[composition.place], random.uniform(*_PLACED_RADII[composition.size])


def arrange(random: Random, composition: Composition) -> Scene:
    """Chooses a place, size and turn for every object of a composition."""
    centres, radius = _centres(random, composition)
    placements = []
    for thing, (x, y) in zip(composition.all_things(), centres, strict=True):
        low, high = TILT_DEGREES.get(thing.object, (-6, 6))
        placements.append(
            Placement(
                thing=thing,
                x=x,
                y=y,
                radius=radius,
                degrees=random.uniform(low, high),
                mirrored=thing.object in MIRRORED and random.random() < 0.5,
            )
        )
    return Scene(composition=composition, placements=tuple(placements))


_FIXED_ROLES: Final[dict[str, Rgb]] = {
    "wood": (124, 84, 54),
    "dark": DARK,
    "light": (248, 246, 240),
    "cream": (244, 230, 204),
    "glow": (255, 236, 150),
    "glass": (196, 228, 244),
    "leaf": (66, 140, 62),
    "flame": (255, 150, 40),
}


def role_rgb(role: str, main: Rgb) -> Rgb:
    """The colour of a part, given the object's own colour."""
    if role in ("main", "blend"):
        return main
    if role == "shade":
        return mix(main, (40, 30, 60), 0.34)
    if role == "tint":
        return mix(main, (255, 255, 255), 0.5)
    if role == "heart":  # the middle of a flower must differ from its petals
        return (255, 226, 110) if main[1] < 190 or main[2] > 200 else (170, 96, 40)
    return _FIXED_ROLES[role]


class _Pen:
    """Draws placed parts on a supersampled canvas; widths are in final pixels."""

    def __init__(self, canvas: Image.Image, scale: float) -> None:
        self.draw = ImageDraw.Draw(canvas)
        self.scale = scale

    def fill(self, points: list[Point], rgb: Rgb | int) -> None:
        self.draw.polygon(points, fill=rgb)

    def outline(self, points: list[Point], rgb: Rgb | int, width: float) -> None:
        closed = [*points, points[0], points[1]]
        self.stroke(closed, rgb, width * self.scale)

    def stroke(self, points: list[Point], rgb: Rgb | int, width: float) -> None:
        """A brush stroke with round ends; `width` in canvas units."""
        self.draw.line(points, fill=rgb, width=max(1, round(width)), joint="curve")
        half = width / 2
        for x, y in (points[0], points[-1]):
            self.draw.ellipse((x - half, y - half, x + half, y + half), fill=rgb)


def _placed(placement: Placement, side: int) -> list[tuple[str, list[Point], float]]:
    """(role, points, stroke width) of an object in canvas units."""
    args = (placement.x * side, placement.y * side, placement.radius * side)
    return [
        (
            part.role,
            place(part.points, *args, placement.degrees, placement.mirrored),
            part.stroke * placement.radius * side,
        )
        for part in parts_of(placement.thing.object)
    ]


def _jittered(random: Random, rgb: Rgb, amount: int) -> Rgb:
    red, green, blue = (min(255, max(0, c + random.randint(-amount, amount))) for c in rgb)
    return red, green, blue


def _paint_solid(canvas: Image.Image, scene: Scene, mains: list[Rgb], outline: float) -> None:
    """Flat fills, each part with a dark contour where `outline` (final pixels) is not zero."""
    scale = canvas.width / 64
    pen = _Pen(canvas, scale)
    for placement, main in zip(scene.placements, mains, strict=True):
        for role, points, stroke in _placed(placement, canvas.width):
            rgb = role_rgb(role, main)
            edge = outline and role != "blend"
            if stroke:
                if edge and role != "dark":
                    pen.stroke(points, DARK, stroke + 2 * outline * scale)
                pen.stroke(points, rgb, stroke)
            else:
                if edge:
                    pen.outline(points, DARK, 2 * outline)
                pen.fill(points, rgb)


def _paint_neon(canvas: Image.Image, scene: Scene, mains: list[Rgb]) -> Image.Image:
    """Glowing tubes along the contours, light added to a dark backdrop."""
    lines = Image.new("RGB", canvas.size)
    scale = canvas.width / 64
    pen = _Pen(lines, scale)
    for placement, main in zip(scene.placements, mains, strict=True):
        for role, points, stroke in _placed(placement, canvas.width):
            if role == "blend":
                continue
            rgb = mix(role_rgb(role if role != "dark" else "tint", main), main, 0.6)
            if stroke:
                pen.stroke(points, rgb, max(1.4 * scale, stroke * 0.7))
            else:
                pen.fill(points, mix((0, 0, 0), rgb, 0.22))
                pen.outline(points, rgb, 1.5)
    small = lines.reduce(SUPERSAMPLING)
    glow = small.filter(ImageFilter.GaussianBlur(2.2 * scale / SUPERSAMPLING))
    lit = ImageChops.add(canvas.reduce(SUPERSAMPLING), glow)
    return ImageChops.add(lit, small)


def _paint_blueprint(canvas: Image.Image, scene: Scene, mains: list[Rgb]) -> None:
    """Pale drafting lines around tinted faces."""
    line, scale = (232, 240, 252), canvas.width / 64
    pen = _Pen(canvas, scale)
    for placement, main in zip(scene.placements, mains, strict=True):
        for role, points, stroke in _placed(placement, canvas.width):
            if role == "blend":
                continue
            rgb = mix(role_rgb(role, main), (34, 72, 140), 0.15 if role == "main" else 0.3)
            if stroke:
                pen.stroke(points, line, stroke + 1.2 * scale)
                pen.stroke(points, rgb, max(stroke - 0.4 * scale, 1))
            else:
                pen.outline(points, line, 1.7)
                pen.fill(points, rgb)


def _mottled(random: Random, side: int, strength: float) -> NDArray[np.float32]:
    """Soft blotches around 1, (side, side, 1)."""
    seeds = np.random.default_rng(random.getrandbits(32)).random((8, 8), dtype=np.float32)
    coarse = Image.fromarray((seeds * 255).astype(np.uint8))
    blotches = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float32)
    return (1 + strength * (blotches / 127.5 - 1))[:, :, None]


def _object_layer(scene: Scene, mains: list[Rgb], size: int) -> tuple[Image.Image, Image.Image]:
    """Solid objects on nothing: colours and their coverage, both at the final size."""
    colours, coverage = Image.new("RGB", (size, size)), Image.new("L", (size, size))
    _paint_solid(colours, scene, mains, 0)
    pen = _Pen(coverage, size / 64)
    for placement in scene.placements:
        for _, points, stroke in _placed(placement, size):
            if stroke:
                pen.stroke(points, 255, stroke)
            else:
                pen.fill(points, 255)
    return colours, coverage.reduce(SUPERSAMPLING)


def _paint_sticker(canvas: Image.Image, scene: Scene, mains: list[Rgb]) -> Image.Image:
    """Flat fills cut out with a white border, a soft shadow under it."""
    colours, coverage = _object_layer(scene, mains, canvas.width)
    unit = coverage.width / 64
    border = coverage.filter(ImageFilter.MaxFilter(2 * round(2.5 * unit) + 1))
    border = border.filter(ImageFilter.GaussianBlur(0.6 * unit))
    shadow = ImageChops.offset(border.filter(ImageFilter.GaussianBlur(unit)), round(2 * unit))
    picture = canvas.reduce(SUPERSAMPLING)
    picture.paste((70, 74, 96), (0, 0), shadow.point([level * 6 // 10 for level in range(256)]))
    picture.paste(STICKER_BORDER, (0, 0), border)
    solid = _as_image(_bled(colours, coverage, coverage.width))
    picture.paste(solid, (0, 0), coverage)
    return picture


def _paint_watercolour(
    random: Random, canvas: Image.Image, scene: Scene, mains: list[Rgb]
) -> Image.Image:
    """Transparent washes that pool at their edges and run a little."""
    colours, coverage = _object_layer(scene, mains, canvas.width)
    side = coverage.width
    spread = np.asarray(coverage.filter(ImageFilter.GaussianBlur(0.5 * side / 64)), np.float32)
    pooled = np.asarray(coverage.filter(ImageFilter.GaussianBlur(1.8 * side / 64)), np.float32)
    alpha = spread[:, :, None] / 255
    edge = np.clip(alpha - pooled[:, :, None] / 255, 0, 1)
    paint = _bled(colours, coverage, side) * (1 - 0.55 * edge)
    paper = np.asarray(canvas.reduce(SUPERSAMPLING), np.float32) * _mottled(random, side, 0.05)
    body = alpha * np.clip(0.84 * _mottled(random, side, 0.16), 0, 0.97)
    return _as_image(paper * (1 - body) + paint * body)


def _bled(colours: Image.Image, coverage: Image.Image, side: int) -> NDArray[np.float32]:
    """Object colours divided by their coverage, so that no black fringe shows at soft edges."""
    small = np.asarray(colours.reduce(SUPERSAMPLING), np.float32)
    share = np.asarray(coverage, np.float32)[:, :, None] / 255
    blur = ImageFilter.GaussianBlur(side / 64)
    wide = np.asarray(colours.reduce(SUPERSAMPLING).filter(blur), np.float32)
    wide_share = np.asarray(coverage.filter(blur), np.float32)[:, :, None] / 255
    soft = wide / np.maximum(wide_share, 0.02)
    return np.asarray(np.clip(small + soft * (1 - share), 0, 255), np.float32)


def _paint_ink(random: Random, canvas: Image.Image, scene: Scene, mains: list[Rgb]) -> Image.Image:
    """A colour wash under uneven black brush lines, on rice paper."""
    washes = [mix(main, (240, 232, 214), 0.08) for main in mains]
    colours, coverage = _object_layer(scene, washes, canvas.width)
    side = coverage.width
    alpha = np.asarray(coverage.filter(ImageFilter.GaussianBlur(0.6 * side / 64)), np.float32)
    body = alpha[:, :, None] / 255 * np.clip(0.88 * _mottled(random, side, 0.14), 0, 0.97)
    paper = np.asarray(canvas.reduce(SUPERSAMPLING), np.float32) * _mottled(random, side, 0.06)
    washed = paper * (1 - body) + _bled(colours, coverage, side) * body
    lines = _brush_lines(random, scene, canvas.width)[:, :, None]
    return _as_image(washed * (1 - lines) + 26.0 * lines)


def _brush_lines(random: Random, scene: Scene, size: int) -> NDArray[np.float32]:
    """Coverage 0-1 of contours drawn with a brush whose pressure wanders, final size."""
    lines, scale = Image.new("L", (size, size)), size / 64
    pen = _Pen(lines, scale)
    for placement in scene.placements:
        for role, points, stroke in _placed(placement, size):
            if role == "blend":
                pen.fill(points, 0)
                continue
            if stroke:
                ink = 255 if role == "dark" else 120
                pen.stroke(points, ink, max(scale, stroke * 0.75))
                continue
            pen.fill(points, 230 if role == "dark" else 0)
            loop, pressure = [*points, points[0]], random.uniform(0.9, 1.7)
            for start, end in zip(loop, loop[1:], strict=False):
                pressure = min(2.1, max(0.7, pressure + random.uniform(-0.35, 0.35)))
                pen.stroke([start, end], 235, pressure * scale)
    return np.asarray(np.asarray(lines.reduce(SUPERSAMPLING)) / 255, np.float32)


def _as_image(pixels: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))


def draw(random: Random, scene: Scene, side: int = 64) -> Image.Image:
    """The picture of a scene, RGB, `side` pixels square."""
    composition = scene.composition
    canvas = backdrops.paint(random, composition.style, composition.setting, side * SUPERSAMPLING)
    mains = [_jittered(random, OBJECT_RGB[p.thing.colour], 7) for p in scene.placements]
    if len({p.thing.colour for p in scene.placements}) == 1 and not composition.is_pair:
        mains = mains[:1] * len(mains)
    match composition.style:
        case "neon":
            return _paint_neon(canvas, scene, mains)
        case "watercolour":
            return _paint_watercolour(random, canvas, scene, mains)
        case "ink":
            return _paint_ink(random, canvas, scene, mains)
        case "sticker":
            return _paint_sticker(canvas, scene, mains)
        case "blueprint":
            _paint_blueprint(canvas, scene, mains)
        case style:
            _paint_solid(canvas, scene, mains, 1.1 if style == "cartoon" else 0.0)
    return canvas.reduce(SUPERSAMPLING)
