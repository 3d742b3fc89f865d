"""Letters in a row cut otherwise: neighbours put together, and words that stand side by side.

Knows no list of denied words; what is ordinary is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_PIECES, MAX_JOINED_LETTERS = 8, 14  # of a word in pieces
_MAX_BESIDE = 13  # letters of an ordinary word beside another
_NO_LETTERS = re.compile("[^a-z]+")
_THROUGH = frozenset({"", "break", "and", "then", "plus"})
_SIGN_ALONE = dict(zip("0134578@$!|+", "oieastbasiit", strict=True))  # as a letter among others


def runs_through(pieces: list[str], place: int, max_pieces: int) -> Iterator[tuple[int, int, str]]:
    """Runs of two and more neighbours, one of them at ``place``, that make a short word.

    A single letter is joined to its neighbours only: rap e; letters apart are put together by the
    regular views.
    """
    for first in range(place, max(place - max_pieces, -1), -1):
        head = _concatenated(pieces[first : place + 1])
        if len(head) > MAX_JOINED_LETTERS:
            return
        if pieces[first] in _THROUGH:
            continue
        for end in range(max(place + 1, first + 2), min(place + max_pieces, len(pieces)) + 1):
            word = head + _concatenated(pieces[place + 1 : end])
            if len(word) > MAX_JOINED_LETTERS:
                break
            if pieces[end - 1] not in _THROUGH:
                yield first, end, word


def letters_of(piece: str) -> str:
    """The letters of a piece."""
    return piece if piece.isalpha() else _SIGN_ALONE.get(piece) or _NO_LETTERS.sub("", piece)


def _concatenated(pieces: list[str]) -> str:
    return "".join(piece for piece in pieces if piece not in _THROUGH)


def num_words_before(letters: str, ordinary: frozenset[str]) -> list[int]:
    """How many ordinary words make up the letters before each place; too many where none do."""
    num = [0, *[len(letters) + 1] * len(letters)]
    for end in range(2, len(letters) + 1):
        for start in range(max(end - _MAX_BESIDE, 0), end - 1):
            if num[start] < num[end] - 1 and letters[start:end] in ordinary:
                num[end] = num[start] + 1
    return num


def num_words_after(letters: str, ordinary: frozenset[str]) -> list[int]:
    """The same of the letters from each place on."""
    num = [*[len(letters) + 1] * len(letters), 0]
    for start in range(len(letters) - 2, -1, -1):
        for end in range(start + 2, min(start + _MAX_BESIDE, len(letters)) + 1):
            if num[end] < num[start] - 1 and letters[start:end] in ordinary:
                num[start] = num[end] + 1
    return num
