"""Teaches a LoRA to do in four steps what the U-Net does in sixteen with guidance.

Guided progressive distillation (Salimans & Ho, 2022; Meng et al., 2023) straight to the four
levels that the sampler will visit: from each, the teacher walks to the next in four guided
DDIM steps, and the student learns the one prediction that takes it there. Guidance is built in,
so a picture costs four evaluations instead of sixteen. Sample with `export.fast_sampler`,
guidance 1.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny, UNet2DConditionModel
from torch import nn

from inference.sketchbook import samples
from inference.sketchbook.training import ddim, export, latents, loop, lora, parallel, unet, words
from inference.sketchbook.training.dataset import Dataset
from inference.sketchbook.training.ddim import LEVELS
from inference.sketchbook.training.device import autocast, put
from inference.sketchbook.training.presets import Preset

STEPS: Final = 4
SUBSTEPS: Final = 4
RANK, RATE = 32, 1e-3


def guess_that_leads(
    x: torch.Tensor, end: torch.Tensor, now: torch.Tensor, then: torch.Tensor
) -> torch.Tensor:
    """The clean guess with which one DDIM step goes from `x` to `end`."""
    ratio = ((1 - then) / (1 - now)).sqrt()
    return (end - ratio * x) / (then.sqrt() - ratio * now.sqrt())


class _Distilling:
    """The stage."""

    name = "distil"

    def __init__(self, work: Path, preset: Preset) -> None:
        self.work, self.size, device = work, preset.distil.batch, preset.device
        self.data = Dataset.open(work / "scenes", device)
        text_encoder, self.tokenizer = words.load(work)
        self.text_encoder = put(text_encoder, device)
        self.nothing = words.ids_of(self.tokenizer, [""]).to(device)
        self.teacher, self.student = (
            UNet2DConditionModel.from_pretrained(work / "unet-final").eval().to(device)
            for _ in range(2)
        )
        self.teacher.requires_grad_(False)
        torch.manual_seed(47)
        self.adapters = lora.put_on(self.student, RANK, lora.in_blocks)
        self.parameters = lora.parameters_of(self.adapters)
        self.optimiser = torch.optim.AdamW(self.parameters, lr=RATE, weight_decay=0)
        self.latents = latents.of_all(work, self.data)
        self.kept = unet.noise_schedule().alphas_cumprod.to(device)
        self.lots = np.random.default_rng()
        torch.manual_seed(int(self.lots.integers(2**32)))
        self.curriculum = unet.Curriculum(self.data.scenes, int(self.lots.integers(2**32)))

    def state(self) -> Mapping[str, loop.Stateful]:
        return {"adapters": nn.ModuleDict(_flat(self.adapters)), "optimiser": self.optimiser}

    @torch.no_grad()
    def _walked(
        self, x: torch.Tensor, level: torch.Tensor, nothing: torch.Tensor, told: torch.Tensor
    ) -> torch.Tensor:
        """Where the teacher gets from `level` in SUBSTEPS small steps."""
        stride = LEVELS // STEPS // SUBSTEPS
        for part in range(SUBSTEPS):
            here, there = level - part * stride, level - (part + 1) * stride
            if part == SUBSTEPS - 1:
                there = level - LEVELS // STEPS
            clean = ddim.guided(self.teacher, x, here, nothing, told)
            now, then = ddim.kept_at(self.kept, here), ddim.kept_at(self.kept, there)
            x = ddim.step(x, clean, now, then)
        return x

    def step(self, share: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = RATE * loop.linear_decay(share, 0.3) * min(1.0, share / 0.03 + 0.03)
        rows = self.curriculum.draw(1.0, self.size)
        clean = self.latents[torch.from_numpy(rows).to(self.latents.device)].float()
        with torch.no_grad():
            nothing = self.text_encoder(self.nothing)[0].expand(len(rows), -1, -1)
            words_there = self.text_encoder(self.data.ids(rows, self.lots))[0]
        levels = torch.tensor(ddim.levels(STEPS), device=clean.device)
        level = levels[torch.randint(len(levels), (len(rows),), device=clean.device)]
        now, then = (ddim.kept_at(self.kept, at) for at in (level, level - LEVELS // STEPS))
        x = now.sqrt() * clean + (1 - now).sqrt() * torch.randn_like(clean)
        end = self._walked(x, level, nothing, words_there)
        with autocast(x.device):
            predicted = self.student(x, level, words_there).sample
        loss = F.mse_loss(predicted.float(), guess_that_leads(x, end, now, then))
        parallel.differentiate(loss, self.parameters)
        self.optimiser.step()
        return loss.item()

    def show(self) -> None:
        vae = AutoencoderTiny.from_pretrained(self.work / "vae-final").eval()
        student = put(copy.deepcopy(self.student), "cpu")
        pipe = export.pipeline(
            vae, put(copy.deepcopy(self.text_encoder), "cpu"), self.tokenizer, student
        )
        pipe.scheduler = export.fast_sampler()
        path = self.work / "distil-sheet.png"
        samples.save_sheet(pipe, path, prompts=samples.SHORT, steps=STEPS, guidance=1.0)


def _flat(adapters: dict[str, lora.Adapter]) -> dict[str, nn.Module]:
    """Only what is trained, under names that a ModuleDict takes."""
    return {
        name.replace(".", "/"): nn.ParameterList([adapter.down, adapter.up])
        for name, adapter in adapters.items()
    }


def train(work: Path, preset: Preset) -> None:
    """Leaves `work/fast`."""
    stage = _Distilling(work, preset)
    loop.train(stage, work, preset.distil, preset)
    if parallel.rank() == 0:
        lora.save(stage.adapters, work / "fast")
