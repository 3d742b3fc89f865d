"""What a CLIP is shown side by side: batches, captions near misses, bare words, and the losses.

Whole captions must find their picture among others, and among captions that differ from the
right one in a single respect. Bare words must say of every picture whether the thing is in it:
that is what a filter asks, and contrast alone teaches it badly, since many pictures of a batch
show the same thing.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from inference.sketchbook.captions import describe
from inference.sketchbook.compositions import Composition, Thing, is_held_out
from inference.sketchbook.training.dataset import NONE, Dataset
from inference.sketchbook.vocabulary import (
    COLOURS,
    OBJECTS,
    PLACES,
    RELATIONS,
    SETTINGS,
    STYLES,
    Term,
)

LARGEST_SCALE: Final = 4.6052  # ln 100, as in the paper
_PRESENCE_WEIGHTS: Final = torch.tensor([16.0 * (3 if o.is_stand_in else 1) for o in OBJECTS])
"""Less, and it hardly learns; a filter asks for the stand-ins, so missing one costs most."""
_PLAIN: Final = Composition(
    things=(Thing(object="star", colour="red"),), style="flat", setting="plain"
)


class Batches:
    """Rows of the data set: anything, or one style and setting, by turns.

    In the second kind only objects, colours and places tell pictures apart.
    """

    def __init__(self, data: Dataset, size: int) -> None:
        self.lots, self.size, self.num = np.random.default_rng(), size, len(data)
        groups = data.scenes[:, 2] * len(SETTINGS) + data.scenes[:, 3]
        self.groups = [np.flatnonzero(groups == group) for group in np.unique(groups)]

    def draw(self) -> NDArray[np.int64]:
        """As many rows as a batch has."""
        if self.lots.random() < 0.5:
            return self.lots.integers(self.num, size=self.size)
        group = self.groups[self.lots.integers(len(self.groups))]
        return group[self.lots.integers(len(group), size=self.size)]


def _other(random: Random, terms: tuple[Term, ...], *known: str) -> str:
    return random.choice([term.id for term in terms if term.id not in known])


def near_miss(random: Random, scene: Composition) -> Composition:
    """The same scene but for one thing: a colour, an object, how many, or what stands where.

    Never one that is held out: it would be seen in words before it is asked for.
    """
    missed = _changed(random, scene)
    while is_held_out(missed):
        missed = _changed(random, scene)
    return missed


def _changed(random: Random, scene: Composition) -> Composition:
    first, *rest = scene.things
    lot = random.random()
    if scene.is_pair and lot < 0.5:
        second = rest[0]
        if lot < 0.25 and first.colour != second.colour:  # each in the other's colour
            swapped = (replace(first, colour=second.colour), replace(second, colour=first.colour))
            return replace(scene, things=swapped)
        relation = RELATIONS[[term.id for term in RELATIONS].index(scene.relation or "left of")]
        return replace(scene, relation=relation.inverse)
    if scene.place and lot < 0.3:
        return replace(scene, place=_other(random, PLACES, scene.place))
    if not scene.is_pair and lot < 0.2:
        count = random.choice([n for n in (1, 2, 3) if n != scene.count])
        return replace(scene, count=count, size=None, place=None)
    things = list(scene.things)
    place = random.randrange(len(things))
    if lot < 0.7:
        others = [thing.object for thing in things]
        things[place] = replace(things[place], object=_other(random, OBJECTS, *others))
    elif lot < 0.9:
        colour = _other(random, COLOURS, things[place].colour)
        things[place] = replace(things[place], colour=colour)
    elif lot < 0.95:
        return replace(scene, style=_other(random, STYLES, scene.style))
    else:
        return replace(scene, setting=_other(random, SETTINGS, scene.setting))
    return replace(scene, things=tuple(things))


def bare_words(random: Random) -> list[str]:
    """Each object by one of its names, as people would write a concept."""
    words = []
    for term in OBJECTS:
        if random.random() < 0.7:
            words.append(random.choice((*term.english, *term.chinese)))
            continue
        alone = replace(_PLAIN, things=(Thing(object=term.id, colour="red"),))
        words.append(describe(random, alone, is_bare=True).text)
    return words


def shown_in(scenes: NDArray[np.int16]) -> torch.Tensor:
    """1 where a scene has an object, (n, objects)."""
    shown = np.zeros((len(scenes), len(OBJECTS)), np.float32)
    for column in (4, 6):
        has_one = scenes[:, column] != NONE
        shown[has_one, scenes[has_one, column]] = 1
    return torch.from_numpy(shown)


def contrast(
    pictures: torch.Tensor, words: torch.Tensor, misses: torch.Tensor, scale: torch.Tensor
) -> torch.Tensor:
    """InfoNCE both ways (Radford et al., 2021) of unit vectors, (B, D) and (M, D).

    Each picture must also tell its own caption from every near miss.
    """
    heat = scale.clamp(max=LARGEST_SCALE).exp()
    logits = heat * pictures @ words.T
    target = torch.arange(len(logits), device=logits.device)
    with_misses = torch.cat([logits, heat * pictures @ misses.T], dim=1)
    return (F.cross_entropy(with_misses, target) + F.cross_entropy(logits.T, target)) / 2


def presence(
    pictures: torch.Tensor, words: torch.Tensor, shown: torch.Tensor, dial: torch.Tensor
) -> torch.Tensor:
    """Whether each thing is in each picture, yes or no (Zhai et al., 2023, the sigmoid loss).

    (B, D) and (objects, D) unit vectors, (B, objects) truths; `dial` is log scale and bias.
    """
    logits = dial[0].exp() * pictures @ words.T + dial[1]
    weights = _PRESENCE_WEIGHTS.to(shown.device)
    return F.binary_cross_entropy_with_logits(logits, shown, weight=weights)
