"""Emoji and characters typed in parts: what a sign says in words, in English and in Chinese.

Names come from Unicode's annotations, meanings from ``tables/emoji_meant.tsv``. Knows no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from .characters import HAN
from .ordinary import TABLES

_DECORATION = re.compile("[的脸头子]$")
MAY_BE_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c-\u2fff\u3030\u303d\u3297\u3299\U0001f000-\U0001ffff]"
)
_HAS_HAN = re.compile(f"[{HAN}]")
_MAX_SPELLINGS = 12  # of one term


class Signs:
    """The tables of emoji."""

    def __init__(self) -> None:
        self.english: dict[str, str] = {}
        self.chinese: dict[str, list[str]] = {}
        for sign, english, chinese in _rows("emoji.tsv"):
            self.english[sign] = english
            self.chinese[sign] = list(dict.fromkeys((chinese, _DECORATION.sub("", chinese))))
        for sign, english, chinese in _rows("emoji_meant.tsv"):
            self.english[sign] = english
            self.chinese[sign] = chinese.split(";")
        self.pattern = re.compile(f"[{''.join(map(re.escape, self.english))}]")

    def in_words(self, text: str) -> str:
        """A text with its emoji said, in Chinese where it has any."""
        if _HAS_HAN.search(text):
            return self.pattern.sub(lambda match: self.chinese[match[0]][0], text)
        return self.pattern.sub(lambda match: f" {self.english[match[0]]} ", text)

    def in_chinese(self, sign: str, rank: int) -> str:
        """The first or a further thing that a sign may be called."""
        names = self.chinese[sign]
        return names[min(rank, len(names) - 1)]


@cache
def signs() -> Signs:
    """The tables, read once."""
    return Signs()


@cache
def _parts() -> dict[str, tuple[str, ...]]:
    return {character: tuple(parts.split(";")) for character, parts in _rows("splits.tsv")}


def in_parts(term: str) -> Iterator[str]:
    """Every way to type a Chinese term with some of its characters in parts, but the whole one."""
    parts = _parts()
    if parts.keys().isdisjoint(term):
        return
    choices = [(character, *parts.get(character, ())) for character in term]
    for rank, written in enumerate(product(*choices)):
        if rank and rank <= _MAX_SPELLINGS:
            yield "".join(written)


def _rows(name: str) -> Iterator[list[str]]:
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            yield line.split("\t")
