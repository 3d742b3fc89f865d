"""The styles that are offered: which they are here, and whether words already name one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inference.engine import lora_names

from .texts import has_text, say

OFFERED = ("flat", "cartoon", "neon", "blueprint", "watercolour", "ink")  # what Sketchbook knows
MAX_OFFERED = 24  # with "none" they fill one select


def names_a_style(text: str) -> bool:
    """True where the wish says itself how it should look."""
    from inference.expansion.brief import Wish
    from inference.expansion.reading import read

    return bool(text.strip()) and bool(read(text, Wish(text=text)).scene.styles)


def offered_here(community: Mapping[str, Any], loras: Path | None = None) -> tuple[str, ...]:
    """The community's list, else the usual one and the styles learned apart from the model."""
    if listed := community.get("styles"):
        return tuple(listed)
    return (*OFFERED, *lora_names(loras))[:MAX_OFFERED]


def read_styles(words: str) -> list[str]:
    """A list as an administrator writes it: ``ink, oil painting；水彩``."""
    named = [part.strip() for part in re.split(r"[,，;；、\n]", words)]
    return list(dict.fromkeys(part for part in named if part))[:MAX_OFFERED]


def style_name(language: str, style: str) -> str:
    """What people read for a style; the style itself where nobody translated it."""
    key = f"style-{style}"
    return say(language, key) if style.isascii() and style.isalpha() and has_text(key) else style


def suggest_styles(offered: Sequence[str], typed: str) -> tuple[str, ...]:
    """The offered styles that begin with, or else hold, what is typed so far."""
    sought = typed.strip().lower()
    first = [each for each in offered if each.lower().startswith(sought)]
    return (*first, *(each for each in offered if sought in each.lower() and each not in first))
