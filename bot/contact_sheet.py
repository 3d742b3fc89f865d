"""Draws a contact sheet: pictures in tidy rows with captions. Knows no database and no chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .fonts import load_font, may_write

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

PAPER, INK, PALE, LINE = "#f6f3ec", "#22262b", "#7b7f86", "#d9d4c7"
CELL, GAP, MARGIN = 256, 20, 36  # pixels
TITLE_SIZE, CAPTION_SIZE, LEADING = 26, 15, 1.35


@dataclass(frozen=True, kw_only=True)
class Section:
    """Pictures of one wish. ``latin`` stands in where no font here can write ``title``."""

    title: str
    pictures: Sequence[Image]  # RGB, any size
    captions: Sequence[str] = ()
    latin: str = ""
    note: str = ""  # a quieter line under the title


def compose(
    sections: Sequence[Section], *, columns: int | None = None, font: Path | None = None
) -> Image:
    """One RGB sheet: a titled block per section, ``columns`` cells wide (default: up to 4)."""
    from PIL import Image, ImageDraw

    widest = max((len(section.pictures) for section in sections), default=1)
    columns = columns or max(2, min(4, widest))
    width = 2 * MARGIN + columns * CELL + (columns - 1) * GAP
    blocks = [_Block(section, columns, width, font) for section in sections]
    sheet = Image.new("RGB", (width, MARGIN + sum(b.height for b in blocks)), PAPER)
    drawn, top = ImageDraw.Draw(sheet), MARGIN
    for block in blocks:
        block.draw(sheet, drawn, top)
        top += block.height
    return sheet


class _Block:
    """One section, measured; its height includes the space under it."""

    def __init__(self, section: Section, columns: int, width: int, font: Path | None) -> None:
        self.section, self.columns, self.font = section, columns, font
        inner = width - 2 * MARGIN
        self.title = _wrap(self._writable(section.title, section.latin), TITLE_SIZE, inner, font)
        self.note = _wrap(self._writable(section.note, ""), CAPTION_SIZE, inner, font)
        self.captions = [
            _wrap(self._writable(words, ""), CAPTION_SIZE, CELL, font) for words in section.captions
        ]
        self.caption_height = max((_height(c, CAPTION_SIZE) for c in self.captions), default=0)
        self.head_height = _height(self.title, TITLE_SIZE) + _height(self.note, CAPTION_SIZE) + 14
        num_rows = -(-len(section.pictures) // columns)
        self.height = self.head_height + num_rows * self._row_height + MARGIN // 2

    @property
    def _row_height(self) -> int:
        return CELL + self.caption_height + GAP + 6

    def _writable(self, words: str, latin: str) -> str:
        return words if may_write(words, self.font) else latin

    def draw(self, sheet: Image, drawn: ImageDraw, top: int) -> None:
        below = _write(drawn, (MARGIN, top), self.title, TITLE_SIZE, INK, self.font)
        _write(drawn, (MARGIN, below), self.note, CAPTION_SIZE, PALE, self.font)
        for index, picture in enumerate(self.section.pictures):
            row, column = divmod(index, self.columns)
            left = MARGIN + column * (CELL + GAP)
            upper = top + self.head_height + row * self._row_height
            _place(sheet, drawn, picture, left, upper)
            if index < len(self.captions):
                place = (left, upper + CELL + 6)
                _write(drawn, place, self.captions[index], CAPTION_SIZE, PALE, self.font)


def _place(sheet: Image, drawn: ImageDraw, picture: Image, left: int, top: int) -> None:
    from PIL import Image

    scale = min(CELL / picture.width, CELL / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    shown = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    x, y = left + (CELL - size[0]) // 2, top + (CELL - size[1]) // 2
    drawn.rectangle((x - 1, y - 1, x + size[0], y + size[1]), outline=LINE)
    sheet.paste(shown, (x, y))


def _wrap(words: str, size: int, width: int, font: Path | None) -> list[str]:
    """Break at spaces where there are any, anywhere in Chinese; at most three lines."""
    loaded = load_font(size, words=words, chosen=font)
    lines = [""]
    for piece in _pieces(words):
        if lines[-1] and loaded.getlength((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    kept = [line.rstrip() for line in lines if line.strip()]
    return kept if len(kept) <= 3 else [*kept[:2], kept[2] + " …"]


def _pieces(words: str) -> list[str]:
    pieces = [""]
    for character in words:
        if character == " " or ord(character) >= 0x2E80:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _height(lines: Sequence[str], size: int) -> int:
    return round(len(lines) * size * LEADING)


def _write(
    drawn: ImageDraw,
    place: tuple[int, int],
    lines: Sequence[str],
    size: int,
    colour: str,
    font: Path | None,
) -> int:
    left, top = place
    for line in lines:
        drawn.text((left, top), line, fill=colour, font=load_font(size, words=line, chosen=font))
        top += round(size * LEADING)
    return top
