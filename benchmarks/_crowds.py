"""People with different jobs in shared calls, and what the stock pipelines paint for each alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
from PIL import Image

from inference.engine.families.family import Family
from inference.engine.families.quick import Quick
from inference.engine.families.rows import RowsStepper
from inference.engine.scheduler import Scheduler
from inference.engine.stepper import PictureRun
from inference.jobs import SAMPLERS, Reference, RenderJob

_SIZED = ("Flux", "ZImage")  # their pipelines want the size of a reference told
Wish = tuple[RenderJob, int]  # a job and the tick it arrives at


@dataclass
class Way:
    """Where a run ended, and how large its latents were on the way."""

    latents: torch.Tensor
    largest: float

    def difference(self, other: torch.Tensor) -> float:
        """Largest difference at the end, next to the largest latent on the way or at the end."""
        largest = max(self.largest, float(other.abs().max()))
        return float((self.latents - other).abs().max()) / largest


def paint(
    family: Family, wishes: list[Wish], max_rows: int = 6, quick: Quick | None = None
) -> list[Way]:
    """The final latents of every wish, with staggered joins and calls shared by all."""
    stepper = RowsStepper(family, quick)
    scheduler: Scheduler[PictureRun] = Scheduler(max_rows=lambda _lane: max_rows)
    runs = [run_of(stepper, job) for job, _ in wishes]
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


def cross_talk(family: Family, seed: int) -> float:
    """The largest difference that company makes to anybody in a small random crowd."""
    draw = random.Random(seed)
    kinds = "p" if family.input_channels > family.codec.channels else "tip"
    samplers = ("",) if hasattr(family.scheduler, "scale_noise") else ("", *SAMPLERS)
    wishes = crowd(seed, count=3, kinds=kinds, max_steps=4, samplers=samplers)
    together = paint(family, wishes, max_rows=draw.randint(2, 6))
    alone = [paint(family, [(job, 0)])[0] for job, _ in wishes]
    return max(one.difference(other.latents) for one, other in zip(together, alone, strict=True))


def run_of(stepper: RowsStepper, job: RenderJob) -> PictureRun:
    """The first picture of ``job``, with a made-up reference and mask where it names them."""
    plan = stepper.plan(job)
    size = job.width, job.height
    has_mask = job.reference is not None and bool(job.reference.mask)
    return PictureRun(
        id=job.id, owner=job.id, lane=plan.lane, rows=plan.rows, steps=plan.steps,
        job=job, index=0, seed=job.seed,
        reference=picture(job.seed, size) if job.reference else None,
        mask=mask(job.seed, size) if has_mask else None,
    )  # fmt: skip


def picture(seed: int, size: tuple[int, int] = (64, 64)) -> Image.Image:
    """A made-up reference."""
    pixels = torch.rand(8, 8, 3, generator=torch.Generator().manual_seed(seed)) * 255
    return Image.fromarray(pixels.byte().numpy()).resize(size)


def mask(seed: int, size: tuple[int, int] = (64, 64)) -> Image.Image:
    """A made-up mask: a rectangle to paint anew."""
    made = Image.new("L", size, 0)
    made.paste(255, (8 * (seed % 3), 16, size[0] - 16, size[1] - 8 * (seed % 2)))
    return made


def stock(folder: Path, name: str, scheduler: Any = None) -> Callable[[RenderJob], torch.Tensor]:
    """The final latents of the stock pipelines ``name``, their img2img and inpaint for a job."""
    options = {"scheduler": scheduler} if scheduler is not None else {}
    if name == "StableDiffusion":
        options["safety_checker"] = None
    has_nine_channels = (folder / "model_index.json").read_text("utf-8").count("Inpaint") > 0
    kind = f"{name}InpaintPipeline" if has_nine_channels else f"{name}Pipeline"
    first = getattr(diffusers, kind).from_pretrained(folder, **options)

    def latents(job: RenderJob) -> torch.Tensor:
        pipe = _pipe(first, name, job)
        pipe.set_progress_bar_config(disable=True)
        is_img2img = job.reference is not None and not job.reference.mask
        arguments = _arguments(job, takes_size=name in _SIZED or not is_img2img)
        if name != "Flux":
            arguments["negative_prompt"] = job.negative_prompt or None
        if name == "ZImage":  # counts guidance from 0
            arguments["guidance_scale"] = max(0.0, job.guidance - 1)
        result: torch.Tensor = pipe(**arguments).images
        if name == "Flux":
            unpack = pipe._unpack_latents  # noqa: SLF001 - the stock order, not one of ours
            result = unpack(result, job.height, job.width, pipe.vae_scale_factor)
        return result

    return latents


def _pipe(first: Any, name: str, job: RenderJob) -> Any:
    """The stock pipeline for this kind of job, around the parts of the first."""
    kind = "Img2Img" if job.reference else ""
    if job.reference and job.reference.mask:
        kind = "Inpaint"
    extra = {"requires_safety_checker": False} if name == "StableDiffusion" else {}
    return getattr(diffusers, f"{name}{kind}Pipeline")(**first.components, **extra)


def _arguments(job: RenderJob, *, takes_size: bool) -> dict[str, Any]:
    """What the stock pipelines call the parts of a job."""
    arguments: dict[str, Any] = {
        "prompt": job.prompt,
        "num_inference_steps": job.steps,
        "guidance_scale": job.guidance,
        "generator": torch.Generator("cpu").manual_seed(job.seed),
        "output_type": "latent",
    }
    size = job.width, job.height
    if takes_size:
        arguments.update(width=job.width, height=job.height)
    if job.reference is not None:
        arguments.update(image=picture(job.seed, size), strength=job.reference.strength)
        if job.reference.mask:
            arguments.update(mask_image=mask(job.seed, size))
    return arguments


def crowd(
    seed: int,
    count: int = 5,
    *,
    kinds: str = "tip",
    max_steps: int = 7,
    samplers: Sequence[str] = ("",),
) -> list[Wish]:
    """Different people: steps, guidance, words, references and arrivals drawn at random.

    ``kinds``: of t (from text), i (from a picture), p (a part painted anew); all occur.
    """
    draw = random.Random(seed)
    order = [*kinds, *draw.choices(kinds, k=max(0, count - len(kinds)))][:count]
    draw.shuffle(order)
    return [
        (
            RenderJob(
                id=f"{seed}-{number}",
                prompt=draw.choice(["a red star", "a blue house at night", "", "ink"]),
                negative_prompt=draw.choice(["", "grey"]),
                steps=draw.choice([step for step in (2, 4, 7, 12) if step <= max_steps]),
                guidance=draw.choice([1.0, 2.5, 7.0]),
                seed=draw.randrange(1000),
                reference=_reference(kind, draw),
                sampler=draw.choice(samplers),
            ),
            draw.randrange(6),
        )
        for number, kind in enumerate(order)
    ]


def _reference(kind: str, draw: random.Random) -> Reference | None:
    if kind == "t":
        return None
    strength = draw.choice([0.55, 0.7, 1.0])
    return Reference(sha256="r", strength=strength, mask="m" if kind == "p" else "")
