"""A sampler as a table of numbers, read off the stock diffusers scheduler by probing it.

A denoising step is affine in the latents x, the network's output e, the previous guess of the
finished picture h and fresh noise n:

    x' = a·x + b·e + d·h + c·n        and the new guess is        h' = p·x + q·e

so the scheduler is run once on scalars per course (``probing.py``), and the loop needs no scheduler
object. Where a part of a picture z is kept, x' is there overwritten with

    k·z + m·n0                          n0: the noise the run began with

This module knows no network and no request.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from inference.engine.pictures import steps_to_ask

# What a job may name (``jobs.SAMPLERS``): the stock class, and what it changes in the model's own
# configuration.
_NAMED: dict[str, tuple[str, dict[str, Any]]] = {
    "euler": ("EulerDiscreteScheduler", {"use_karras_sigmas": False}),
    "euler-karras": ("EulerDiscreteScheduler", {"use_karras_sigmas": True}),
    "euler-trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
    "euler-ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "ddim": ("DDIMScheduler", {"clip_sample": False}),
    "ddim-trailing": ("DDIMScheduler", {"clip_sample": False, "timestep_spacing": "trailing"}),
    "dpm": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": False}),
    "dpm-karras": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    "lcm": ("LCMScheduler", {}),
}


class UnknownSampler(Exception):
    """This scheduler cannot be written as a table; the stock pipeline has to run it."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """The numbers of one step."""

    timestep: float
    in_scale: float  # of x, before it goes into the network
    a: float
    b: float
    c: float
    d: float
    p: float
    q: float
    k: float = 1.0
    m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Course:
    """Which steps a pipeline takes of a scheduler's; what one table is for."""

    steps: int  # as the person asked
    strength: float | None = None  # of a reference, 0…1]; None: from noise alone
    has_mask: bool = False  # a part of the reference is kept
    flow_shift: float | None = None  # ``mu`` of a flow-matching pipeline; None: as the scheduler is
    rounds_up: bool = False  # a part of a step at the beginning is taken whole

    @property
    def num_asked(self) -> int:
        """The step count to ask the scheduler for: enough for ``strength`` to leave one."""
        return self.steps if self.strength is None else steps_to_ask(self.steps, self.strength)

    @property
    def first(self) -> int:
        """The first step taken of those asked for."""
        if self.strength is None:
            return 0
        share = min(self.num_asked * self.strength, self.num_asked)
        return int(self.num_asked - share) if self.rounds_up else self.num_asked - int(share)

    @property
    def is_from_noise(self) -> bool:
        """True where the first latents hold nothing of the reference."""
        return self.strength is None or (self.has_mask and self.strength == 1.0)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Everything a run needs of its sampler."""

    name: str  # the scheduler's class
    start_latents: float  # share of the reference's latents in the first x
    start_noise: float  # share of noise in the first x
    steps: tuple[Step, ...]


def named(sampler: str, scheduler: Any) -> Any:
    """The stock scheduler of that name for a model whose own is ``scheduler``; "" is its own.

    Raises ``UnknownSampler`` where the model does not learn from noise as these expect.
    """
    if not sampler:
        return scheduler
    if hasattr(scheduler, "scale_noise"):  # flow matching, which has one sampler
        raise UnknownSampler(sampler)
    name, changes = _NAMED[sampler]
    kind = getattr(__import__("diffusers", fromlist=[name]), name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind.from_config(scheduler.config, **changes)
