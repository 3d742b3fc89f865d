"""Trains the teacher: it names what stands in each cell of the latents, and guides the U-Net.

The U-Net is drawn towards its features while it learns, and is told by it whether what it
predicts can still be named. It sees latents, never pictures, and shares nothing with the judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from inference.sketchbook.judge import CellDetector, Residual
from inference.sketchbook.training import autoencoder, latents, loop, parallel
from inference.sketchbook.training.dataset import Dataset, as_pixels, draw_many
from inference.sketchbook.training.detector import Labels, cell_labels, detection_losses
from inference.sketchbook.training.device import autocast, device_of
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers

WIDTH, DEPTH = 112, 3
MOST_NOISE = 0.5
"""What the U-Net predicts is never quite clean; a teacher that knows only clean latents is fooled."""
_FILE = "teacher.safetensors"


class Teacher(CellDetector):
    """On latents (B, 16, 8, 8), scaled; the U-Net is drawn towards its features."""

    def __init__(self) -> None:
        first = nn.Conv2d(autoencoder.LATENT_CHANNELS, WIDTH, 3, padding=1)
        trunk = nn.Sequential(first, *(Residual(WIDTH) for _ in range(DEPTH)))
        super().__init__(trunk, WIDTH)


class _Teaching:
    """The stage."""

    name = "teacher"

    def __init__(self, work: Path, preset: Preset) -> None:
        data = Dataset.open(work / "scenes", preset.device)
        self.size, self.device = preset.teacher.batch, data.device
        self.latents = latents.of_all(work, data)
        self.labels = Labels(data)
        torch.manual_seed(5)
        self.model = Teacher().to(preset.device)
        self.parameters = list(self.model.parameters())
        self.optimiser = torch.optim.AdamW(self.parameters, lr=3e-3, weight_decay=0.02)
        self.lots = np.random.default_rng()
        self.unseen = _Unseen(latents.encoder(work), preset.num_checked)

    def state(self) -> Mapping[str, loop.Stateful]:
        return {"model": self.model, "optimiser": self.optimiser}

    def step(self, share: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = 3e-3 * loop.linear_decay(share, 0.3)
        rows = self.lots.integers(len(self.latents), size=self.size)
        clean = self.latents[torch.from_numpy(rows).to(self.device)].float()
        amount = MOST_NOISE * torch.rand(len(clean), 1, 1, 1, device=self.device)
        self.model.train()
        with autocast(self.device):
            logits = self.model(clean + amount * torch.randn_like(clean))
        loss = detection_losses(logits, *self.labels.of(rows)).mean()
        parallel.differentiate(loss, self.parameters, max_norm=2.0)
        self.optimiser.step()
        return loss.item()

    def show(self) -> None:
        share = self.unseen.share_named(self.model.eval())
        loop.log.info("teacher: names all objects and colours of %.3f unseen scenes", share)


class _Unseen:
    """Held-out scenes, through the autoencoder, and what stands at each centre."""

    def __init__(self, vae: Diffusers, num: int) -> None:
        pictures, scenes, centres = draw_many(98, num, held_out=True)
        self.latents = latents.encoded(vae, as_pixels(pictures))
        self.objects, self.colours = cell_labels(scenes, centres)

    @torch.no_grad()
    def share_named(self, model: Teacher) -> float:
        """In how many of them each thing is named right at its own cell, colour and all."""
        logits = model(self.latents.to(device_of(model)))
        is_thing = self.objects > 0
        right_object = logits.objects.argmax(1).cpu() == self.objects
        right_colour = logits.colours.argmax(1).cpu() == self.colours
        is_right = (right_object & right_colour) | ~is_thing
        return is_right.flatten(1).all(1).float().mean().item()


def train(work: Path, preset: Preset) -> None:
    """Leaves `work/teacher`."""
    stage = _Teaching(work, preset)
    loop.train(stage, work, preset.teacher, preset)
    if parallel.rank() == 0:
        (work / "teacher").mkdir(exist_ok=True)
        save_file(stage.model.cpu().state_dict(), work / "teacher" / _FILE)


def load(work: Path) -> Teacher:
    """The trained teacher, frozen."""
    model = Teacher()
    model.load_state_dict(load_file(work / "teacher" / _FILE))
    return model.eval().requires_grad_(False)
