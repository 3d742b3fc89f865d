"""What the engine makes of a GPU: Stable Diffusion 1.5 and XL at full size, random weights.

    python -m benchmarks.serving_gpu --json [--quick] [--only sd15]

One command on a machine with a CUDA GPU and about 20 GB of free disk; nothing is downloaded. In
one process and in turns: the stock pipeline behind a lock, eager (P) and compiled, and the engine
with compiled blocks and CUDA graphs. Work is counted in FLOPs of the network as it is called, and
compared with the fastest square matrix product of the same run. ``--toy`` runs the same code with
tiny models on a CPU, to see that it runs; its figures mean nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks._full_size import SIZES, TOYS, Size
from benchmarks._servers import Locked, burst, timed
from benchmarks.path import Measure, print_report
from inference.jobs import RenderJob

NUM_PEOPLE = 8
GUIDANCE = 5.0
NO_GPU = "This benchmark needs a CUDA GPU; run it on a machine that has one."
SYNC = "called a synchronizing CUDA operation"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long and how large."""

    device: str
    steps: int
    rounds: int
    gemm_side: int
    is_telling: bool  # False: too few rounds, or toys


@dataclass(frozen=True, kw_only=True)
class Goals:
    """For one size in pixels; None: reported only."""

    eager: float | None = None
    compiled: float | None = None
    mfu: float | None = None


GOALS = {
    ("sd15", 512): Goals(eager=5.0, mfu=45.0),
    ("sdxl", 1024): Goals(eager=2.3, compiled=1.5, mfu=55.0),
}


async def measure(size: Size, plan: Plan, place: Path) -> list[Measure]:
    """Everything about one model."""
    folder = size.build(place)
    ours = load_ours(folder, plan)
    first = await timed(ours.engine.render(_job(0, size.sides[0], plan)))
    found = [_measure(f"{size.name}.first", "first picture, weights loaded", first, "s", 3.0, plan)]
    pipe = _stock(folder, plan.device)
    peak = gemm_flops_a_second(plan)
    for side in size.sides:
        goals = GOALS.get((size.name, side), Goals())
        found += await _compare(ours, pipe, side, goals, plan, f"{size.name}.{side}")
        found += _work(ours, side, goals, plan, f"{size.name}.{side}", peak)
        found += await _between(ours.engine, side, plan, f"{size.name}.{side}")
    await ours.engine.close()
    return found


@dataclass(frozen=True, kw_only=True)
class Ours:
    """The engine and its insides."""

    engine: Any
    family: Any
    quick: Any  # calls the network as the engine does once everything is prepared


def load_ours(folder: Path, plan: Plan) -> Ours:
    """The engine with everything that helps on a GPU; a toy stays plain."""
    from inference.engine.families import unet
    from inference.engine.families.parts import Place
    from inference.engine.families.quick import Quick
    from inference.engine.families.rows import RowsStepper
    from inference.engine.front import StepEngine
    from inference.engine.loading import make_ready
    from inference.engine.models import find_model
    from inference.engine.serving import Serving
    from inference.engine.tuning import Tuning

    make_ready()
    is_gpu = plan.device == "cuda"
    tuning = Tuning(is_compiled=is_gpu, has_graphs=is_gpu)
    family = unet.load(find_model(str(folder)), Place(device=plan.device, tuning=tuning))
    quick = Quick(family, tuning) if is_gpu else None
    serving = Serving(is_warmed_up=False, repeat_bytes=0, preview_seconds=None)
    engine = StepEngine(RowsStepper(family, quick), serving)
    return Ours(engine=engine, family=family, quick=quick)


async def _compare(
    ours: Ours, pipe: Any, side: int, goals: Goals, plan: Plan, name: str
) -> list[Measure]:
    """Pictures a second of eight people next to P, eager and compiled."""
    jobs = [_job(number, side, plan) for number in range(NUM_PEOPLE)]
    eager, compiled = Locked(pipe), Locked(_compiled(pipe, plan.device))
    for _ in range(2):  # everything that is called is compiled and recorded before it counts
        await burst(ours.engine, jobs)
        if ours.quick is not None:
            await asyncio.to_thread(ours.quick.settle)
    for server in (eager, compiled):
        await burst(server, jobs[:1])
    ratios: dict[str, list[float]] = {"eager": [], "compiled": []}
    for _ in range(plan.rounds):
        seconds = await burst(ours.engine, jobs)
        ratios["eager"].append(await burst(eager, jobs) / seconds)
        ratios["compiled"].append(await burst(compiled, jobs) / seconds)
    goal = {"eager": goals.eager, "compiled": goals.compiled}
    return [
        _measure(f"{name}.{what}", f"pictures/s, 8 people, next to {what} P",
                 statistics.median(values), "x", goal[what], plan)
        for what, values in ratios.items()
    ]  # fmt: skip


def _work(ours: Ours, side: int, goals: Goals, plan: Plan, name: str, peak: float) -> list[Measure]:
    """The share of the device's peak that the network reaches in a call of sixteen rows."""
    import torch

    rows = 2 * NUM_PEOPLE
    latents = side // ours.family.codec.factor
    with torch.no_grad():  # inference mode hides products from the counter
        x = torch.randn(rows, ours.family.input_channels, latents, latents, device=plan.device)
        times = torch.full((rows,), 500.0, device=plan.device)
        one = ours.family.read(_job(0, side, plan)).wanted
        told = {
            name: states.repeat(rows, *[1] * (states.dim() - 1)) for name, states in one.items()
        }
        flops = counted_flops(lambda: ours.family.predict(x[:1], times[:1], one)) * rows
    with torch.inference_mode():
        predict = ours.quick or ours.family.predict
        seconds = device_seconds(lambda: predict(x, times, told), plan)
    mfu = 100 * flops / seconds / peak
    return [
        _measure(f"{name}.mfu", "of the peak of matrix products, 16 rows", mfu, "%", goals.mfu, plan),
        _measure(f"{name}.flops", "work of a row, counted", flops / rows / 1e9, "GFLOP", None, plan),
    ]  # fmt: skip


async def _between(engine: Any, side: int, plan: Plan, name: str) -> list[Measure]:
    """How often the host waits for the device while eight unguided rows are denoised."""
    import torch

    long = replace(plan, steps=2 * plan.steps)
    jobs = [replace(_job(n, side, long), guidance=1.0) for n in range(NUM_PEOPLE)]
    is_gpu = plan.device == "cuda"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if is_gpu:
            torch.cuda.set_sync_debug_mode("warn")
        await burst(engine, jobs)
        if is_gpu:
            torch.cuda.set_sync_debug_mode("default")
    syncs = sum(SYNC in str(one.message) for one in told) / long.steps
    what = "host waits per step, start and decoding included"
    return [_measure(f"{name}.syncs", what, syncs, "", 1.0, plan, is_less_better=True)]


def counted_flops(call: Any) -> int:
    """Of one call: two for each multiplication with its addition, attention included."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        call()
    return int(counter.get_total_flops())


def gemm_flops_a_second(plan: Plan) -> float:
    """The best that one square product reaches on this device, in the engine's precision."""
    import torch

    side = plan.gemm_side
    dtype = torch.bfloat16 if plan.device == "cuda" else torch.float32
    a, b = (torch.randn(side, side, device=plan.device, dtype=dtype) for _ in range(2))
    return 2 * side**3 / device_seconds(lambda: a @ b, plan)


def device_seconds(call: Any, plan: Plan, num: int = 10) -> float:
    """Seconds of one call, by waiting for the device after ``num`` of them; the best of rounds."""
    import torch

    wait = torch.cuda.synchronize if plan.device == "cuda" else (lambda: None)
    best = float("inf")
    for _ in range(plan.rounds + 1):
        wait()
        began = time.perf_counter()
        for _ in range(num):
            call()
        wait()
        best = min(best, (time.perf_counter() - began) / num)
    return best


def _stock(folder: Path, device: str) -> Any:
    import torch
    from diffusers import DiffusionPipeline

    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    pipe = DiffusionPipeline.from_pretrained(folder, dtype=dtype).to(device)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _compiled(pipe: Any, device: str) -> Any:
    """The same pipeline with a compiled network beside the eager one; a toy is left as it is."""
    import torch

    from inference.engine.families.quick import spare_of

    if device != "cuda":
        return pipe
    spare = torch.compile(spare_of(pipe.unet))
    twin = type(pipe)(**{**pipe.components, "unet": spare})
    twin.set_progress_bar_config(disable=True)
    return twin


def _job(number: int, side: int, plan: Plan) -> RenderJob:
    return RenderJob(
        id=str(number), owner=str(number), prompt=f"wish number {number}", seed=number,
        width=side, height=side, steps=plan.steps, guidance=GUIDANCE,
    )  # fmt: skip


def _measure(
    name: str, what: str, value: float, unit: str, goal: float | None, plan: Plan,
    *, is_less_better: bool = False,
) -> Measure:  # fmt: skip
    """A figure beside its goal; 0 as a goal says that there is none."""
    is_met = None
    if goal is not None and plan.is_telling:
        is_met = value <= goal if is_less_better or unit == "s" else value >= goal
    return Measure(
        id=name, what=what, value=round(value, 3), unit=unit, goal=goal or 0.0, ok=is_met
    )  # fmt: skip


def plan_of(options: argparse.Namespace) -> Plan | None:
    """How to measure here; None where there is nothing to measure on."""
    import torch

    if options.toy:
        return Plan(device="cpu", steps=2, rounds=1, gemm_side=128, is_telling=False)
    if not torch.cuda.is_available():
        return None
    rounds = 1 if options.quick else 5
    return Plan(device="cuda", steps=20, rounds=rounds, gemm_side=8192, is_telling=rounds > 1)


async def measure_all(options: argparse.Namespace, plan: Plan) -> list[Measure]:
    """Each model, from a folder that is gone afterwards."""
    found = []
    for size in TOYS if options.toy else SIZES:
        if options.only in (None, size.name):
            with tempfile.TemporaryDirectory() as place:
                found += await measure(size, plan, Path(place))
    return found


def main() -> int:
    """Measure and print one document; 1 and one sentence where there is no GPU."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="one round; nothing is decided")
    parser.add_argument("--only", choices=[size.name for size in SIZES], help="one model")
    parser.add_argument("--toy", action="store_true", help="tiny models on the CPU: does it run?")
    options = parser.parse_args()
    plan = plan_of(options)
    if plan is None:
        print(NO_GPU, file=sys.stderr)
        return 1
    print_report("serving_gpu", asyncio.run(measure_all(options, plan)), is_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
