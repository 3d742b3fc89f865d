"""What a single character stands for: styles, look-alikes, invisible signs, traditional Chinese.

Follows Unicode's compatibility forms (UAX #15) and its table of confusables (UTS #39), and
OpenCC's table of characters. Knows no words.
"""

from __future__ import annotations

import unicodedata

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # for character classes of patterns

_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cs", "Co"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # Hangul fillers: letters that show nothing
_BLANKS = frozenset("\u2800")  # the empty Braille cell

# Letters dressed as emoji or signs, which compatibility forms leave alone: first code point of A…Z.
_DRESSED_ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)  # negative circled, negative squared, regional
_TAG_LETTERS = range(0xE0020, 0xE007F)  # invisible copies of ASCII

# Shapes people use for Latin letters though Unicode does not call them confusable.
_LOOSE_TWINS = dict(zip("пицшщяґгвкмтнзчдьъыю", "nuuwwrrrbkmth34dbbbo", strict=True))

# Small capitals, letters upside down, and signs drawn like letters.
_DRAWN_TWINS = {
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True)),
    **dict(zip("ɐǝɔɟƃɥᴉɾʞʃɯɹʇʌʍʎ", "aecfghijklmrtvwy", strict=True)),
    **dict(zip("ɑßµσ∂∑∆øðþƒ¢©®×†¡", "abuodeaodpfccrxti", strict=True)),
}


class CharacterFolds(dict[int, str]):
    """Code point → what it is read as: nothing, or lower-case letters; filled as it is asked."""

    def __init__(self) -> None:
        from confusable_homoglyphs.confusables import confusables_data
        from opencc import OpenCC

        super().__init__()
        self._confusables: dict[str, list[dict[str, str]]] = confusables_data
        self._to_simplified = OpenCC("t2s")

    def __missing__(self, code_point: int) -> str:
        folded = self._fold(chr(code_point))
        if len(self) < 100_000:  # what is asked comes from strangers: keep the table bounded
            self[code_point] = folded
        return folded

    def _fold(self, character: str) -> str:
        if character.isascii():
            return character.lower()
        if character in _DRAWN_TWINS:
            return _DRAWN_TWINS[character]
        if character in _FILLERS or ord(character) in _TAG_LETTERS:
            return ""
        if character in _BLANKS:
            return " "
        if unicodedata.category(character) in _INVISIBLE:
            return ""
        return _undressed(character) or "".join(
            self._fold_compatible(part) for part in unicodedata.normalize("NFKC", character)
        )

    def _fold_compatible(self, character: str) -> str:
        if character.isascii():
            return character.lower()
        if _is_han(character):
            return str(self._to_simplified.convert(character))
        if unicodedata.category(character) == "Nd":
            return str(unicodedata.digit(character))
        bare = "".join(
            part
            for part in unicodedata.normalize("NFKD", character)
            if unicodedata.category(part) != "Mn"
        )
        return "".join(self._latin(part) for part in bare)

    def _latin(self, character: str) -> str:
        """The Latin letter it looks like, as written or in lower case; else its lower case."""
        lower = character.casefold()
        if character.isascii() or not character.isalpha() or _is_syllable(character):
            return lower
        for shape in (character, lower):
            for twin in self._confusables.get(shape, ()):
                if len(twin["c"]) == 1 and twin["c"].isascii() and twin["c"].isalpha():
                    return twin["c"].lower()
        return _LOOSE_TWINS.get(lower, lower)


def _undressed(character: str) -> str:
    for first in _DRESSED_ALPHABETS:
        if first <= ord(character) < first + 26:
            return chr(ord("a") + ord(character) - first)
    return ""


def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK ")


def _is_syllable(character: str) -> bool:
    """Kana, Hangul and Bopomofo are never a disguise of Latin letters."""
    return unicodedata.name(character, "").startswith(
        ("HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")
    )
