"""Trains the CLIP: picture and word encoders brought into one space (Radford et al., 2021).

The word side starts from the trained word encoder. The picture side is a small vision
transformer whose 8x8 patches also learn to name the object at their place, which teaches it
to see far sooner than contrast alone.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Final

import torch
import torch.nn.functional as F
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
from inference.sketchbook.judge import CELLS, Logits
from inference.sketchbook.training import contrast, detector, loop, parallel, sheets, words
from inference.sketchbook.training.dataset import SIDE, Dataset, as_pixels, decode, draw_many
from inference.sketchbook.training.device import autocast, device_of, put
from inference.sketchbook.training.muon import Average
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.vocabulary import COLOURS, OBJECTS, SETTINGS, STYLES

WIDTH, LAYERS, HEADS, JOINT = 160, 4, 5, 128
RATE, WORDS_RATE = 1.5e-3, 2e-4
READOUT: Final = "patch_labels.safetensors"
_NEAREST: Final = 8


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
    words = text.to_dict() | {"_name_or_path": ""}  # a folder of the machine it was trained on
    config = CLIPConfig(text_config=words, vision_config=vision.to_dict(), projection_dim=JOINT)
    model = CLIPModel(config)
    own = model.text_model.state_dict()
    source = {name.removeprefix("text_model."): v for name, v in text_encoder.state_dict().items()}
    model.text_model.load_state_dict({name: source[name] for name in own})
    return model


class _PatchHeads(nn.Module):
    """What each patch and the whole picture show; only the objects' head is kept."""

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


def picture_vectors(model: CLIPModel, pixels: torch.Tensor) -> torch.Tensor:
    """(B, 3, 64, 64) from -1 to 1 → (B, D) of length one."""
    pooled = model.vision_model(pixel_values=pixels).pooler_output
    return F.normalize(model.visual_projection(pooled), dim=-1)


def word_vectors(model: CLIPModel, ids: torch.Tensor) -> torch.Tensor:
    """(B, T) token ids → (B, D) of length one."""
    pooled = model.text_model(input_ids=ids).pooler_output
    return F.normalize(model.text_projection(pooled), dim=-1)


@torch.no_grad()
def top_one(model: CLIPModel, tokenizer: CLIPTokenizer, num: int = 500, seed: int = 17) -> float:
    """Picture → its own full caption among 100, on held-out compositions."""
    pictures, scenes, _ = draw_many(seed, num, held_out=True)
    random, device = Random(seed), device_of(model)
    texts = [describe(random, decode(row), is_full=True).text for row in scenes]
    pixels, ids = as_pixels(pictures), words.ids_of(tokenizer, texts)
    right = 0
    for some in torch.arange(num).split(100):
        seen = picture_vectors(model, pixels[some].to(device))
        read = word_vectors(model, ids[some].to(device))
        best = (seen @ read.T).argmax(1).cpu()
        right += int((best == torch.arange(len(some))).sum())
    return right / num


@torch.no_grad()
def nearest(model: CLIPModel, tokenizer: CLIPTokenizer, texts: list[str]) -> torch.Tensor:
    """For each text the unseen pictures that are most like it, best first, one row each."""
    pixels, device = as_pixels(draw_many(18, 300, held_out=True)[0]), device_of(model)
    seen = torch.cat([picture_vectors(model, part.to(device)) for part in pixels.split(100)])
    read = word_vectors(model, words.ids_of(tokenizer, texts).to(device))
    return pixels[(read @ seen.T).topk(_NEAREST).indices.flatten().cpu()]


class Matching:
    """The stage."""

    name = "clip"

    def __init__(self, work: Path, preset: Preset) -> None:
        self.work, self.num_checked = work, preset.num_checked
        self.data = Dataset.open(work / "scenes", preset.device)
        text_encoder, self.tokenizer = words.load(work)
        torch.manual_seed(23)
        self.model = put(build(text_encoder), preset.device)
        self.average, self.averaged = Average(self.model), copy.deepcopy(self.model).cpu()
        self.heads = _PatchHeads().to(preset.device)
        self.dial = nn.ParameterList([torch.tensor([2.3, -2.0], device=preset.device)])
        self.optimiser = self._optimiser()
        self.parameters = [p for g in self.optimiser.param_groups for p in g["params"]]
        self.batches = contrast.Batches(self.data, preset.clip.batch)
        self.random = Random()
        torch.manual_seed(self.random.getrandbits(32))
        self.labels = detector.Labels(self.data)
        self.shown = contrast.shown_in(self.data.scenes)

    def _optimiser(self) -> torch.optim.AdamW:
        word_side = list(self.model.text_model.parameters())
        theirs = {id(parameter) for parameter in word_side}
        others = [p for p in self.model.parameters() if id(p) not in theirs]
        groups = [
            {"params": [*others, *self.heads.parameters(), *self.dial], "full": RATE},
            {"params": word_side, "full": WORDS_RATE},
        ]
        return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.05)

    def state(self) -> Mapping[str, loop.Stateful]:
        return {
            "model": self.model,
            "average": self.average,
            "heads": self.heads,
            "dial": self.dial,
            "optimiser": self.optimiser,
        }

    def _losses(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Contrast with near misses, and all the rest, of one batch."""
        rows, device = self.batches.draw(), self.data.device
        scenes = [decode(row) for row in self.data.scenes[rows]]
        texts = [describe(self.random, scene).text for scene in scenes]
        missed = [contrast.near_miss(self.random, scene) for scene in scenes[::2]]
        texts += [describe(self.random, scene, is_full=True).text for scene in missed]
        texts += contrast.bare_words(self.random)
        pixels = self.data.pixels(rows)
        pixels = pixels + 0.05 * torch.randn(len(rows), 3, 1, 1, device=device)
        with autocast(device):
            seen = self.model.vision_model(pixel_values=pixels)
            ids = words.ids_of(self.tokenizer, texts)
            read = word_vectors(self.model, ids.to(device)).float()
        shown = F.normalize(self.model.visual_projection(seen.pooler_output.float()), dim=-1)
        whole, misses, bare = read.split([len(rows), len(missed), len(OBJECTS)])
        named = self.heads(seen.last_hidden_state.float())
        aside = detector.detection_losses(named, *self.labels.of(rows)).mean()
        truth = self.shown[torch.from_numpy(rows)].to(device)
        said = contrast.presence(shown, bare, truth, self.dial[0])
        return contrast.contrast(shown, whole, misses, self.model.logit_scale), said + 0.5 * aside

    def step(self, share: float) -> float:
        pace = loop.linear_decay(share, 0.2) * min(1.0, share / 0.02 + 0.02)
        for group in self.optimiser.param_groups:
            group["lr"] = group["full"] * pace
        contrastive, rest = self._losses()
        parallel.differentiate(contrastive + rest, self.parameters)
        self.optimiser.step()
        self.average.update()
        return contrastive.item()

    def result(self) -> CLIPModel:
        """The average over the last steps."""
        self.average.copy_to(self.averaged)
        return self.averaged.eval()

    def show(self) -> None:
        model = self.result()
        right = top_one(model, self.tokenizer, self.num_checked)
        loop.log.info("clip: top 1 of 100 on unseen scenes %.3f", right)
        found = nearest(model, self.tokenizer, [term.english[0] for term in OBJECTS])
        sheets.save(found, self.work / "clip-sheet.png", columns=_NEAREST)


def train(work: Path, preset: Preset) -> None:
    """Leaves `work/clip`, with the read-out of its patches (`readout.py`)."""
    from inference.sketchbook.training import readout

    stage = Matching(work, preset)
    loop.train(stage, work, preset.clip, preset)
    if parallel.rank() == 0:
        stage.result().save_pretrained(work / "clip")
        readout.train(work / "scenes", work / "clip")


def fingerprint_of(projection: torch.Tensor) -> str:
    """Names a CLIP by its picture projection, whatever precision that is kept in."""
    return hashlib.sha256(projection.detach().half().numpy().tobytes()).hexdigest()[:16]
