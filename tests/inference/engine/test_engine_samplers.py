"""Samplers as tables, against the stock schedulers they were read off."""

from __future__ import annotations

from typing import Any

import diffusers
import pytest
import torch

from inference.engine.probing import probe
from inference.engine.samplers import Course, UnknownSampler, named
from inference.jobs import SAMPLERS

V_TRAILING = {
    "prediction_type": "v_prediction",
    "timestep_spacing": "trailing",
    "rescale_betas_zero_snr": True,
}
# diffusers 0.42 with numpy 2.4 warns at each ``set_timesteps``
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
KNOWN: list[tuple[str, dict[str, Any]]] = [
    ("EulerDiscreteScheduler", {}),
    ("EulerDiscreteScheduler", {"use_karras_sigmas": True}),
    ("EulerDiscreteScheduler", V_TRAILING),
    ("EulerDiscreteScheduler", {"prediction_type": "sample"}),
    ("EulerAncestralDiscreteScheduler", {}),
    ("EulerAncestralDiscreteScheduler", {"prediction_type": "v_prediction"}),
    ("DDIMScheduler", {"clip_sample": False, "steps_offset": 1}),
    ("DDIMScheduler", {"clip_sample": False, **V_TRAILING}),
    ("DDIMScheduler", {"clip_sample": False, "steps_offset": 1, "prediction_type": "sample"}),
    ("DPMSolverMultistepScheduler", {}),
    ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    ("DPMSolverMultistepScheduler", {"prediction_type": "sample", "steps_offset": 1}),
    ("DPMSolverMultistepScheduler", V_TRAILING),
    ("DPMSolverMultistepScheduler", {**V_TRAILING, "prediction_type": "sample"}),
    ("LCMScheduler", {}),
    ("FlowMatchEulerDiscreteScheduler", {"shift": 3.0}),
]


def stock(name: str, options: dict[str, Any]) -> Any:
    """The stock scheduler."""
    if name != "FlowMatchEulerDiscreteScheduler":
        options = {"beta_schedule": "scaled_linear", **options}
    return getattr(diffusers, name)(**options)


@pytest.mark.parametrize(("name", "options"), KNOWN)
@pytest.mark.parametrize("num_steps", [1, 4, 20])
@pytest.mark.parametrize("strength", [None, 0.6])
def test_a_table_follows_the_stock_scheduler(
    name: str, options: dict[str, Any], num_steps: int, strength: float | None
) -> None:
    """Replayed on tensors with a made-up network, table and scheduler end at the same place."""
    scheduler = stock(name, options)
    table = probe(scheduler, Course(steps=num_steps, strength=strength))
    scheduler.set_timesteps(max(num_steps, 2 if strength else 1))
    times = scheduler.timesteps[-len(table.steps) :]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(len(scheduler.timesteps) - len(times))
    theirs = ours = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(2))
    first, second = torch.Generator().manual_seed(5), torch.Generator().manual_seed(5)
    guess = torch.zeros_like(ours)
    for time, step in zip(times, table.steps, strict=True):
        theirs = _stock_step(scheduler, theirs, time, first)
        out = torch.tanh(ours * step.in_scale + step.timestep / 1000)
        noise = torch.randn(ours.shape, generator=second) if step.c else 0.0
        following = step.a * ours + step.b * out + step.c * noise + step.d * guess
        guess, ours = step.p * ours + step.q * out, following
    assert float((theirs - ours).abs().max() / theirs.abs().max()) <= 1e-5


def _stock_step(scheduler: Any, x: torch.Tensor, time: Any, generator: Any) -> torch.Tensor:
    scale = getattr(scheduler, "scale_model_input", lambda x, _time: x)
    out = torch.tanh(scale(x, time) + float(time) / 1000)
    try:
        following: torch.Tensor = scheduler.step(out, time, x, generator=generator).prev_sample
    except TypeError:
        following = scheduler.step(out, time, x).prev_sample
    return following


@pytest.mark.parametrize("name", ["EulerDiscreteScheduler", "DDIMScheduler"])
def test_a_reference_starts_where_the_stock_scheduler_mixes_it(name: str) -> None:
    """The first latents of an img2img run are what ``add_noise`` makes of picture and noise."""
    options = {"clip_sample": False} if name == "DDIMScheduler" else {}
    scheduler = stock(name, {"steps_offset": 1, **options})
    table = probe(scheduler, Course(steps=10, strength=0.5))
    scheduler.set_timesteps(10)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(5)
    picture, noise = torch.randn(1, 4, 8, 8), torch.randn(1, 4, 8, 8)
    mixed = scheduler.add_noise(picture, noise, scheduler.timesteps[5:6])
    ours = table.start_latents * picture + table.start_noise * noise
    torch.testing.assert_close(ours, mixed)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("HeunDiscreteScheduler", {}),  # two calls per step
        ("DDIMScheduler", {"clip_sample": True}),  # not affine
        ("DPMSolverMultistepScheduler", {"solver_order": 3}),  # two earlier guesses
        ("UniPCMultistepScheduler", {}),  # corrects the step before
        ("PNDMScheduler", {"skip_prk_steps": True}),  # four earlier outputs
    ],
)
def test_what_is_no_table_is_refused(name: str, options: dict[str, Any]) -> None:
    """A scheduler that the table cannot follow is refused, never approximated."""
    scheduler = stock(name, {"steps_offset": 1, **options})
    with pytest.raises(UnknownSampler):
        probe(scheduler, Course(steps=8))


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("own", ["DPMSolverMultistepScheduler", "EulerDiscreteScheduler"])
def test_every_named_sampler_is_a_table_for_every_prediction_type(name: str, own: str) -> None:
    """Whatever the model's own sampler is, a job may name another, for each prediction type."""
    for kind in ("epsilon", "v_prediction", "sample"):
        if kind == "sample" and name == "euler-ancestral":
            continue  # diffusers has no such sampler
        scheduler = stock(own, {"prediction_type": kind, "steps_offset": 1})
        table = probe(named(name, scheduler), Course(steps=4))
        assert len(table.steps) == 4
        assert "trailing" not in name or table.steps[0].timestep == 999


def test_a_flow_matching_model_has_its_own_sampler_only() -> None:
    """Samplers for noise do not fit a model that learned flows, and are refused."""
    scheduler = stock("FlowMatchEulerDiscreteScheduler", {})
    assert named("", scheduler) is scheduler
    with pytest.raises(UnknownSampler):
        named("ddim", scheduler)


def test_probing_makes_the_times_once_and_leaves_the_scheduler_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Times cost most of a probe, which everybody waits for; and other courses probe the same one."""
    scheduler = stock("DPMSolverMultistepScheduler", {"use_karras_sigmas": True})
    before = {key: repr(value) for key, value in vars(scheduler).items()}
    kind, calls = type(scheduler), []
    make = kind.set_timesteps
    monkeypatch.setattr(
        kind, "set_timesteps", lambda self, *a, **b: calls.append(1) or make(self, *a, **b)
    )
    assert len(probe(scheduler, Course(steps=20, strength=0.9, has_mask=True)).steps) == 18
    assert len(calls) == 1
    assert {key: repr(value) for key, value in vars(scheduler).items()} == before
