"""Four ways to serve one model to many people: ours, and three that others use.

P  the stock pipeline behind a lock, one request at a time
T  a thread and a scheduler copy per request on shared weights
S  static batching: requests with the same options, up to 8, 10 ms wait, a whole run each
E  the engine
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from inference.jobs import RenderJob

MAX_BATCH = 8
WAIT_SECONDS = 0.01
NUM_THREADS = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)


class Server(Protocol):
    """Something that renders jobs."""

    async def render(self, job: RenderJob, **options: Any) -> object:
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
    """A network that remembers when it was called and when it had answered."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self.config, self.dtype = network.config, network.dtype
        self.calls: list[tuple[float, float]] = []  # seconds: began, ended

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Predict, and note how long it took."""
        began = time.perf_counter()
        answer = self._network(*args, **options)
        self.calls.append((began, time.perf_counter()))
        return answer


class Watched:
    """A stepper that notes whose runs each step was for, when it began."""

    def __init__(self, stepper: Any) -> None:
        self._stepper = stepper
        self.steps: list[frozenset[str]] = []  # ids of jobs

    def step(self, runs: Sequence[Any]) -> None:
        """Take the step."""
        self.steps.append(frozenset(run.job.id for run in runs))
        self._stepper.step(runs)

    async def joined(self, job: str, first: int) -> None:
        """Wait until a step from number ``first`` on is for that job."""
        async with asyncio.timeout(60):
            while not any(job in batch for batch in self.steps[first:]):  # noqa: ASYNC110 - another thread's list
                await asyncio.sleep(0.001)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stepper, name)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The four servers on one model, and our insides."""

    folder: Path
    pipe: Any
    servers: dict[str, Server]
    network: Timed
    stepper: Watched
    another: Callable[..., Any]  # a further engine on the same stepper, with options
    engines: list[Any] = field(default_factory=list)

    async def close(self) -> None:
        """Free everything."""
        for engine in self.engines:
            await engine.close()


def load(folder: Path) -> Bench:
    """Load one model for all four."""
    from inference.engine.front import StepEngine
    from inference.engine.serving import Serving

    pipe = stock(folder)
    stepper, network = ours(folder)
    engines: list[Any] = []

    def another(turns: Any = None, **options: Any) -> Any:
        settings = Serving(**{"is_warmed_up": False, "repeat_bytes": 0, **options})
        engines.append(StepEngine(stepper, settings, **({"turns": turns} if turns else {})))
        return engines[-1]

    servers = {"E": another(), "P": Locked(pipe), "T": Threaded(pipe), "S": Static(pipe)}
    return Bench(
        folder=folder, pipe=pipe, servers=servers, network=network, stepper=stepper,
        another=another, engines=engines,
    )  # fmt: skip


def stock(folder: Path) -> Any:
    """The stock pipeline, silent."""
    import diffusers

    pipe = diffusers.StableDiffusionPipeline.from_pretrained(folder, safety_checker=None)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def ours(folder: Path) -> tuple[Watched, Timed]:
    """Our stepper on the same model, and the network inside it."""
    from inference.engine.families import unet
    from inference.engine.families.parts import Place
    from inference.engine.families.rows import RowsStepper
    from inference.engine.models import find_model

    family = unet.load(find_model(str(folder)), Place(device="cpu"))
    family.network = network = Timed(family.network)
    return Watched(RowsStepper(family)), network


def wish(number: int, *, steps: int = 8, guidance: float = 2.5, side: int = 64) -> RenderJob:
    """The job of person ``number``."""
    prompt = f"wish number {number}: a red star above a blue house at night"
    return RenderJob(
        id=str(number), owner=str(number), prompt=prompt, seed=number,
        steps=steps, guidance=guidance, width=side, height=side,
    )  # fmt: skip


async def burst(server: Server, jobs: Sequence[RenderJob]) -> float:
    """Seconds until all jobs, handed in at once, are done."""
    return await timed(asyncio.gather(*(server.render(job) for job in jobs)))


async def timed(work: Awaitable[object]) -> float:
    """Seconds it takes."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began
