"""What the CLIP is shown: near misses, bare words, and the read-out that ships with it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from safetensors import safe_open
from transformers import CLIPModel

from inference.sketchbook import compositions
from inference.sketchbook.training import clip, contrast
from inference.sketchbook.training.dataset import KINDS, encode
from inference.sketchbook.vocabulary import OBJECTS

# diffusers' scheduler hands tensors to numpy the old way
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.timeout(400),  # the tiny training run takes a minute on a busy core
]


def test_a_near_miss_is_another_scene() -> None:
    """Whatever the kind of scene, something about it is different."""
    random = Random(1)
    for kind in KINDS:
        for _ in range(60):
            scene = compositions.sample(random, kind)
            missed = contrast.near_miss(random, scene)
            assert missed != scene
            assert not compositions.is_held_out(missed)


def test_bare_words_name_every_object_once() -> None:
    """One text for each object, in the vocabulary's order."""
    texts = contrast.bare_words(Random(2))
    assert len(texts) == len(OBJECTS)
    assert any(name in texts[0] for name in (*OBJECTS[0].english, *OBJECTS[0].chinese))


def test_what_is_shown_is_marked() -> None:
    """Both objects of a pair, and nothing else."""
    scene = compositions.sample(Random(3), "pair")
    (row,) = contrast.shown_in(np.array([encode(scene)], np.int16))
    names = {OBJECTS[i].id for i in row.nonzero().flatten().tolist()}
    assert names == {thing.object for thing in scene.things}


def test_the_right_answer_costs_least() -> None:
    """Both losses fall when words lie where their pictures are."""
    pictures, far = torch.eye(4, 8), torch.eye(4, 8).flip(0)
    misses, scale = torch.eye(8)[4:6], torch.tensor(3.0)
    good = contrast.contrast(pictures, pictures, misses, scale)
    assert good < contrast.contrast(pictures, far, misses, scale)
    dial, shown = torch.tensor([3.0, -5.0]), torch.eye(len(OBJECTS))
    alone, elsewhere = torch.eye(len(OBJECTS), 64), torch.eye(len(OBJECTS), 64).flip(0)
    right = contrast.presence(alone, alone, shown, dial)
    assert right < contrast.presence(alone, elsewhere, shown, dial)


def test_missing_a_stand_in_costs_more() -> None:
    """A filter asks for them: overlooking a skull is worse than overlooking a star."""
    alone, dial = torch.eye(len(OBJECTS), 64), torch.tensor([3.0, -5.0])
    losses = []
    for one in (0, next(i for i, term in enumerate(OBJECTS) if term.is_stand_in)):
        seen = alone.clone()
        seen[one] = 0.0  # nothing of it is recognised
        losses.append(contrast.presence(seen, alone, torch.eye(len(OBJECTS)), dial))
    assert losses[1] > losses[0]


def test_the_readout_fits_the_clip_it_lies_beside(smoke_run: Path) -> None:
    """Its fingerprint is that of the exported CLIP, and it names every object."""
    folder = smoke_run / "export" / "clip"
    projection = CLIPModel.from_pretrained(folder).visual_projection.weight
    with safe_open(folder / clip.READOUT, framework="pt") as stored:
        told, weight = stored.metadata(), stored.get_tensor("third.weight")
    assert told["fingerprint"] == clip.fingerprint_of(projection)
    assert len(told["labels"].split(",")) == len(weight) == 1 + len(OBJECTS)
