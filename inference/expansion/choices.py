"""Chooses what the person left open: something to draw, a style, a setting. Seeded, no words
of its own: everything comes from the tables, never one of the moderation stand-ins.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from inference.expansion.lexicon.entries import Entry
from inference.expansion.tokens import find_entry, taught_names
from inference.sketchbook import vocabulary

_PLAIN_SETTING: Final = "plain"


class Chooser:
    """Draws from the tables; the same seed draws the same."""

    def __init__(self, seed: int, model: str, refused: Sequence[str] = ()) -> None:
        self._random = random.Random(seed)
        self._refused = {_singular(name.lower()) for name in refused}
        self._is_bundled = model == "sketchbook"

    def mood_thing(self, moods: Sequence[Entry]) -> str:
        """A thing that carries the first mood, or any everyday thing."""
        names = moods[0].extra.partition(";")[0].split() if moods else []
        if self._is_bundled:
            names = [name for name in names if name in taught_names()]
        everyday = [term.id for term in vocabulary.EVERYDAY_OBJECTS]
        return self._random.choice(self._wanted(names) or self._wanted(everyday) or everyday)

    def mood_style(self, moods: Sequence[Entry]) -> str:
        """The style that carries the first mood, or any the bundled model knows."""
        named = moods[0].extra.partition(";")[2].strip() if moods else ""
        styles = [term.id for term in vocabulary.STYLES]
        return named or self._random.choice(self._wanted(styles) or styles)

    def _wanted(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name not in self._refused]

    def colour(self) -> str:
        colours = [term.id for term in vocabulary.COLOURS]
        return self._random.choice(self._wanted(colours) or colours)

    def setting(self) -> str:
        """A setting as a phrase, "at night", never the plain one."""
        settings = [term for term in vocabulary.SETTINGS if term.id != _PLAIN_SETTING]
        return self._random.choice(settings).english[0]


def _singular(name: str) -> str:
    entry = find_entry(name)
    return entry.name if entry else name
