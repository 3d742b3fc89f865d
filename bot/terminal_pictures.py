"""Shows pictures in terminals that can: kitty's and iTerm2's protocols, else half blocks.

Knows no chat. Everything is a function of the environment's variables and the picture.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

KITTY_CHUNK = 4096  # bytes of base64 in one escape; the protocol's limit
CELL_COLUMNS = 24  # how wide one picture is shown, in characters


class Ability(StrEnum):
    """What a terminal can show."""

    KITTY = "kitty"  # the kitty graphics protocol: kitty, Ghostty, WezTerm, Konsole
    ITERM = "iterm"  # iTerm2's inline images
    BLOCKS = "blocks"  # two pixels in a character, 24-bit colours
    NONE = "none"  # not a terminal, or one without colours


def ability(environment: Mapping[str, str], is_terminal: bool) -> Ability:
    """What can be shown, from what terminals say of themselves."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if not is_terminal or term in ("", "dumb") or "NO_COLOR" in environment:
        return Ability.NONE
    if environment.get("TMUX"):
        return Ability.BLOCKS  # tmux swallows picture protocols
    if environment.get("KITTY_WINDOW_ID") or "kitty" in term or program in ("ghostty", "WezTerm"):
        return Ability.KITTY
    if program == "iTerm.app" or environment.get("LC_TERMINAL") == "iTerm2":
        return Ability.ITERM
    return Ability.BLOCKS


def draw(pictures: Sequence[Image], how: Ability, columns: int = 80) -> str:
    """What to write to the terminal to show ``pictures`` beside each other ("" for nothing)."""
    if how is Ability.NONE or not pictures:
        return ""
    if how is Ability.BLOCKS:
        fitting = max(1, columns // (CELL_COLUMNS + 1))
        rows = [pictures[i : i + fitting] for i in range(0, len(pictures), fitting)]
        return "\n".join(_blocks(row) for row in rows) + "\n"
    protocol = _kitty if how is Ability.KITTY else _iterm
    return " ".join(protocol(picture) for picture in pictures) + "\n"


def _kitty(picture: Image) -> str:
    payload = base64.standard_b64encode(_png(picture)).decode("ascii")
    chunks = [payload[i : i + KITTY_CHUNK] for i in range(0, len(payload), KITTY_CHUNK)]
    escapes = []
    for index, chunk in enumerate(chunks):
        first = f"a=T,f=100,c={CELL_COLUMNS}," if index == 0 else ""
        escapes.append(f"\x1b_G{first}m={int(index < len(chunks) - 1)};{chunk}\x1b\\")
    return "".join(escapes)


def _iterm(picture: Image) -> str:
    data = _png(picture)
    payload = base64.standard_b64encode(data).decode("ascii")
    return f"\x1b]1337;File=inline=1;size={len(data)};width={CELL_COLUMNS}:{payload}\x07"


def _blocks(pictures: Sequence[Image]) -> str:
    columns = [_block_lines(picture) for picture in pictures]
    height = max(len(column) for column in columns)
    empty = " " * CELL_COLUMNS
    return "\n".join(
        " ".join(column[y] if y < len(column) else empty for column in columns)
        for y in range(height)
    )


def _block_lines(picture: Image) -> list[str]:
    """Each character's upper half is one pixel (foreground), its lower half the one below."""
    from PIL import Image

    rows = max(1, round(CELL_COLUMNS * picture.height / picture.width / 2))
    small = picture.convert("RGB").resize((CELL_COLUMNS, rows * 2), Image.Resampling.BOX)
    data = small.tobytes()
    pixels = [data[i : i + 3] for i in range(0, len(data), 3)]
    lines = []
    for row in range(rows):
        upper = pixels[2 * row * CELL_COLUMNS :][:CELL_COLUMNS]
        lower = pixels[(2 * row + 1) * CELL_COLUMNS :][:CELL_COLUMNS]
        lines.append("".join(map(_cell, upper, lower)) + "\x1b[0m")
    return lines


def _cell(upper: bytes, lower: bytes) -> str:
    return "\x1b[38;2;{};{};{}m\x1b[48;2;{};{};{}m▀".format(*upper, *lower)


def _png(picture: Image) -> bytes:
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()
