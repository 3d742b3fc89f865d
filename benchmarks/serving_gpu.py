"""What the engine makes of a GPU: Stable Diffusion 1.5 and XL at full size, random weights.

    python -m benchmarks.serving_gpu --json [--quick] [--only sd15] [--minutes 9]

One command on a machine with a CUDA GPU and about 10 GB of free disk; nothing is downloaded. In
one process and in turns: the stock pipeline behind a lock, eager (P) and compiled, and the engine
with compiled blocks and CUDA graphs; then a call of the network with each switch of ``Tuning``
added to those before. Work is counted in FLOPs of the network as it is called, and compared with
the fastest square matrix product of the same run.

What is found is told on stderr at once. A part that fails is told and the others go on; after
``--minutes`` nothing new is begun. Where there is no GPU it is left out. ``--toy`` runs the same
lines with tiny models on a CPU, to see that they run; its figures mean nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks._full_size import SIZES, TOYS, Size
from benchmarks._gpu import (
    Findings,
    Plan,
    can_compile,
    counted_flops,
    device_seconds,
    free_memory,
    gemm_flops_a_second,
    shortage,
)
from benchmarks._gpu_engine import SWITCHES, Ours, inputs_of, load_ours, prepared, stock_twins
from benchmarks._servers import Locked, burst, timed
from benchmarks.path import Measure, print_report
from inference.jobs import RenderJob

NUM_PEOPLE = 8
GUIDANCE = 5.0
NO_GPU = "left out: this benchmark needs a CUDA GPU; run it on a machine that has one."
NO_COMPILER = "all that is compiled: torch.compile does not work here"
SYNC = "called a synchronizing CUDA operation"


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


async def measure(size: Size, plan: Plan, place: Path, findings: Findings) -> list[Measure]:
    """Everything about one model, told to ``findings``."""
    folder = await asyncio.to_thread(size.build, place)
    free_memory(plan)
    ours = load_ours(folder, plan)
    peak = gemm_flops_a_second(plan)
    await findings.part(f"{size.name}.first", partial(_first, ours, size, plan))
    for side in size.sides:
        name, goals = f"{size.name}.{side}", GOALS.get((size.name, side), Goals())
        has_compiled = plan.has_compiler and side == size.sides[-1]  # a minute or more each
        compare = partial(_compare, ours, folder, side, goals, plan, name, has_compiled)
        await findings.part(f"{name}.people", compare)
        await findings.part(f"{name}.work", partial(_work, ours, side, goals, plan, name, peak))
        await findings.part(f"{name}.between", partial(_between, ours, side, plan, name))
    await ours.engine.close()
    del ours
    free_memory(plan)
    slowest: list[float] = []
    for switch in SWITCHES if plan.has_compiler else SWITCHES[:-2]:
        switched = partial(_switched, folder, size, switch, plan, slowest)
        await findings.part(f"{size.name}.{switch}", switched)
    return []


async def _first(ours: Ours, size: Size, plan: Plan) -> list[Measure]:
    """The first picture after the weights are loaded."""
    seconds = await timed(ours.engine.render(_job(0, size.sides[0], plan)))
    what = "first picture, weights loaded"
    return [_measure(f"{size.name}.first", what, seconds, "s", 3.0, plan)]


async def _compare(
    ours: Ours, folder: Path, side: int, goals: Goals, plan: Plan, name: str, has_compiled: bool
) -> list[Measure]:
    """Pictures a second of eight people next to P, eager and compiled."""
    jobs = [_job(number, side, plan) for number in range(NUM_PEOPLE)]
    servers = {
        what: Locked(pipe)
        for what, pipe in stock_twins(folder, plan, has_compiled=has_compiled).items()
    }
    await _settled(ours, jobs)
    for server in servers.values():
        await burst(server, jobs[:1])
    ratios: dict[str, list[float]] = {what: [] for what in servers}
    for _ in range(plan.rounds):
        seconds = await burst(ours.engine, jobs)
        for what, server in servers.items():
            ratios[what].append(await burst(server, jobs) / seconds)
    goal = {"eager": goals.eager, "compiled": goals.compiled}
    return [
        _measure(f"{name}.{what}", f"pictures/s, 8 people, next to {what} P",
                 statistics.median(values), "x", goal[what], plan)
        for what, values in ratios.items()
    ]  # fmt: skip


async def _settled(ours: Ours, jobs: Sequence[RenderJob]) -> None:
    """Everything that will be called is compiled and recorded before it counts."""
    for _ in range(2):
        await burst(ours.engine, jobs)
        await asyncio.to_thread(ours.quick.settle)


async def _work(
    ours: Ours, side: int, goals: Goals, plan: Plan, name: str, peak: float
) -> list[Measure]:
    """The share of the device's peak that the network reaches in a call of sixteen rows."""
    import torch

    rows, job = 2 * NUM_PEOPLE, _job(0, side, plan)
    with torch.no_grad():  # inference mode hides products from the counter
        one = inputs_of(ours.family, job, 1, plan)
        flops = counted_flops(lambda: ours.family.predict(*one)) * rows
    call = await asyncio.to_thread(prepared, ours.quick, inputs_of(ours.family, job, rows, plan))
    mfu = 100 * flops / device_seconds(call, plan) / peak
    return [
        _measure(f"{name}.mfu", "of the peak of matrix products, 16 rows", mfu, "%", goals.mfu, plan),
        _measure(f"{name}.flops", "work of a row, counted", flops / rows / 1e9, "GFLOP", None, plan),
    ]  # fmt: skip


async def _between(ours: Ours, side: int, plan: Plan, name: str) -> list[Measure]:
    """How often the host waits for the device while eight unguided rows are denoised."""
    import torch

    long = replace(plan, steps=2 * plan.steps)
    jobs = [replace(_job(n, side, long), guidance=1.0) for n in range(NUM_PEOPLE)]
    await _settled(ours, jobs)  # or what is prepared in the background would be counted
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if plan.device == "cuda":
            torch.cuda.set_sync_debug_mode("warn")
        await burst(ours.engine, jobs)
        if plan.device == "cuda":
            torch.cuda.set_sync_debug_mode("default")
    syncs = sum(SYNC in str(one.message) for one in told) / long.steps
    what = "host waits per step, start and decoding included"
    return [_measure(f"{name}.syncs", what, syncs, "", 1.0, plan, is_less_better=True)]


async def _switched(
    folder: Path, size: Size, switch: str, plan: Plan, slowest: list[float]
) -> list[Measure]:
    """A call of sixteen rows with this switch and those before it, next to none of them."""
    ours = load_ours(folder, plan, SWITCHES[switch])
    inputs = inputs_of(ours.family, _job(0, size.sides[0], plan), 2 * NUM_PEOPLE, plan)
    seconds = device_seconds(await asyncio.to_thread(prepared, ours.quick, inputs), plan)
    slowest.append(seconds)
    await ours.engine.close()
    del ours, inputs
    free_memory(plan)
    what = (
        f"a call of 16 rows at {size.sides[0]} pixels, {1000 * seconds:.1f} ms, next to the first"
    )
    name = f"{size.name}.switch.{switch.replace(' ', '_')}"
    return [_measure(name, what, slowest[0] / seconds, "x", None, plan)]


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
        return Plan(
            device="cpu", steps=2, rounds=1, gemm_side=128, is_telling=False, compiler="eager"
        )
    if not torch.cuda.is_available():
        return None
    rounds = 1 if options.quick else 5
    return Plan(device="cuda", steps=20, rounds=rounds, gemm_side=8192, is_telling=rounds > 1)


async def measure_all(sizes: Sequence[Size], plan: Plan, findings: Findings) -> None:
    """Each model, from a folder that is gone afterwards."""
    if not can_compile(plan):
        findings.leave_out(NO_COMPILER)
        plan = replace(plan, has_compiler=False)
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            await findings.part(size.name, partial(measure, size, plan, Path(place), findings))
        free_memory(plan)


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="one round; nothing is decided")
    parser.add_argument("--only", choices=[size.name for size in SIZES], help="one model")
    parser.add_argument("--minutes", type=float, help="after so many, nothing new is begun")
    parser.add_argument("--toy", action="store_true", help="tiny models on the CPU: does it run?")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one document; 1 where something failed, 2 where too little is there."""
    options = options_of(arguments)
    plan = plan_of(options)
    if plan is None:
        print_report("serving_gpu", [], is_json=options.json, more={"left_out": [NO_GPU]})
        print(NO_GPU, file=sys.stderr)
        return 0
    sizes = [one for one in (TOYS if options.toy else SIZES) if options.only in (None, one.name)]
    if (lack := shortage(plan, sizes)) is not None:
        print(lack, file=sys.stderr)
        return 2
    seconds = float("inf") if options.minutes is None else 60 * options.minutes
    findings = Findings(stop_at=time.monotonic() + seconds)
    asyncio.run(measure_all(sizes, plan, findings))
    more = {"left_out": findings.left_out, "failed": findings.failed}
    print_report("serving_gpu", findings.measures, is_json=options.json, more=more)
    return 1 if findings.failed else 0


if __name__ == "__main__":
    sys.exit(main())
