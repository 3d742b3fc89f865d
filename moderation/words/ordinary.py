"""Which words are ordinary: what a dictionary knows needs no second reading.

The tables are written by ``scripts/word_tables.py``. Knows no word list of ours.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


@cache
def english() -> frozenset[str]:
    """Lower-case words of a dictionary, most inflections and many names among them."""
    more = _words("english_more.txt")  # of image prompts; and every word of two letters that is
    # no mere piece of one
    return frozenset(more).union(word for word in sorted_english() if len(word) > 2)


@cache
def sorted_english() -> tuple[str, ...]:
    """The same as a sorted row, as the table has them."""
    return tuple(_words("english.txt"))


def english_beginning_with(stem: str) -> list[str]:
    """Every word that starts so."""
    words = sorted_english()
    return list(words[bisect_left(words, stem) : bisect_left(words, stem + "{")])


@cache
def chinese() -> frozenset[str]:
    """Words of two to four simplified characters (about 135,000, read when first asked)."""
    return frozenset(_words("chinese.txt")).union(_words("chinese_more.txt"))


def _words(name: str) -> list[str]:
    return (TABLES / name).read_text(encoding="utf-8").split()
