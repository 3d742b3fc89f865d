"""Walking down the noise levels by hand, for stages that learn from where the model gets to."""

from __future__ import annotations

import torch

from inference.sketchbook.samples import GUIDANCE
from inference.sketchbook.training.device import autocast
from inference.sketchbook.training.untyped import Diffusers

LEVELS = 1000


def levels(steps: int) -> list[int]:
    """Where a walk of so many steps sets out, and where each further step does: 999, 874, … 124."""
    return [LEVELS * (steps - i) // steps - 1 for i in range(steps)]


def kept_at(kept: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
    """Alpha-bar at these levels, (B, 1, 1, 1); below the first level everything is kept."""
    found = torch.where(level < 0, torch.ones_like(kept[0]), kept[level.clamp(min=0)])
    return found.view(-1, 1, 1, 1)


def step(
    x: torch.Tensor, clean: torch.Tensor, now: torch.Tensor, then: torch.Tensor
) -> torch.Tensor:
    """One deterministic step (Song et al., 2021) between two alpha-bars, given a clean guess."""
    noise = (x - now.sqrt() * clean) / (1 - now).sqrt()
    return then.sqrt() * clean + (1 - then).sqrt() * noise


def guided(
    model: Diffusers,
    x: torch.Tensor,
    level: torch.Tensor,
    without: torch.Tensor,
    told: torch.Tensor,
) -> torch.Tensor:
    """The clean guess, words pushed away from no words; both of them (B, T, D).

    Only the guess with words carries a gradient: otherwise a model could learn to draw badly
    without them, so as to point away from it.
    """
    with autocast(x.device):
        with torch.no_grad():
            nothing = model(x, level, without).sample.float()
        something = model(x, level, told).sample.float()
    return nothing + GUIDANCE * (something - nothing)
