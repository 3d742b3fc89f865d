"""Finds a font on this machine that can write given words; knows no picture and no language."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
CJK_NAMES = ("notosanscjk", "notosanssc", "sourcehansans", "wqy", "droidsansfallback", "simhei")
SEARCH_SECONDS = 5.0


def is_latin(words: str) -> bool:
    """True where every character is in the fonts any machine has."""
    return all(ord(character) < 0x2E80 for character in words)


def may_write(words: str, chosen: Path | None = None) -> bool:
    """True where some font here can write ``words``."""
    return is_latin(words) or font_file(chosen, is_cjk=True) is not None


def load_font(
    size: int, *, words: str = "", chosen: Path | None = None
) -> FreeTypeFont | ImageFont:
    """A font of ``size`` pixels for ``words``: the chosen one, a found one, else Pillow's own."""
    from PIL import ImageFont

    path = font_file(chosen, is_cjk=not is_latin(words))
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


def font_file(chosen: Path | None = None, *, is_cjk: bool = False) -> Path | None:
    """The operator's choice, else what fontconfig names, else what lies in the usual folders."""
    if chosen is not None and chosen.is_file():
        return chosen
    return _found_font(is_cjk)


@cache
def _found_font(is_cjk: bool) -> Path | None:
    return _asked_fontconfig(is_cjk) or _looked_in_folders(is_cjk)


def _asked_fontconfig(is_cjk: bool) -> Path | None:
    program = shutil.which("fc-list")
    if program is None:
        return None
    pattern = ":lang=zh-cn" if is_cjk else "DejaVu Sans:style=Book"
    try:
        answer = subprocess.run(  # noqa: S603  (a fixed program with fixed arguments)
            [program, pattern, "file"],
            capture_output=True,
            text=True,
            timeout=SEARCH_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    paths = [Path(line.split(":")[0].strip()) for line in answer.stdout.splitlines() if line]
    return next((path for path in _plain_first(paths) if path.is_file()), None)


def _looked_in_folders(is_cjk: bool) -> Path | None:
    wanted = CJK_NAMES if is_cjk else ("dejavusans.",)
    for folder in FONT_FOLDERS:
        for path in _plain_first(Path(folder).expanduser().rglob("*.[to]t[fc]")):
            if path.name.lower().replace("-", "").replace("_", "").startswith(wanted):
                return path
    return None


def _plain_first(paths: Iterable[Path]) -> list[Path]:
    """Sorted, the regular cut of a sans-serif first."""
    return sorted(
        paths, key=lambda path: ("Regular" not in path.name, "Serif" in path.name, str(path))
    )
