"""How well Sketchbook draws what it is told, judged on compositions that it never saw.

    python -m benchmarks.sketchbook --json [--quick] [--sheets DIR]

Prompts leave nothing out, English and Chinese by turns, default sampler and guidance. The
judge shares neither weights, seed nor architecture with anything that trained the model; what
it makes of real scenes stands beside, since no figure can be trusted beyond that. Intervals are
Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from PIL import Image
from transformers import CLIPModel, CLIPTokenizer

from benchmarks.path import Measure, print_report
from inference.sketchbook import clip_dir, judge_dir, samples
from inference.sketchbook.captions import describe
from inference.sketchbook.compositions import Composition, sample
from inference.sketchbook.judge import Detector, Marks, judge, mark
from inference.sketchbook.training.autoencoder import psnr
from inference.sketchbook.training.clip import picture_vectors, top_one, word_vectors
from inference.sketchbook.training.dataset import as_pixels, decode, draw_many
from inference.sketchbook.training.words import ids_of
from inference.sketchbook.vocabulary import STAND_INS

_Z = 1.96


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A composition, the language that it was asked for in, and how the picture did."""

    composition: Composition
    language: str
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


def pixels_of(pictures: Sequence[Image.Image]) -> torch.Tensor:
    """(n, 3, 64, 64) from -1 to 1."""
    return as_pixels(np.stack([np.asarray(picture.convert("RGB")) for picture in pictures]))


def drawn(
    pipe: Any, eye: Detector, kind: str, num: int, seed: int, sheet: Path | None
) -> list[Drawn]:
    """Asks for unseen compositions in both languages and judges what comes."""
    random = Random(f"{kind} {seed}")
    asked = [sample(random, kind, held_out=True) for _ in range(num)]
    told = [(scene, language) for scene in asked for language in ("en", "zh")]
    prompts = [describe(random, scene, lang, is_full=True).text for scene, lang in told]
    pictures = samples.draw(pipe, prompts, seed=1000 * seed)
    if sheet:
        samples.tile(pictures[:96], columns=16).save(sheet)
    judged = judge(eye, pixels_of(pictures))
    return [
        Drawn(composition=scene, language=language, marks=mark(scene, seen))
        for (scene, language), seen in zip(told, judged, strict=True)
    ]


def adherence(pipe: Any, eye: Detector, *, is_quick: bool, sheets: Path | None) -> list[Measure]:
    """Objects, colours, style, setting, counts, relations, and the two languages."""
    num = 16 if is_quick else 300

    def ask(kind: str, many: int) -> list[Drawn]:
        return drawn(pipe, eye, kind, many, 5, sheets / f"{kind}.png" if sheets else None)

    singles, pairs, counts = ask("single", num), ask("pair", num), ask("count", num * 2 // 3)
    everything = [*singles, *pairs, *counts]

    def row(
        id: str, what: str, rows: list[Drawn], goal: float, is_right: Callable[[Marks], bool]
    ) -> Measure:
        hits = [is_right(one.marks) for one in rows]
        return share(id, what, hits, goal, is_quick=is_quick)

    return [
        row("object", "one object: the right one", singles, 97, lambda m: m.objects),
        row("object-colour", "one object: it and its colour", singles, 97, lambda m: m.things),
        row("style", "style", everything, 96, lambda m: m.style),
        row("setting", "setting", everything, 96, lambda m: m.setting),
        row("count", "two or three of one object: as many", counts, 92, lambda m: m.count),
        row("count-things", "the same, all of them right", counts, 85, lambda m: m.things),
        row("pair-objects", "two objects: both right", pairs, 92, lambda m: m.objects),
        row("pair", "two objects: both right with colours", pairs, 90, lambda m: m.things),
        row(
            "pair-relation", "the same and rightly placed", pairs, 87,
            lambda m: m.things and m.relation,
        ),
        _languages(everything, is_quick=is_quick),
    ]  # fmt: skip


def _languages(rows: list[Drawn], *, is_quick: bool) -> Measure:
    right = {
        language: [one.marks.things for one in rows if one.language == language]
        for language in ("en", "zh")
    }
    english, chinese = (100 * sum(hits) / len(hits) for hits in right.values())
    return Measure(
        id="chinese",
        what=f"things right in English ({english:.1f} %) less Chinese ({chinese:.1f} %), "
        f"same scenes (n {len(right['en'])} each)",
        value=round(english - chinese, 1),
        unit="points",
        goal=2,
        ok=None if is_quick else abs(english - chinese) <= 2,
    )


@torch.no_grad()
def ceilings(pipe: Any, eye: Detector, *, is_quick: bool) -> list[Measure]:
    """What the judge and the autoencoder allow at best."""
    num = 200 if is_quick else 1500
    pictures, scenes, _ = draw_many(321, num, held_out=True)
    real = as_pixels(pictures)
    vae = pipe.vae
    made = torch.cat([vae.decode(vae.encode(part).latents).sample for part in real.split(64)])
    compositions = [decode(row) for row in scenes]

    def exact(pixels: torch.Tensor) -> list[bool]:
        pairs = zip(compositions, judge(eye, pixels), strict=True)
        return [mark(scene, seen).is_exact for scene, seen in pairs]

    decibels = psnr(made, real)
    return [
        share("judge", "real unseen scenes that the judge reads without a mistake",
              exact(real), 97, is_quick=is_quick),
        share("judge-decoded", "the same through the autoencoder",
              exact(made.clamp(-1, 1)), 95, is_quick=is_quick),
        Measure(id="psnr", what=f"autoencoder on unseen scenes (n {num})",
                value=round(decibels, 2), unit="dB", goal=31,
                ok=None if is_quick else decibels >= 31),
    ]  # fmt: skip


def clip_measures(*, is_quick: bool) -> list[Measure]:
    """The CLIP on its own: telling captions apart, and finding the stand-ins."""
    model = CLIPModel.from_pretrained(clip_dir(), dtype=torch.float32).eval()
    tokenizer = CLIPTokenizer.from_pretrained(clip_dir())
    num = 500 if is_quick else 2000
    right = round(top_one(model, tokenizer, num, seed=55) * num)
    first = [True] * right + [False] * (num - right)
    return [
        share("clip-top1", "CLIP: the right caption among 100, full captions of unseen scenes",
              first, 97, is_quick=is_quick),
        stand_ins(model, tokenizer, num=1000 if is_quick else 6000, is_quick=is_quick),
    ]  # fmt: skip


@torch.no_grad()
def stand_ins(model: CLIPModel, tokenizer: CLIPTokenizer, *, num: int, is_quick: bool) -> Measure:
    """Recall by similarity to the bare words, thresholds set on other scenes."""
    names = [[*term.english, *term.chinese] for term in STAND_INS]
    ids = {term.id for term in STAND_INS}
    concepts = torch.stack([
        torch.nn.functional.normalize(word_vectors(model, ids_of(tokenizer, words)).mean(0), dim=0)
        for words in names
    ])  # fmt: skip
    pictures, scenes, _ = draw_many(654, num, held_out=True)
    vectors = [picture_vectors(model, part) for part in as_pixels(pictures).split(128)]
    scores = torch.cat(vectors) @ concepts.T
    shown = torch.tensor([any(t.object in ids for t in decode(row).things) for row in scenes])
    harmless = scores[~shown]
    half = len(harmless) // 2
    limits = harmless[:half].quantile(1 - 0.01 / len(STAND_INS), dim=0)
    found = (scores[shown] > limits).any(1).tolist()
    alarms = (harmless[half:] > limits).any(1).float().mean().item()
    what = f"stand-ins found by CLIP at {100 * alarms:.1f} % false alarms (threshold set for 1 %)"
    return share("stand-ins", what, found, 98, is_quick=is_quick)


def speed(pipe: Any, *, is_quick: bool) -> Measure:
    """Wall time of one picture, default steps and guidance, after a warm-up."""
    prompt = [samples.SHORT[0]]
    times = []
    for number in range(4 if is_quick else 12):
        started = time.perf_counter()
        samples.draw(pipe, prompt, seed=number)
        times.append(time.perf_counter() - started)
    median = sorted(times[1:])[len(times[1:]) // 2]
    return Measure(
        id="seconds", what=f"one picture, {samples.STEPS} steps, one thread (median)",
        value=round(median, 3), unit="s", goal=0.15, ok=None if is_quick else median <= 0.15,
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer pictures; under 50 s")
    parser.add_argument("--sheets", type=Path, help="a folder for sheets of what was judged")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.sheets:
        options.sheets.mkdir(parents=True, exist_ok=True)
    pipe, eye = samples.load(), Detector.load(judge_dir())
    measures = [
        *adherence(pipe, eye, is_quick=options.quick, sheets=options.sheets),
        *ceilings(pipe, eye, is_quick=options.quick),
        *clip_measures(is_quick=options.quick),
        speed(pipe, is_quick=options.quick),
    ]
    print_report("sketchbook", measures, is_json=options.json)


if __name__ == "__main__":
    main()
