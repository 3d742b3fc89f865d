"""Which words are ordinary: what a dictionary knows needs no second reading.

The tables are written by ``scripts/word_tables.py``. Knows no word list of ours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
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


class ChineseWords(Collection[str]):
    """Words of two to four simplified characters, about 330,000 of them in three megabytes.

    Words of one length stand in one string, sorted, with nothing between, and are looked up among
    those that begin alike.
    """

    def __init__(self, lines: Iterable[str], more: Iterable[str]) -> None:
        self._lines = dict(zip((2, 3, 4), lines, strict=True))
        self._more = frozenset(more)
        self._begun_by = {length: _beginnings(line, length) for length, line in self._lines.items()}

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or (line := self._lines.get(len(word))) is None:
            return False
        length = len(word)
        begin, end = self._begun_by[length].get(word[0], (0, 0))
        place = line.find(word, begin, end)
        while place > 0 and place % length:  # across two words
            place = line.find(word, place + 1, end)
        return place >= 0 or word in self._more

    def __iter__(self) -> Iterator[str]:
        for length, line in self._lines.items():
            yield from (_nth(line, i, length) for i in range(len(line) // length))
        yield from self._more

    def __len__(self) -> int:
        return sum(len(line) // length for length, line in self._lines.items()) + len(self._more)


def _beginnings(line: str, length: int) -> dict[str, tuple[int, int]]:
    """By first character, where the words that begin so stand."""
    found: dict[str, tuple[int, int]] = {}
    begin = 0
    for first, num_words in Counter(line[::length]).items():
        found[first] = begin, begin + num_words * length
        begin = found[first][1]
    return found


def _nth(line: str, place: int, length: int) -> str:
    return line[place * length : (place + 1) * length]


@cache
def chinese() -> ChineseWords:
    """Read when first asked."""
    return ChineseWords(_words("chinese.txt"), _words("chinese_more.txt"))


def _words(name: str) -> list[str]:
    return (TABLES / name).read_text(encoding="utf-8").split()
