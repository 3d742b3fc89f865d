"""Asks Sketchbook for compositions that it never saw, has them judged, and counts honestly.

Intervals are 95 %. Pictures of one composition are more alike than others, and count for as
much less; those of a difference are for the same scenes drawn twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.path import Measure
from inference.sketchbook import samples
from inference.sketchbook.captions import describe
from inference.sketchbook.compositions import Composition, sample
from inference.sketchbook.judge import Detector, Marks, judge, mark
from inference.sketchbook.training.dataset import as_pixels
from inference.sketchbook.training.sheets import tile
from moderation.statistics import Z_95

TELLINGS = ("en", "zh")
"""How each composition is told, and with a seed for each."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What is measured, who judges, how thoroughly, and where sheets go."""

    pipe: Any
    eye: Detector
    is_quick: bool
    sheets: Path | None

    def num(self, quick: int, full: int) -> int:
        """How many, for this thoroughness."""
        return quick if self.is_quick else full

    def sheet(self, name: str) -> Path | None:
        """Where a sheet of this name goes, if anywhere."""
        return self.sheets / f"{name}.png" if self.sheets else None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A composition and how it was put into words, and in which language."""

    composition: Composition
    prompt: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What was asked for, and how the picture did."""

    asked: Asked
    marks: Marks


def interval(hits: Sequence[bool], together: int = 1) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927).

    Where so many in a row show one composition, the sample counts for as much less as they
    agree more than chance would have it (the design effect; Kish, 1965).
    """
    if not hits:
        return 0.0, 1.0
    share, num = sum(hits) / len(hits), len(hits) / _design_effect(hits, together)
    spread = Z_95 * Z_95 / num
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * ((share * (1 - share) + spread / 4) / num) ** 0.5
    return middle - half, middle + half


def _design_effect(hits: Sequence[bool], together: int) -> float:
    """How much larger the variance of the share is than independent pictures would have it."""
    share = sum(hits) / len(hits)
    if together == 1 or len(hits) <= together:
        return 1.0
    if share in (0.0, 1.0):
        return float(together)  # nothing differs, so nothing can be told from it
    groups = np.asarray(hits, float).reshape(-1, together).mean(1)
    return max(1.0, float(groups.var(ddof=1)) * together / (share * (1 - share)))


def share(
    id: str, what: str, hits: Sequence[bool], goal: float, *, is_quick: bool, together: int = 1
) -> Measure:
    """A share in per cent, with its interval and sample size in words."""
    value = 100 * sum(hits) / max(1, len(hits))
    low, high = (100 * bound for bound in interval(hits, together))
    return Measure(
        id=id,
        what=f"{what} (n {len(hits)}, 95 % interval {low:.1f}-{high:.1f})",
        value=round(value, 1),
        unit="%",
        goal=goal,
        ok=None if is_quick else value >= goal,
    )


def loss_of_points(
    id: str,
    what: str,
    before: Sequence[bool],
    after: Sequence[bool],
    goal: float,
    *,
    is_quick: bool,
    together: int = 1,
) -> Measure:
    """Points lost from `before` to `after` on the same scenes; less than `goal` is good."""
    num = len(before)
    losses = (np.asarray(before, float) - np.asarray(after, float)).reshape(-1, together).mean(1)
    value, spread = float(losses.mean()), float(losses.std()) / max(1, len(losses) - 1) ** 0.5
    low, high = (100 * (value + side * Z_95 * spread) for side in (-1, 1))
    told = f"{100 * sum(before) / num:.1f} % to {100 * sum(after) / num:.1f} %"
    return Measure(
        id=id,
        what=f"{what}: {told} (n {num}, 95 % interval {low:.1f} to {high:.1f})",
        value=round(100 * value, 1),
        unit="points",
        goal=goal,
        ok=None if is_quick else 100 * value <= goal,
    )


def ask(kind: str, num: int, seed: int, *, style: str | None = None) -> list[Asked]:
    """That many unseen compositions, each told in every language, leaving nothing out."""
    random, scenes = (
        Random(f"{kind} {seed}"),
        dict[Composition, None](),
    )  # in their order, once each
    while len(scenes) < num:
        scenes[sample(random, kind, held_out=True, style=style)] = None
    return [
        Asked(
            composition=scene,
            prompt=describe(random, scene, language, is_full=True).text,
            language=language,
        )
        for scene in scenes
        for language in TELLINGS
    ]


def paint(
    bench: Bench,
    asked: Sequence[Asked],
    seed: int,
    *,
    sheet: str = "",
    steps: int = samples.STEPS,
    guidance: float = samples.GUIDANCE,
) -> list[Drawn]:
    """Draws them, each with a seed of its own, and judges what comes."""
    prompts = [one.prompt for one in asked]
    pictures = samples.draw(bench.pipe, prompts, seed=1000 * seed, steps=steps, guidance=guidance)
    place = bench.sheet(sheet) if sheet else None
    if place:
        tile(pictures[:96], columns=16).save(place)
    seen = [one for part in pixels_of(pictures).split(128) for one in judge(bench.eye, part)]
    return [
        Drawn(asked=one, marks=mark(one.composition, judgement))
        for one, judgement in zip(asked, seen, strict=True)
    ]


def pixels_of(pictures: Sequence[Image.Image]) -> torch.Tensor:
    """(n, 3, 64, 64) from -1 to 1."""
    return as_pixels(np.stack([np.asarray(picture.convert("RGB")) for picture in pictures]))
