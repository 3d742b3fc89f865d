"""What a scene means: which objects, colours, style, setting, how many and where.

A composition is what a caption describes and what the judge must recover; it knows nothing
of pixels. It also decides which combinations are never drawn because nobody could see them,
and which are held out of all training.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from inference.sketchbook import palette
from inference.sketchbook.vocabulary import (
    COLOURS,
    OBJECTS,
    PLACES,
    RELATIONS,
    SETTINGS,
    SIZES,
    STYLES,
)

HELD_OUT_SHARE: Final = 1 / 16


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An object and its colour, both by their ids in the vocabulary."""

    object: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class Composition:
    """One object, up to three of the same, or two different ones with a relation.

    Only an object on its own may have a size or a place; without, it is neither small nor large
    and stands in the middle.
    """

    things: tuple[Thing, ...]
    style: str
    setting: str
    count: int = 1
    relation: str | None = None
    size: str | None = None
    place: str | None = None

    @property
    def is_pair(self) -> bool:
        return len(self.things) == 2

    def all_things(self) -> tuple[Thing, ...]:
        """Every object in the picture, repeated as often as it appears."""
        return self.things * self.count if not self.is_pair else self.things


def key_of(composition: Composition) -> str:
    """A composition as one line, the same for both orders of a pair, any size and any place."""
    names = sorted(f"{thing.colour} {thing.object}" for thing in composition.things)
    return f"{composition.count} {' & '.join(names)} | {composition.style} | {composition.setting}"


def is_held_out(composition: Composition) -> bool:
    """Whether this composition is kept out of every training stage, for ever."""
    digest = hashlib.blake2b(key_of(composition).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32 < HELD_OUT_SHARE


@cache
def may_be_drawn(colour: str, style: str, setting: str) -> bool:
    """Whether an object of this colour stands out well enough to be seen."""
    return palette.least_contrast(colour, style, setting) >= palette.LEAST_CONTRAST[style]


def _thing(random: Random, style: str, setting: str, *, unlike: Thing | None = None) -> Thing:
    colours = [term.id for term in COLOURS if may_be_drawn(term.id, style, setting)]
    objects = [term.id for term in OBJECTS if unlike is None or term.id != unlike.object]
    if unlike is not None and random.random() < 0.9:
        colours = [colour for colour in colours if colour != unlike.colour] or colours
    return Thing(object=random.choice(objects), colour=random.choice(colours))


def _draw_lots(random: Random, kind: str, style: str | None) -> Composition:
    style = style or random.choice(STYLES).id
    setting = random.choice(SETTINGS).id
    first = _thing(random, style, setting)
    if kind == "pair":
        second = _thing(random, style, setting, unlike=first)
        relation = random.choice(RELATIONS).id
        return Composition(things=(first, second), style=style, setting=setting, relation=relation)
    if kind == "count":
        count = random.choice((2, 3))
        return Composition(things=(first,), style=style, setting=setting, count=count)
    size, place = _size_and_place(random) if kind == "placed" else (None, None)
    return Composition(things=(first,), style=style, setting=setting, size=size, place=place)


def _size_and_place(random: Random) -> tuple[str | None, str | None]:
    """One of them or both; there is no room for a large object at a side."""
    size = random.choice((None, *SIZES))
    if size is None or (size.id == "small" and random.random() < 0.3):
        return size.id if size else None, random.choice(PLACES).id
    return size.id, None


def sample(
    random: Random, kind: str, *, held_out: bool = False, style: str | None = None
) -> Composition:
    """A random composition, inside or outside training.

    Kinds: `single`; `placed`, one object with a size, a place or both; `count`; `pair`.
    """
    while True:
        composition = _draw_lots(random, kind, style)
        if is_held_out(composition) == held_out:
            return composition
