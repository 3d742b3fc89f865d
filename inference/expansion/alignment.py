"""Tells which words of a prompt are the person's and which were added. Knows letters, not why.

A word is the person's when it, or another name of the same thing, is among theirs; small words
("a", "of") belong to the words around them.
"""

from __future__ import annotations

import re
from typing import Final

from inference.expansion.brief import Span
from inference.expansion.grammar_en import STOPWORDS
from inference.expansion.lexicon.entries import plural_of
from inference.expansion.reading import Reading

_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PHRASE: Final = re.compile(r"[^,;.:]+")
_PAIRS: Final = {"colour": "color", "grey": "gray", "centre": "center", "jewellery": "jewelry"}


def words_of(text: str) -> list[str]:
    """The words of ``text`` in one form: lower case, singular, one spelling."""
    return [_form(match[0]) for match in _WORD.finditer(text)]


def _form(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s")
    for british, american in _PAIRS.items():
        word = word.replace(british, american)
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def persons_words(reading: Reading, *translations: str) -> frozenset[str]:
    """Every word that counts as the person's, in the forms of ``words_of``."""
    words = {*words_of(reading.text), *words_of(reading.own)}
    for text in translations:
        words.update(words_of(text))
    for token in reading.tokens:
        if token.entry is not None:
            for name in token.entry.english:
                words.update(words_of(name))
                words.update(words_of(plural_of(name)) if name else ())
    return frozenset(words - STOPWORDS)


def added_spans(prompt: str, own: frozenset[str]) -> tuple[Span, ...]:
    """The parts of ``prompt`` whose words are not in ``own``, in order and not touching."""
    spans: list[Span] = []
    for phrase in _PHRASE.finditer(prompt):
        words = list(_WORD.finditer(prompt, *phrase.span()))
        marks = [_mark(match[0], own) for match in words]
        for match, is_added in zip(words, _settled(marks), strict=True):
            if is_added:
                _extend(spans, match.start(), match.end(), prompt)
    return tuple(spans)


def _extend(spans: list[Span], start: int, end: int, prompt: str) -> None:
    """Add a range; additions with no word between them are one."""
    if spans and not re.search(r"\w", prompt[spans[-1].end : start]):
        start = spans.pop().start
    spans.append(Span(start=start, end=end))


def _mark(word: str, own: frozenset[str]) -> bool | None:
    """True: added; False: the person's; None: a small word."""
    if _form(word) in own:
        return False
    return None if word.lower() in STOPWORDS else True


def _settled(marks: list[bool | None]) -> list[bool]:
    """Small words join the next word of their phrase, or the last one at its end."""
    settled: list[bool] = []
    following = next((mark for mark in reversed(marks) if mark is not None), False)
    for mark in reversed(marks):
        following = following if mark is None else mark
        settled.append(following)
    return settled[::-1]
