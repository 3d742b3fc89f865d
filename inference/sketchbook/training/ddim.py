"""Walking down the noise levels by hand, for stages that learn from where the model gets to."""

from __future__ import annotations

import torch

from inference.sketchbook.samples import GUIDANCE
from inference.sketchbook.training.device import autocast
from inference.sketchbook.training.untyped import Diffusers

LEVELS = 1000


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
    """The clean guess, words pushed away from no words; both of them (B, T, D)."""
    with autocast(x.device):
        both = model(torch.cat([x, x]), torch.cat([level, level]), torch.cat([without, told]))
    nothing, something = both.sample.float().chunk(2)
    return nothing + GUIDANCE * (something - nothing)
