"""Rows of many people in one call against the stock pipeline, one picture at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from PIL import Image

from inference.engine.families import unet
from inference.engine.families.family import Family
from inference.engine.families.parts import Place
from inference.engine.families.rows import RowsStepper
from inference.engine.models import find_model
from inference.engine.scheduler import Scheduler
from inference.engine.stepper import PictureRun
from inference.jobs import Reference, RenderJob

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
Wish = tuple[RenderJob, int]  # a job and the tick it arrives at

SCHEDULERS: dict[str, dict[str, Any]] = {
    "EulerDiscreteScheduler": {},
    "EulerDiscreteScheduler-karras": {"use_karras_sigmas": True},
    "EulerDiscreteScheduler-v": {"prediction_type": "v_prediction"},
    "EulerAncestralDiscreteScheduler": {},
    "DDIMScheduler": {},
    "DPMSolverMultistepScheduler": {},
    "DPMSolverMultistepScheduler-karras": {"use_karras_sigmas": True},
    "DPMSolverMultistepScheduler-sample": {"prediction_type": "sample"},
    "LCMScheduler": {},
}


@pytest.fixture(scope="module")
def family(tiny_sd: Path) -> unet.UNetFamily:
    """The tiny model in memory, once for all tests here."""
    return unet.load(find_model(str(tiny_sd)), Place(device="cpu"))


def sampler(name: str) -> Any:
    """A stock scheduler with the options the stock pipeline insists on."""
    options = {"beta_schedule": "scaled_linear", "steps_offset": 1, **SCHEDULERS[name]}
    if name == "DDIMScheduler":
        options["clip_sample"] = False
    return getattr(diffusers, name.split("-", maxsplit=1)[0])(**options)


@dataclass
class Way:
    """Where a run ended, and how large its latents were on the way."""

    latents: torch.Tensor
    largest: float

    def difference(self, other: torch.Tensor) -> float:
        """Largest difference at the end, next to the largest latent on the way."""
        return float((self.latents - other).abs().max()) / self.largest


def paint(family: Family, wishes: list[Wish], max_rows: int = 6) -> list[Way]:
    """The final latents of every wish, with staggered joins and calls shared by all."""
    stepper = RowsStepper(family)
    scheduler: Scheduler[PictureRun] = Scheduler(max_rows=lambda _lane: max_rows)
    runs = [_run(stepper, job) for job, _ in wishes]
    largest = dict.fromkeys((run.id for run in runs), 0.0)
    tick = 0
    while not all(run.is_done for run in runs):
        for run, (_, arrival) in zip(runs, wishes, strict=True):
            if arrival == tick:
                scheduler.add(run)
        batch = scheduler.next_batch()
        for run in batch:
            if run.step == 0:
                stepper.start(run)
        for run in batch:
            largest[run.id] = max(largest[run.id], float(run.state.latents.abs().max()))
        if batch:
            stepper.step(batch)
        scheduler.advance(batch)
        tick += 1
    return [Way(run.state.latents.clone(), largest[run.id]) for run in runs]


def _run(stepper: RowsStepper, job: RenderJob) -> PictureRun:
    plan = stepper.plan(job)
    reference = picture(job.seed) if job.reference else None
    return PictureRun(
        id=job.id, owner=job.id, lane=plan.lane, rows=plan.rows, steps=plan.steps,
        job=job, index=0, seed=job.seed, reference=reference,
    )  # fmt: skip


def picture(seed: int) -> Image.Image:
    """A made-up reference of 64x64 pixels."""
    pixels = torch.rand(8, 8, 3, generator=torch.Generator().manual_seed(seed)) * 255
    return Image.fromarray(pixels.byte().numpy()).resize((64, 64))


def stock(folder: Path, scheduler: Any) -> Callable[[RenderJob], torch.Tensor]:
    """The stock pipeline's final latents for a job."""
    plain = diffusers.StableDiffusionPipeline.from_pretrained(
        folder, safety_checker=None, scheduler=scheduler
    )
    again = diffusers.StableDiffusionImg2ImgPipeline(
        **plain.components, requires_safety_checker=False
    )
    for pipe in (plain, again):
        pipe.set_progress_bar_config(disable=True)

    def latents(job: RenderJob) -> torch.Tensor:
        arguments: dict[str, Any] = {
            "prompt": job.prompt,
            "negative_prompt": job.negative_prompt,
            "num_inference_steps": job.steps,
            "guidance_scale": job.guidance,
            "generator": torch.Generator("cpu").manual_seed(job.seed),
            "output_type": "latent",
        }
        if job.reference is None:
            images = plain(width=job.width, height=job.height, **arguments).images
        else:
            strength = job.reference.strength
            images = again(image=picture(job.seed), strength=strength, **arguments).images
        result: torch.Tensor = images
        return result

    return latents


def crowd(seed: int, count: int = 5) -> list[Wish]:
    """Different people: steps, guidance, words, references and arrivals drawn at random."""
    draw = random.Random(seed)
    wishes = []
    for number in range(count):
        job = RenderJob(
            id=f"{seed}-{number}",
            prompt=draw.choice(["a red star", "a blue house at night", "", "ink"]),
            negative_prompt=draw.choice(["", "grey"]),
            steps=draw.choice([2, 4, 7]),
            guidance=draw.choice([1.0, 2.5, 7.0]),
            seed=draw.randrange(1000),
            reference=Reference(sha256="r", strength=0.7) if draw.random() < 0.3 else None,
        )
        wishes.append((job, draw.randrange(6)))
    return wishes


@pytest.mark.parametrize("name", SCHEDULERS)
def test_shared_calls_paint_what_the_stock_pipeline_paints_alone(
    tiny_sd: Path, family: Family, name: str
) -> None:
    """With staggered joins and mixed jobs, every sampler stays within 1e-5 of the stock call."""
    wishes = crowd(seed=1)
    alone = stock(tiny_sd, sampler(name))
    changed = copy(family)
    changed.scheduler = sampler(name)
    painted = paint(changed, wishes)
    for ours, (job, _) in zip(painted, wishes, strict=True):
        assert ours.difference(alone(job)) <= 1e-5


def test_neighbours_leave_no_trace(family: Family) -> None:
    """On random schedules a run's latents are those of the same run alone: no cross-talk."""
    for seed in range(10):
        wishes = crowd(seed, count=4)
        together = paint(family, wishes)
        for ours, (job, _) in zip(together, wishes, strict=True):
            alone = paint(family, [(job, 0)])[0]
            assert ours.difference(alone.latents) <= 1e-5


def test_two_sizes_share_the_engine_but_no_call(tiny_sd: Path, family: Family) -> None:
    """Pictures of another size run beside the others and come out as if alone."""
    wishes = [
        (RenderJob(id="a", prompt="a red star", seed=1, steps=4), 0),
        (RenderJob(id="b", prompt="a red star", seed=2, steps=4, width=96, height=64), 1),
    ]
    alone = stock(tiny_sd, sampler("EulerDiscreteScheduler"))
    for ours, (job, _) in zip(paint(family, wishes), wishes, strict=True):
        assert ours.difference(alone(job)) <= 1e-5
