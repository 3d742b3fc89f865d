"""The shapes of the expander's word tables and how their lines are read.

It knows nothing of any word. A table line reads ``english/synonyms | 中文 同义词 | extra``;
the first English name is the one translations use, and ``extra`` depends on the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

_IRREGULAR: Final = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "mouse": "mice",
    "foot": "feet", "tooth": "teeth", "goose": "geese", "wolf": "wolves", "leaf": "leaves",
    "knife": "knives", "elf": "elves", "dwarf": "dwarves", "fish": "fish", "sheep": "sheep",
    "deer": "deer", "bison": "bison", "squid": "squid", "koi": "koi", "snowman": "snowmen",
    "fisherman": "fishermen", "bookshelf": "bookshelves", "loaf": "loaves", "scarf": "scarves",
    "ox": "oxen", "cactus": "cacti", "policewoman": "policewomen", "policeman": "policemen",
    "fireman": "firemen", "goldfish": "goldfish", "jellyfish": "jellyfish",
    "spacecraft": "spacecraft", "aircraft": "aircraft", "reindeer": "reindeer",
}  # fmt: skip


class Kind(Enum):
    """What a word does in a wish."""

    THING = "thing"  # can be drawn and counted
    COLOUR = "colour"
    LOOK = "look"  # an adjective
    MOOD = "mood"  # an adjective that also hints at what to draw
    STYLE = "style"
    PLACE = "place"  # somewhere that fills a picture by itself
    TIME = "time"  # time of day, season, weather, light
    ACTION = "action"
    RELATION = "relation"
    NUMBER = "number"
    MEASURE = "measure"  # Chinese measure words
    FRAME = "frame"  # asks for a picture, says nothing about it
    JOIN = "join"
    OF = "of"  # 的
    AT = "at"  # 在
    HAS = "has"  # 有
    NOT = "not"
    OPEN = "open"  # "something", "anything": the person leaves the subject open
    TEXT = "text"  # words that must be readable in the picture
    BREAK = "break"  # punctuation
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meaning with its names in both languages."""

    kind: Kind
    english: tuple[str, ...]
    chinese: tuple[str, ...] = ()
    extra: str = ""
    is_mass: bool = False  # takes no article and no plural: "snow", "mountains"

    @property
    def name(self) -> str:
        return self.english[0]


def listed(words: str) -> tuple[str, ...]:
    """The words of a list that is easier to read as one text."""
    return tuple(words.split())


def plural_of(name: str) -> str:
    """The English plural of a noun or of a compound whose last word is the noun."""
    head, space, last = name.rpartition(" ")
    return f"{head}{space}{_plural_word(last)}"


def _plural_word(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith(("tomato", "potato", "hero", "mango")):
        return f"{word}es"
    return f"{word}s"


def read_table(kind: Kind, table: str) -> tuple[Entry, ...]:
    """Every line of ``table`` as an entry; a leading ``~`` marks a mass noun."""
    return tuple(_read_lines(kind, table))


def _read_lines(kind: Kind, table: str) -> Iterator[Entry]:
    for line in table.strip().splitlines():
        english, chinese, *rest = (part.strip() for part in line.split("|"))
        names = english.lstrip("~")
        yield Entry(
            kind=kind,
            english=tuple(name.strip() for name in names.split("/")) if names else (),
            chinese=tuple(chinese.split()),
            extra=rest[0] if rest else "",
            is_mass=english.startswith("~"),
        )
