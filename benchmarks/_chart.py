"""A line chart as a PNG, with Pillow alone; knows nothing of what is measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Points = Sequence[tuple[float, float]]
_SIZE, _MARGIN = (720, 440), 60  # pixels
_COLORS = ("#c0392b", "#2471a3", "#1e8449", "#7d3c98")


def _round_marks(most: float) -> list[float]:
    """Three to seven multiples of 1, 2 or 5 times a power of ten, up to `most`."""
    power = 10.0 ** math.floor(math.log10(most))
    step = next(s for s in (power / 5, power / 2, power, power * 2) if most / s < 8)
    return [round(step * number, 10) for number in range(1, int(most / step) + 1)]


def draw_lines(path: Path, lines: Mapping[str, Points], *, across: str, up: str) -> None:
    """Write one line per label; both axes start at zero."""
    most_x = max(x for points in lines.values() for x, _ in points) * 1.05
    most_y = max(y for points in lines.values() for _, y in points) * 1.1
    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(14)
    width, height = _SIZE

    def place(x: float, y: float) -> tuple[float, float]:
        room_x, room_y = width - 2 * _MARGIN, height - 2 * _MARGIN
        return _MARGIN + x / most_x * room_x, height - _MARGIN - y / most_y * room_y

    draw.line([place(0, most_y), place(0, 0), place(most_x, 0)], fill="black", width=1)
    for mark in _round_marks(most_x):
        x, y = place(mark, 0)
        draw.text((x, y + 6), f"{mark:g}", fill="black", font=font, anchor="ma")
    for mark in _round_marks(most_y):
        x, y = place(0, mark)
        draw.text((x - 6, y), f"{mark:g}", fill="black", font=font, anchor="rm")
    draw.text((width / 2, height - 24), across, fill="black", font=font, anchor="ma")
    draw.text((_MARGIN, 16), up, fill="black", font=font)
    for number, (label, points) in enumerate(lines.items()):
        color = _COLORS[number % len(_COLORS)]
        places = [place(x, y) for x, y in points]
        draw.line(places, fill=color, width=2)
        for x, y in places:
            draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=color)
        draw.text((width - _MARGIN, 16 + 18 * number), label, fill=color, font=font, anchor="ra")
    image.save(path)
