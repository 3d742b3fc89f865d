"""Pictures in terminals: what each can show, and the bytes that show it."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image

from bot.terminal_pictures import CELL_COLUMNS, Ability, ability, draw

RED = Image.new("RGB", (64, 64), (255, 0, 0))


@pytest.mark.parametrize(
    ("environment", "how"),
    [
        ({"TERM": "xterm-kitty"}, Ability.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Ability.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Ability.ITERM),
        ({"TERM": "xterm-256color"}, Ability.BLOCKS),
        ({"TERM": "xterm-kitty", "TMUX": "1"}, Ability.BLOCKS),
        ({"TERM": "dumb"}, Ability.NONE),
        ({"TERM": "xterm", "NO_COLOR": "1"}, Ability.NONE),
        ({}, Ability.NONE),
    ],
)
def test_what_a_terminal_can_show(environment: dict[str, str], how: Ability) -> None:
    """Terminals say who they are; tmux lets no protocol through."""
    assert ability(environment, is_terminal=True) is how


def test_a_pipe_is_shown_nothing() -> None:
    """Escapes never end up in a file."""
    assert ability({"TERM": "xterm-kitty"}, is_terminal=False) is Ability.NONE
    assert draw([RED], Ability.NONE) == ""


def test_kitty_gets_the_picture_whole() -> None:
    """Chunks of at most 4096 bytes, the last one marked, together the PNG."""
    noise = Image.effect_noise((64, 64), 90).convert("RGB")
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", draw([noise], Ability.KITTY))
    assert len(parts) > 1
    assert all(len(payload) <= 4096 for _, payload in parts)
    assert [part[0][-3:] for part in parts] == ["m=1"] * (len(parts) - 1) + ["m=0"]
    data = base64.b64decode("".join(payload for _, payload in parts))
    assert Image.open(io.BytesIO(data)).tobytes() == noise.tobytes()


def test_iterm_gets_the_picture_whole() -> None:
    """One escape that holds the PNG and its size."""
    found = re.search(r"1337;File=inline=1;size=(\d+);[^:]*:([^\x07]*)", draw([RED], Ability.ITERM))
    assert found is not None
    assert len(base64.b64decode(found[2])) == int(found[1])


def test_blocks_show_two_pixels_a_character() -> None:
    """A square picture is half as many lines high as it is columns wide."""
    lines = draw([RED, RED], Ability.BLOCKS, columns=80).rstrip("\n").split("\n")
    assert len(lines) == CELL_COLUMNS // 2
    assert all(line.count("▀") == 2 * CELL_COLUMNS for line in lines)
    assert "38;2;255;0;0" in lines[0]


def test_blocks_break_rows_at_the_terminals_edge() -> None:
    """Three pictures in a terminal that fits two take two rows."""
    lines = draw([RED] * 3, Ability.BLOCKS, columns=2 * CELL_COLUMNS + 2).rstrip("\n").split("\n")
    assert len(lines) == CELL_COLUMNS
