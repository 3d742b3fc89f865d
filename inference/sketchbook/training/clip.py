"""Trains the CLIP: picture and word encoders brought into one space (Radford et al., 2021).

The word side starts from the trained word encoder. The picture side is a small vision
transformer whose 8x8 patches also learn to name the object at their place, which teaches it
to see far sooner than contrast alone. Every second batch holds scenes of one style and one
setting, so that objects, colours and places must tell them apart.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
)

from inference.sketchbook.captions import describe
from inference.sketchbook.compositions import Composition
from inference.sketchbook.judge import CELLS, Logits
from inference.sketchbook.training import detector, loop
from inference.sketchbook.training.dataset import SIDE, Dataset, as_pixels, decode, draw_many
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.words import ids_of
from inference.sketchbook.vocabulary import COLOURS, OBJECTS, SETTINGS, STYLES

WIDTH, LAYERS, HEADS, JOINT = 160, 4, 5, 128
RATE, WORDS_RATE = 1.5e-3, 2e-4
LARGEST_SCALE: Final = 4.6052  # ln 100, as in the paper


def build(text_encoder: CLIPTextModel) -> CLIPModel:
    """An untrained CLIP whose word side is a copy of the text encoder."""
    text: CLIPTextConfig = text_encoder.config
    vision = CLIPVisionConfig(
        hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        image_size=SIDE,
        patch_size=SIDE // CELLS,
        projection_dim=JOINT,
    )
    config = CLIPConfig(
        text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=JOINT
    )
    model = CLIPModel(config)
    own = model.text_model.state_dict()
    source = {name.removeprefix("text_model."): v for name, v in text_encoder.state_dict().items()}
    model.text_model.load_state_dict({name: source[name] for name in own})
    return model


class _PatchHeads(nn.Module):
    """What each patch and the whole picture show; thrown away after training."""

    def __init__(self) -> None:
        super().__init__()
        self.objects = nn.Linear(WIDTH, 1 + len(OBJECTS))
        self.colours = nn.Linear(WIDTH, len(COLOURS))
        self.styles = nn.Linear(WIDTH, len(STYLES))
        self.settings = nn.Linear(WIDTH, len(SETTINGS))

    def forward(self, hidden: torch.Tensor) -> Logits:
        """(B, 1 + 64, width), the class token first."""
        whole, patches = hidden[:, 0], hidden[:, 1:]

        def cells(scores: torch.Tensor) -> torch.Tensor:
            return scores.transpose(1, 2).unflatten(2, (CELLS, CELLS))

        return Logits(
            objects=cells(self.objects(patches)),
            colours=cells(self.colours(patches)),
            styles=self.styles(whole),
            settings=self.settings(whole),
        )


def contrast(pictures: torch.Tensor, words: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric InfoNCE of two (B, D) batches of unit vectors."""
    logits = scale.clamp(max=LARGEST_SCALE).exp() * pictures @ words.T
    target = torch.arange(len(logits))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def say(random: Random, composition: Composition) -> str:
    """A caption; sometimes only an object's name, as a filter's concepts are written."""
    lot = random.random()
    if lot < 0.2:
        alone = replace(
            composition, things=(random.choice(composition.things),), count=1, relation=None
        )
        shown = alone if composition.is_pair else composition
        return describe(random, shown, is_bare=lot < 0.14).text
    return describe(random, composition).text


def picture_vectors(model: CLIPModel, pixels: torch.Tensor) -> torch.Tensor:
    """(B, 3, 64, 64) from -1 to 1 → (B, D) of length one."""
    pooled = model.vision_model(pixel_values=pixels).pooler_output
    return F.normalize(model.visual_projection(pooled), dim=-1)


def word_vectors(model: CLIPModel, ids: torch.Tensor) -> torch.Tensor:
    """(B, T) token ids → (B, D) of length one."""
    pooled = model.text_model(input_ids=ids).pooler_output
    return F.normalize(model.text_projection(pooled), dim=-1)


class _Batches:
    """Rows of the data set: anything, or one style and setting, by turns."""

    def __init__(self, data: Dataset, size: int) -> None:
        self.lots, self.size, self.num = np.random.default_rng(), size, len(data)
        groups = data.scenes[:, 2] * len(SETTINGS) + data.scenes[:, 3]
        self.groups = [np.flatnonzero(groups == group) for group in np.unique(groups)]

    def draw(self) -> NDArray[np.int64]:
        if self.lots.random() < 0.5:
            return self.lots.integers(self.num, size=self.size)
        group = self.groups[self.lots.integers(len(self.groups))]
        return group[self.lots.integers(len(group), size=self.size)]


def top_one(model: CLIPModel, tokenizer: CLIPTokenizer, num: int = 500, seed: int = 17) -> float:
    """Picture → its own full caption among 100, on held-out compositions."""
    pictures, scenes, _ = draw_many(seed, num, held_out=True)
    random = Random(seed)
    texts = [describe(random, decode(row), is_full=True).text for row in scenes]
    with torch.no_grad():
        seen = picture_vectors(model, as_pixels(pictures))
        read = word_vectors(model, ids_of(tokenizer, texts))
    right = 0
    for first in range(0, num, 100):
        part = seen[first : first + 100] @ read[first : first + 100].T
        right += int((part.argmax(1) == torch.arange(len(part))).sum())
    return right / num


def train(
    work: Path, preset: Preset, data: Dataset, text_encoder: CLIPTextModel, tokenizer: CLIPTokenizer
) -> CLIPModel:
    """Trains, or loads what lies in `work/clip`."""
    done = work / "clip"
    if (done / "config.json").exists():
        return CLIPModel.from_pretrained(done).eval()
    torch.manual_seed(23)
    model, heads, random = build(text_encoder), _PatchHeads(), Random()
    word_side = [*model.text_model.parameters()]
    theirs = {id(parameter) for parameter in word_side}
    others = [p for p in model.parameters() if id(p) not in theirs]
    optimiser = torch.optim.AdamW(
        [{"params": [*others, *heads.parameters()]}, {"params": word_side}],
        betas=(0.9, 0.98),
        weight_decay=0.05,
    )
    batches = _Batches(data, 2 * preset.batch)
    objects, colours = detector.cell_labels(data.scenes, data.centres)

    def step(share: float) -> float:
        pace = loop.linear_decay(share, 0.2)
        for group, rate in zip(optimiser.param_groups, (RATE, WORDS_RATE), strict=True):
            group["lr"] = rate * pace * min(1.0, share / 0.02 + 0.02)
        rows = batches.draw()
        texts = [say(random, decode(row)) for row in data.scenes[rows]]
        ids = ids_of(tokenizer, texts)
        pixels = data.pixels(rows)
        pixels = pixels + 0.05 * torch.randn(len(rows), 3, 1, 1)
        with torch.autocast("cpu", torch.bfloat16):
            seen = model.vision_model(pixel_values=pixels)
            words = word_vectors(model, ids).float()
        shown = F.normalize(model.visual_projection(seen.pooler_output.float()), dim=-1)
        aside = detector.detection_loss(
            heads(seen.last_hidden_state.float()),
            objects[rows],
            colours[rows],
            torch.from_numpy(data.scenes[rows]).long(),
        )
        contrastive = contrast(shown, words, model.logit_scale)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(contrastive + 0.5 * aside)
        nn.utils.clip_grad_norm_([*others, *word_side, *heads.parameters()], 1.0)
        optimiser.step()
        return contrastive.item()

    def show() -> None:
        right = top_one(model, tokenizer, preset.num_checked)
        loop.log.info("clip: top 1 of 100 on unseen scenes %.3f", right)

    state: dict[str, loop.Stateful] = {"model": model, "heads": heads, "optimiser": optimiser}
    loop.train("clip", work, preset.clip, step, state, on_checkpoint=show, checkpoint_seconds=60)
    model.eval().save_pretrained(done)
    return model
