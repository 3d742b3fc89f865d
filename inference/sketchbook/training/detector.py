"""Trains the judge, and the teacher whose features guide the U-Net: two different detectors.

Supervision sits at the cell of each object's centre; a global multi-label head fails at this.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from inference.sketchbook.judge import CELLS, Detector, Logits, judge, mark
from inference.sketchbook.training import loop
from inference.sketchbook.training.dataset import NONE, Dataset, as_pixels, decode, draw_many
from inference.sketchbook.training.presets import Budget, Preset

TEACHER_WIDTHS = (24, 64, 128)
_NOTHING = -100
_PRESENCE_WEIGHT = 12.0


def cell_labels(
    scenes: NDArray[np.int16], centres: NDArray[np.float32]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Object classes (0 is none) and colours (`-100` is none) per cell, both (n, 8, 8)."""
    objects = np.zeros((len(scenes), CELLS, CELLS), np.int64)
    colours = np.full((len(scenes), CELLS, CELLS), _NOTHING, np.int64)
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


def detection_loss(
    logits: Logits, objects: torch.Tensor, colours: torch.Tensor, scenes: torch.Tensor
) -> torch.Tensor:
    """Cross-entropies of cells and of the whole picture; `scenes` are rows of the data set."""
    per_cell = F.cross_entropy(logits.objects, objects, reduction="none")
    weights = 1 + _PRESENCE_WEIGHT * (objects > 0)
    whole = F.cross_entropy(logits.styles, scenes[:, 2]) + F.cross_entropy(
        logits.settings, scenes[:, 3]
    )
    colour = F.cross_entropy(logits.colours, colours, ignore_index=_NOTHING)
    return (per_cell * weights).mean() + colour + 0.5 * whole


def _roughen(pixels: torch.Tensor) -> torch.Tensor:
    """Light noise, tints and softness: a judge must not hang on the last pixel."""
    tinted = pixels + 0.06 * torch.randn(len(pixels), 3, 1, 1)
    noisy = tinted + 0.04 * torch.rand(()) * torch.randn_like(pixels)
    return F.avg_pool2d(noisy, 3, stride=1, padding=1) if torch.rand(()) < 0.3 else noisy


def _fit(
    name: str, work: Path, model: Detector, budget: Budget, preset: Preset, data: Dataset
) -> None:
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.02)
    objects, colours = cell_labels(data.scenes, data.centres)
    lots = np.random.default_rng()

    def step(share: float) -> float:
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * loop.linear_decay(share, 0.3)
        rows = lots.integers(len(data), size=preset.batch)
        pixels = _roughen(data.pixels(rows)).contiguous(memory_format=torch.channels_last)
        model.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(pixels)
        scenes = torch.from_numpy(data.scenes[rows]).long()
        loss = detection_loss(logits, objects[rows], colours[rows], scenes)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        return loss.item()

    def show() -> None:
        share = accuracy(model.eval(), preset.num_checked)
        loop.log.info("%s: %.3f exact on unseen real scenes", name, share)

    state: dict[str, loop.Stateful] = {"model": model, "optimiser": optimiser}
    loop.train(name, work, budget, step, state, on_checkpoint=show, checkpoint_seconds=60)


def accuracy(detector: Detector, num: int, seed: int = 99) -> float:
    """Share of held-out real scenes that are read without any mistake."""
    pictures, scenes, _ = draw_many(seed, num, held_out=True)
    judgements = judge(detector, as_pixels(pictures))
    exact = [mark(decode(row), seen).is_exact for row, seen in zip(scenes, judgements, strict=True)]
    return sum(exact) / num


def train_judge(work: Path, preset: Preset, data: Dataset) -> Detector:
    """Trains, or loads from `work/judge`."""
    if (work / "judge").exists():
        return Detector.load(work / "judge")
    torch.manual_seed(2027)
    model = Detector()
    _fit("judge", work, model, preset.judge, preset, data)
    model.save(work / "judge")
    return model.eval()


def train_teacher(work: Path, preset: Preset, data: Dataset) -> Detector:
    """Trains, or loads `work/teacher.ckpt`."""
    torch.manual_seed(5)
    model = Detector(TEACHER_WIDTHS, depth=1)
    _fit("teacher", work, model, preset.teacher, preset, data)
    return model.eval()
