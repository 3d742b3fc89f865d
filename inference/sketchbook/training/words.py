"""Trains the word encoder on text alone, to say what a caption's scene contains.

This is the cheapest win of all: the U-Net then meets words whose meaning is already there,
and the encoder stays frozen. A small CLIPTextModel, three layers of 128.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import torch
import torch.nn.functional as F
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from inference.sketchbook import tokens
from inference.sketchbook.attributes import SLOTS, slots_of
from inference.sketchbook.captions import Caption, describe
from inference.sketchbook.compositions import Composition, sample
from inference.sketchbook.training import loop, parallel
from inference.sketchbook.training.device import put
from inference.sketchbook.training.presets import Preset

WIDTH, LAYERS, HEADS = 128, 3, 4
RATE = 2e-3
UNSAID = -100
_SLOTS_OF_WORDS = {
    "colour": ("colour", "second colour"),
    "style": ("style",),
    "setting": ("setting",),
    "size": ("size",),
    "place": ("place",),
}


def build(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """An untrained encoder for this tokenizer."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            max_position_embeddings=tokens.MAX_TOKENS,
            projection_dim=WIDTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def ids_of(tokenizer: CLIPTokenizer, texts: list[str]) -> torch.Tensor:
    """Token ids (n, 48), padded as the pipeline pads them."""
    return tokenizer(
        texts,
        padding="max_length",
        max_length=tokens.MAX_TOKENS,
        truncation=True,
        return_tensors="pt",
    ).input_ids


def muddle(random: Random, text: str) -> str:
    """Now and then slips in a made-up word, so that unknown ones do no harm."""
    if random.random() > 0.08:
        return text
    stranger = "".join(
        random.choice("abcdefghijklmnoprstuvwy") for _ in range(random.randint(3, 8))
    )
    parts = text.split(" ")
    parts.insert(random.randint(0, len(parts)), stranger)
    return " ".join(parts)


def labels_of(composition: Composition, caption: Caption) -> list[int]:
    """Class numbers by slot; what the caption leaves out is `UNSAID`."""
    labels = dict(zip(SLOTS, slots_of(composition), strict=True))
    for word, slots in _SLOTS_OF_WORDS.items():
        if word not in caption.said:
            labels |= dict.fromkeys(slots, UNSAID)
    return list(labels.values())


def _batch(
    random: Random, tokenizer: CLIPTokenizer, size: int, *, held_out: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    kinds = random.choices(("single", "placed", "count", "pair"), (0.2, 0.15, 0.2, 0.45), k=size)
    scenes = [sample(random, kind, held_out=held_out) for kind in kinds]
    captions = [describe(random, scene) for scene in scenes]
    labels = [labels_of(scene, said) for scene, said in zip(scenes, captions, strict=True)]
    texts = [muddle(random, caption.text) for caption in captions]
    return ids_of(tokenizer, texts), torch.tensor(labels)


class _Reading:
    """The stage."""

    name = "words"

    def __init__(self, tokenizer: CLIPTokenizer, preset: Preset) -> None:
        self.tokenizer, self.size, self.device = tokenizer, preset.words.batch, preset.device
        torch.manual_seed(3)
        self.model = put(build(tokenizer), preset.device)
        self.heads = nn.ModuleList([nn.Linear(WIDTH, size) for size in SLOTS.values()])
        self.heads.to(preset.device)
        self.parameters = [*self.model.parameters(), *self.heads.parameters()]
        self.optimiser = torch.optim.AdamW(
            self.parameters, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01
        )
        self.random = Random()

    def state(self) -> Mapping[str, loop.Stateful]:
        return {"model": self.model, "heads": self.heads, "optimiser": self.optimiser}

    def _logits(self, ids: torch.Tensor) -> list[torch.Tensor]:
        pooled = self.model(ids).pooler_output
        return [head(pooled) for head in self.heads]

    def _batch(
        self, random: Random, size: int, *, held_out: bool = False
    ) -> tuple[torch.Tensor, torch.Tensor]:
        ids, labels = _batch(random, self.tokenizer, size, held_out=held_out)
        longest = int((ids != self.tokenizer.pad_token_id).sum(1).max()) + 1
        return ids[:, :longest].to(self.device), labels.to(self.device)

    def step(self, share: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = RATE * loop.linear_decay(share, 0.4)
        ids, labels = self._batch(self.random, self.size)
        losses = [
            F.cross_entropy(scores, labels[:, i]) for i, scores in enumerate(self._logits(ids))
        ]
        loss = torch.stack(losses).sum()
        parallel.differentiate(loss, self.parameters)
        self.optimiser.step()
        return loss.item()

    @torch.no_grad()
    def show(self) -> None:
        ids, labels = self._batch(Random(5), 256, held_out=True)
        right = [
            (scores.argmax(1) == labels[:, i])[labels[:, i] != UNSAID].float().mean().item()
            for i, scores in enumerate(self._logits(ids))
        ]
        text = ", ".join(f"{slot} {value:.3f}" for slot, value in zip(SLOTS, right, strict=True))
        loop.log.info("words, unseen compositions: %s", text)


def train(work: Path, preset: Preset) -> None:
    """Leaves `work/text_encoder`; `work/tokenizer` is there already."""
    stage = _Reading(CLIPTokenizer.from_pretrained(work / "tokenizer"), preset)
    loop.train(stage, work, preset.words, preset)
    if parallel.rank() == 0:
        stage.model.cpu().eval().save_pretrained(work / "text_encoder")


def load(work: Path) -> tuple[CLIPTextModel, CLIPTokenizer]:
    """The trained encoder, frozen, and its tokenizer."""
    encoder = CLIPTextModel.from_pretrained(work / "text_encoder")
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    return encoder.eval().requires_grad_(False), tokenizer
