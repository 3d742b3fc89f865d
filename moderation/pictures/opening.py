"""Bytes → the picture they show, as everything that looks at pictures must see it. Knows no model."""

from __future__ import annotations

import io

from PIL import Image, ImageOps


def open_picture(data: bytes) -> Image.Image:
    """The still picture in RGB, upright: telephones store pictures turned and say so beside them.

    Raises whatever a decoder raises for data that is none; limits are checked before
    (``limits.py``).
    """
    with Image.open(io.BytesIO(data)) as opened:
        return ImageOps.exif_transpose(opened).convert("RGB")
