"""Lets the U-Net practise on its own pictures, the teacher saying what can be named in them.

Reward feedback learning (ReFL; Xu et al., 2023): the model walks with guidance from pure noise
to a level, each in its turn. What it predicts there, and what it predicted halfway, must be named
as the caption asks. Training on noised real scenes alone never shows the model its own mistakes. Ordinary
denoising goes on beside it, so that pictures stay what they were taught to be.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from numpy.typing import NDArray

from inference.sketchbook.captions import describe
from inference.sketchbook.judge import CELLS, Logits
from inference.sketchbook.samples import STEPS
from inference.sketchbook.training import ddim, loop, parallel, unet, words
from inference.sketchbook.training.dataset import NONE, decode
from inference.sketchbook.training.detector import NOTHING, detection_losses
from inference.sketchbook.training.muon import Average
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers

RATE: Final = 0.006
"""A fifth of what the U-Net was trained with: it is to be corrected, not taught anew."""
_WEIGHT: Final = 0.03
_APART: Final = 3
"""Two things of a scene are at least so many cells from each other."""


def wanted(logits: Logits, scenes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Where the things of each scene are to be named: objects and colours per cell, (B, 8, 8).

    The scene says what and in which relation; where exactly, the picture says itself: the
    cells that look most like it already.
    """
    objects = torch.zeros_like(logits.objects[:, 0], dtype=torch.long)
    colours = torch.full_like(objects, NOTHING)
    how_like = logits.objects.detach().log_softmax(1).flatten(2)  # (B, classes, 64)
    for i, scene in enumerate(scenes.tolist()):
        count, relation, _, _, *things, _, _ = scene
        if things[2] == NONE:
            kinds = [(things[0], things[1])] * count
            cells = _likeliest(how_like[i, things[0] + 1], count)
        else:
            kinds = [(things[0], things[1]), (things[2], things[3])]
            cells = _likeliest_pair(how_like[i, [k + 1 for k, _ in kinds]], relation)
        for (kind, colour), cell in zip(kinds, cells, strict=True):
            row, column = divmod(cell, CELLS)
            objects[i, row, column], colours[i, row, column] = kind + 1, colour
    return objects, colours


def _likeliest(scores: torch.Tensor, count: int) -> list[int]:
    """The best cells (of 64 scores) that are no neighbours of each other."""
    left, cells = scores.clone().view(CELLS, CELLS), list[int]()
    for _ in range(count):
        cells.append(int(left.argmax()))
        row, column = divmod(cells[-1], CELLS)
        left[
            max(0, row - _APART + 1) : row + _APART, max(0, column - _APART + 1) : column + _APART
        ] = -torch.inf
    return cells


def _directions() -> torch.Tensor:
    """Which pairs of cells stand left of, right of, above and below each other, (4, 64, 64)."""
    place = torch.arange(CELLS * CELLS)
    down = place[None] // CELLS - place[:, None] // CELLS
    across = place[None] % CELLS - place[:, None] % CELLS
    return torch.stack([
        (ahead >= _APART) & (ahead > aside.abs())
        for ahead, aside in ((across, down), (-across, down), (down, across), (-down, across))
    ])  # fmt: skip


_IS_SO: Final = _directions()


def _likeliest_pair(scores: torch.Tensor, relation: int) -> list[int]:
    """The best two cells (of 2 x 64 scores) that stand in this relation."""
    both = (scores[0][:, None] + scores[1][None]).cpu()
    best = int(both.masked_fill(~_IS_SO[relation], -torch.inf).argmax())
    return list(divmod(best, CELLS * CELLS))


class Practising(unet.Denoising):
    """The stage: the U-Net's own, and beside it one step on what the model paints."""

    name, leaves = "feedback", "unet-final"

    def __init__(
        self, work: Path, preset: Preset, on_checkpoint: Callable[[Diffusers], None]
    ) -> None:
        super().__init__(work, preset, on_checkpoint)
        trained = UNet2DConditionModel.from_pretrained(work / "unet").to(preset.device)
        self.model.load_state_dict(trained.state_dict())
        self.average = Average(self.model, decay=0.99)
        self.optimiser.rate, self.optimiser.other_rate = RATE, 3e-4
        self.tokenizer = words.load(work)[1]
        self.random, self.walks = Random(), 0
        self.size = preset.feedback.batch

    def step(self, share: float) -> float:
        rows = self.curriculum.draw(1.0, self.size)
        asked = rows[(self.data.scenes[rows, 8:] == NONE).all(1)]
        named = self._named(asked)
        total = self._loss(rows, 1.0)[1] + _WEIGHT * named
        parallel.differentiate(total, self.parameters)
        self.optimiser.step(loop.linear_decay(share, 0.3) * min(1.0, share / 0.05 + 0.05))
        self.average.update()
        return named.item()

    def _named(self, rows: NDArray[np.int64]) -> torch.Tensor:
        """How badly the teacher names what the model predicts on its own way from noise."""
        scenes = self.data.scenes[rows]
        texts = [describe(self.random, decode(row), is_full=True).text for row in scenes]
        with torch.no_grad():
            ids = words.ids_of(self.tokenizer, texts).to(self.latents.device)
            told = self.text_encoder(ids)[0]
            nothing = self.text_encoder(self.nothing[None])[0].expand_as(told)
        x, level = self._walked(told, nothing)
        stops = len(x) // len(told)
        without, words_there = (some.repeat(stops, 1, 1) for some in (nothing, told))
        logits = self.taught.eye(ddim.guided(self.model, x, level, without, words_there))
        truth = torch.from_numpy(scenes).long().to(x.device).repeat(stops, 1)
        losses = detection_losses(logits, *wanted(logits, truth), truth)
        return (self.kept[level].sqrt() * losses).mean()

    @torch.no_grad()
    def _walked(
        self, told: torch.Tensor, nothing: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Latents on the model's own way from noise, where it ended and halfway; their levels."""
        size, levels = len(told), torch.tensor(ddim.levels(STEPS), device=told.device)
        x = torch.randn(size, *self.latents.shape[1:], device=told.device)
        self.walks += 1
        last = 1 + self.walks % (STEPS - 1)  # the same in all processes, which wait for each other
        stops, met = sorted({(last + 1) // 2, last}), list[torch.Tensor]()
        for i in range(last):
            here, there = (level.expand(size) for level in levels[i : i + 2])
            clean = ddim.guided(self.model, x, here, nothing, told)
            now, then = (ddim.kept_at(self.kept, level) for level in (here, there))
            x = ddim.step(x, clean, now, then)
            if i + 1 in stops:
                met.append(x)
        return torch.cat(met), levels[stops].repeat_interleave(size)


def train(work: Path, preset: Preset, on_checkpoint: Callable[[Diffusers], None]) -> None:
    """Leaves `work/unet-final`."""
    unet.run(Practising(work, preset, on_checkpoint), work, preset.feedback, preset)
