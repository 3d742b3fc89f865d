"""What Sketchbook's two LoRAs do: four steps instead of twenty, and a style it was not taught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks._judged import TELLINGS, Asked, Bench, Drawn, ask, loss_of_points, paint, share
from benchmarks.path import Measure
from inference.sketchbook import four_steps_dir, loras_dir
from inference.sketchbook.captions import describe
from inference.sketchbook.compositions import key_of
from inference.sketchbook.training import lora
from inference.sketchbook.training.distil import STEPS
from inference.sketchbook.training.export import fast_sampler
from inference.sketchbook.vocabulary import EXAMPLE_STYLE

STICKER, NUM_STYLED = EXAMPLE_STYLE.id, 48


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
    halves = {"one object": slice(2 * num), "two objects": slice(2 * num, None)}
    twenty = paint(bench, asked, 13, steps=20)
    plain = paint(bench, asked, 13, steps=STEPS)
    with worn(bench.pipe, four_steps_dir()), _sampled_by(bench.pipe, fast_sampler()):
        four = paint(bench, asked, 13, steps=STEPS, guidance=1.0, sheet="four-steps")

    def row(id: str, what: str, drawn: Sequence[Drawn], some: slice = slice(None)) -> Measure:
        before, after = ([one.marks.things for one in rows[some]] for rows in (twenty, drawn))
        return loss_of_points(
            id, what, before, after, 2, is_quick=bench.is_quick, together=len(TELLINGS)
        )

    return [
        row("four-steps", "things right, twenty steps to four distilled ones", four),
        *(
            row(f"four-steps-{num}", f"the same, {kind}", four, some)
            for num, (kind, some) in enumerate(halves.items(), start=1)
        ),
        replace(row("four-plain", "the same to four plain steps with guidance", plain), ok=None),
    ]


def new_style(bench: Bench) -> list[Measure]:
    """The example style on unseen prompts, and whether objects survive it.

    All single things that are held out in that style, told and drawn three times over.
    """
    num, seeds = bench.num(8, NUM_STYLED), (17, 18, 19)
    tellings = [one for seed in seeds for one in ask("single", num, seed, style=STICKER)]
    asked = sorted(tellings, key=lambda one: key_of(one.composition))
    together = len(TELLINGS) * (1 if bench.is_quick else len(seeds))
    before = paint(bench, [_in_flat(one, i) for i, one in enumerate(asked)], 17)
    with worn(bench.pipe, loras_dir() / STICKER):
        after = paint(bench, asked, 17, sheet=STICKER)
    return [
        share("style-lora", "style LoRA: the new style on unseen prompts",
              [one.marks.style for one in after], 92,
              is_quick=bench.is_quick, together=together),
        loss_of_points("style-lora-objects", "style LoRA: objects right, from flat style",
                       [one.marks.objects for one in before],
                       [one.marks.objects for one in after], 4,
                       is_quick=bench.is_quick, together=together),
    ]  # fmt: skip


def _in_flat(asked: Asked, seed: int) -> Asked:
    """The same scene in a style that the model was taught."""
    scene = replace(asked.composition, style="flat")
    told = describe(Random(seed), scene, asked.language, is_full=True)
    return replace(asked, composition=scene, prompt=told.text)
