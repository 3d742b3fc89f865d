"""Ways to hide a word that the word filter was built against; knows no word and no filter."""

from __future__ import annotations

import base64
import codecs
import unicodedata
from collections.abc import Callable
from random import Random

Disguise = Callable[[str, Random], str]

_LEET = str.maketrans("oaeist", "043157")
_SIGNS = str.maketrans("aois", "@0!$")
_CYRILLIC = str.maketrans("aeopcxy", "аеорсху")
_MORSE = dict(zip("abcdefghijklmnopqrstuvwxyz", [".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--", "-.", "---", ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-", "-.--", "--.."], strict=True))  # fmt: skip


def _shifted(first: int) -> Disguise:
    return lambda word, _: "".join(chr(ord(c) - 97 + first) if "a" <= c <= "z" else c for c in word)


def _between(*signs: str) -> Disguise:
    return lambda word, random: random.choice(signs).join(word)


def _repeated(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    return word[:place] + word[place] * random.randint(3, 6) + word[place + 1 :]


def _swapped(word: str, random: Random) -> str:
    place = random.randrange(1, max(len(word) - 2, 2))
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _cut(word: str, random: Random, glue: str = " ") -> str:
    place = random.randrange(1, len(word))
    return word[:place] + glue + word[place:]


ENGLISH: dict[str, Disguise] = {
    "capitals": lambda word, random: "".join(random.choice((c, c.upper())) for c in word),
    "full width": _shifted(0xFF41),
    "bold letters": _shifted(0x1D41A),
    "circled": _shifted(0x24D0),
    "squares": _shifted(0x1F170),
    "flags": _shifted(0x1F1E6),
    "zero width": _between("\u200b", "\u200d", "\u2060"),
    "soft hyphens": _between("\xad"),
    "direction marks": _between("\u202e", "\u200f"),
    "accents": lambda word, _: unicodedata.normalize("NFC", "\u0301".join(word) + "\u0301"),
    "zalgo": lambda word, _: "".join(c + "\u0334\u0353\u0308" for c in word),
    "Cyrillic": lambda word, _: word.translate(_CYRILLIC),
    "HTML entities": lambda word, _: "".join(f"&#{ord(c)};" for c in word),
    "percent": lambda word, _: "".join(f"%{ord(c):02x}" for c in word),
    "leet digits": lambda word, _: word.translate(_LEET),
    "leet signs": lambda word, _: word.translate(_SIGNS),
    "spaces": _between(" "),
    "signs between": _between(".", "-", "_", "*", "|"),
    "repeats": _repeated,
    "doubles": lambda word, _: "".join(c * 2 for c in word),
    "weights": lambda word, _: f"({word[:2]}:1.3){word[2:]}",
    "brackets": lambda word, _: f"(({word[:2]})){word[2:]}",
    "scheduling": lambda word, _: f"[{word[:2]}:{word[2:]}:0.5]",
    "LoRA": lambda word, _: f"<lora:{word}_v2:0.8>",
    "BREAK": lambda word, random: _cut(word, random, " BREAK "),
    "two pieces": _cut,
    "swapped letters": _swapped,
    "one masked": lambda word, _: word[:1] + "*" + word[2:],
    "backwards": lambda word, _: word[::-1],
    "rot13": lambda word, _: codecs.encode(word, "rot13"),
    "base64": lambda word, _: base64.b64encode(word.encode()).decode(),
    "Morse": lambda word, _: " ".join(_MORSE[c] for c in word),
}

_RADICALS = {"强": "弓虽", "奸": "女干", "情": "忄青", "裸": "衣果", "淫": "氵壬", "杀": "乂木",
             "割": "害刂", "腕": "月宛", "肢": "月支", "解": "角刀牛", "枪": "木仓", "炸": "火乍",
             "弹": "弓单", "伪": "亻为", "钞": "钅少", "脱": "月兑", "砍": "石欠", "头": "头"}  # fmt: skip

CHINESE: dict[str, Disguise] = {
    "spaces": _between(" "),
    "signs between": _between("*", "-", ".", "|", "·", "~", "/"),
    "zero width": _between("\u200b", "\u2060"),
    "brackets": lambda word, _: f"{word[0]}（{word[1:]}）",
    "letters between": lambda word, random: random.choice("axq1").join(word),
    "emoji between": lambda word, random: random.choice("🌸✨").join(word),
    "parts": lambda word, _: "".join(_RADICALS.get(c, c) for c in word),
}
