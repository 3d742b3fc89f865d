"""Do shared calls paint what the stock pipelines paint alone? And does anybody leave a trace?

    python -m benchmarks.parity [--quick] [--json] [--first SEED] [--schedules N]

R8: every sampler, prediction type and mode (from words, from a picture, a part painted anew) of
every family, on small models of the families' standard parts, with people who join at different
ticks, against the stock call of each; then random schedules with samplers, sizes of calls and
modes mixed, each run against the same run alone. Differences are next to the largest latent.
``--first`` and ``--schedules`` choose which of the random schedules, so that a long run may be cut.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.path import Measure, print_report

GOAL = 1e-5  # in float32
NUM_SCHEDULES, NUM_QUICK_SCHEDULES = 1000, 40
# of ten schedules; FLUX reads 512 words' tokens at every step, however small it is
SHARES = ("sd", "sd", "sd", "sd", "sd", "sd", "xl", "zimage", "repainter", "flux")


def build_all(place: Path) -> dict[str, Path]:
    """A small model of each family."""
    from benchmarks._tiny import build_flux, build_sd, build_xl, build_zimage

    folders = {name: place / name for name in sorted(set(SHARES))}
    for folder in folders.values():
        folder.mkdir()
    build_sd(folders["sd"])
    build_sd(folders["repainter"], num_channels=9)
    build_xl(folders["xl"])
    build_flux(folders["flux"])
    build_zimage(folders["zimage"])
    return folders


def samplers() -> Iterator[tuple[str, Any]]:
    """Every sampler a job may name, for every prediction type."""
    from diffusers import EulerDiscreteScheduler

    from inference.engine.samplers import named
    from inference.jobs import SAMPLERS

    for kind in ("epsilon", "v_prediction", "sample"):
        own = EulerDiscreteScheduler(
            beta_schedule="scaled_linear", steps_offset=1, prediction_type=kind
        )
        for name in SAMPLERS:
            if (name, kind) != ("euler-ancestral", "sample"):  # diffusers has no such sampler
                yield f"{name}/{kind}", named(name, own)


def differences(folders: dict[str, Path], families: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """The worst of a mixed crowd against the stock pipelines, by family and sampler."""
    from benchmarks._crowds import crowd, paint, stock

    for label, scheduler in samplers():
        family = families["sd"]
        family.scheduler, before = scheduler, family.scheduler
        wishes = crowd(seed=1, count=6)
        painted = paint(family, wishes)
        family.scheduler = before
        alone = stock(folders["sd"], "StableDiffusion", scheduler)
        yield label, max(w.difference(alone(j)) for w, (j, _) in zip(painted, wishes, strict=True))
    for label, name, kinds in (
        ("repainter", "StableDiffusion", "p"),
        ("xl", "StableDiffusionXL", "tip"),
        ("flux", "Flux", "tip"),
        ("zimage", "ZImage", "tip"),
    ):
        wishes = crowd(seed=2, count=6, kinds=kinds)
        painted = paint(families[label], wishes)
        alone = stock(folders[label], name)
        yield label, max(w.difference(alone(j)) for w, (j, _) in zip(painted, wishes, strict=True))


def worst_trace(families: dict[str, Any], seeds: range) -> float:
    """The largest difference that company made to anybody, over random schedules."""
    from rich.progress import track

    from benchmarks._crowds import cross_talk

    schedules = track(seeds, description="schedules", transient=True)
    return max(cross_talk(families[SHARES[seed % len(SHARES)]], seed) for seed in schedules)


def load_all(folders: dict[str, Path]) -> dict[str, Any]:
    """Every small model on the CPU."""
    from inference.engine.families.parts import Place
    from inference.engine.models import find_model

    place = Place(device="cpu")
    families = {}
    for name, folder in folders.items():
        module = name if name in ("flux", "zimage") else "unet"
        family = import_module(f"inference.engine.families.{module}")
        families[name] = family.load(find_model(str(folder)), place)
    return families


def measure(place: Path, seeds: range) -> list[Measure]:
    """All figures; ``seeds`` of the random schedules."""
    folders = build_all(place)
    families = load_all(folders)
    rows = [
        (f"R8.{label}", f"{label}: largest difference from the stock call", value)
        for label, value in differences(folders, families)
    ]
    trace = f"left by neighbours, schedules {seeds.start} to {seeds.stop - 1}"
    rows.append(("R8.trace", f"largest difference {trace}", worst_trace(families, seeds)))
    return [
        Measure(id=name, what=what, value=float(f"{value:.2g}"), unit="of the largest latent",
                goal=GOAL, ok=value <= GOAL)
        for name, what, value in rows
    ]  # fmt: skip


def main() -> None:
    """Measure and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer schedules; under 50 s")
    parser.add_argument("--first", type=int, default=0, help="the seed of the first schedule")
    parser.add_argument("--schedules", type=int, help="how many random schedules")
    options = parser.parse_args()
    num = options.schedules or (NUM_QUICK_SCHEDULES if options.quick else NUM_SCHEDULES)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    warnings.simplefilter("ignore")
    from inference.engine.loading import make_ready

    make_ready()
    with tempfile.TemporaryDirectory() as place:
        measures = measure(Path(place), range(options.first, options.first + num))
    print_report("parity", measures, is_json=options.json)


if __name__ == "__main__":
    main()
