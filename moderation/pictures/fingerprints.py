"""Hashes by which a picture is known again: its bytes, all it shows, and what a crop leaves of it.

- **SHA-256** of the file: the very same bytes.
- **PDQ** (``pdq.py``): nearly the same after other compression, sizes and brightness, and found
  again in any of its eight turns and mirrorings.
- **Crops**: PDQ's bits again, of a grid of views whose edges lie a little further in. A cropped
  picture is nearly one of the views of the whole one; PDQ alone loses it at two per cent.

Nothing here can be turned back into a picture. Knows no list and no decision; loads no torch.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from itertools import product

import numpy as np
from PIL import Image

from . import pdq
from .pdq import Bits, Plane, distances, from_hex, to_hex

__all__ = ["Bits", "Fingerprint", "Sighting", "crops_from_text", "crops_to_text", "distance",
           "distances", "fingerprint", "from_hex", "pdq_of", "sighting", "to_hex"]  # fmt: skip

Edges = tuple[float, float, float, float]  # left out at left, top, right, bottom: shares of a side

LEAST_QUALITY = 50  # PDQ's own measure: below, a picture is too plain to be told from others
_LARGEST = 512  # pixels: PDQ wants larger pictures made smaller first

_OFF_A_SIDE = ((0.0, 0.0), (0.025, 0.025), (0.05, 0.05), (0.0, 0.05), (0.05, 0.0),
               (0.0, 0.025), (0.025, 0.0))  # fmt: skip
_STRIPS: tuple[Edges, ...] = ((0, 0.09, 0, 0), (0, 0, 0, 0.09))  # where labels are put
VIEWS: tuple[Edges, ...] = (
    *(
        (left, top, right, bottom)
        for (left, right), (top, bottom) in product(_OFF_A_SIDE, repeat=2)
    ),
    *_STRIPS,
)  # of a picture on a list; the first leaves nothing out
GLANCES: tuple[Edges, ...] = ((0, 0, 0, 0), *_STRIPS)  # of a picture that is compared with them


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What a list keeps of a picture."""

    sha256: str = ""  # 64 hexadecimal digits
    pdq: str = ""  # the same, as ThreatExchange writes them; empty: too plain, or unknown
    crops: str = ""  # the bits of every view, base64; empty likewise


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What is compared with lists."""

    sha256: str
    pdq: Bits  # (8, 4): every turn and mirroring; (0, 4) of a picture that is too plain
    crops: Bits  # (8 · glances, 4), likewise


def fingerprint(data: bytes, image: Image.Image) -> Fingerprint:
    """``image`` is the picture in ``data``, upright and in RGB."""
    small = _small(image)
    sha256, plane = hashlib.sha256(data).hexdigest(), _plane(small)
    if plane is None:
        return Fingerprint(sha256=sha256)
    grey = small.convert("L")
    views = pdq.bits(np.stack([pdq.waves(_view(grey, edges)) for edges in VIEWS]))
    return Fingerprint(sha256=sha256, pdq=_hex_of(plane), crops=crops_to_text(views))


def sighting(data: bytes, image: Image.Image) -> Sighting:
    """The same for a picture that is to be compared."""
    small = _small(image)
    sha256, plane = hashlib.sha256(data).hexdigest(), _plane(small)
    if plane is None:
        nothing = np.zeros((0, 4), dtype=np.uint64)
        return Sighting(sha256=sha256, pdq=nothing, crops=nothing)
    grey = small.convert("L")
    glances = [pdq.turned(pdq.waves(_view(grey, edges))) for edges in GLANCES]
    return Sighting(sha256=sha256, pdq=pdq.turned(pdq.waves(plane)), crops=np.concatenate(glances))


def pdq_of(image: Image.Image) -> str:
    """PDQ as 64 hexadecimal digits; empty where the picture is too plain."""
    plane = _plane(_small(image))
    return "" if plane is None else _hex_of(plane)


def distance(one: str, other: str) -> int:
    """In how many of 256 bits two PDQ hashes in hexadecimal digits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def crops_to_text(views: Bits) -> str:
    """(views, 4) → base64."""
    return b64encode(views.astype(">u8").tobytes()).decode()


def crops_from_text(text: str) -> Bits:
    """The inverse, (views, 4); raises ``ValueError``."""
    return pdq.from_bytes(b64decode(text, validate=True)).reshape(-1, 4)


def _small(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((_LARGEST, _LARGEST))
    return small


def _plane(small: Image.Image) -> Plane | None:
    """PDQ's samples; None where they show too little."""
    plane = pdq.samples(np.asarray(small))
    return plane if pdq.quality(plane) >= LEAST_QUALITY else None


def _hex_of(plane: Plane) -> str:
    return to_hex(pdq.bits(pdq.waves(plane)[None])[0])


def _view(grey: Image.Image, edges: Edges) -> Plane:
    """(64, 64): what is left within the edges."""
    left, top, right, bottom = edges
    width, height = grey.size
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    small = grey.resize((pdq.SIDE, pdq.SIDE), Image.Resampling.BILINEAR, box=box)
    return np.asarray(small, dtype=np.float64)
