"""A sample picture for each style that Sketchbook knows, carried with the program.

They were made by Sketchbook itself (``scripts/style_samples.py`` makes them anew).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sample_of(style: str) -> bytes | None:
    """The sample as PNG bytes; None where there is none."""
    if not (style.isascii() and style.isalpha()):
        return None
    found = files("bot").joinpath("samples", f"{style}.png")
    return found.read_bytes() if found.is_file() else None
