"""Writes the tables of ordinary words and sounds in ``moderation/words/tables``.

    pip install jieba==0.42.1 pypinyin==0.55.0 symspellpy==6.10.1 emoji==2.16.0
    python scripts/word_tables.py

Run by hand when a source has a new edition; the tables are committed, so nobody else needs the
sources. Their licences: jieba and pypinyin MIT, symspellpy MIT (its list is made of Google Books
n-grams, CC BY 3.0, and SCOWL, free), emoji BSD (names from Unicode CLDR, Unicode licence).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

TABLES = Path(__file__).parent.parent / "moderation" / "words" / "tables"
MIN_CHINESE_FREQUENCY = 2
SKIN_TONES = range(0x1F3FB, 0x1F400)


def main() -> None:
    """Write every table and say how long each is."""
    tables = {
        "english.txt": english(),
        "chinese.txt": chinese(),
        "syllables.tsv": syllables(),
        "emoji.tsv": emoji_names(),
    }
    for name, lines in tables.items():
        text = "\n".join(lines) + "\n"
        (TABLES / name).write_text(text, encoding="utf-8")
        print(f"{name}: {text.count(chr(10))} lines, {len(text.encode()) / 1024:.0f} KiB")


def english() -> list[str]:
    """Words of two letters and more, sorted."""
    import symspellpy

    path = Path(symspellpy.__file__).parent / "frequency_dictionary_en_82_765.txt"
    words = [line.split(" ")[0] for line in path.read_text("utf-8-sig").splitlines()]
    plain = {word for word in words if word.isascii() and word.isalpha() and len(word) > 1}
    return sorted(plain.union(*map(american, plain)))


def american(word: str) -> Iterator[str]:
    """The list is British: colour, jewellery, travelling, analyse, centre."""
    if len(word) > 5:
        for british, ours in (("our", "or"), ("lling", "ling"), ("lled", "led"), ("ller", "ler"),
                              ("isation", "ization"), ("yse", "yze"), ("ogue", "og"),
                              ("ellery", "elry"), ("aeo", "eo")):  # fmt: skip
            if british in word:
                yield word.replace(british, ours)
        for ending in ("ise", "ised", "ising", "iser", "ises"):
            if word.endswith(ending):
                yield word[: -len(ending)] + ending.replace("is", "iz", 1)
        if word.endswith("tre"):
            yield word[:-2] + "er"


def chinese() -> list[str]:
    """Words of two, three and four characters: a sorted line of each length, nothing between."""
    import jieba

    path = Path(jieba.__file__).parent / "dict.txt"
    rows = (line.split(" ") for line in path.read_text("utf-8").splitlines())
    words = sorted(
        word
        for word, frequency, *_ in rows
        if _is_han(word) and int(frequency) >= MIN_CHINESE_FREQUENCY
    )
    return ["".join(word for word in words if len(word) == length) for length in (2, 3, 4)]


def syllables() -> list[str]:
    """Syllable without tone, the characters read so, the characters that may be read so too."""
    from pypinyin import Style, pinyin

    usual: dict[str, str] = {}
    seldom: dict[str, str] = {}
    for code in range(0x4E00, 0x9FA6):
        readings = pinyin(chr(code), style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        for rank, reading in enumerate(dict.fromkeys(filter(_is_latin, readings))):
            table = seldom if rank else usual
            table[reading] = table.get(reading, "") + chr(code)
    return [
        f"{syllable}\t{usual.get(syllable, '')}\t{seldom.get(syllable, '')}"
        for syllable in sorted(usual.keys() | seldom.keys())
    ]


def emoji_names() -> Iterator[str]:
    """Emoji of one character, its English and its Chinese name."""
    import emoji

    emoji.config.load_language("zh")
    by_sign = {sign.removesuffix("\ufe0f"): names for sign, names in emoji.EMOJI_DATA.items()}
    for bare, names in sorted(by_sign.items()):
        if len(bare) == 1 and "zh" in names and ord(bare) not in SKIN_TONES:
            english_name = names["en"].strip(":").replace("_", " ").lower()
            yield f"{bare}\t{english_name}\t{names['zh'].strip(':')}"


def _is_latin(reading: str) -> bool:
    return reading.isascii() and reading.isalpha()


def _is_han(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)


if __name__ == "__main__":
    main()
