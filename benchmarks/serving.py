"""How many pictures a second the engine serves, and how long people wait, next to three others.

    python -m benchmarks.serving --json [--quick] [--plot FILE.png]

All serve the same random-weight model (``benchmarks/_model.py``, or a folder named with
``--model``) in this process, one after the other in turns, so that noise meets all of them:

P  the stock pipeline behind a lock, one request at a time
T  a thread and a scheduler copy per request on shared weights
S  static batching: requests with the same options, up to 8, 10 ms wait, a whole run each
E  the engine

R1, R2: pictures a second with eight people at once, eight steps, guidance on. R3: Poisson
arrivals at 0.8 of what S carries, steps mixed from 4, 8, 20 and 30. R7: what a step costs outside
the network with eight rows. Ratios are medians over the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.path import Measure, print_report
from inference.jobs import RenderJob

NUM_PEOPLE = 8
MAX_BATCH = 8
WAIT_SECONDS = 0.01
STEPS = (4, 8, 20, 30)
LOAD = 0.8  # of what S carries
NUM_THREADS = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)


class Server(Protocol):
    """Something that renders jobs."""

    async def render(self, job: RenderJob) -> object:
        """Return when the pictures of ``job`` are there."""


class Locked:
    """P: the stock pipeline, one request at a time."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    async def render(self, job: RenderJob) -> object:
        """Wait for the lock, then for the whole run."""
        return await asyncio.to_thread(self._run, job)

    def _run(self, job: RenderJob) -> object:
        with self._lock:
            return call(self._pipe, **_arguments([job]))


class Threaded:
    """T: a thread and a scheduler copy per request; words are encoded behind a lock."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    async def render(self, job: RenderJob) -> object:
        """Run beside all others."""
        return await asyncio.to_thread(self._run, job)

    def _run(self, job: RenderJob) -> object:
        scheduler = type(self._pipe.scheduler).from_config(self._pipe.scheduler.config)
        parts = {**self._pipe.components, "scheduler": scheduler}
        pipe = type(self._pipe)(**parts, requires_safety_checker=False)
        pipe.set_progress_bar_config(disable=True)
        arguments = _arguments([job])
        del arguments["prompt"]
        with self._lock:  # a fast tokenizer is not for two threads at once
            wanted, unwanted = pipe.encode_prompt([job.prompt], "cpu", 1, True)
        words = {"prompt_embeds": wanted, "negative_prompt_embeds": unwanted}
        return call(pipe, num_threads=1, **words, **arguments)


class Static:
    """S: what waits with the same options runs together, from its first step to its last."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._waiting: deque[tuple[RenderJob, asyncio.Future[object]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def render(self, job: RenderJob) -> object:
        """Wait for a batch with a seat, then for its whole run."""
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            if len(self._waiting) < MAX_BATCH:
                await asyncio.sleep(WAIT_SECONDS)
            steps = self._waiting[0][0].steps
            batch = [one for one in self._waiting if one[0].steps == steps][:MAX_BATCH]
            for one in batch:
                self._waiting.remove(one)
            arguments = _arguments([job for job, _ in batch])
            await asyncio.to_thread(call, self._pipe, **arguments)
            for _, answer in batch:
                answer.set_result(None)


def call(pipe: Any, *, num_threads: int = 0, **arguments: Any) -> object:
    """The stock call with so many threads for itself; 0: as many as the engine has.

    Eight requests at once with two threads each would spin for the two cores.
    """
    import torch

    torch.set_num_threads(num_threads or NUM_THREADS)
    return pipe(**arguments)


def _arguments(jobs: Sequence[RenderJob]) -> dict[str, Any]:
    """What the stock call takes for jobs of equal options."""
    import torch

    return {
        "prompt": [job.prompt for job in jobs],
        "num_inference_steps": jobs[0].steps,
        "guidance_scale": jobs[0].guidance,
        "width": jobs[0].width,
        "height": jobs[0].height,
        "generator": [torch.Generator("cpu").manual_seed(job.seed) for job in jobs],
    }


class Timed:
    """A network that adds up the seconds spent in it."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self.seconds = 0.0
        self.config, self.dtype = network.config, network.dtype

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Predict, and note how long it took."""
        began = time.perf_counter()
        answer = self._network(*args, **options)
        self.seconds += time.perf_counter() - began
        return answer


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The four servers, and the network inside ours."""

    servers: dict[str, Server]
    network: Timed
    close: Any


def load(folder: Path) -> Bench:
    """Load one model for all four."""
    import diffusers

    from inference.engine.families import unet
    from inference.engine.families.parts import Place
    from inference.engine.families.rows import RowsStepper
    from inference.engine.front import StepEngine
    from inference.engine.models import find_model

    pipe = diffusers.StableDiffusionPipeline.from_pretrained(folder, safety_checker=None)
    pipe.set_progress_bar_config(disable=True)
    family = unet.load(find_model(str(folder)), Place(device="cpu"))
    family.network = network = Timed(family.network)
    engine = StepEngine(RowsStepper(family))
    servers = {"P": Locked(pipe), "T": Threaded(pipe), "S": Static(pipe), "E": engine}
    return Bench(servers=servers, network=network, close=engine.close)


def wish(number: int, *, steps: int = 8, guidance: float = 2.5) -> RenderJob:
    """The job of person ``number``."""
    prompt = f"wish number {number}: a red star above a blue house at night"
    return RenderJob(
        id=str(number), owner=str(number), prompt=prompt, seed=number,
        steps=steps, guidance=guidance,
    )  # fmt: skip


async def burst(server: Server, jobs: Sequence[RenderJob]) -> float:
    """Seconds until all jobs, handed in at once, are done."""
    began = time.perf_counter()
    await asyncio.gather(*(server.render(job) for job in jobs))
    return time.perf_counter() - began


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long people waited, and how long all of it took."""

    seconds: tuple[float, ...]
    short_seconds: tuple[float, ...]  # of the four-step jobs
    makespan_seconds: float

    @property
    def p95(self) -> float:
        return percentile(self.seconds, 95)

    @property
    def short_p95(self) -> float:
        return percentile(self.short_seconds, 95)


async def poisson(server: Server, *, rate: float, num: int, seed: int) -> Waits:
    """``num`` requests at ``rate`` a second on average, steps mixed; the same for every server."""
    draw = random.Random(seed)
    waits: list[tuple[int, float]] = []

    async def ask(job: RenderJob) -> None:
        began = time.perf_counter()
        await server.render(job)
        waits.append((job.steps, time.perf_counter() - began))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(num):
            group.create_task(ask(wish(number, steps=draw.choice(STEPS))))
            await asyncio.sleep(draw.expovariate(rate))
    return Waits(
        seconds=tuple(wait for _, wait in waits),
        short_seconds=tuple(wait for steps, wait in waits if steps == min(STEPS)),
        makespan_seconds=time.perf_counter() - began,
    )


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that ``share`` percent of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


async def crowd_rates(bench: Bench, *, rounds: int) -> dict[str, float]:
    """R1 and R2: the median over rounds of each server's seconds, ours being one."""
    jobs = [wish(number) for number in range(NUM_PEOPLE)]
    ratios: dict[str, list[float]] = {"P": [], "T": [], "S": []}
    for _ in range(rounds):
        ours = await burst(bench.servers["E"], jobs)
        for name, values in ratios.items():
            values.append(await burst(bench.servers[name], jobs) / ours)
    return {name: statistics.median(values) for name, values in ratios.items()}


async def overhead_share(bench: Bench) -> float:
    """R7: the share of the time outside the network, eight unguided rows, thirty steps."""
    jobs = [wish(number, steps=30, guidance=1.0) for number in range(NUM_PEOPLE)]
    inside = bench.network.seconds
    seconds = await burst(bench.servers["E"], jobs)
    return 1 - (bench.network.seconds - inside) / seconds


async def capacity(server: Server, *, num: int) -> float:
    """Requests a second of mixed steps, all handed in at once."""
    draw = random.Random(0)
    jobs = [wish(number, steps=draw.choice(STEPS)) for number in range(num)]
    return num / await burst(server, jobs)


async def measure(folder: Path, *, is_quick: bool, plot: Path | None) -> list[Measure]:
    """Every measure, in turns."""
    bench = load(folder)
    for server in bench.servers.values():  # warm-up
        await burst(server, [wish(0, steps=2), wish(1, steps=2)])
    rounds, num = (2, 12) if is_quick else (5, 100)
    rates = await crowd_rates(bench, rounds=rounds)
    overheads = [await overhead_share(bench) for _ in range(1 if is_quick else 5)]
    carried = await capacity(bench.servers["S"], num=8 if is_quick else 48)
    loads = [LOAD] if is_quick else [0.4, 0.6, LOAD, 1.0]
    waits: dict[float, list[tuple[Waits, Waits]]] = {
        load: [
            (
                await poisson(bench.servers["S"], rate=load * carried, num=num, seed=seed),
                await poisson(bench.servers["E"], rate=load * carried, num=num, seed=seed),
            )
            for seed in range(rounds)
        ]
        for load in loads
    }
    await bench.close()
    if plot is not None:
        from benchmarks._chart import draw_lines

        lines = {
            label: [
                (load, statistics.median(pair[n].p95 for pair in waits[load])) for load in loads
            ]
            for n, label in enumerate(("static batches", "the engine"))
        }
        draw_lines(plot, lines, across="offered load / what S carries", up="p95 wait, seconds")
    return report(rates, statistics.median(overheads), waits[LOAD], is_quick=is_quick)


def report(
    rates: dict[str, float],
    overhead: float,
    waits: Sequence[tuple[Waits, Waits]],
    *,
    is_quick: bool,
) -> list[Measure]:
    """The figures beside their goals."""
    p95 = [static.p95 / ours.p95 for static, ours in waits]
    short = [static.short_p95 / ours.short_p95 for static, ours in waits]
    rate = [static.makespan_seconds / ours.makespan_seconds for static, ours in waits]
    rows = [
        ("R1", "pictures/s, 8 people, next to P", rates["P"], 2.5),
        ("R2", "pictures/s, 8 people, next to T", rates["T"], 2.0),
        ("R3.p95", "p95 wait of S next to ours", statistics.median(p95), 2.5),
        ("R3.short", "the same for 4-step jobs", statistics.median(short), 5.0),
        ("R3.rate", "requests/s next to S", statistics.median(rate), 1.05),
    ]
    measures = [
        Measure(id=name, what=what, value=round(value, 3), unit="x", goal=goal,
                ok=None if is_quick else value >= goal)
        for name, what, value, goal in rows
    ]  # fmt: skip
    share = Measure(
        id="R7", what="time outside the network, 8 rows", value=round(100 * overhead, 2), unit="%",
        goal=5.0, ok=None if is_quick else overhead <= 0.05,
    )  # fmt: skip
    return [*measures, share]


def main() -> None:
    """Measure and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer rounds; under 50 s")
    parser.add_argument("--model", type=Path, help="a Stable Diffusion folder to serve instead")
    parser.add_argument("--plot", type=Path, help="write waits against load to this PNG")
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["OMP_NUM_THREADS"] = str(NUM_THREADS)  # a busy moment must not decide it
    from inference.engine.loading import make_ready

    make_ready()
    with tempfile.TemporaryDirectory() as place:
        from benchmarks._model import build

        folder = options.model or build(Path(place) / "model")
        work = measure(folder, is_quick=options.quick, plot=options.plot)
        measures = asyncio.run(work)
    print_report("serving", measures, is_json=options.json)


if __name__ == "__main__":
    main()
