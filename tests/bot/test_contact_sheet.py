"""The contact sheet: every picture once, in rows, with captions that a font here can write."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from bot import contact_sheet, fonts
from bot.contact_sheet import CELL, GAP, MARGIN, Section, compose

COLORS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (30, 200, 200)]


def pictures(count: int, size: tuple[int, int] = (64, 64)) -> list[Image.Image]:
    """Flat pictures, each of its own colour."""
    return [Image.new("RGB", size, color) for color in COLORS[:count]]


def colors_of(sheet: Image.Image) -> set[tuple[int, int, int]]:
    """Every colour that fills a good part of the sheet."""
    counted = sheet.getcolors(sheet.width * sheet.height) or []
    return {color for times, color in counted if times > CELL * CELL // 4}


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_every_picture_is_on_the_sheet(count: int) -> None:
    """One to five pictures, five in two rows."""
    sheet = compose([Section(title="a wish", pictures=pictures(count), captions=["1"] * count)])
    assert set(COLORS[:count]) <= colors_of(sheet)
    assert sheet.width == 2 * MARGIN + max(2, min(4, count)) * (CELL + GAP) - GAP


def test_a_long_picture_keeps_its_shape() -> None:
    """A picture twice as wide as high fills the cell's width and half its height."""
    sheet = compose([Section(title="", pictures=pictures(1, (128, 64)))])
    counted = {color: times for times, color in sheet.getcolors(1 << 24) or []}
    assert abs(counted[COLORS[0]] - CELL * CELL // 2) < CELL


def test_sections_stand_under_each_other() -> None:
    """Two wishes make a sheet about twice as high."""
    one = Section(title="a wish", pictures=pictures(2), note="a prompt")
    assert compose([one, one]).height == 2 * compose([one]).height - MARGIN


def test_chinese_without_a_font_falls_back_to_latin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing here writes Chinese, the prompt stands in its place, not boxes."""
    monkeypatch.setattr(contact_sheet, "may_write", lambda words, _: words.isascii())
    chinese = Section(title="画点可爱的", latin="a kitten", pictures=pictures(1))
    english = Section(title="a kitten", pictures=pictures(1))
    assert compose([chinese]).tobytes() == compose([english]).tobytes()


def test_a_machine_without_fonts_still_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow's own font serves where fontconfig and the usual folders have none."""
    monkeypatch.setattr(
        fonts, "_found_font", lambda is_cjk: Path("none") if is_cjk is None else None
    )
    assert fonts.load_font(20, words="abc").getlength("abc") > 0
    assert not fonts.may_write("画")


def test_the_operators_font_comes_first(tmp_path: Path) -> None:
    """A named file is used; a name that is no file is not."""
    font = tmp_path / "font.ttf"
    font.write_bytes(b"")
    assert fonts.font_file(font, is_cjk=True) == font
    assert fonts.font_file(tmp_path / "none.ttf") != tmp_path / "none.ttf"


def test_long_titles_are_wrapped() -> None:
    """Three lines at most; Chinese breaks anywhere."""
    wrapped = contact_sheet._wrap("word " * 200, 26, 500, None)
    assert len(wrapped) == 3
    assert wrapped[-1].endswith("…")
    assert len(contact_sheet._pieces("画点可爱的")) == 6
