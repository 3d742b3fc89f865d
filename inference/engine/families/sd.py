"""Stable Diffusion 1.x and 2.x, Sketchbook among them: rows of many people in one U-Net call.

It knows the U-Net, the autoencoder and the text encoder, and nothing of turns or people. The
arithmetic is the stock pipeline's: same seeds, same noise, same guidance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from inference.engine.families.codec import LatentCodec
from inference.engine.families.words import WordEncoder, Words
from inference.engine.pictures import fit_reference, to_picture
from inference.engine.samplers import Step, Table, UnknownSampler, probe
from inference.engine.scheduler import Lane
from inference.engine.stepper import Painted, PictureRun, Plan
from inference.jobs import RenderFailed, RenderJob

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

_MAX_DECODED_LATENTS = 4 * 64 * 64  # per call of the decoder, which is the hungriest part
_MAX_TABLES = 256


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A model in memory, on one device."""

    name: str  # as the operator named it
    unet: Any
    codec: LatentCodec
    words: WordEncoder
    scheduler: Any  # the stock one, for probing only
    device: str


@dataclass(kw_only=True, eq=False)
class Canvas:
    """What a run holds on the device."""

    table: Table
    generator: torch.Generator  # on the CPU, so that every device paints the same picture
    latents: Tensor  # (1, C, h, w), float32
    guess: Tensor  # (1, C, h, w): the finished picture as of the last step; zeros before
    wanted: Words
    unwanted: Words | None  # None: no guidance


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Runs side by side; kept while the same runs go on together, so that nothing is copied."""

    ids: tuple[str, ...]
    states: Tensor  # (rows, T, D): the wanted words of all, then the unwanted of the guided
    guided: Tensor | None  # (G,) places of the guided among the runs; None: all of them
    num_guided: int
    latents: Tensor  # (B, C, h, w)
    guess: Tensor  # (B, C, h, w)


class StableDiffusionStepper:
    """The ``Stepper`` of U-Net models with one CLIP text encoder."""

    max_started = 64

    def __init__(self, parts: Parts) -> None:
        self.name = parts.name
        self._parts = parts
        self._channels = int(parts.unet.config.in_channels)
        self._tables: dict[tuple[int, float | None], Table] = {}
        self._gathered: Gathered | None = None

    def plan(self, job: RenderJob) -> Plan:
        factor = self._parts.codec.factor
        if job.width % factor or job.height % factor:
            raise RenderFailed("render-size-unfit", multiple=factor)
        lane = Lane(
            model=self.name,
            height=job.height // factor,
            width=job.width // factor,
            channels=self._channels,
        )
        try:
            steps = len(self._table(job).steps)
        except UnknownSampler:
            raise RenderFailed("render-steps-unfit", steps=job.steps) from None
        return Plan(lane=lane, rows=2 if job.guidance > 1 else 1, steps=steps)

    @torch.inference_mode()
    def start(self, run: PictureRun) -> None:
        job, words = run.job, self._parts.words
        table = self._table(job)
        generator = torch.Generator("cpu").manual_seed(run.seed)
        shape = (1, self._channels, run.lane.height, run.lane.width)
        latents = torch.zeros(shape, device=self._parts.device)
        if run.reference is not None:
            picture = fit_reference(run.reference, job.width, job.height)
            latents = table.start_latents * self._parts.codec.encode(picture, generator)
        latents = latents + table.start_noise * self._draw(generator, shape)
        run.state = Canvas(
            table=table,
            generator=generator,
            latents=latents,
            guess=torch.zeros_like(latents),
            wanted=words.encode(job.prompt),
            unwanted=words.encode(job.negative_prompt) if run.rows == 2 else None,
        )

    @torch.inference_mode()
    def step(self, runs: Sequence[PictureRun]) -> None:
        now = self._gather(runs)
        steps = [_canvas(run).table.steps[run.step] for run in runs]
        numbers = self._numbers(steps, [run.job.guidance for run in runs])
        predicted = self._predict(now, numbers)
        latents = numbers["a"] * now.latents + numbers["b"] * predicted
        if any(step.d for step in steps):
            latents = latents + numbers["d"] * now.guess
        if any(step.c for step in steps):
            latents = latents + numbers["c"] * self._fresh_noise(runs, steps)
        guess = numbers["p"] * now.latents + numbers["q"] * predicted
        self._scatter(runs, now, latents, guess)

    @torch.inference_mode()
    def preview(self, runs: Sequence[PictureRun]) -> list[Image]:
        guesses = torch.cat([_canvas(run).guess for run in runs])
        pictures = [to_picture(colors) for colors in self._parts.codec.to_colors(guesses)]
        return [picture for picture in pictures if picture is not None]

    @torch.inference_mode()
    def finish(self, runs: Sequence[PictureRun]) -> list[Painted]:
        at_once = max(1, _MAX_DECODED_LATENTS // runs[0].lane.area)
        painted = []
        for first in range(0, len(runs), at_once):
            chosen = runs[first : first + at_once]
            pixels = self._parts.codec.decode(torch.cat([_canvas(run).latents for run in chosen]))
            painted += [
                Painted(image=to_picture(one), how=self._how(run))
                for one, run in zip(pixels, chosen, strict=True)
            ]
        return painted

    def drop(self, run: PictureRun) -> None:
        run.state = None
        if self._gathered is not None and run.id in self._gathered.ids:
            self._gathered = None

    def close(self) -> None:
        self._gathered = None
        if self._parts.device != "cpu":
            torch.cuda.empty_cache()

    def _table(self, job: RenderJob) -> Table:
        strength = job.reference.strength if job.reference else None
        key = job.steps, strength
        if key not in self._tables:
            if len(self._tables) >= _MAX_TABLES:
                self._tables.clear()
            self._tables[key] = probe(self._parts.scheduler, job.steps, strength)
        return self._tables[key]

    def _draw(self, generator: torch.Generator, shape: tuple[int, ...]) -> Tensor:
        return torch.randn(shape, generator=generator).to(self._parts.device)

    def _gather(self, runs: Sequence[PictureRun]) -> Gathered:
        """Put the runs side by side; no copy where the last step had the same ones."""
        ids = tuple(run.id for run in runs)
        if self._gathered is not None and self._gathered.ids == ids:
            return self._gathered
        canvases = [_canvas(run) for run in runs]
        guided = [place for place, canvas in enumerate(canvases) if canvas.unwanted is not None]
        unwanted = [canvas.unwanted.states for canvas in canvases if canvas.unwanted is not None]
        is_mixed = 0 < len(guided) < len(runs)
        return Gathered(
            ids=ids,
            states=torch.cat([*(canvas.wanted.states for canvas in canvases), *unwanted]),
            guided=torch.tensor(guided, device=self._parts.device) if is_mixed else None,
            num_guided=len(guided),
            latents=torch.cat([canvas.latents for canvas in canvases]),
            guess=torch.cat([canvas.guess for canvas in canvases]),
        )

    def _scatter(
        self, runs: Sequence[PictureRun], now: Gathered, latents: Tensor, guess: Tensor
    ) -> None:
        """Give each run its part of the result: views, not copies."""
        for place, run in enumerate(runs):
            canvas = _canvas(run)
            canvas.latents = latents[place : place + 1]
            canvas.guess = guess[place : place + 1]
        self._gathered = replace(now, latents=latents, guess=guess)

    def _numbers(self, steps: Sequence[Step], guidance: Sequence[float]) -> dict[str, Tensor]:
        """Each number of the steps as a (B, 1, 1, 1) column, in one copy to the device."""
        names = ("timestep", "in_scale", "a", "b", "c", "d", "p", "q")
        rows = [
            [scale, *(getattr(s, name) for name in names)]
            for s, scale in zip(steps, guidance, strict=True)
        ]
        table = torch.tensor(rows).to(self._parts.device, non_blocking=True)
        columns = table.t().reshape(len(names) + 1, len(steps), 1, 1, 1)
        return dict(zip(("guidance", *names), columns, strict=True))

    def _predict(self, now: Gathered, numbers: dict[str, Tensor]) -> Tensor:
        """The network's output (B, C, h, w) with guidance applied, in one call for all rows."""
        scaled = numbers["in_scale"] * now.latents
        times = numbers["timestep"].flatten()
        scale = numbers["guidance"]
        if now.guided is not None:
            scaled_again, times_again = scaled[now.guided], times[now.guided]
            scale = scale[now.guided]
        else:
            scaled_again, times_again = scaled[: now.num_guided], times[: now.num_guided]
        output = self._parts.unet(
            torch.cat([scaled, scaled_again]).to(self._parts.unet.dtype),
            torch.cat([times, times_again]),
            encoder_hidden_states=now.states,
            return_dict=False,
        )[0].float()
        wanted, unwanted = output[: len(scaled)], output[len(scaled) :]
        if now.num_guided == 0:
            return wanted
        if now.guided is None:
            return unwanted + scale * (wanted - unwanted)
        steered = unwanted + scale * (wanted[now.guided] - unwanted)
        return wanted.index_copy(0, now.guided, steered)

    def _fresh_noise(self, runs: Sequence[PictureRun], steps: Sequence[Step]) -> Tensor:
        """(B, C, h, w): each run's own noise, zeros where its sampler draws none."""
        shape = (1, self._channels, runs[0].lane.height, runs[0].lane.width)
        noises = [
            torch.randn(shape, generator=_canvas(run).generator) if step.c else torch.zeros(shape)
            for run, step in zip(runs, steps, strict=True)
        ]
        return torch.cat(noises).to(self._parts.device)

    def _how(self, run: PictureRun) -> dict[str, Any]:
        canvas = _canvas(run)
        cut = [("render-notice-prompt-cut", canvas.wanted)]
        if canvas.unwanted is not None:
            cut.append(("render-notice-negative-cut", canvas.unwanted))
        return {
            "model": self.name,
            "sampler": canvas.table.name,
            "steps": run.steps,
            "guidance": run.job.guidance if canvas.unwanted is not None else 1.0,
            "lane": "steps",
            "notices": [
                {"key": key, "args": {"words": words.num_left_out}}
                for key, words in cut
                if words.num_left_out
            ],
        }


def _canvas(run: PictureRun) -> Canvas:
    canvas: Canvas = run.state
    return canvas
