"""Which known word an unknown one stands for: by its looks, its sound, or a slip of the pen.

Words are compared by skeletons, in which letters of one equivalence class are one letter, and by
edit distance (optimal string alignment) that grows with the length. Knows no text, only words;
asks for no word that a dictionary has, nor for one that is as near to an ordinary word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

# Multi-character letters, before single signs are read.
_DRAWN = (
    ("|-|", "h"), ("}{", "h"), ("]-[", "h"), (")-(", "h"), ("|\\|", "n"), ("/\\/", "n"),
    ("|\\/|", "m"), ("/\\/\\", "m"), ("\\/\\/", "w"), ("|_|", "u"), ("(_)", "u"), ("\\_/", "u"),
    ("/\\", "a"), ("/-\\", "a"), ("\\/", "v"), ("><", "x"), ("()", "o"), ("[]", "o"), ("<>", "o"),
    ("|)", "d"), ("|>", "p"), ("[)", "d"), ("|<", "k"), ("|{", "k"), ("|3", "b"), ("|=", "f"),
    ("|2", "r"), ("|*", "p"), ("|°", "p"), ("|_", "l"), ("_|", "j"), ("-|-", "t"), ("¯|¯", "t"),
)  # fmt: skip
_DRAWINGS = dict(_DRAWN)
_DRAWING = re.compile("|".join(map(re.escape, sorted(_DRAWINGS, key=len, reverse=True))))

_SIGNS = "0123456789@$!|+€£¥§(<{#%&~?^"
_AS_LETTERS = (
    str.maketrans(_SIGNS, "oizeasgtbgasiiteeysccchoaniv"),
    str.maketrans(_SIGNS, "oizeasbtbqasiitelysccchoaniv"),
)
_NO_SIGN = re.compile("[^a-z]+")
_REPEATS = re.compile(r"(.)\1+")
_RUN = re.compile(r"(.)\1\1")
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("qu", "k"), ("c", "k"), ("q", "k"), ("x", "ks"), ("z", "s"),
    ("y", "i"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("ea", "i"), ("ie", "i"), ("aw", "o"),
    ("w", "u"), ("v", "u"), ("gh", "g"), ("j", "g"), ("dg", "g"),
)  # fmt: skip
_VOWELS = re.compile("[aeiouy]")

MIN_LETTERS = 4
MIN_LETTERS_FOR_ONE_SLIP, MIN_LETTERS_FOR_TWO = 5, 9
MIN_LETTERS_FOR_OTHER_VOWELS = 6
_MAX_LETTERS = 24


class Kin:
    """The listed words, indexed by what may be mistaken for them."""

    def __init__(
        self, words: Iterable[str], telling: frozenset[str], ordinary: frozenset[str]
    ) -> None:
        self._words = frozenset(word for word in words if len(word) >= MIN_LETTERS)
        ranked = sorted(self._words, key=lambda word: (word not in telling, word))
        self._ordinary = ordinary
        self._by_looks = _first(ranked, _looks)
        self._by_sound = _first(ranked, _sound)
        self._by_consonants = _first(ranked, lambda word: _VOWELS.sub("", word), min_length=3)
        self._by_frame = _first(ranked, _frame, min_length=MIN_LETTERS_FOR_OTHER_VOWELS)
        self._by_length: dict[int, str] = {}
        for word in ranked:
            self._by_length[len(word)] = self._by_length.get(len(word), "") + f" {word} "
        self._by_deletion = _deletion_index(self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def alike(self, chunk: str) -> Iterator[str]:
        """Words that ``chunk`` (lower case, signs and all) shows to the eye."""
        for bare in _bare_forms(chunk):
            if bare in self._words:
                yield bare
            elif bare not in self._ordinary and (word := self._by_looks.get(_looks(bare))):
                is_shown = len(bare) == len(word) or _RUN.search(bare)
                if bare != chunk.strip("()[]{},.'\"") and is_shown:
                    yield word

    def shaped_like(self, word: str) -> str | None:
        """The word that one of letters alone is shaped like, repeats aside."""
        return self._by_looks.get(_looks(word))

    def near(self, chunk: str) -> Iterator[str]:
        """Words that ``chunk`` sounds like, or is misspelt from, or is masked from."""
        yield from self._unmasked(chunk)
        for bare in _bare_forms(chunk):
            if bare in self._ordinary or not MIN_LETTERS <= len(bare) <= _MAX_LETTERS:
                if 3 <= len(bare) < MIN_LETTERS and bare not in self._ordinary:
                    yield from self._without_vowels(bare)
                continue
            yield from filter(None, (self._by_looks.get(_looks(bare)),))
            yield from filter(None, (self._by_sound.get(_sound(bare)),))
            if len(bare) >= MIN_LETTERS_FOR_OTHER_VOWELS:
                yield from filter(None, (self._by_frame.get(_frame(bare)),))
            yield from self._without_vowels(bare)
            yield from self._slips(bare)

    def _without_vowels(self, bare: str) -> Iterator[str]:
        if not _VOWELS.search(bare) and bare in self._by_consonants:
            yield self._by_consonants[bare]

    def _unmasked(self, chunk: str) -> Iterator[str]:
        """p*rn: each sign inside stands for one letter."""
        bare = chunk.strip("()[]{},.'\"!?;:")
        num_letters = sum(map(str.isalpha, bare))
        if not MIN_LETTERS <= len(bare) <= _MAX_LETTERS or num_letters * 2 < len(bare):
            return
        if num_letters == len(bare) or not (bare[0].isalpha() and bare[-1].isalpha()):
            return
        if not all(c.isalpha() or c in "*#_-.?•·×+~^%$@!&=" for c in bare):
            return
        pattern = "".join(c if c.isalpha() else "[a-z]" for c in bare)
        yield from re.findall(f" ({pattern}) ", self._by_length.get(len(bare), ""))[:2]

    def _slips(self, bare: str) -> Iterator[str]:
        """Misspelt words, unless an ordinary word is as near."""
        swapped = _swaps(bare)
        yield from (word for word in sorted(swapped) if word in self._words)
        if len(bare) == MIN_LETTERS:
            return
        candidates = {word for key in _deletions(bare) for word in self._by_deletion.get(key, ())}
        near = sorted((_distance(bare, word), word) for word in candidates)
        for distance, word in near[:3]:
            if distance <= _max_slips(word) and not self._is_likelier_ordinary(bare, word):
                yield word
                return

    def _is_likelier_ordinary(self, bare: str, word: str) -> bool:
        """Whether an ordinary word is one slip away; where ``word`` has only lost a letter, one
        that has lost a letter too and begins alike."""
        others = _slips_of(bare)
        if _has_lost_one(bare, word):
            others = (o for o in others if len(o) == len(word) and o[0] == word[0])
        return any(other in self._ordinary and other not in self._words for other in others)


def _first(words: Iterable[str], key: Callable[[str], str], min_length: int = 0) -> dict[str, str]:
    """Words by their skeletons, of those alike the first."""
    index: dict[str, str] = {}
    for word in words:
        if len(skeleton := key(word)) >= min_length:
            index.setdefault(skeleton, word)
    return index


def _deletion_index(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by what is left of them with letters out."""
    index: dict[str, list[str]] = {}
    for word in sorted(words):
        if MIN_LETTERS_FOR_ONE_SLIP <= len(word) <= _MAX_LETTERS:
            for shorter in _deletions(word):
                index.setdefault(shorter, []).append(word)
    return index


def _bare_forms(chunk: str) -> Iterator[str]:
    """The letters of a chunk: without its signs, and with signs read as letters."""
    seen = {""}
    joined = _NO_SIGN.sub("", chunk)
    drawn = _DRAWING.sub(lambda match: _DRAWINGS[match[0]], chunk)
    inner = drawn.strip("()[]{},.'\"!?;:<>")
    as_letters = (
        _NO_SIGN.sub("", shown.translate(table))
        for shown in dict.fromkeys((inner, drawn))
        for table in _AS_LETTERS
    )
    for text in (chunk, joined, *as_letters):
        if text not in seen and text.isalpha():
            seen.add(text)
            yield text
            if text.endswith("z"):
                yield text[:-1] + "s"
                yield text[:-1]


def _looks(word: str) -> str:
    return _REPEATS.sub(r"\1", word.replace("l", "i").replace("vv", "w").replace("j", "i"))


def _sound(word: str) -> str:
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return _REPEATS.sub(r"\1", word)


def _frame(word: str) -> str:
    """Its consonants, with every vowel the same."""
    return _VOWELS.sub("a", word)


def _max_slips(word: str) -> int:
    return 2 if len(word) >= MIN_LETTERS_FOR_TWO else 1


def _deletions(word: str) -> set[str]:
    """The word, with one letter out, and where it is long with two."""
    shorter = {word[:place] + word[place + 1 :] for place in range(len(word))}
    if _max_slips(word) == 1:
        return shorter | {word}
    both = {one[:place] + one[place + 1 :] for one in shorter for place in range(len(one))}
    return both | shorter | {word}


def _swaps(word: str) -> set[str]:
    """The word with two neighbours exchanged."""
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)} - {word}


def _slips_of(word: str) -> Iterator[str]:
    """Everything one slip away."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    yield from _swaps(word)
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        yield head + tail[1:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + tail[1:]


def _has_lost_one(bare: str, word: str) -> bool:
    """Whether ``bare`` is ``word`` without one letter."""
    return len(bare) + 1 == len(word) and any(
        word[:i] + word[i + 1 :] == bare for i in range(len(word))
    )


def _distance(one: str, other: str) -> int:
    """Optimal string alignment: insertions, deletions, substitutions, exchanged neighbours."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]
