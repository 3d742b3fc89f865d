"""How well Sketchbook draws what it is told, judged on compositions that it never saw.

    python -m benchmarks.sketchbook --json [--quick] [--sheets DIR] [--only PART ...]

Every composition is told twice, in English and in Chinese, with a seed for each; prompts leave
nothing out; default sampler and guidance. The judge shares neither weights, seed nor trunk with
anything that trained the model; what it makes of real scenes stands beside, since no figure can
be trusted beyond that.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from transformers import CLIPModel, CLIPTokenizer

from benchmarks import _guidance, _loras
from benchmarks._judged import TELLINGS, Bench, Drawn, ask, loss_of_points, paint, share
from benchmarks.path import Measure, print_report
from inference.sketchbook import clip_dir, four_steps_dir, judge_dir, loras_dir, samples
from inference.sketchbook.judge import Detector, Marks, judge, mark
from inference.sketchbook.training import lora
from inference.sketchbook.training.autoencoder import psnr
from inference.sketchbook.training.clip import picture_vectors, top_one, word_vectors
from inference.sketchbook.training.dataset import as_pixels, decode, draw_many
from inference.sketchbook.training.words import ids_of
from inference.sketchbook.vocabulary import EXAMPLE_STYLE, STAND_INS

Part = Callable[[Bench], list[Measure]]


def adherence(bench: Bench) -> list[Measure]:
    """Objects, colours, style, setting, counts, relations, and the two languages."""
    num = bench.num(16, 300)

    def drawn(kind: str, many: int) -> list[Drawn]:
        return paint(bench, ask(kind, many, 5), 5, sheet=kind)

    singles, pairs, counts = (drawn(kind, num) for kind in ("single", "pair", "count"))
    placed = [one for one in drawn("placed", num // 2) if one.asked.composition.place]
    everything = [*singles, *pairs, *counts]

    def row(
        id: str, what: str, rows: list[Drawn], goal: float, is_right: Callable[[Marks], bool]
    ) -> Measure:
        hits = [is_right(one.marks) for one in rows]
        return share(id, what, hits, goal, is_quick=bench.is_quick, together=len(TELLINGS))

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
        row(
            "placed", "one object at a side: it, its colour and where", placed, 90,
            lambda m: m.things and m.relation,
        ),
        _languages(everything, is_quick=bench.is_quick),
        _hardest([*singles, *counts]),
    ]  # fmt: skip


def _hardest(rows: list[Drawn]) -> Measure:
    """Which things come out worst."""
    right: dict[str, list[bool]] = {}
    for one in rows:
        right.setdefault(one.asked.composition.things[0].object, []).append(one.marks.objects)
    shares = sorted((100 * sum(hits) / len(hits), name) for name, hits in right.items())
    told = ", ".join(f"{name} {share:.0f} %" for share, name in shares[:4])
    return Measure(
        id="hardest",
        what=f"the hardest things, alone or several: {told} (n about {len(rows) // len(right)} each)",
        value=round(shares[0][0], 1),
        unit="%",
        goal=0,
        ok=None,
    )


def _languages(rows: list[Drawn], *, is_quick: bool) -> Measure:
    """Points lost from one to the other; gaining as many would be as wrong."""
    english, chinese = (
        [one.marks.things for one in rows if one.asked.language == language]
        for language in TELLINGS
    )
    what = "things right, English to Chinese, same scenes"
    lost = loss_of_points("chinese", what, english, chinese, 2, is_quick=is_quick)
    return replace(lost, ok=None if is_quick else abs(lost.value) <= 2)


@torch.no_grad()
def ceilings(bench: Bench) -> list[Measure]:
    """What the judge and the autoencoder allow at best."""
    num = bench.num(200, 1500)
    pictures, scenes, _ = draw_many(321, num, held_out=True)
    real = as_pixels(pictures)
    vae = bench.pipe.vae
    made = torch.cat([vae.decode(vae.encode(part).latents).sample for part in real.split(64)])
    compositions = [decode(row) for row in scenes]

    def exact(pixels: torch.Tensor) -> list[bool]:
        seen = [one for part in pixels.split(128) for one in judge(bench.eye, part)]
        return [mark(scene, one).is_exact for scene, one in zip(compositions, seen, strict=True)]

    decibels = psnr(made, real)
    return [
        share("judge", "real unseen scenes that the judge reads without a mistake",
              exact(real), 97, is_quick=bench.is_quick),
        share("judge-decoded", "the same through the autoencoder",
              exact(made.clamp(-1, 1)), 95, is_quick=bench.is_quick),
        Measure(id="psnr", what=f"autoencoder on unseen scenes (n {num})",
                value=round(decibels, 2), unit="dB", goal=31,
                ok=None if bench.is_quick else decibels >= 31),
    ]  # fmt: skip


def clip_measures(bench: Bench) -> list[Measure]:
    """The CLIP on its own: telling captions apart, and finding the stand-ins."""
    model = CLIPModel.from_pretrained(clip_dir(), dtype=torch.float32).eval()
    tokenizer = CLIPTokenizer.from_pretrained(clip_dir())
    num = bench.num(500, 2000)
    right = round(top_one(model, tokenizer, num, seed=55) * num)
    first = [True] * right + [False] * (num - right)
    return [
        share("clip-top1", "CLIP: the right caption among 100, full captions of unseen scenes",
              first, 97, is_quick=bench.is_quick),
        *stand_ins(model, tokenizer, num=bench.num(1000, 9000), is_quick=bench.is_quick),
    ]  # fmt: skip


@torch.no_grad()
def stand_ins(
    model: CLIPModel, tokenizer: CLIPTokenizer, *, num: int, is_quick: bool
) -> list[Measure]:
    """Recall by similarity to the bare words; thresholds set on one half of the harmless scenes
    for 1 % of false alarms, alarms counted on the other."""
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
    limits += (harmless[:half] - limits).amax(1).quantile(0.99)  # 1 % of all, not of each
    found, alarms = ((some > limits).any(1).tolist() for some in (scores[shown], harmless[half:]))
    told = share("stand-ins-alarms", "the same thresholds: harmless scenes taken for one",
                 alarms, 1, is_quick=True)  # fmt: skip
    return [
        share("stand-ins", "stand-ins found by CLIP, thresholds for 1 % false alarms",
              found, 98, is_quick=is_quick),
        replace(told, ok=None if is_quick else told.value <= 1),
    ]  # fmt: skip


def speed(bench: Bench) -> list[Measure]:
    """Wall time of one picture, default steps and guidance, after a warm-up."""
    measures = []
    for threads in (2, 1):
        torch.set_num_threads(threads)
        times = []
        for number in range(bench.num(4, 12)):
            started = time.perf_counter()
            samples.draw(bench.pipe, [samples.SHORT[0]], seed=number)
            times.append(time.perf_counter() - started)
        median, told = sorted(times[1:])[len(times[1:]) // 2], f"{threads} thread"
        measures.append(Measure(
            id="seconds" if threads == 2 else "seconds-one-thread",
            what=f"one picture, {samples.STEPS} steps, {told}{'s' * (threads > 1)} (median)",
            value=round(median, 3), unit="s", goal=0.15, ok=None if bench.is_quick else median <= 0.15,
        ))  # fmt: skip
    return measures


PARTS: dict[str, Part] = {
    "adherence": adherence,
    "ceilings": ceilings,
    "clip": clip_measures,
    "few-steps": _loras.few_steps,
    "style": _loras.new_style,
    "guidance": _guidance.sweep,
    "unconditional": _guidance.unconditional,
    "speed": speed,
}


NEEDED_LORAS = {"few-steps": four_steps_dir(), "style": loras_dir() / EXAMPLE_STYLE.id}


def is_there(part: str) -> bool:
    """Whether what this part measures comes with the edition."""
    return part not in NEEDED_LORAS or (NEEDED_LORAS[part] / lora.FILE).exists()


def _parts(wanted: list[str] | None) -> list[str]:
    """What to measure; what has nothing to be measured with is named and left out."""
    missing = [part for part in wanted or PARTS if not is_there(part)]
    for part in missing:
        sys.stderr.write(f"{part} is left out: no {NEEDED_LORAS[part] / lora.FILE}\n")
    return [part for part in wanted or PARTS if part not in missing]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer pictures; under 50 s")
    parser.add_argument("--sheets", type=Path, help="a folder for sheets of what was judged")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), metavar="PART",
                        help=f"some of: {', '.join(PARTS)}")  # fmt: skip
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.sheets:
        options.sheets.mkdir(parents=True, exist_ok=True)
    bench = Bench(
        pipe=samples.load(),
        eye=Detector.load(judge_dir()),
        is_quick=options.quick,
        sheets=options.sheets,
    )
    measures = [measure for part in _parts(options.only) for measure in PARTS[part](bench)]
    print_report("sketchbook", measures, is_json=options.json)


if __name__ == "__main__":
    main()
