"""The weights in the repository: they draw what they are told, and the CLIP agrees."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import torch
from transformers import CLIPModel, CLIPTokenizer

from inference.sketchbook import (
    clip_dir,
    drawing,
    four_steps_dir,
    judge_dir,
    loras_dir,
    samples,
    weights_dir,
)
from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.judge import Detector, judge, mark
from inference.sketchbook.training import clip, distil, export, lora
from inference.sketchbook.training.dataset import as_pixels, decode, draw_many
from inference.sketchbook.training.words import ids_of
from inference.sketchbook.vocabulary import EXAMPLE_STYLE

# diffusers' scheduler hands tensors to numpy the old way
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
LARGEST_FILE_BYTES, LARGEST_EDITION_BYTES = 16 * 2**20, 40 * 2**20


@pytest.fixture(scope="module")
def eye() -> Detector:
    """The shipped judge."""
    return Detector.load(judge_dir())


@pytest.fixture(scope="module")
def pipe() -> Any:
    """The shipped pipeline."""
    return samples.load()


def test_the_edition_is_small_enough() -> None:
    """Every file below 16 MiB, all together below 40."""
    folders = (weights_dir(), clip_dir(), judge_dir(), loras_dir(), four_steps_dir())
    sizes = [path.stat().st_size for folder in folders for path in folder.rglob("*.*")]
    assert max(sizes) < LARGEST_FILE_BYTES
    assert sum(sizes) < LARGEST_EDITION_BYTES


def test_the_judge_reads_real_scenes(eye: Detector) -> None:
    """Nearly all unseen real scenes are read without one mistake."""
    pictures, scenes, _ = draw_many(12, 128, held_out=True)
    pairs = zip(scenes, judge(eye, as_pixels(pictures)), strict=True)
    assert sum(mark(decode(row), seen).is_exact for row, seen in pairs) >= 112


def test_it_draws_what_it_is_told(pipe: Any, eye: Detector) -> None:
    """Most of a handful of simple wishes, English and Chinese, come out recognisably."""
    wishes = {
        "a red heart on a plain background, flat style": ("heart", "red"),
        "a yellow star at night, cartoon style": ("star", "yellow"),
        "a blue house in a meadow, cartoon style": ("house", "blue"),
        "a white skull at night, flat style": ("skull", "white"),
        "纯色背景，一棵绿色的树，水彩风格": ("tree", "green"),
        "夜晚，橙色的蘑菇，霓虹风格": ("mushroom", "orange"),
        "海上，一轮红色的月亮，扁平风格": ("moon", "red"),
        "草地上，一个紫色的苹果，卡通风格": ("apple", "purple"),
    }
    pictures = samples.draw(pipe, list(wishes), seed=3)
    seen = judge(eye, torch.cat([samples.as_tensor(picture) for picture in pictures]))
    right = [
        any((s.thing.object, s.thing.colour) == wish for s in one.sightings)
        for wish, one in zip(wishes.values(), seen, strict=True)
    ]
    assert sum(right) >= 6  # nine in ten, by the benchmark


def test_four_steps_draw_what_eight_do(pipe: Any, eye: Detector) -> None:
    """The LoRA, four plain DDIM steps, no guidance: most of a handful of things are named."""
    wishes = {
        "a red heart on a plain background, flat style": "heart",
        "a yellow star at night, cartoon style": "star",
        "一棵绿色的树，纯色背景，水彩风格": "tree",
        "一轮红色的月亮，海上，扁平风格": "moon",
    }
    own, adapters = pipe.scheduler, lora.wear(pipe.unet, four_steps_dir())
    pipe.scheduler = export.fast_sampler()
    try:
        pictures = samples.draw(pipe, list(wishes), seed=3, steps=distil.STEPS, guidance=1.0)
    finally:
        pipe.scheduler = own
        lora.take_off(pipe.unet, adapters)
    seen = judge(eye, torch.cat([samples.as_tensor(picture) for picture in pictures]))
    named = [
        wish in {sighting.thing.object for sighting in one.sightings}
        for wish, one in zip(wishes.values(), seen, strict=True)
    ]
    assert sum(named) >= 3


def test_the_example_style_is_its_own(eye: Detector) -> None:
    """Stock diffusers loads the LoRA; most of a handful are stickers then, and none were before."""
    pipe = samples.load()
    told = [
        "a red star at night, sticker style",
        "a blue house in a meadow, sticker style",
        "一颗紫色的心，纯色背景，贴纸风格",
        "一朵黄色的花，草地上，贴纸风格",
    ]

    def num_stickers() -> int:
        pictures = samples.draw(pipe, told, seed=5)
        seen = judge(eye, torch.cat([samples.as_tensor(picture) for picture in pictures]))
        return sum(one.style == EXAMPLE_STYLE.id for one in seen)

    assert num_stickers() <= 1
    pipe.load_lora_weights(loras_dir() / EXAMPLE_STYLE.id)
    assert num_stickers() >= 3


def test_the_same_seed_draws_the_same_picture(pipe: Any) -> None:
    """A seed is a picture; another seed is another."""
    wish = ["a red star"]
    first, again, other = (
        samples.draw(pipe, wish, seed=seed, steps=4)[0].tobytes() for seed in (5, 5, 6)
    )
    assert first == again != other


def test_clip_tells_captions_apart() -> None:
    """Most pictures find their caption among a hundred."""
    model = CLIPModel.from_pretrained(clip_dir()).eval()
    tokenizer = CLIPTokenizer.from_pretrained(clip_dir())
    assert clip.top_one(model, tokenizer, 100, seed=4) >= 0.8
    with torch.no_grad():
        words = clip.word_vectors(model, ids_of(tokenizer, ["a skull", "骷髅", "a flower"]))
    assert words[0] @ words[1] > words[0] @ words[2]


def test_marks_are_strict() -> None:
    """A pair read in the wrong order has its things right and its relation wrong."""
    things = (Thing(object="cat", colour="red"), Thing(object="key", colour="blue"))
    asked = Composition(things=things, style="flat", setting="plain", relation="left of")
    drawn = Composition(things=things, style="flat", setting="plain", relation="right of")
    scene = drawing.arrange(Random(1), drawn)
    eye = Detector.load(judge_dir())
    (seen,) = judge(eye, samples.as_tensor(drawing.draw(Random(1), scene)))
    marks = mark(asked, seen)
    assert marks.things
    assert not marks.relation
