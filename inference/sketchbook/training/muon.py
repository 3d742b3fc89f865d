"""Muon: momentum whose matrix updates are made orthogonal (Jordan et al., 2024)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from inference.sketchbook.training import parallel

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(update: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """The nearest half-orthogonal matrix, roughly, by quintic Newton-Schulz; (rows, columns)."""
    a, b, c = _COEFFICIENTS
    x: torch.Tensor = (update / (update.norm() + 1e-7)).bfloat16()
    is_tall = x.shape[0] > x.shape[1]
    x = x.T if is_tall else x
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.T if is_tall else x).to(update.dtype)


class Muon:
    """Muon on matrices and convolutions, AdamW on all the rest.

    Parallel processes share out the matrices, since each has the same gradients.
    """

    def __init__(
        self,
        matrices: Iterable[nn.Parameter],
        others: Iterable[nn.Parameter],
        *,
        rate: float,
        other_rate: float = 1.5e-3,
        momentum: float = 0.95,
    ) -> None:
        self.matrices = list(matrices)
        self.rate, self.other_rate, self.momentum = rate, other_rate, momentum
        self.velocities = [torch.zeros_like(matrix) for matrix in self.matrices]
        self.adam = torch.optim.AdamW(
            list(others), lr=other_rate, betas=(0.9, 0.98), weight_decay=0
        )

    @torch.no_grad()
    def step(self, pace: float) -> None:
        """One step at `pace` times the full rates."""
        for group in self.adam.param_groups:
            group["lr"] = self.other_rate * pace
        self.adam.step()
        flat = torch.cat([self._direction(i).flatten() for i in range(len(self.matrices))])
        parallel.add_up(flat)
        sizes = [matrix.numel() for matrix in self.matrices]
        for matrix, direction in zip(self.matrices, flat.split(sizes), strict=True):
            scale = max(1.0, len(matrix) / matrix[0].numel()) ** 0.5
            matrix.add_(direction.view_as(matrix), alpha=-self.rate * pace * scale)

    def _direction(self, i: int) -> torch.Tensor:
        """Where matrix `i` goes; nowhere if it had no gradient or is another process's."""
        matrix, velocity = self.matrices[i], self.velocities[i]
        if matrix.grad is None:
            return torch.zeros_like(matrix)
        velocity.mul_(self.momentum).add_(matrix.grad)
        if i % parallel.size() != parallel.rank():
            return torch.zeros_like(matrix)
        return orthogonalise((matrix.grad + self.momentum * velocity).flatten(1))  # Nesterov

    def state_dict(self) -> dict[str, Any]:
        return {"velocities": self.velocities, "adam": self.adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for velocity, saved in zip(self.velocities, state["velocities"], strict=True):
            velocity.copy_(saved)
        self.adam.load_state_dict(state["adam"])


class Average:
    """An exponential moving average of parameters, quick at first."""

    def __init__(self, model: nn.Module, decay: float = 0.998) -> None:
        self.model, self.decay, self.steps = model, decay, 0
        self.shadow = {name: p.detach().clone() for name, p in model.named_parameters()}

    @torch.no_grad()
    def update(self) -> None:
        """Moves the average towards the parameters."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (20 + self.steps))
        for name, parameter in self.model.named_parameters():
            self.shadow[name].lerp_(parameter, 1 - decay)

    def copy_to(self, model: nn.Module) -> None:
        """Gives a model of the same shape the averaged parameters."""
        model.load_state_dict(self.shadow, strict=False)

    def state_dict(self) -> dict[str, Any]:
        return {"steps": self.steps, "shadow": self.shadow}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.steps = state["steps"]
        for name, value in state["shadow"].items():
            self.shadow[name].copy_(value)
