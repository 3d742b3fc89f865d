"""The arithmetic behind the serving benchmarks, and that the GPU's runs: at toy size, on a CPU."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import serving_gpu
from benchmarks._full_size import TOYS, Size
from benchmarks._gpu import Findings, Plan, counted_flops, device_seconds, shortage
from benchmarks._gpu_engine import SWITCHES
from benchmarks._latency import percentile, poisson
from benchmarks._servers import Watched
from benchmarks._throughput import InOrder
from benchmarks.path import Measure
from benchmarks.serving import KNOWN, rows_named
from benchmarks.serving_gpu import NO_GPU
from inference.engine.scheduler import Lane, Run
from inference.jobs import RenderJob

SMALL, LARGE = (Lane(model="m", height=side, width=side) for side in (8, 16))
TOY = Plan(device="cpu", steps=2, rounds=1, gemm_side=64, is_telling=False, compiler="eager")


def test_a_percentile_is_a_value_that_was_measured() -> None:
    """The smallest that 95 of 100 do not exceed."""
    assert percentile(range(1, 101), 95) == 95
    assert percentile([3.0], 95) == 3.0
    assert percentile([5.0, 1.0], 50) == 1.0


def test_in_order_only_neighbours_share_a_call() -> None:
    """Whoever wants another size waits for those in front, and blocks those behind."""
    scheduler = InOrder(max_rows=lambda _lane: 8)
    lanes = [SMALL, SMALL, LARGE, SMALL]
    runs = [
        Run(id=f"{n}", owner=f"{n}", lane=lane, rows=2, steps=1) for n, lane in enumerate(lanes)
    ]
    for run in runs:
        scheduler.add(run)
    served = []
    while batch := scheduler.next_batch():
        served.append([run.id for run in batch])
        scheduler.advance(batch)
    assert served == [["0", "1"], ["2"], ["3"]]


async def test_everybody_is_offered_the_same_arrivals() -> None:
    """A seed gives every server the very same jobs, one after the other."""

    class Listed:
        def __init__(self) -> None:
            self.jobs: list[RenderJob] = []

        async def render(self, job: RenderJob) -> object:
            self.jobs.append(job)
            return await asyncio.sleep(0.001)

    first, second = Listed(), Listed()
    waits = await poisson(first, rate=2000.0, num=20, seed=3)
    await poisson(second, rate=2000.0, num=20, seed=3)
    assert first.jobs == second.jobs
    assert len(waits.seconds) == 20
    assert len(waits.short_seconds) == sum(job.steps == 4 for job in first.jobs)


def test_steps_are_noted_with_whose_they_are() -> None:
    """Everything else of the stepper stays within reach."""

    class Stepper:
        name = "fake"

        def step(self, runs: Any) -> None:
            """Nothing."""

    watched = Watched(Stepper())
    watched.step([])
    assert watched.steps == [frozenset()]
    assert watched.name == "fake"


def test_rows_are_chosen_by_name() -> None:
    """An unknown one is refused with what there is."""
    assert rows_named("R1,R9") == ["R1", "R9"]
    with pytest.raises(Exception, match="no row R99; there are R1, R2"):
        rows_named("R99")
    assert set(KNOWN) == {"R1", "R2", "R3", "R7", "R9", "R10", "R12", "R13", "R15"}


def test_work_is_counted_two_for_a_product_and_its_sum() -> None:
    """A matrix product of 3 by 4 by 5 is 120 operations."""
    import torch

    a, b = torch.ones(3, 4), torch.ones(4, 5)
    assert counted_flops(lambda: a @ b) == 2 * 3 * 4 * 5
    assert device_seconds(lambda: a @ b, TOY) > 0


def test_without_a_gpu_it_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is measured, one sentence says so, and that is no failure."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    assert serving_gpu.main(["--json", "--quick"]) == 0
    said = capsys.readouterr()
    assert said.err == NO_GPU + "\n"
    assert json.loads(said.out)["left_out"] == [NO_GPU]


async def test_a_part_that_fails_costs_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    """What was found stands and is told at once, what failed is named, what is late is left out."""
    findings = Findings()
    one = Measure(id="a", what="", value=1.0, unit="x", goal=0.0, ok=None)

    async def found() -> list[Measure]:
        return [one]

    async def failing() -> list[Measure]:
        raise RuntimeError("CUDA error\nand its long tale")

    await findings.part("first", found)
    await findings.part("second", failing)
    await findings.part("third", found)
    findings.stop_at = 0.0
    await findings.part("fourth", found)
    assert findings.measures == [one, one]
    assert findings.failed == ["second: RuntimeError: CUDA error"]
    assert findings.left_out == ["fourth: no time was left"]
    assert "a = 1.0 x" in capsys.readouterr().err


def test_too_little_disk_is_said_before_anything_is_built() -> None:
    """In a sentence with what to do."""
    huge = Size(name="huge", build=lambda folder: folder, sides=(64,), disk_gib=10**9)
    assert "TMPDIR" in (shortage(TOY, [huge]) or "")
    assert shortage(TOY, TOYS) is None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("size", TOYS, ids=lambda size: size.name)
async def test_the_gpu_benchmark_runs_at_toy_size(size: Any, tmp_path: Path) -> None:
    """Both models go through every measure, and what is counted is more than nothing."""
    findings = Findings()
    await serving_gpu.measure(size, TOY, tmp_path, findings)
    found = {one.id: one for one in findings.measures}
    kinds = {"first", "64.eager", "64.compiled", "64.mfu", "64.flops", "64.syncs"}
    kinds |= {f"switch.{name.replace(' ', '_')}" for name in SWITCHES}
    assert findings.failed == []
    assert set(found) == {f"{size.name}.{kind}" for kind in kinds}
    assert 0 < found[f"{size.name}.64.mfu"].value < 150
    assert found[f"{size.name}.64.eager"].value > 0
    assert all(one.ok is None for one in found.values())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_stable_diffusion_at_full_size_is_counted_as_it_is_known() -> None:
    """0.80 TFLOP for a row of 512 x 512 pixels, with attention; on a device that stores nothing."""
    import torch
    from diffusers import UNet2DConditionModel

    with torch.device("meta"), torch.no_grad():
        unet = UNet2DConditionModel(sample_size=64, cross_attention_dim=768)
        x, words = torch.empty(1, 4, 64, 64), torch.empty(1, 77, 768)
        flops = counted_flops(lambda: unet(x, torch.empty(1), encoder_hidden_states=words))
    assert 0.79e12 < flops < 0.82e12
