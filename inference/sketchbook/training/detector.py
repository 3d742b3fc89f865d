"""Trains the judge, and what every detector here is trained with: labels per cell, and the loss.

Supervision sits at the cell of each object's centre; a global multi-label head fails at this.
The judge also learns the example style, which the model is never taught.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from inference.sketchbook.judge import CELLS, Detector, Logits, judge, mark
from inference.sketchbook.training import loop, parallel, sheets
from inference.sketchbook.training.dataset import NONE, Dataset, as_pixels, decode, draw_many
from inference.sketchbook.training.device import autocast, device_of
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.vocabulary import DRAWN_STYLES

NOTHING = -100
_PRESENCE_WEIGHT = 12.0


def cell_labels(
    scenes: NDArray[np.int16], centres: NDArray[np.float32]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Object classes (0 is none) and colours (`-100` is none) per cell, both (n, 8, 8)."""
    objects = np.zeros((len(scenes), CELLS, CELLS), np.int64)
    colours = np.full((len(scenes), CELLS, CELLS), NOTHING, np.int64)
    cells = np.clip((centres * CELLS).astype(int), 0, CELLS - 1)
    for i, scene in enumerate(scenes):
        things = [(scene[4], scene[5]), (scene[6], scene[7])]
        for j in range(3):
            if centres[i, j, 0] < 0:
                continue
            kind, colour = things[j] if scene[6] != NONE else things[0]
            column, row = cells[i, j]
            objects[i, row, column], colours[i, row, column] = kind + 1, colour
    return torch.from_numpy(objects), torch.from_numpy(colours)


def detection_losses(
    logits: Logits, objects: torch.Tensor, colours: torch.Tensor, scenes: torch.Tensor
) -> torch.Tensor:
    """Cross-entropies of cells and of the whole picture, (B,); `scenes` are rows of the data set."""
    per_cell = F.cross_entropy(logits.objects, objects, reduction="none")
    weights = 1 + _PRESENCE_WEIGHT * (objects > 0)
    style = F.cross_entropy(logits.styles, scenes[:, 2], reduction="none")
    setting = F.cross_entropy(logits.settings, scenes[:, 3], reduction="none")
    colour = F.cross_entropy(logits.colours, colours, ignore_index=NOTHING, reduction="none")
    num = (colours != NOTHING).sum((1, 2)).clamp(min=1)
    return (per_cell * weights).mean((1, 2)) + colour.sum((1, 2)) / num + 0.5 * (style + setting)


def _roughen(pixels: torch.Tensor) -> torch.Tensor:
    """Light noise, tints and softness: a judge must not hang on the last pixel."""
    tinted = pixels + 0.06 * torch.randn(len(pixels), 3, 1, 1, device=pixels.device)
    noisy = tinted + 0.04 * torch.rand((), device=pixels.device) * torch.randn_like(pixels)
    return F.avg_pool2d(noisy, 3, stride=1, padding=1) if torch.rand(()) < 0.3 else noisy


class Labels:
    """What is in the scenes of a data set, as the losses want it, on its device."""

    def __init__(self, data: Dataset) -> None:
        self.device = data.device
        self.objects, self.colours = cell_labels(data.scenes, data.centres)
        self.scenes = torch.from_numpy(data.scenes).long()

    def of(self, rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Objects and colours per cell, and the encoded scenes, of these rows."""
        objects, colours, scenes = self.objects[rows], self.colours[rows], self.scenes[rows]
        return objects.to(self.device), colours.to(self.device), scenes.to(self.device)


class _Labelled:
    """Scenes with their labels, drawn by lot."""

    def __init__(self, data: Dataset, seed: int) -> None:
        self.data, self.lots, self.labels = data, np.random.default_rng(seed), Labels(data)

    def draw(self, size: int) -> tuple[torch.Tensor, ...]:
        """Pixels, objects and colours per cell, encoded scenes."""
        rows = self.lots.integers(len(self.data), size=size)
        return self.data.pixels(rows), *self.labels.of(rows)


class _Seeing:
    """The stage."""

    name = "judge"

    def __init__(
        self, work: Path, model: Detector, sources: dict[int, Dataset], preset: Preset
    ) -> None:
        """`sources` by how many pictures of a batch come from each."""
        self.work, self.model = work, model
        self.num_checked = preset.num_checked
        model.to(preset.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.parameters = list(model.parameters())
        self.optimiser = torch.optim.AdamW(self.parameters, lr=3e-3, weight_decay=0.02)
        lots = np.random.default_rng()
        self.sources = [
            (size, _Labelled(data, int(lots.integers(2**32)))) for size, data in sources.items()
        ]

    def state(self) -> Mapping[str, loop.Stateful]:
        return {"model": self.model, "optimiser": self.optimiser}

    def step(self, share: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = 3e-3 * loop.linear_decay(share, 0.3)
        drawn = [labelled.draw(size) for size, labelled in self.sources]
        pixels, objects, colours, scenes = (torch.cat(part) for part in zip(*drawn, strict=True))
        pixels = _roughen(pixels).contiguous(memory_format=torch.channels_last)
        self.model.train()
        with autocast(pixels.device):
            logits = self.model(pixels)
        loss = detection_losses(logits, objects, colours, scenes).mean()
        parallel.differentiate(loss, self.parameters, max_norm=2.0)
        self.optimiser.step()
        return loss.item()

    def show(self) -> None:
        wrong = misread(self.model.eval(), self.num_checked)
        share = 1 - len(wrong) / self.num_checked
        loop.log.info("%s: %.3f exact on unseen real scenes", self.name, share)
        if len(wrong):
            sheets.save(wrong[:48], self.work / f"{self.name}-misread.png", columns=12)


def misread(detector: Detector, num: int, seed: int = 99) -> torch.Tensor:
    """Of that many held-out real scenes, those read with any mistake, (n, 3, 64, 64)."""
    pictures, scenes, _ = draw_many(seed, num, held_out=True)
    pixels = as_pixels(pictures)
    parts = pixels.to(device_of(detector)).split(128)
    judgements = [seen for part in parts for seen in judge(detector, part)]
    pairs = zip(scenes, judgements, strict=True)
    return pixels[torch.tensor([not mark(decode(row), seen).is_exact for row, seen in pairs])]


def train_judge(work: Path, preset: Preset) -> None:
    """Leaves `work/judge`."""
    torch.manual_seed(2027)
    model, batch = Detector(num_styles=len(DRAWN_STYLES)), preset.judge.batch
    sources = {
        batch - batch // 8: Dataset.open(work / "scenes", preset.device),
        batch // 8: Dataset.open(work / "example", preset.device),
    }
    loop.train(_Seeing(work, model, sources, preset), work, preset.judge, preset)
    if parallel.rank() == 0:
        model.cpu().save(work / "judge")
