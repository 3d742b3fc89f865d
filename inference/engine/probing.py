"""Reads a sampler's table off the stock diffusers scheduler, by running it on scalars.

Where the replayed table does not follow the scheduler (a higher order, clipping, two calls per
step), ``UnknownSampler`` says so. This module knows no network and no request.
"""

from __future__ import annotations

import warnings
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from inference.engine.samplers import Course, Step, Table, UnknownSampler

if TYPE_CHECKING:
    from torch import Tensor

_TOLERANCE = 1e-5  # of the largest value on the way
# The scalars probed at once: unit inputs of (x, e) of this step and of the step before, and zero.
_X, _E, _EARLIER_X, _EARLIER_E, _ZERO = range(5)


def probe(scheduler: Any, course: Course) -> Table:
    """The numbers of every step of ``course``; raises ``UnknownSampler``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the schedulers' own, about numpy and old options
        return _probed(scheduler, course)


def _probed(scheduler: Any, course: Course) -> Table:
    try:
        scheduler = _timed(scheduler, course)
        num_taken = len(scheduler.timesteps)
        responses = [_probe_step(scheduler, course, i) for i in range(course.first, num_taken)]
        start = _start(scheduler, course)
        table = Table(
            name=type(scheduler).__name__,
            start_latents=start[0],
            start_noise=start[1],
            steps=tuple(_with_keeping(scheduler, course, _with_history(responses))),
        )
        difference = _replayed_difference(scheduler, course, table)
    except (AttributeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
        raise UnknownSampler(type(scheduler).__name__) from error
    if not difference <= _TOLERANCE:
        raise UnknownSampler(type(scheduler).__name__)
    return table


@dataclass(frozen=True, kw_only=True)
class _Response:
    """How one step answered to the probes."""

    timestep: float
    in_scale: float
    following: Tensor  # (5,) x'
    guess: Tensor  # (5,) h'
    noise: Tensor  # (5,) n, as it was drawn


def _timed(scheduler: Any, course: Course) -> Any:
    """A twin of the scheduler with the times of ``course``, which has never taken a step."""
    timed = _twin(scheduler)
    if course.flow_shift is None:
        timed.set_timesteps(course.num_asked, device="cpu")
    else:
        sigmas = np.linspace(1.0, 1 / course.num_asked, course.num_asked)
        timed.set_timesteps(sigmas=sigmas, mu=course.flow_shift, device="cpu")
    return timed


def _ready(timed: Any, begin: int) -> Any:
    """A twin about to take step ``begin``: times are made once, for they cost most of a probe."""
    ready = _twin(timed)
    if hasattr(ready, "set_begin_index"):
        ready.set_begin_index(begin)
    return ready


def _twin(scheduler: Any) -> Any:
    """A scheduler whose steps leave the first one as it is; steps write over lists, not tensors."""
    twin = copy(scheduler)
    vars(twin).update({key: copy(was) for key, was in vars(twin).items() if isinstance(was, list)})
    return twin


def _probe_step(scheduler: Any, course: Course, index: int) -> _Response:
    """Take step ``index``, after the step before it where the run has one."""
    scheduler = _ready(scheduler, max(index - 1, course.first))
    unit = torch.eye(5)
    if index > course.first:
        _take(scheduler, index - 1, unit[_EARLIER_X], unit[_EARLIER_E])
    in_scale = _scaled(scheduler, torch.ones(1), scheduler.timesteps[index])
    following, guess = _take(scheduler, index, unit[_X], unit[_E])
    return _Response(
        timestep=float(scheduler.timesteps[index]),
        in_scale=float(in_scale),
        following=following,
        guess=guess,
        noise=torch.randn(5, generator=_generator()),
    )


def _take(scheduler: Any, index: int, x: Tensor, e: Tensor) -> tuple[Tensor, Tensor]:
    """One stock step on vectors of scalars: the next x and the guess of the finished picture."""
    time = scheduler.timesteps[index]
    _scaled(scheduler, x, time)  # some schedulers insist on it before every step
    try:
        answer = scheduler.step(e, time, x, generator=_generator())
    except TypeError:  # a scheduler that draws no noise
        answer = scheduler.step(e, time, x)
    return answer.prev_sample, _guess(scheduler, answer, index, x, e)


def _guess(scheduler: Any, answer: Any, index: int, x: Tensor, e: Tensor) -> Tensor:
    """What the scheduler takes the finished picture to be."""
    for name in ("pred_original_sample", "denoised"):
        if getattr(answer, name, None) is not None:
            guess: Tensor = getattr(answer, name)
            return guess
    if str(getattr(scheduler.config, "algorithm_type", "")).endswith("dpmsolver++"):
        last: Tensor = scheduler.model_outputs[-1]
        return last
    if hasattr(scheduler, "scale_noise"):  # flow matching: x = (1 - sigma)·x0 + sigma·n
        return x - scheduler.sigmas[index] * e
    raise UnknownSampler(type(scheduler).__name__)


def _with_history(responses: list[_Response]) -> list[Step]:
    """Turn answers into columns; ``d`` is how the step before came back in this one."""
    steps = []
    earlier: Step | None = None
    for response in responses:
        c = float(response.following[_ZERO] / response.noise[_ZERO])
        x = response.following - c * response.noise
        p, q = float(response.guess[_X]), float(response.guess[_E])
        d = 0.0
        if earlier is not None:
            size = earlier.p**2 + earlier.q**2
            d = float(x[_EARLIER_X] * earlier.p + x[_EARLIER_E] * earlier.q) / size
        earlier = Step(
            timestep=response.timestep,
            in_scale=response.in_scale,
            a=float(x[_X]),
            b=float(x[_E]),
            c=c,
            d=d,
            p=p,
            q=q,
        )
        steps.append(earlier)
    return steps


def _with_keeping(scheduler: Any, course: Course, steps: list[Step]) -> list[Step]:
    """With how the kept part of a picture is mixed for the step that follows; the last is clean."""
    if not course.has_mask:
        return steps
    before_last = [
        replace(step, k=mixed[0], m=mixed[1])
        for index, step in enumerate(steps[:-1], start=course.first + 1)
        for mixed in [_mixture(scheduler, index)]
    ]
    return [*before_last, *steps[-1:]]


def _start(scheduler: Any, course: Course) -> tuple[float, float]:
    """Shares of the reference's latents and of noise in the first x."""
    if not course.is_from_noise:
        return _mixture(scheduler, course.first)
    return 0.0, float(getattr(scheduler, "init_noise_sigma", 1.0))


def _mixture(scheduler: Any, index: int) -> tuple[float, float]:
    """Shares of a finished picture and of noise in what step ``index`` starts from."""
    scheduler = _ready(scheduler, index)
    picture, noise = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    time = scheduler.timesteps[index : index + 1]
    if hasattr(scheduler, "scale_noise"):
        mixed = scheduler.scale_noise(picture, time, noise)
    else:
        mixed = scheduler.add_noise(picture, noise, time)
    return float(mixed[0]), float(mixed[1])


def _replayed_difference(scheduler: Any, course: Course, table: Table) -> float:
    """Largest difference between the stock scheduler and the table on one random run."""
    scheduler = _ready(scheduler, course.first)
    random = torch.Generator().manual_seed(1)
    stock = ours = torch.randn(5, generator=random) * 3
    guess = torch.zeros(5)
    worst = largest = 0.0
    for index, step in enumerate(table.steps, start=course.first):
        e = torch.randn(5, generator=random)
        stock, _ = _take(scheduler, index, stock, e)
        noise = torch.randn(5, generator=_generator())
        following = step.a * ours + step.b * e + step.d * guess + step.c * noise
        guess, ours = step.p * ours + step.q * e, following
        worst = max(worst, float((stock - ours).abs().max()))
        largest = max(largest, float(stock.abs().max()))
    return worst / largest


def _scaled(scheduler: Any, x: Tensor, time: Tensor) -> Tensor:
    if not hasattr(scheduler, "scale_model_input"):
        return x
    scaled: Tensor = scheduler.scale_model_input(x, time)
    return scaled


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
