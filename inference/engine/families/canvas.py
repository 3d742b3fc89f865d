"""What a run holds on the device, and runs put side by side for one call. Knows no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from inference.engine.families.family import Told
from inference.engine.samplers import Step, Table

if TYPE_CHECKING:
    from torch import Tensor

    from inference.engine.stepper import PictureRun

_NUMBERS = ("timestep", "in_scale", "a", "b", "c", "d", "p", "q", "k", "m")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The part of a picture that is not painted anew."""

    mask: Tensor  # (B, 1, h, w): 1 where it is painted
    latents: Tensor  # (B, C, h, w) of the picture
    noise: Tensor  # (B, C, h, w) the run began with

    def over(self, latents: Tensor, k: Tensor | float = 1.0, m: Tensor | float = 0.0) -> Tensor:
        """``latents`` where the mask is 1, elsewhere k·picture + m·noise."""
        behind = k * self.latents + m * self.noise
        return (1 - self.mask) * behind + self.mask * latents


@dataclass(kw_only=True, eq=False)
class Canvas:
    """One picture on its way."""

    table: Table
    generator: torch.Generator  # on the CPU, so that every device paints the same picture
    latents: Tensor  # (1, C, h, w), float32
    guess: Tensor  # (1, C, h, w): the finished picture as of the last step; zeros before
    wanted: Told
    unwanted: Told | None  # None: no guidance
    kept: Kept | None = None
    notices: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Runs side by side; kept while the same runs go on together, so that nothing is copied."""

    ids: tuple[str, ...]
    told: Told  # (rows, …) each: what all want, then what the guided do not want
    guided: Tensor | None  # (G,) places of the guided among the runs; None: the first G
    num_guided: int
    latents: Tensor  # (B, C, h, w)
    guess: Tensor  # (B, C, h, w)
    kept: Kept | None  # None: no run keeps a part

    def after(self, runs: Sequence[PictureRun], latents: Tensor, guess: Tensor) -> Gathered:
        """The same runs a step later; each run is given its part: views, not copies."""
        for place, run in enumerate(runs):
            canvas = canvas_of(run)
            canvas.latents = latents[place : place + 1]
            canvas.guess = guess[place : place + 1]
        return replace(self, latents=latents, guess=guess)

    def with_guided(self, values: Tensor) -> Tensor:
        """(B, …) to (rows, …): the guided again at the end, for their unwanted words."""
        return torch.cat([values, self._guided_part(values)]) if self.num_guided else values

    def steered(self, output: Tensor, guidance: Tensor) -> Tensor:
        """(rows, C, h, w) to (B, C, h, w) by classifier-free guidance (arXiv 2207.12598)."""
        if not self.num_guided:
            return output
        wanted, unwanted = output[: len(self.latents)], output[len(self.latents) :]
        scale = self._guided_part(guidance)
        steered = unwanted + scale * (self._guided_part(wanted) - unwanted)
        if self.guided is not None:
            return wanted.index_copy(0, self.guided, steered)
        return torch.cat([steered, wanted[self.num_guided :]])

    def _guided_part(self, values: Tensor) -> Tensor:
        return values[: self.num_guided] if self.guided is None else values[self.guided]


def gather(runs: Sequence[PictureRun], device: str) -> Gathered:
    """Put runs of one lane side by side."""
    canvases = [canvas_of(run) for run in runs]
    places = [place for place, canvas in enumerate(canvases) if canvas.unwanted is not None]
    are_first = places == list(range(len(places)))
    told = [canvas.wanted for canvas in canvases]
    told += [canvas.unwanted for canvas in canvases if canvas.unwanted is not None]
    return Gathered(
        ids=tuple(run.id for run in runs),
        told={name: torch.cat([one[name] for one in told]) for name in told[0]},
        guided=None if are_first else sent(torch.tensor(places), device),
        num_guided=len(places),
        latents=torch.cat([canvas.latents for canvas in canvases]),
        guess=torch.cat([canvas.guess for canvas in canvases]),
        kept=_kept(canvases),
    )


def columns(steps: Sequence[Step], guidance: Sequence[float], device: str) -> dict[str, Tensor]:
    """Each number of the steps as a (B, 1, 1, 1) column, in one copy to the device."""
    rows = [
        [scale, *(getattr(step, name) for name in _NUMBERS)]
        for step, scale in zip(steps, guidance, strict=True)
    ]
    table = sent(torch.tensor(rows), device)
    shaped = table.t().reshape(len(_NUMBERS) + 1, len(steps), 1, 1, 1)
    return dict(zip(("guidance", *_NUMBERS), shaped, strict=True))


def sent(tensor: Tensor, device: str) -> Tensor:
    """From the CPU to the device, without waiting for what the device still does."""
    return tensor if device == "cpu" else tensor.pin_memory().to(device, non_blocking=True)


def canvas_of(run: PictureRun) -> Canvas:
    """The run's canvas, once it has been started."""
    canvas: Canvas = run.state
    return canvas


def _kept(canvases: Sequence[Canvas]) -> Kept | None:
    """The kept parts of all; whoever keeps nothing has a mask of ones."""
    if all(canvas.kept is None for canvas in canvases):
        return None

    def stacked(part: Callable[[Kept], Tensor], other: Callable[[Canvas], Tensor]) -> Tensor:
        return torch.cat([part(c.kept) if c.kept is not None else other(c) for c in canvases])

    return Kept(
        mask=stacked(lambda kept: kept.mask, lambda c: torch.ones_like(c.latents[:, :1])),
        latents=stacked(lambda kept: kept.latents, lambda c: torch.zeros_like(c.latents)),
        noise=stacked(lambda kept: kept.noise, lambda c: torch.zeros_like(c.latents)),
    )
