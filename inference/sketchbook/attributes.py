"""A composition as class numbers, one per slot: what the word encoder learns to predict.

A pair has one canonical order (left before right, above before below), so that both ways of
telling it give the same numbers. Knows no torch.
"""

from __future__ import annotations

from typing import Final

from inference.sketchbook.compositions import Composition
from inference.sketchbook.vocabulary import (
    COLOURS,
    OBJECTS,
    PLACES,
    RELATIONS,
    SETTINGS,
    SIZES,
    STYLES,
    index_of,
)

NONE: Final = 0  # the first class of every slot that may be empty
SLOTS: Final[dict[str, int]] = {
    "count": 3,
    "object": len(OBJECTS),
    "colour": len(COLOURS),
    "second object": len(OBJECTS) + 1,
    "second colour": len(COLOURS) + 1,
    "relation": 3,  # none, left of, above
    "style": len(STYLES),
    "setting": len(SETTINGS),
    "size": len(SIZES) + 1,
    "place": len(PLACES) + 1,
}
_CANONICAL: Final = {"left of": 1, "above": 2}


def slots_of(composition: Composition) -> tuple[int, ...]:
    """Class numbers in the order of ``SLOTS``."""
    things, relation = composition.things, NONE
    if composition.is_pair:
        told = RELATIONS[index_of(RELATIONS, composition.relation or "")]
        if told.id not in _CANONICAL:
            things = (things[1], things[0])
        relation = _CANONICAL.get(told.id) or _CANONICAL[told.inverse]
    first, second = things[0], things[1] if composition.is_pair else None
    return (
        composition.count - 1,
        index_of(OBJECTS, first.object),
        index_of(COLOURS, first.colour),
        1 + index_of(OBJECTS, second.object) if second else NONE,
        1 + index_of(COLOURS, second.colour) if second else NONE,
        relation,
        index_of(STYLES, composition.style),
        index_of(SETTINGS, composition.setting),
        1 + index_of(SIZES, composition.size) if composition.size else NONE,
        1 + index_of(PLACES, composition.place) if composition.place else NONE,
    )
