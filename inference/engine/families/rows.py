"""Rows of many people in one call of a network: the stepper of every family we know.

The arithmetic is the stock pipelines': same seeds, same noise, same guidance, same masks. It
knows a ``Family`` and tables of samplers, and nothing of turns or people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import torch

from inference.engine.families.canvas import Canvas, Gathered, canvas_of, columns, gather, sent
from inference.engine.families.family import Family
from inference.engine.families.quick import Quick
from inference.engine.families.sketch import Sketch
from inference.engine.pictures import paste_kept, to_picture
from inference.engine.previews import read_later
from inference.engine.probing import probe
from inference.engine.samplers import Course, Step, Table, UnknownSampler, named
from inference.engine.scheduler import Lane
from inference.engine.stepper import Painted, PictureRun, Plan
from inference.jobs import Lora, RenderFailed, RenderJob

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

_MAX_DECODED_LATENTS = 4 * 64 * 64  # per call of the decoder, which is the hungriest part
_MAX_DECODED_ON_CPU = 2  # pictures: more at once take more memory and no less time
_MAX_TABLES = 256
_HELD_FLOATS = 5  # per latent: itself, the guess, and mask, noise and picture of a repainted one
_HELD_WORDS_BYTES = 4 * 2**20  # of the longest words there are, FLUX's


class RowsStepper:
    """A ``Stepper`` whose runs share every call of the family's network."""

    max_started = 64

    def __init__(self, family: Family, quick: Quick | None = None) -> None:
        """``quick``: calls the same network faster, unless styles are worn; None: never."""
        self.name = family.name
        self.device = family.device
        self._family = family
        self._quick = quick
        self._tables: dict[tuple[str, Course], Table] = {}
        self._gathered: Gathered | None = None

    def plan(self, job: RenderJob) -> Plan:
        family = self._family
        if job.width % family.multiple or job.height % family.multiple:
            raise RenderFailed("render-size-unfit", multiple=family.multiple)
        lane = Lane(
            model=self.name,
            height=job.height // family.codec.factor,
            width=job.width // family.codec.factor,
            channels=family.input_channels,
            adapters=self._adapters(job),
        )
        try:
            steps = len(self._table(job).steps)
        except UnknownSampler:
            if job.sampler:
                raise RenderFailed("render-sampler-unfit", sampler=job.sampler) from None
            raise RenderFailed("render-steps-unfit", steps=job.steps) from None
        latents = family.codec.channels * lane.area
        return Plan(
            lane=lane,
            rows=family.num_rows(job),
            steps=steps,
            held_bytes=_HELD_FLOATS * latents * 4 + _HELD_WORDS_BYTES,
        )

    @torch.inference_mode()
    def start(self, run: PictureRun) -> None:
        with self._wearing(run.job.loras):
            reading = self._family.read(run.job)
        run.state = Sketch(self._family, run, self._table(run.job)).canvas(reading)

    @torch.inference_mode()
    def step(self, runs: Sequence[PictureRun]) -> None:
        now = self._gather(runs)
        steps = [canvas_of(run).table.steps[run.step] for run in runs]
        numbers = columns(steps, [run.job.guidance for run in runs], self._family.device)
        with self._wearing(runs[0].job.loras):
            predicted = self._predict(now, numbers, may_be_quick=not runs[0].job.loras)
        latents = numbers["a"] * now.latents + numbers["b"] * predicted
        if any(step.d for step in steps):
            latents = latents + numbers["d"] * now.guess
        if any(step.c for step in steps):
            latents = latents + numbers["c"] * self._fresh_noise(runs, steps)
        if now.kept is not None:
            latents = now.kept.over(latents, numbers["k"], numbers["m"])
        guess = numbers["p"] * now.latents + numbers["q"] * predicted
        self._gathered = now.after(runs, latents, guess)

    @torch.inference_mode()
    def preview(self, runs: Sequence[PictureRun]) -> Callable[[], list[Image]]:
        guesses = torch.cat([_whole_guess(canvas_of(run)) for run in runs])
        return read_later(self._family.codec.to_preview(guesses))

    @torch.inference_mode()
    def finish(self, runs: Sequence[PictureRun]) -> list[Painted]:
        at_once = max(1, _MAX_DECODED_LATENTS // runs[0].lane.area)
        if self.device == "cpu":
            at_once = min(at_once, _MAX_DECODED_ON_CPU)
        painted = []
        for first in range(0, len(runs), at_once):
            chosen = runs[first : first + at_once]
            latents = torch.cat([canvas_of(run).latents for run in chosen])
            pixels = self._family.codec.decode(latents)
            painted += [
                Painted(
                    image=paste_kept(to_picture(one), run.reference, run.mask), how=self._how(run)
                )
                for one, run in zip(pixels, chosen, strict=True)
            ]
        return painted

    def drop(self, run: PictureRun) -> None:
        run.state = None
        if self._gathered is not None and run.id in self._gathered.ids:
            self._gathered = None

    def close(self) -> None:
        self._gathered = None
        if self._quick is not None:
            self._quick.close()
        if self._family.device != "cpu":
            torch.cuda.empty_cache()

    def _adapters(self, job: RenderJob) -> tuple[str, ...]:
        """The styles as a lane names them; raises ``RenderFailed`` for one that is not here."""
        slots = self._family.slots
        for lora in job.loras:
            if slots is None:
                raise RenderFailed("render-lora-missing", lora=lora.name)
            slots.check(lora.name)
        return tuple(sorted(f"{lora.name}@{lora.strength!r}" for lora in job.loras))

    def _table(self, job: RenderJob) -> Table:
        key = job.sampler, self._family.course(job)
        if key not in self._tables:
            if len(self._tables) >= _MAX_TABLES:
                self._tables.clear()
            self._tables[key] = probe(named(job.sampler, self._family.scheduler), key[1])
        return self._tables[key]

    def _gather(self, runs: Sequence[PictureRun]) -> Gathered:
        """Put the runs side by side; no copy where the last step had the same ones."""
        if self._gathered is not None and self._gathered.ids == tuple(run.id for run in runs):
            return self._gathered
        return gather(runs, self._family.device)

    def _predict(self, now: Gathered, numbers: dict[str, Tensor], *, may_be_quick: bool) -> Tensor:
        """The network's output (B, C, h, w) with guidance applied, in one call for all rows."""
        x = now.with_guided(numbers["in_scale"] * now.latents)
        times = now.with_guided(numbers["timestep"].flatten())
        predict = self._quick if self._quick is not None and may_be_quick else self._family.predict
        output = predict(x, times, now.told)
        return now.steered(output.float(), numbers["guidance"])

    def _fresh_noise(self, runs: Sequence[PictureRun], steps: Sequence[Step]) -> Tensor:
        """(B, C, h, w): each run's own noise, zeros where its sampler draws none."""
        lane = runs[0].lane
        shape = (1, self._family.codec.channels, lane.height, lane.width)
        noises = [
            torch.randn(shape, generator=canvas_of(run).generator) if step.c else torch.zeros(shape)
            for run, step in zip(runs, steps, strict=True)
        ]
        return sent(torch.cat(noises), self._family.device)

    def _wearing(self, loras: Sequence[Lora]) -> AbstractContextManager[None]:
        slots = self._family.slots
        return slots.wearing(loras) if slots is not None and loras else nullcontext()

    def _how(self, run: PictureRun) -> dict[str, Any]:
        canvas = canvas_of(run)
        how = {
            "model": self.name,
            "sampler": canvas.table.name,
            "steps": run.steps,
            "guidance": self._family.guidance(run.job),
            "lane": "steps",
            "notices": list(canvas.notices),
        }
        if run.job.loras:
            how["loras"] = [{"name": one.name, "strength": one.strength} for one in run.job.loras]
        return how


def _whole_guess(canvas: Canvas) -> Tensor:
    """The guess with the kept part in its place."""
    return canvas.guess if canvas.kept is None else canvas.kept.over(canvas.guess)
