"""Words written in code: escapes, base64, hex, binary, Morse, Braille; turned or shifted letters.

Two kinds: codes of whole texts are patterns with what they decode to, codes of single words are
functions of the word. Knows no word list; who asks decides whether a decoded word means anything.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_ROT13 = str.maketrans(_ALPHABET, _ALPHABET[13:] + _ALPHABET[:13])
_ATBASH = str.maketrans(_ALPHABET, _ALPHABET[::-1])
_SHIFTS = tuple(
    str.maketrans(_ALPHABET, _ALPHABET[shift:] + _ALPHABET[:shift]) for shift in range(1, 26)
)
MIN_LETTERS_FOR_ANY_SHIFT = 6  # below, chance finds words

_SIGNS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- "
    ".--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
)
_MORSE = dict(zip(_SIGNS.split(), _ALPHABET, strict=True))
_NAMES = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november "
    "oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
)
_SPELLED = dict(zip(_NAMES.split(), _ALPHABET, strict=True))
_BRAILLE = dict(zip("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵", _ALPHABET, strict=True))


def _printable(data: bytes) -> str:
    """The text, or nothing where these bytes are none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if len(text) > 1 and text.isprintable() else ""


def _from_base64(match: re.Match[str]) -> str:
    said = match[0].rstrip("=")
    try:
        data = base64.urlsafe_b64decode(
            said.replace("+", "-").replace("/", "_") + "=" * (-len(said) % 4)
        )
    except (binascii.Error, ValueError):
        return match[0]
    text = _printable(data)
    return (
        f" {text} " if sum(c.isalpha() or c.isspace() for c in text) > 0.8 * len(text) else match[0]
    )


def _from_base32(match: re.Match[str]) -> str:
    said = match[0].rstrip("=")
    try:
        text = _printable(base64.b32decode(said + "=" * (-len(said) % 8)))
    except (binascii.Error, ValueError):
        return match[0]
    return f" {text} " if text.isascii() and text else match[0]


def _from_places(match: re.Match[str]) -> str:
    places = [int(number) for number in re.findall(r"\d+", match[0])]
    if not all(1 <= place <= 26 for place in places):
        return match[0]
    return f" {''.join(_ALPHABET[place - 1] for place in places)} "


def _from_hex(match: re.Match[str]) -> str:
    text = _printable(bytes.fromhex(re.sub("[^0-9a-fA-F]|0[xX]", "", match[0])))
    return f" {text} " if text else match[0]


def _from_numbers(base: int) -> Callable[[re.Match[str]], str]:
    def decode(match: re.Match[str]) -> str:
        codes = [int(code, base) for code in re.findall(r"\w+", match[0])]
        text = "".join(chr(code) for code in codes if 32 <= code < 127)
        return f" {text} " if len(text) == len(codes) else match[0]

    return decode


def _from_morse(match: re.Match[str]) -> str:
    words = re.split(r"\s*/\s*|\s{3,}", match[0].strip())
    letters = [[_MORSE.get(sign, "?") for sign in word.split()] for word in words]
    text = " ".join(map("".join, letters))
    return match[0] if "?" in text else f" {text} "


def _from_spelling(match: re.Match[str]) -> str:
    return "".join(_SPELLED[word] for word in re.findall("[a-z]+", match[0].lower()))


_NAME = "|".join(_SPELLED)

# What a text may be written in: a cheap sign that it is, the pattern, what it stands for.
TEXT_CODES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("%", re.compile(r"(?:%[0-9a-fA-F]{2})+"), lambda match: unquote(match[0])),
    ("\\", re.compile(r"\\u\{?([0-9a-fA-F]{2,6})\}?|\\x([0-9a-fA-F]{2})"),
     lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF))),
    ("", re.compile(r"(?<![\w+/])(?=[A-Za-z+/]*[A-Z0-9])[A-Za-z0-9+/_-]{6,}={0,2}(?![\w+/=])"),
     _from_base64),
    ("", re.compile(r"(?<![A-Z2-7])(?=[A-Z]*[2-7])[A-Z2-7]{6,}={0,6}(?![A-Z2-7=])"), _from_base32),
    ("", re.compile(r"(?<![\d.-])(?:\d{1,2}[-. ]){3,}\d{1,2}(?![\d.-])"), _from_places),
    ("", re.compile(r"(?<![0-9a-zA-Z])(?:(?:0x)?[2-7][0-9a-fA-F][\s,:-]{0,2}){4,}(?![0-9a-zA-Z])"),
     _from_hex),
    ("", re.compile(r"(?<!\d)(?:[01]{7,8}[\s,]*){4,}(?!\d)"), _from_numbers(2)),
    ("", re.compile(r"(?<!\d)(?:(?:9[7-9]|1[01]\d|12[0-2]|6[5-9]|[78]\d|90)[\s,.-]{1,2}){3,}"
                    r"(?:9[7-9]|1[01]\d|12[0-2]|6[5-9]|[78]\d|90)(?!\d)"), _from_numbers(10)),
    ("", re.compile(r"(?:(?<=\s)|^)(?:[.-]{1,4}(?:\s+|\s*/\s*)){2,}[.-]{1,4}(?=[\s,;]|$)"), _from_morse),
    ("", re.compile(rf"\b(?:(?:{_NAME})[\s,.-]+){{3,}}(?:{_NAME})\b", re.IGNORECASE),
     _from_spelling),
    ("", re.compile("[⠁-⠿]+"), lambda match: "".join(_BRAILLE.get(c, " ") for c in match[0])),
)  # fmt: skip


def word_codes(word: str) -> Iterator[str]:
    """What a lower-case word of letters reads backwards, shifted, or rolled over."""
    yield word[::-1]
    yield word.translate(_ROT13)
    yield word.translate(_ATBASH)
    if len(word) > 5 and word.endswith("ay"):
        stem = word[:-2].removesuffix("w").removesuffix("y")
        yield stem
        yield from (stem[-cut:] + stem[:-cut] for cut in (1, 2, 3))
    if len(word) >= MIN_LETTERS_FOR_ANY_SHIFT:
        yield from (word.translate(shift) for shift in _SHIFTS)
