"""Ways to hide a word that the word filter was built against; knows no word list."""

from __future__ import annotations

import base64
import codecs
import unicodedata
from collections.abc import Callable
from random import Random
from urllib.parse import quote

from moderation.words.sounds import sounds

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


_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    c: row[max(i - 1, 0) : i] + row[i + 1 : i + 2] for row in _KEYS for i, c in enumerate(row)
}
_GREEK = str.maketrans("aeiknoprtuvxy", "αεικηορρτυνχγ")
_ARMENIAN = str.maketrans("ohnusgi", "օհոսѕցі")
_VOWELS = str.maketrans("aeiou", "eiyuo")
_SMALL = str.maketrans("aeioprnhtlmk", "ᵃᵉⁱᵒᵖʳⁿʰᵗˡᵐᵏ")


def _inside(word: str, random: Random, put: str) -> str:
    place = random.randrange(1, len(word))
    return word[:place] + put + word[place:]


def _changed(word: str, random: Random, *, by: str) -> str:
    """One letter in the middle added, dropped, or hit beside the key."""
    place = random.randrange(1, len(word) - 1)
    if by == "added":
        return word[:place] + random.choice("aeiourstn") + word[place:]
    beside = "" if by == "dropped" else random.choice(_BESIDE[word[place]])
    return word[:place] + beside + word[place + 1 :]


def _wrapped(word: str, random: Random, left: str, right: str) -> str:
    place = random.randrange(1, len(word))
    return f"{left}{word[:place]}{right}{word[place:]}"


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
    "a letter added": lambda word, random: _changed(word, random, by="added"),
    "a letter dropped": lambda word, random: _changed(word, random, by="dropped"),
    "the key beside": lambda word, random: _changed(word, random, by="beside"),
    "last letter dropped": lambda word, _: word[:-1],
    "other vowels": lambda word, _: word.translate(_VOWELS),
    "Greek": lambda word, _: word.translate(_GREEK),
    "Armenian": lambda word, _: word.translate(_ARMENIAN),
    "half in superscript": lambda word, _: word[:2] + word[2:].translate(_SMALL),
    "leet and dots": lambda word, _: ".".join(word.replace("o", "0").replace("e", "3")),
    "commas": lambda word, _: ",".join(word),
    "slashes": lambda word, _: "/".join(word),
    "far spaces": lambda word, _: "   ".join(word),
    "a new line": lambda word, random: _inside(word, random, "\n"),
    "a tab": lambda word, random: _inside(word, random, "\t"),
    "a flower inside": lambda word, random: _inside(word, random, "🌸"),
    "a quote inside": lambda word, random: _inside(word, random, random.choice("'\"’")),
    "a backslash": lambda word, random: _inside(word, random, "\\"),
    "Markdown": lambda word, random: _wrapped(word, random, "**", "**"),
    "a comment": lambda word, random: _inside(word, random, "<!-- x -->"),
    "weight inside": lambda word, _: f"{word[0]}({word[1:3]}:1.2){word[3:]}",
    "double braces": lambda word, random: _wrapped(word, random, "{{", "}}"),
    "run together": lambda word, _: f"pleasedraw{word}forme",
    "camel case": lambda word, _: f"PleaseDraw{word.capitalize()}ForMe",
    "two masked": lambda word, _: f"{word[0]}**{word[3:]}",
    "backwards with hyphens": lambda word, _: "-".join(reversed(word)),
    "doubled percent": lambda word, _: "".join(f"%25{ord(c):02x}" for c in word),
    "base32": lambda word, _: base64.b32encode(word.encode()).decode(),
    "numbers of letters": lambda word, _: "-".join(str(ord(c) - 96) for c in word),
}

_RADICALS = {"强": "弓虽", "奸": "女干", "情": "忄青", "裸": "衣果", "淫": "氵壬", "杀": "乂木",
             "割": "害刂", "腕": "月宛", "肢": "月支", "解": "角刀牛", "枪": "木仓", "炸": "火乍",
             "弹": "弓单", "伪": "亻为", "钞": "钅少", "脱": "月兑", "砍": "石欠", "头": "头"}  # fmt: skip

_JAPANESE = str.maketrans("杀强体脱恶", "殺強体脫悪")
_SHAPES = str.maketrans("情裸奸杀自割毒体", "倩祼妌刹白害每休")


def _accented(word: str, _: Random) -> str:
    vowels = str.maketrans("aeiou", "àéīǒù")
    return " ".join(sounds().syllable.get(c, c).translate(vowels) for c in word)


def _initial(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    return word[:place] + sounds().syllable.get(word[place], "x")[0] + word[place + 1 :]


CHINESE: dict[str, Disguise] = {
    "spaces": _between(" "),
    "signs between": _between("*", "-", ".", "|", "·", "~", "/"),
    "zero width": _between("\u200b", "\u2060"),
    "brackets": lambda word, _: f"{word[0]}（{word[1:]}）",
    "letters between": lambda word, random: random.choice("axq1").join(word),
    "emoji between": lambda word, random: random.choice("🌸✨").join(word),
    "parts": lambda word, _: "".join(_RADICALS.get(c, c) for c in word),
    "brackets each": lambda word, _: "".join(f"【{c}】" for c in word),
    "enumeration commas": lambda word, _: "、".join(word),
    "commas": lambda word, _: "，".join(word),
    "new lines": lambda word, random: _inside(word, random, "\n"),
    "doubled": lambda word, _: "".join(c * 2 for c in word),
    "particles": lambda word, random: random.choice("之の").join(word),
    "tags": lambda word, _: f"{word[0]}<b>{word[1:]}</b>",
    "entities": lambda word, _: "".join(f"&#{ord(c)};" for c in word),
    "percent": lambda word, _: quote(word),
    "pinyin with tones": _accented,
    "an initial": _initial,
    "Japanese forms": lambda word, _: word.translate(_JAPANESE),
    "similar shapes": lambda word, _: word.translate(_SHAPES),
    "exchanged": lambda word, _: word[:-2] + word[-1] + word[-2],
}
