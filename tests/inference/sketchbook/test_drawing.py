"""Scenes as pictures."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from inference.sketchbook import compositions, drawing
from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.training import dataset
from inference.sketchbook.vocabulary import OBJECTS, PLACES, RELATIONS, STYLES


@pytest.mark.parametrize("style", [term.id for term in STYLES])
def test_every_object_shows(style: str) -> None:
    """In each style, an object changes a good part of the picture."""
    for term in OBJECTS:
        thing = Thing(object=term.id, colour="red")
        scene = Composition(things=(thing,), style=style, setting="plain")
        with_it = drawing.arrange(Random(4), scene)
        empty = drawing.Scene(composition=scene, placements=())
        drawn = np.asarray(drawing.draw(Random(5), with_it), float)
        without = np.asarray(drawing.draw(Random(5), empty), float)
        assert (abs(drawn - without).max(2) > 40).mean() > 0.04, term.id


def test_a_seed_is_a_picture() -> None:
    """The same generator state draws the same bytes."""
    scene = compositions.sample(Random(6), "pair")
    first, second = (
        drawing.draw(Random(7), drawing.arrange(Random(8), scene)).tobytes() for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("relation", [term.id for term in RELATIONS])
def test_relations_are_kept(relation: str) -> None:
    """The first object of a pair stands where the relation says."""
    things = (Thing(object="cat", colour="red"), Thing(object="key", colour="blue"))
    scene = Composition(things=things, style="flat", setting="plain", relation=relation)
    first, second = drawing.arrange(Random(9), scene).placements
    across, down = second.x - first.x, second.y - first.y
    seen = {"left of": across, "right of": -across, "above": down, "below": -down}
    assert seen[relation] > 0.4


@pytest.mark.parametrize("place", [term.id for term in PLACES])
def test_places_and_sizes_are_kept(place: str) -> None:
    """A single object stands at its side, and small is smaller than large."""
    things = (Thing(object="cat", colour="red"),)
    plain = Composition(things=things, style="flat", setting="plain")
    (there,) = drawing.arrange(Random(9), replace(plain, place=place)).placements
    seen = {"left": 0.5 - there.x, "right": there.x - 0.5, "top": 0.5 - there.y}
    assert seen.get(place, there.y - 0.5) > 0.15
    small, usual, large = (
        drawing.arrange(Random(9), replace(plain, size=size)).placements[0].radius
        for size in ("small", None, "large")
    )
    assert small < usual - 0.05 < large - 0.1


def test_nothing_is_cut_off_or_overlaps() -> None:
    """Circles around the objects stay apart and inside, give or take a hair."""
    random = Random(10)
    for kind in dataset.KINDS:
        for _ in range(50):
            places = drawing.arrange(random, compositions.sample(random, kind)).placements
            for i, one in enumerate(places):
                assert one.radius < min(one.x, one.y, 1 - one.x, 1 - one.y) + 0.03
                for other in places[:i]:
                    apart = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
                    assert apart > one.radius + other.radius


def test_numbers_and_compositions_are_the_same_thing() -> None:
    """What the data set stores of a scene gives back the scene."""
    random = Random(11)
    for kind in dataset.KINDS * 4:
        scene = compositions.sample(random, kind)
        assert dataset.decode(np.array(dataset.encode(scene), np.int16)) == scene
