"""How Chinese sounds: characters and pinyin as syllables, so that homophones are one.

A syllable is one private character of its class: tones do not count, nor what speakers of many
regions do not tell apart (zh and z, ang and an, n and l). A match is no more than a suspicion:
``is_explained`` says whether ordinary words account for the characters that were found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .ordinary import TABLES, chinese, english

_FIRST_CODE = 0xF0000  # supplementary private use: no text means anything by it
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"),
          ("iang", "ian"), ("uang", "uan"))  # fmt: skip
_LATIN = re.compile("[a-z]+")
_NOT_SYLLABLES = frozenset({"ai", "a", "e", "o", "en", "er", "an"})  # AI is a word of its own
_MAX_PINYIN_LETTERS = 24


def _class(syllable: str) -> str:
    initial = syllable[:2]
    for written, alike in _ALIKE[:3]:
        if initial == written:
            syllable = alike + syllable[2:]
    for written, alike in _ALIKE[3:]:
        if syllable.endswith(written):
            return syllable[: -len(written)] + alike
    return f"l{syllable[1:]}" if syllable.startswith("n") and len(syllable) > 1 else syllable


class Sounds:
    """The table of syllables, both ways."""

    def __init__(self) -> None:
        self.syllable: dict[str, str] = {}  # of a character, as usually read
        self._code: dict[str, str] = {}  # of a syllable
        self.codes: dict[int, str] = {}  # of a character's code point, for str.translate
        classes: dict[str, str] = {}
        for line in (TABLES / "syllables.tsv").read_text(encoding="utf-8").splitlines():
            syllable, usual, _ = line.split("\t")
            code = classes.setdefault(_class(syllable), chr(_FIRST_CODE + len(classes)))
            self._code[syllable] = code
            self.codes.update(dict.fromkeys(map(ord, usual), code))
            self.syllable.update(dict.fromkeys(usual, syllable))
        self._longest = max(map(len, self._code))

    def of(self, text: str) -> str:
        """Codes of Chinese characters; everything else as it is."""
        return text.translate(self.codes)

    def pinyin(self, term: str) -> str:
        """A Chinese term in Latin letters without tones; empty where a character has none."""
        syllables = [self.syllable.get(character, "") for character in term]
        return "".join(syllables) if all(syllables) else ""

    def spelled(self, word: str) -> str:
        """The codes of a word in pinyin; empty where it is not pinyin throughout."""
        for length in range(min(self._longest, len(word)), 0, -1):
            if (code := self._code.get(word[:length])) is not None:
                if length == len(word):
                    return code
                if rest := self.spelled(word[length:]):
                    return code + rest
        return ""

    def is_alike(self, character: str, other: str) -> bool:
        """Whether two characters are read the same, tones aside; codes count as alike."""
        syllable = self.syllable.get(character)
        return syllable is None or syllable == self.syllable.get(other)

    def latin_spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where pinyin stands in a text, and its codes; syllables apart are one span."""
        spans: list[tuple[int, int, str]] = []
        for start, end, codes in self._latin_words(text):
            if spans and not text[spans[-1][1] : start].strip():
                spans[-1] = spans[-1][0], end, spans[-1][2] + codes
            else:
                spans.append((start, end, codes))
        return spans

    def _latin_words(self, text: str) -> Iterator[tuple[int, int, str]]:
        for match in _LATIN.finditer(text):
            word, (start, end) = match[0], match.span()
            beside = text[max(start - 1, 0) : start] + text[end : end + 1]
            is_in_chinese = any(ord(character) in self.codes for character in beside)
            if word in _NOT_SYLLABLES or (word in english() and not is_in_chinese):
                continue
            if len(word) <= _MAX_PINYIN_LETTERS and (codes := self.spelled(word)):
                yield start, end, codes

    def is_explained(self, text: str, start: int, end: int, term: str) -> bool:
        """True where ordinary words account for what sounds like ``term`` at that place.

        Of two syllables chance makes many, so any word there explains them; of more, only words
        that are not parts of the match. What was written as the term has it is explained only by
        a word that reaches beyond.
        """
        changed = [place for place in range(start, end) if text[place] != term[place - start]]
        if end - start == 2:
            exact = all(map(self.is_alike, text[start:end], term))
            return not exact or any(
                place in changed or s < start or e > end
                for place in range(start, end)
                for s, e in _word_spans(text, place)
            )
        return all(
            any(s < start or e > end or e - s >= end - start for s, e in _word_spans(text, place))
            for place in changed
        )


def _word_spans(text: str, place: int) -> list[tuple[int, int]]:
    """Ordinary words of two to four characters that cover a place."""
    words = chinese()
    return [
        (start, start + length)
        for length in (2, 3, 4)
        for start in range(max(place - length + 1, 0), place + 1)
        if text[start : start + length] in words
    ]


@cache
def sounds() -> Sounds:
    """The table, read once (a few milliseconds)."""
    return Sounds()
