"""Uploads judged before they are trusted: kind, bytes, pixels, frames, then whether they decode.

A picture is decoded only once its header promises little enough. Knows neither torch nor what a
picture shows.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

from moderation.policy import ALLOWED, Category, Decision, Finding, Verdict

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 16_000_000
MAX_RATIO = 32  # longer side to shorter side
FORMATS = ("PNG", "JPEG", "WEBP")
_WITH_COMPANIONS = "MPO"  # a JPEG with others behind it, such as a telephone's depth map

RULES = (
    "upload-empty",
    "upload-too-many-bytes",
    "upload-unknown-kind",
    "upload-too-many-pixels",
    "upload-bad-shape",
    "upload-moves",
    "upload-damaged",
)  # each is also the key of the sentence that tells the person


def check_upload(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> Verdict:
    """Refuse what is no still PNG, JPEG or WebP within the limits; never raises for bad data."""
    rule = _rule_broken_by(data, max_bytes, max_pixels)
    if rule is None:
        return ALLOWED
    finding = Finding(rule_id=rule, category=Category.BROKEN, decision=Decision.BLOCK)
    return Verdict(decision=Decision.BLOCK, scores={Category.BROKEN: 1.0}, findings=(finding,))


def _rule_broken_by(data: bytes, max_bytes: int, max_pixels: int) -> str | None:
    if not data:
        return "upload-empty"
    if len(data) > max_bytes:
        return "upload-too-many-bytes"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
        try:
            return _rule_broken_by_header(data, max_pixels)
        except Image.DecompressionBombError:
            return "upload-too-many-pixels"
        except UnidentifiedImageError:
            return "upload-unknown-kind"
        except Exception:  # noqa: BLE001  decoders raise anything for data made to break them
            return "upload-damaged"


def _rule_broken_by_header(data: bytes, max_pixels: int) -> str | None:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > max_pixels:
            return "upload-too-many-pixels"
        if max(width, height) > MAX_RATIO * min(width, height):
            return "upload-bad-shape"
        if getattr(image, "n_frames", 1) > 1 and image.format != _WITH_COMPANIONS:
            return "upload-moves"
        image.load()
    return None
