"""Brings a wish's letters to one form, and tells its language. Knows letters, no words.

Folding keeps the length: character ``i`` of the folded text is character ``i`` of the wish.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from inference.expansion.brief import Language

if TYPE_CHECKING:
    from opencc import OpenCC

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_HAN: Final = re.compile(f"[{HAN}]")
_LATIN_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FOREIGN: Final = re.compile(r"[\u0250-\u1fff\u2c00-\u2dff\u3040-\u30ff\ua000-\uabff\uac00-\ud7ff]")
_UNREADABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EMOJI_TRIMMINGS: Final = re.compile(r"\b(?:face|black|white|heavy|medium|small|with|symbol)\b")


def fold(text: str) -> str:
    """``text`` in simplified, half-width, lower-case letters, of the same length."""
    return text.translate({code: _fold(chr(code)) for code in set(map(ord, text))})


@lru_cache(maxsize=16384)
def _fold(char: str) -> str:
    if char.isspace():
        return "\n" if char in "\n\r\u2028\u2029" else " "
    plain = unicodedata.normalize("NFKC", char).lower()
    plain = plain if len(plain) == 1 else char
    plain = {"’": "'", "‘": "'", "`": "'"}.get(plain, plain)
    if _HAN.match(plain):
        plain = _simplifier().convert(plain)
    return plain if len(plain) == 1 else char


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def readable(text: str) -> str:
    """``text`` with spaces for control characters and broken surrogates; line breaks stay."""
    return _UNREADABLE.sub(" ", text)


def spelled_out(text: str) -> str:
    """A wish of nothing but emoji in words, "🐱" as "cat"; any other text as it is."""
    if any(char.isalnum() for char in text) or not any(map(_is_emoji, text)):
        return text
    names = (unicodedata.name(char, "").lower() for char in text if _is_emoji(char))
    return ", ".join(filter(None, (_EMOJI_TRIMMINGS.sub("", name).strip() for name in names)))


def _is_emoji(char: str) -> bool:
    return unicodedata.category(char) == "So"


def detect_language(text: str, default: Language | None) -> Language:
    """The language most words of ``text`` are in; ``default`` (then English) if no words tell."""
    num_han = len(_HAN.findall(text))
    num_words = sum(1 for word in _LATIN_WORD.findall(text) if word.isascii())
    if num_han == 0 and num_words == 0:
        return default or "en"
    return "zh" if num_han >= num_words else "en"


def has_han(text: str) -> bool:
    """Whether ``text`` contains a Chinese character."""
    return _HAN.search(text) is not None


def foreign_words(text: str) -> tuple[str, ...]:
    """Words in neither Latin letters nor Chinese characters, which no model here was taught."""
    return tuple(word for word in re.findall(r"\w+", text) if _FOREIGN.search(word))
