"""A text as the buckets a linear model looks into: words, pairs of words, pieces of words.

Latin words give themselves, their pairs and their pieces of three to five letters; Chinese gives
runs of one to three characters. Buckets are CRC-32 modulo their number, so they are the same
everywhere. Knows neither weights nor categories.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import sqrt
from zlib import crc32

from .characters import HAN

NUM_BUCKETS = 2**17
_UNIT = re.compile(rf"[a-z]+|[{HAN}]+")
_MIN_UNITS = 4.0  # a single word says no more than one of four
_WORD, _PAIR, _PIECE = 1.0, 0.7, 0.6  # how much each kind counts
_RUN = {1: 0.35, 2: 0.8, 3: 0.8}
_MAX_WORD_LETTERS = 24


def features(plain: str) -> tuple[list[int], list[float]]:
    """Buckets and their values for the plain view of a text (``Normaliser.plain_view``)."""
    buckets: list[int] = []
    values: list[float] = []
    num_units = 0.0
    before = ""
    seen: set[str] = set()
    for unit in _UNIT.findall(plain):
        if not unit.isascii():
            num_units += _add_runs(unit, buckets, values) / 2
            before = ""
            continue
        if unit not in seen:
            seen.add(unit)
            of_word = _of_word(unit)
            buckets += of_word[0]
            values += of_word[1]
            num_units += 1
        if before:
            buckets.append(_bucket(f"{before} {unit}"))
            values.append(_PAIR)
        before = unit
    scale = 1 / sqrt(max(num_units, _MIN_UNITS))
    return buckets, [value * scale for value in values]


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[list[int], list[float]]:
    marked = f"<{word[:_MAX_WORD_LETTERS]}>"
    pieces = {marked[i : i + n] for n in (3, 4, 5) for i in range(len(marked) - n + 1)}
    each = _PIECE / sqrt(len(pieces))
    buckets = [_bucket(f"={word}"), *map(_bucket, sorted(pieces))]
    return buckets, [_WORD, *[each] * len(pieces)]


def _add_runs(text: str, buckets: list[int], values: list[float]) -> int:
    runs = {text[i : i + n] for n in _RUN for i in range(len(text) - n + 1)}
    for run in sorted(runs):
        buckets.append(_bucket(run))
        values.append(_RUN[len(run)])
    return len(text)


def _bucket(name: str) -> int:
    return crc32(name.encode()) % NUM_BUCKETS
