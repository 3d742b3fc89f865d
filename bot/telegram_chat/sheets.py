"""Several pictures as one, since a message with buttons carries one; and pictures that fit.

Telegram takes photos of up to 10 MB whose sides add up to at most 10,000 pixels and are at most
20 to 1 (core.telegram.org/bots/api#sendphoto), and makes a JPEG of them anyway.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.fonts import load_font

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PHOTO_BYTES = 10 * 2**20
MAX_SIDES = 10_000  # width and height together, pixels
MAX_RATIO = 20
LEAST_SIDE = 256  # pixels; what is smaller is shown enlarged, for Telegram shows it as a stamp
GAP = 8  # pixels between pictures
PAPER, INK = "#f6f3ec", "#22262b"
QUALITY = 92
SMALL_SIDE, SMALL_QUALITY = 1280, 80  # where Telegram found the first try too large


def one_photo(pictures: Sequence[bytes], *, is_small: bool = False) -> bytes:
    """A photo that Telegram takes: the picture itself, or all of them side by side, numbered in
    reading order."""
    if len(pictures) == 1 and not is_small and _is_fine(pictures[0]):
        return pictures[0]
    from PIL import Image

    opened = [_enlarged(Image.open(io.BytesIO(data)).convert("RGB")) for data in pictures]
    sheet = opened[0] if len(opened) == 1 else _side_by_side(opened)
    sheet = _padded(sheet)
    largest = SMALL_SIDE if is_small else MAX_SIDES // 2
    sheet.thumbnail((largest, largest))
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=SMALL_QUALITY if is_small else QUALITY)
    return written.getvalue()


def _is_fine(data: bytes) -> bool:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    return (
        len(data) <= MAX_PHOTO_BYTES
        and min(width, height) >= LEAST_SIDE
        and width + height <= MAX_SIDES
        and max(width, height) <= MAX_RATIO * min(width, height)
    )


def _enlarged(picture: Image) -> Image:
    """A whole number of times as large, where it is small."""
    from PIL import Image

    factor = math.ceil(LEAST_SIDE / min(picture.size))
    if factor <= 1 or factor * sum(picture.size) > MAX_SIDES:
        return picture
    size = (factor * picture.width, factor * picture.height)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _side_by_side(pictures: Sequence[Image]) -> Image:
    """Cells of one size, as square a sheet as the number allows."""
    from PIL import Image

    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    wide, high = max(p.width for p in pictures), max(p.height for p in pictures)
    size = (columns * (wide + GAP) - GAP, rows * (high + GAP) - GAP)
    sheet = Image.new("RGB", size, PAPER)
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        left, top = column * (wide + GAP), row * (high + GAP)
        sheet.paste(
            picture, (left + (wide - picture.width) // 2, top + (high - picture.height) // 2)
        )
        _number(sheet, left, top, index + 1, min(wide, high))
    return sheet


def _number(sheet: Image, left: int, top: int, number: int, side: int) -> None:
    """A small number in the corner of a cell."""
    from PIL import ImageDraw

    height = max(14, side // 14)
    box = (left, top, left + round(height * 1.2), top + round(height * 1.2))
    drawn = ImageDraw.Draw(sheet)
    drawn.rectangle(box, fill=PAPER)
    middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
    drawn.text(middle, str(number), fill=INK, anchor="mm", font=load_font(height, words="1"))


def _padded(picture: Image) -> Image:
    """With paper at the sides where it is too long for its breadth."""
    from PIL import Image

    least = math.ceil(max(picture.size) / MAX_RATIO)
    if min(picture.size) >= least:
        return picture
    size = (max(picture.width, least), max(picture.height, least))
    padded = Image.new("RGB", size, PAPER)
    padded.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return padded
