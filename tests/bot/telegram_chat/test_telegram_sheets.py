"""Several pictures as one, within what Telegram takes."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.telegram_chat.sheets import GAP, MAX_PHOTO_BYTES, one_photo
from tests.bot.telegram_chat.telegram_fakes import png


def test_one_picture_is_left_alone() -> None:
    """Telegram gets the bytes as they are."""
    picture = png(size=(256, 300))
    assert one_photo([picture]) == picture


def test_a_small_picture_is_shown_enlarged() -> None:
    """A whole number of times, to 256 pixels at least; the file is still there as it was made."""
    assert Image.open(io.BytesIO(one_photo([png(size=(64, 96))]))).size == (256, 384)


@pytest.mark.parametrize(("count", "columns", "rows"), [(2, 2, 1), (3, 2, 2), (4, 2, 2), (8, 3, 3)])
def test_pictures_stand_side_by_side_in_reading_order(count: int, columns: int, rows: int) -> None:
    """As square as their number allows; each cell holds its picture."""
    colors = ["red", "green", "blue", "white", "black", "yellow", "cyan", "magenta"][:count]
    sheet = Image.open(io.BytesIO(one_photo([png(color, (256, 256)) for color in colors])))
    assert sheet.size == (columns * (256 + GAP) - GAP, rows * (256 + GAP) - GAP)
    for place, color in enumerate(colors):
        row, column = divmod(place, columns)
        seen = sheet.getpixel((column * (256 + GAP) + 200, row * (256 + GAP) + 200))
        wanted = Image.new("RGB", (1, 1), color).getpixel((0, 0))
        assert all(abs(a - b) < 12 for a, b in zip(seen, wanted, strict=True))


@pytest.mark.parametrize("size", [(6000, 5000), (3000, 60)], ids=["too many pixels", "too narrow"])
def test_what_telegram_would_refuse_is_made_to_fit(size: tuple[int, int]) -> None:
    """Sides of 10,000 in all, 20 to 1, 10 MB."""
    made = one_photo([png("teal", size)])
    width, height = Image.open(io.BytesIO(made)).size
    assert width + height <= 10_000
    assert max(width, height) <= 20 * min(width, height)
    assert len(made) <= MAX_PHOTO_BYTES


def test_a_second_try_is_small() -> None:
    """Where Telegram found a photo too large, it becomes one of 1,280 pixels."""
    made = one_photo([png("teal", (2000, 1000))], is_small=True)
    assert Image.open(io.BytesIO(made)).size == (1280, 640)
