"""Trains the word encoder on text alone, to say what a caption's scene contains.

This is the cheapest win of all: the U-Net then meets words whose meaning is already there,
and the encoder stays frozen. A small CLIPTextModel, three layers of 128.
"""

from __future__ import annotations

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
from inference.sketchbook.training import loop
from inference.sketchbook.training.presets import Preset

WIDTH, LAYERS, HEADS = 128, 3, 4
UNSAID = -100
_SLOTS_OF_WORDS = {
    "colour": ("colour", "second colour"),
    "style": ("style",),
    "setting": ("setting",),
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
    kinds = random.choices(("single", "count", "pair"), (0.3, 0.2, 0.5), k=size)
    scenes = [sample(random, kind, held_out=held_out) for kind in kinds]
    captions = [describe(random, scene) for scene in scenes]
    labels = [labels_of(scene, said) for scene, said in zip(scenes, captions, strict=True)]
    texts = [muddle(random, caption.text) for caption in captions]
    return ids_of(tokenizer, texts), torch.tensor(labels)


def train(work: Path, preset: Preset) -> tuple[CLIPTextModel, CLIPTokenizer]:
    """Trains, or loads what lies in `work/text_encoder` and `work/tokenizer`."""
    done = work / "text_encoder"
    if (done / "config.json").exists():
        tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
        return CLIPTextModel.from_pretrained(done).eval(), tokenizer
    tokenizer = tokens.build(work / "tokenizer")
    torch.manual_seed(3)
    model, random = build(tokenizer), Random()
    heads = nn.ModuleList([nn.Linear(WIDTH, size) for size in SLOTS.values()])
    parameters = [*model.parameters(), *heads.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=2e-3, betas=(0.9, 0.98), weight_decay=0.01)

    def logits(ids: torch.Tensor) -> list[torch.Tensor]:
        pooled = model(ids).pooler_output
        return [head(pooled) for head in heads]

    def step(share: float) -> float:
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * loop.linear_decay(share, 0.4)
        ids, labels = _batch(random, tokenizer, 2 * preset.batch)
        ids = ids[:, : int((ids != tokenizer.pad_token_id).sum(1).max()) + 1]
        scores = logits(ids)
        loss = sum(
            (F.cross_entropy(one, labels[:, i]) for i, one in enumerate(scores)),
            start=torch.zeros(()),
        )
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        return loss.item()

    @torch.no_grad()
    def show() -> None:
        ids, labels = _batch(Random(5), tokenizer, 256, held_out=True)
        right = [
            (one.argmax(1) == labels[:, i])[labels[:, i] != UNSAID].float().mean().item()
            for i, one in enumerate(logits(ids))
        ]
        text = ", ".join(f"{slot} {value:.3f}" for slot, value in zip(SLOTS, right, strict=True))
        loop.log.info("words, unseen compositions: %s", text)

    state: dict[str, loop.Stateful] = {"model": model, "heads": heads, "optimiser": optimiser}
    loop.train("words", work, preset.words, step, state, on_checkpoint=show, checkpoint_seconds=30)
    model.eval().save_pretrained(done)
    return model, tokenizer
