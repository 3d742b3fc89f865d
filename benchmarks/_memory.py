"""What serving holds in memory: eight people at once (R2), and a thousand requests (R12).

Each figure comes from a fresh process (``python -m benchmarks._memory WHAT FOLDER NUM``), since
memory that one server has used and given back would hide what the next one takes.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks._servers import Bench, Locked, Server, Threaded, burst, ours, stock, wish
from benchmarks.path import Measure
from inference.jobs import Lora, RenderCancelled, RenderJob

NUM_PEOPLE = 8
NUM_STYLES = 6  # more than there are slots, so that most uses swap one in
NUM_SWAPS = 50
CANCELLED_SHARE = 0.1
_HERE = Path("/proc/self")


async def extra(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R2: the most that eight people take beyond what one has left, ours next to T."""
    took: dict[str, list[float]] = {"ours": [], "threads": []}
    for _ in range(1 if is_quick else 5):
        for name, values in took.items():
            values.append((await _measured(name, bench.folder, NUM_PEOPLE))["mib"])
    mib = {name: statistics.median(values) for name, values in took.items()}
    share = mib["ours"] / mib["threads"]
    return [
        Measure(id="R2.memory", what=f"extra memory of 8 people: {mib['ours']:.0f} MiB, T "
                f"{mib['threads']:.0f} MiB (at most 0.5)", value=round(share, 3), unit="x",
                goal=0.333, ok=None if is_quick else share <= 0.333),
    ]  # fmt: skip


async def growth(bench: Bench, *, is_quick: bool) -> list[Measure]:
    """R12: resident memory after a thousand requests next to after the first two hundred."""
    num = 48 if is_quick else 1000
    found = await _measured("growth", bench.folder, num)
    percent = found["percent"]
    what = (
        f"memory after {num} requests, {found['swaps']:.0f} style swaps, 10 % cancels (at most 3)"
    )
    return [
        Measure(id="R12", what=what, value=round(percent, 2), unit="%", goal=1.0,
                ok=None if is_quick else percent <= 1.0),
    ]  # fmt: skip


async def _measured(what: str, folder: Path, num: int) -> dict[str, float]:
    """Run this module in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", __name__, what, str(folder), str(num)]
    done = await asyncio.to_thread(
        subprocess.run, command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _resident_mib(field: str = "VmRSS") -> float:
    """``VmRSS``: now; ``VmHWM``: the most since ``_forget_peak``."""
    lines = (_HERE / "status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(field))) / 1024


def _forget_peak() -> None:
    (_HERE / "clear_refs").write_text("5")


async def _of_threads(folder: Path, num: int) -> dict[str, float]:
    pipe = stock(folder)
    return await _extra(Threaded(pipe), Locked(pipe), num)


async def _of_ours(folder: Path, num: int) -> dict[str, float]:
    engine = _engine(ours(folder)[0])
    return await _extra(engine, engine, num)


async def _extra(server: Server, alone: Server, num: int) -> dict[str, float]:
    """One person alone first: what the libraries set up once is not the crowd's."""
    await burst(alone, [wish(0)])
    before = _resident_mib()
    _forget_peak()
    for _ in range(2):
        await burst(server, [wish(number) for number in range(num)])
    return {"mib": _resident_mib("VmHWM") - before}


async def _growth(folder: Path, num: int) -> dict[str, float]:
    """Crowds of sixteen, two steps each; a fifth of the requests are the warm-up."""
    from inference.engine import Serving, load_engine

    with tempfile.TemporaryDirectory() as place:
        _write_styles(folder, Path(place))
        serving = Serving(is_warmed_up=False, repeat_bytes=2**20)
        engine: Any = load_engine(str(folder), "cpu", loras=Path(place), serving=serving)
        draw, before, swaps = random.Random(0), 0.0, 0
        for first in range(0, num, 16):
            if before == 0.0 and first >= num / 5:
                before = _resident_mib()
            jobs = [_job(number, draw) for number in range(first, min(first + 16, num))]
            if first * NUM_SWAPS >= swaps * num:
                jobs[0] = _styled(jobs[0], swaps)
                swaps += 1
            await asyncio.gather(*(_ask(engine, job, draw.random()) for job in jobs))
        after = _resident_mib()
        await engine.close()
    return {"percent": 100 * (after / before - 1), "swaps": swaps}


def _job(number: int, draw: random.Random) -> RenderJob:
    return wish(number, steps=draw.choice([1, 2, 3]), guidance=draw.choice([1.0, 2.5]))


def _styled(job: RenderJob, swap: int) -> RenderJob:
    from dataclasses import replace

    return replace(job, loras=(Lora(name=f"style{swap % NUM_STYLES}"),))


async def _ask(engine: Any, job: RenderJob, chance: float) -> None:
    """Render, or withdraw on the way."""
    task = asyncio.create_task(engine.render(job))
    if chance < CANCELLED_SHARE:
        await asyncio.sleep(chance)
        engine.cancel(job.id)
    try:
        await task
    except RenderCancelled:
        return


def _write_styles(folder: Path, place: Path) -> None:
    """LoRAs of rank four on the attention of the network, with random numbers."""
    import torch
    from safetensors.torch import load_file, save_file

    files = (folder / "unet").glob("*.safetensors")
    shapes = {name: tensor.shape for file in files for name, tensor in load_file(file).items()}
    layers = [name for name in shapes if name.endswith(("to_q.weight", "to_v.weight"))]
    for style in range(NUM_STYLES):
        draw = torch.Generator().manual_seed(style)
        changes = {}
        for name in layers:
            size_out, size_in = shapes[name]
            path = f"unet.{name.removesuffix('.weight')}"
            changes[f"{path}.lora_A.weight"] = torch.randn(4, size_in, generator=draw) * 0.01
            changes[f"{path}.lora_B.weight"] = torch.randn(size_out, 4, generator=draw) * 0.01
        save_file(changes, place / f"style{style}.safetensors")


def _engine(stepper: Any) -> Any:
    from inference.engine.front import StepEngine
    from inference.engine.serving import Serving

    return StepEngine(stepper, Serving(is_warmed_up=False, repeat_bytes=0))


_KINDS: dict[str, Callable[[Path, int], Awaitable[dict[str, float]]]] = {
    "threads": _of_threads,
    "ours": _of_ours,
    "growth": _growth,
}


def main() -> None:
    """Measure one figure and print it."""
    from inference.engine.loading import make_ready

    make_ready()
    what, folder, num = sys.argv[1:]
    print(json.dumps(asyncio.run(_KINDS[what](Path(folder), int(num)))))


if __name__ == "__main__":
    main()
