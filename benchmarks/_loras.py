"""What Sketchbook's two LoRAs do: four steps instead of twenty, and a style it was not taught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks._judged import Asked, Bench, Drawn, ask, loss_of_points, paint, share
from benchmarks.path import Measure
from inference.sketchbook import FOUR_STEPS, loras_dir
from inference.sketchbook.captions import describe
from inference.sketchbook.training import lora
from inference.sketchbook.training.distil import STEPS
from inference.sketchbook.training.export import fast_sampler
from inference.sketchbook.vocabulary import EXAMPLE_STYLE


@contextmanager
def worn(pipe: Any, folder: Path) -> Iterator[None]:
    """The pipeline with a LoRA on."""
    adapters = lora.wear(pipe.unet, folder)
    try:
        yield
    finally:
        lora.take_off(pipe.unet, adapters)


@contextmanager
def _sampled_by(pipe: Any, scheduler: Any) -> Iterator[None]:
    own, pipe.scheduler = pipe.scheduler, scheduler
    try:
        yield
    finally:
        pipe.scheduler = own


def few_steps(bench: Bench) -> list[Measure]:
    """Four distilled steps, four plain ones and twenty, on the same scenes and seeds."""
    num = bench.num(8, 150)
    asked = [*ask("single", num, 13), *ask("pair", num, 13)]
    twenty = paint(bench, asked, 13, steps=20)
    plain = paint(bench, asked, 13, steps=STEPS)
    with worn(bench.pipe, loras_dir() / FOUR_STEPS), _sampled_by(bench.pipe, fast_sampler()):
        four = paint(bench, asked, 13, steps=STEPS, guidance=1.0, sheet=FOUR_STEPS)

    def row(id: str, what: str, drawn: Sequence[Drawn], goal: float) -> Measure:
        before, after = ([one.marks.things for one in rows] for rows in (twenty, drawn))
        return loss_of_points(id, what, before, after, goal, is_quick=bench.is_quick)

    return [
        row("four-steps", "things right, twenty steps to four distilled ones", four, 2),
        row("four-plain", "the same to four steps without the LoRA", plain, 100),
    ]


def new_style(bench: Bench) -> list[Measure]:
    """The example style on unseen prompts, and whether objects survive it."""
    num = bench.num(8, 150)
    asked = ask("single", num, 17, style=EXAMPLE_STYLE.id)
    before = paint(bench, [_in_flat(one, i) for i, one in enumerate(asked)], 17)
    with worn(bench.pipe, loras_dir() / EXAMPLE_STYLE.id):
        after = paint(bench, asked, 17, sheet=EXAMPLE_STYLE.id)
    return [
        share("style-lora", "style LoRA: the new style on unseen prompts",
              [one.marks.style for one in after], 92, is_quick=bench.is_quick),
        loss_of_points("style-lora-objects", "style LoRA: objects right, from flat style",
                       [one.marks.objects for one in before],
                       [one.marks.objects for one in after], 4, is_quick=bench.is_quick),
    ]  # fmt: skip


def _in_flat(asked: Asked, seed: int) -> Asked:
    """The same scene in a style that the model was taught."""
    scene = replace(asked.composition, style="flat")
    told = describe(Random(seed), scene, asked.language, is_full=True)
    return replace(asked, composition=scene, prompt=told.text)
