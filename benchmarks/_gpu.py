"""What a device can do, what a network asks of it, and whether it is ready; knows no engine."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks._full_size import Size
from benchmarks.path import Measure

_GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long and how large."""

    device: str
    steps: int
    rounds: int
    gemm_side: int
    is_telling: bool  # False: too few rounds, or toys
    compiler: str = "inductor"  # a toy's compiles nothing: its point is that every line runs
    has_compiler: bool = True  # False: it does not work here


@dataclass
class Findings:
    """Told as they are found, so that whoever is cut off has what came before."""

    stop_at: float = float("inf")  # monotonic seconds; nothing is begun later
    measures: list[Measure] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # with the reason
    failed: list[str] = field(default_factory=list)

    async def part(self, name: str, work: Callable[[], Awaitable[list[Measure]]]) -> None:
        """Measure one part; one that fails is told, and the others are measured all the same."""
        if time.monotonic() >= self.stop_at:
            return self.leave_out(f"{name}: no time was left")
        began = time.monotonic()
        try:
            found = await work()
        except Exception as error:  # noqa: BLE001 - the edge: hours of other parts must not be lost
            traceback.print_exc()
            line = str(error).strip().split("\n", 1)[0]
            self.failed.append(f"{name}: {type(error).__name__}: {line}")
            return _tell(f"FAILED {self.failed[-1]}")
        self.measures += found
        for one in found:
            _tell(f"{one.id} = {one.value} {one.unit}  ({one.what})")
        return _tell(f"{name} took {time.monotonic() - began:.0f} s")

    def leave_out(self, what: str) -> None:
        """Say so, here and in the document."""
        self.left_out.append(what)
        _tell(f"LEFT OUT {what}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def shortage(plan: Plan, sizes: Sequence[Size]) -> str | None:
    """What this machine has too little of, in one sentence; None: nothing."""
    place = tempfile.gettempdir()
    free, need = shutil.disk_usage(place).free / _GIB, max(size.disk_gib for size in sizes)
    if free < need:
        return (
            f"{place} has {free:.0f} GiB free and {need} are needed; set TMPDIR to a larger disk."
        )
    if plan.device != "cuda":
        return None
    import torch

    there, need = torch.cuda.mem_get_info()[0] / _GIB, max(size.gpu_gib for size in sizes)
    if there < need:
        return f"The GPU has {there:.0f} GiB free and {need} are needed; try --only sd15."
    return None


def can_compile(plan: Plan) -> bool:
    """True where the compiler works at all; it needs a C compiler and, on a GPU, Triton."""
    import torch

    double: Any = torch.compile(lambda x: 2 * x + 1, backend=plan.compiler)
    try:
        return bool(double(torch.ones(8, device=plan.device)).sum() == 24)
    except Exception:  # noqa: BLE001 - the edge: whatever is missing, the rest is measured
        traceback.print_exc()
        return False


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


def free_memory(plan: Plan) -> None:
    """Give back what nothing refers to any more."""
    import gc

    import torch

    gc.collect()
    if plan.device == "cuda":
        torch.cuda.empty_cache()
