"""Rows of many people in one call against the stock pipeline, one picture at a time."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

import diffusers
import pytest

from benchmarks._crowds import Way, Wish, cross_talk, crowd, paint, stock
from benchmarks._tiny import build_flux
from inference.engine.families import flux, unet, zimage
from inference.engine.families.parts import Place
from inference.engine.models import find_model
from inference.engine.samplers import named
from inference.jobs import SAMPLERS, RenderJob

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
TOLERANCE = 1e-5  # of the largest latent on the way

KINDS = ("epsilon", "v_prediction", "sample")
CASES = [
    (name, kind)
    for name in SAMPLERS
    for kind in KINDS
    if (name, kind) != ("euler-ancestral", "sample")  # diffusers has no such sampler
]


@pytest.fixture(scope="module")
def family(tiny_sd: Path) -> unet.UNetFamily:
    """The tiny model in memory, once for all tests here."""
    return load(tiny_sd)


def load(folder: Path) -> Any:
    """The folder's family on the CPU."""
    found = find_model(str(folder))
    module = next(one for one in (unet, flux, zimage) if one.fits(found))
    return module.load(found, Place(device="cpu"))


def sampler(name: str, kind: str = "epsilon") -> Any:
    """A stock scheduler with the options the stock pipeline insists on; ``kind``: of prediction."""
    options = {"beta_schedule": "scaled_linear", "steps_offset": 1, "prediction_type": kind}
    return named(name, diffusers.EulerDiscreteScheduler(**options))


def assert_same(painted: list[Way], wishes: list[Wish], alone: Callable[[RenderJob], Any]) -> None:
    """Every run ends where the stock call ends."""
    for ours, (job, _) in zip(painted, wishes, strict=True):
        assert ours.difference(alone(job)) <= TOLERANCE, job


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_shared_calls_paint_what_the_stock_pipeline_paints_alone(
    tiny_sd: Path, family: unet.UNetFamily, name: str, kind: str
) -> None:
    """With staggered joins and every mode mixed, each sampler stays within 1e-5 of stock, whatever
    the network predicts.
    """
    wishes = crowd(seed=1, count=6)
    changed = copy(family)
    changed.scheduler = sampler(name, kind)
    alone = stock(tiny_sd, "StableDiffusion", sampler(name, kind))
    assert_same(paint(changed, wishes), wishes, alone)


@pytest.mark.parametrize("num_schedules", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_neighbours_leave_no_trace(family: unet.UNetFamily, num_schedules: int) -> None:
    """On random schedules, samplers mixed, a run's latents are those of the same run alone.

    `make bench BENCH=parity` draws 1,000.
    """
    assert max(cross_talk(family, seed) for seed in range(num_schedules)) <= TOLERANCE


def test_samplers_mix_in_one_call(tiny_sd: Path, family: unet.UNetFamily) -> None:
    """Nine people with nine samplers in shared calls: each as its own stock pipeline paints."""
    wishes = [
        (RenderJob(id=name, prompt="a star", seed=n, steps=4, sampler=name), n % 4)
        for n, name in enumerate(SAMPLERS)
    ]
    for ours, (job, _) in zip(paint(family, wishes, max_rows=18), wishes, strict=True):
        alone = stock(tiny_sd, "StableDiffusion", named(job.sampler, family.scheduler))
        assert ours.difference(alone(job)) <= TOLERANCE, job


def test_two_sizes_share_the_engine_but_no_call(tiny_sd: Path, family: unet.UNetFamily) -> None:
    """Pictures of another size run beside the others and come out as if alone."""
    wishes = [
        (RenderJob(id="a", prompt="a red star", seed=1, steps=4), 0),
        (RenderJob(id="b", prompt="a red star", seed=2, steps=4, width=96, height=64), 1),
    ]
    euler = sampler("euler")
    assert_same(paint(family, wishes), wishes, stock(tiny_sd, "StableDiffusion", euler))


@pytest.mark.parametrize("name", ["euler", "euler-ancestral"])
def test_a_network_that_reads_a_mask_is_shown_it(tiny_repainter: Path, name: str) -> None:
    """The nine-channel kind shares calls too, each row with its own mask and picture."""
    painter = load(tiny_repainter)
    painter.scheduler = sampler(name)
    wishes = crowd(seed=2, kinds="p")
    assert_same(
        paint(painter, wishes), wishes, stock(tiny_repainter, "StableDiffusion", sampler(name))
    )


@pytest.mark.parametrize("name", ["", "euler-ancestral", "dpm-karras"])
def test_xl_paints_what_its_stock_pipelines_paint(tiny_xl: Path, name: str) -> None:
    """Two encoders, the sentence vector and the sizes, in every mode, in shared calls."""
    painter = load(tiny_xl)
    scheduler = sampler(name) if name else None
    painter.scheduler = scheduler or painter.scheduler
    wishes = crowd(seed=3, count=6)
    wishes.append((RenderJob(id="w", prompt="a star", seed=5, steps=3, width=96, height=72), 2))
    assert_same(paint(painter, wishes), wishes, stock(tiny_xl, "StableDiffusionXL", scheduler))


def test_flux_paints_what_its_stock_pipelines_paint(tiny_flux: Path) -> None:
    """Distilled guidance, packed latents and shifted times, in every mode, in shared calls."""
    wishes = crowd(seed=4, count=6)
    wishes.append((RenderJob(id="w", prompt="a star", seed=5, steps=3, width=96, height=64), 2))
    assert_same(paint(load(tiny_flux), wishes), wishes, stock(tiny_flux, "Flux"))


def test_flux_without_guidance_is_the_same_family(one_thread: None, tmp_path: Path) -> None:
    """The four-step kind, whose times are shifted by a constant, follows its stock pipeline."""
    folder = build_flux(tmp_path, has_guidance=False)
    wishes = crowd(seed=5, count=3)
    assert_same(paint(load(folder), wishes), wishes, stock(folder, "Flux"))


def test_zimage_paints_what_its_stock_pipelines_paint(tiny_zimage: Path) -> None:
    """Texts of different lengths and guidance, in every mode, in shared calls."""
    wishes = crowd(seed=7, count=6)
    wishes.append((RenderJob(id="w", prompt="一颗红星", seed=5, steps=3, width=96, height=64), 2))
    assert_same(paint(load(tiny_zimage), wishes), wishes, stock(tiny_zimage, "ZImage"))
