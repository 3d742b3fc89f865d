"""Asks Sketchbook for compositions that it never saw, has them judged, and counts honestly.

Intervals are Wilson's, 95 %; those of a difference are for the same scenes drawn twice.
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

_Z = 1.96


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


def wilson(hits: int, num: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927)."""
    if num == 0:
        return 0.0, 1.0
    share, z2 = hits / num, _Z * _Z
    middle = (share + z2 / (2 * num)) / (1 + z2 / num)
    half = _Z / (1 + z2 / num) * (share * (1 - share) / num + z2 / (4 * num * num)) ** 0.5
    return middle - half, middle + half


def share(id: str, what: str, hits: Sequence[bool], goal: float, *, is_quick: bool) -> Measure:
    """A share in per cent, with its interval and sample size in words."""
    value = 100 * sum(hits) / max(1, len(hits))
    low, high = (100 * bound for bound in wilson(sum(hits), len(hits)))
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
) -> Measure:
    """Points lost from `before` to `after` on the same scenes; less than `goal` is good."""
    num, pairs = len(before), list(zip(before, after, strict=True))
    lost, won = (sum(one > other for one, other in each) for each in (pairs, _turned(pairs)))
    value, spread = (lost - won) / num, (lost + won - (lost - won) ** 2 / num) ** 0.5 / num
    low, high = (100 * (value + side * _Z * spread) for side in (-1, 1))
    told = f"{100 * sum(before) / num:.1f} % to {100 * sum(after) / num:.1f} %"
    return Measure(
        id=id,
        what=f"{what}: {told} (n {num}, 95 % interval {low:.1f} to {high:.1f})",
        value=round(100 * value, 1),
        unit="points",
        goal=goal,
        ok=None if is_quick else 100 * value <= goal,
    )


def _turned(pairs: Sequence[tuple[bool, bool]]) -> list[tuple[bool, bool]]:
    return [(other, one) for one, other in pairs]


def ask(kind: str, num: int, seed: int, *, style: str | None = None) -> list[Asked]:
    """Unseen compositions, each told in English and in Chinese, leaving nothing out."""
    random = Random(f"{kind} {seed}")
    scenes = [sample(random, kind, held_out=True, style=style) for _ in range(num)]
    return [
        Asked(
            composition=scene,
            prompt=describe(random, scene, language, is_full=True).text,
            language=language,
        )
        for scene in scenes
        for language in ("en", "zh")
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
