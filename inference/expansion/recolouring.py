"""Another colour asked for in a reply: "make it blue", 把它变成蓝色, said of a wish that has one.

Pure: two texts in, one out. What says more than a colour is no matter of this file.
"""

from __future__ import annotations

import re
from typing import Final

# Each colour in Chinese, and what it is called in English, the usual name first.
_COLOURS: Final = (
    ("红", "red"), ("橙", "orange"), ("黄", "yellow"), ("绿", "green"), ("蓝", "blue"),
    ("紫", "purple violet"), ("粉", "pink"), ("棕", "brown"), ("黑", "black"), ("白", "white"),
    ("灰", "gray grey"), ("银", "silver"), ("金", "gold golden"),
)  # fmt: skip
_ENGLISH: Final = "|".join(names.replace(" ", "|") for _, names in _COLOURS)
_CHINESE: Final = "|".join(chinese for chinese, _ in _COLOURS)

_ENGLISH_ASKS: Final = re.compile(
    r"(?:please |now |can you )?(?:make|turn|paint|colou?r|change) (?:it|this|that|them)"
    rf"(?: (?:in)?to)?(?: be)? ({_ENGLISH})(?:,? please)?[.!?]?",
    re.IGNORECASE,
)
_CHINESE_ASKS: Final = re.compile(
    r"(?:请|麻烦)?(?:把|将)?(?:它们?|他|她|这个|颜色)?(?:都)?(?:变成|改成|换成|变为|改为|换为|涂成|画成)"
    rf"({_CHINESE})色?的?(?:吧)?[。！]?"
)
_ENGLISH_COLOUR: Final = re.compile(rf"\b(?:{_ENGLISH})\b", re.IGNORECASE)
_CHINESE_COLOUR: Final = re.compile(rf"(?:{_CHINESE})(?=色)")


def recoloured(wish: str, change: str) -> str | None:
    """The wish in the colour that ``change`` asks for: its first colour exchanged, or that one
    added; None where ``change`` asks for anything else."""
    asked = _ENGLISH_ASKS.fullmatch(change.strip()) or _CHINESE_ASKS.fullmatch(change.strip())
    if asked is None:
        return None
    named = asked[1].lower()
    chinese, names = next(pair for pair in _COLOURS if named in (pair[0], *pair[1].split()))
    english = named if named.isascii() else names.split()[0]
    for pattern, colour in ((_CHINESE_COLOUR, chinese), (_ENGLISH_COLOUR, english)):
        if pattern.search(wish):
            return pattern.sub(colour, wish, count=1)
    return f"{wish}, {english}" if wish.isascii() else f"{wish}，{chinese}色"
