"""Any diffusers text-to-image pipeline, one picture at a time: the stock call, step by step.

The stock call runs in a thread that pauses after every step until the loop lets it go on, so
that progress, cancelling and errors work as they do for the families we know. It knows nothing
of batching.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from inference.engine.families.parts import Place
from inference.engine.families.words import num_left_out
from inference.engine.models import ModelFolder, vae_factor
from inference.engine.pictures import fit_mask, fit_reference, paste_kept, steps_to_ask, to_picture
from inference.engine.scheduler import Lane
from inference.engine.stepper import Painted, PictureRun, Plan
from inference.jobs import RenderFailed, RenderJob

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor


class _Abandoned(BaseException):
    """Ends a paused call; not an ``Exception``, so that no pipeline swallows it."""


class _PausedCall:
    """A stock pipeline call that runs one step whenever it is told to."""

    def __init__(self, thread: ThreadPoolExecutor, call: Any, arguments: dict[str, Any]) -> None:
        self._go = threading.Semaphore(0)
        self._paused = threading.Semaphore(0)
        self._is_abandoned = False
        self._may_run_on = False
        self._has_ended = False
        if "callback_on_step_end" in inspect.signature(call).parameters:
            arguments["callback_on_step_end"] = self._pause
        self._answer: Future[Tensor] = thread.submit(self._run, call, arguments)

    def step(self) -> None:
        """Run until the end of the next step; raises what the pipeline raised."""
        if not self._has_ended:
            self._go.release()
            self._paused.acquire()
        if self._has_ended:
            self._answer.result()

    def finish(self) -> Tensor:
        """Run to the end; pixels (3, H, W) in 0…1."""
        self._may_run_on = True
        self._go.release()
        return self._answer.result()

    def abandon(self) -> None:
        """Stop at the end of the running step."""
        self._is_abandoned = True
        self._go.release()
        self._answer.exception()

    def _run(self, call: Any, arguments: dict[str, Any]) -> Tensor:
        try:
            self._go.acquire()
            if self._is_abandoned:
                raise _Abandoned
            pixels: Tensor = call(**arguments).images[0]
            return pixels
        finally:
            self._has_ended = True
            self._paused.release()

    def _pause(self, _pipe: Any, _step: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        if not self._may_run_on:
            self._paused.release()
            self._go.acquire()
        if self._is_abandoned:
            raise _Abandoned
        return tensors


class PlainStepper:
    """Paints with a stock pipeline; the ``Stepper`` of every model we have no family for."""

    max_started = 1  # a stock pipeline keeps its place in its scheduler: one call at a time

    def __init__(self, folder: ModelFolder, place: Place, *, num_threads: int) -> None:
        self.name = folder.name
        self.device = place.device
        self._factor = vae_factor(folder)
        self._pipe = _load(folder, place)
        self._img2img, self._inpaint = _siblings(self._pipe)
        self._thread = ThreadPoolExecutor(
            1, "atelier-pipeline", initializer=_use_threads, initargs=(num_threads,)
        )

    def plan(self, job: RenderJob) -> Plan:
        if job.loras:
            raise RenderFailed("render-lora-missing", lora=job.loras[0].name)
        if job.sampler:
            raise RenderFailed("render-sampler-unfit", sampler=job.sampler)
        multiple = _multiple(self._pipe, self._factor)
        if job.width % multiple or job.height % multiple:
            raise RenderFailed("render-size-unfit", multiple=multiple)
        self._call(job)
        lane = Lane(
            model=self.name, height=job.height // self._factor, width=job.width // self._factor
        )
        return Plan(lane=lane, rows=2 if job.guidance > 1 else 1, steps=_num_steps(job))

    def start(self, run: PictureRun) -> None:
        call = self._call(run.job)
        run.state = _PausedCall(self._thread, call.__call__, _arguments(call, run))

    def step(self, runs: Sequence[PictureRun]) -> None:
        for run in runs:
            run.state.step()

    def preview(self, runs: Sequence[PictureRun]) -> Callable[[], list[Image]]:
        return list

    def finish(self, runs: Sequence[PictureRun]) -> list[Painted]:
        return [self._painted(run) for run in runs]

    def drop(self, run: PictureRun) -> None:
        if run.state is not None:
            run.state.abandon()
            run.state = None

    def close(self) -> None:
        self._thread.shutdown()

    def _call(self, job: RenderJob) -> Any:
        """The pipeline for this kind of job; raises ``RenderFailed`` where there is none."""
        if job.reference is None:
            return self._pipe
        pipe = self._inpaint if job.reference.mask else self._img2img
        if pipe is None:
            key = "render-no-mask" if job.reference.mask else "render-no-reference"
            raise RenderFailed(key, model=self.name)
        return pipe

    def _painted(self, run: PictureRun) -> Painted:
        image = paste_kept(to_picture(run.state.finish()), run.reference, run.mask)
        return Painted(image=image, how=self._how(run))

    def _how(self, run: PictureRun) -> dict[str, Any]:
        scheduler = getattr(self._pipe, "scheduler", None)
        return {
            "model": self.name,
            "sampler": type(scheduler).__name__,
            "steps": run.job.steps,
            "guidance": run.job.guidance,
            "lane": "plain",
            "notices": _notices(self._pipe, run.job),
        }


def _load(folder: ModelFolder, place: Place) -> Any:
    from diffusers import AutoPipelineForText2Image, DiffusionPipeline

    options = {"dtype": place.dtype, "local_files_only": True, "use_safetensors": True}
    try:
        pipe = AutoPipelineForText2Image.from_pretrained(folder.path, **options)
    except ValueError:  # a pipeline that the auto class does not list
        pipe = DiffusionPipeline.from_pretrained(folder.path, **options)
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(place.device)


def _siblings(pipe: Any) -> list[Any | None]:
    """The same weights behind the pipelines that start from a picture and that repaint a part."""
    from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting

    found: list[Any | None] = []
    for kind in (AutoPipelineForImage2Image, AutoPipelineForInpainting):
        try:
            other = kind.from_pipe(pipe)
        except (ValueError, AttributeError):
            other = None
        else:
            other.set_progress_bar_config(disable=True)
        found.append(other)
    return found


def _multiple(pipe: Any, factor: int) -> int:
    """What both sides must be multiples of, as the pipeline's own picture processor says."""
    config = getattr(getattr(pipe, "image_processor", None), "config", {})
    return int(config.get("vae_scale_factor", factor))


def _arguments(call: Any, run: PictureRun) -> dict[str, Any]:
    """What this pipeline understands of the job."""
    import torch

    job = run.job
    known = inspect.signature(call.__call__).parameters
    wanted: dict[str, Any] = {
        "prompt": job.prompt,
        "negative_prompt": job.negative_prompt or None,
        "width": job.width,
        "height": job.height,
        "num_inference_steps": job.steps,
        "guidance_scale": job.guidance,
        "generator": torch.Generator("cpu").manual_seed(run.seed),
        "output_type": "pt",
    }
    if run.reference is not None and job.reference is not None:
        wanted["image"] = fit_reference(run.reference, job.width, job.height)
        wanted["strength"] = job.reference.strength
        wanted["num_inference_steps"] = steps_to_ask(job.steps, job.reference.strength)
    if run.mask is not None:
        wanted["mask_image"] = fit_mask(run.mask, job.width, job.height)
    return {name: value for name, value in wanted.items() if name in known}


def _notices(pipe: Any, job: RenderJob) -> list[dict[str, Any]]:
    """How many words the pipeline's farthest-reading encoder had no room for."""
    texts = {"render-notice-prompt-cut": job.prompt}
    if job.guidance > 1:
        texts["render-notice-negative-cut"] = job.negative_prompt
    windows = list(_windows(pipe))
    cut = {
        key: min((num_left_out(*reader, text) for reader in windows), default=0)
        for key, text in texts.items()
    }
    return [{"key": key, "args": {"words": words}} for key, words in cut.items() if words]


def _windows(pipe: Any) -> Iterator[tuple[Any, int]]:
    """The tokenizers that can tell where a token came from, each with the tokens it may give."""
    limit = inspect.signature(pipe.__call__).parameters.get("max_sequence_length")
    for name, part in pipe.components.items():
        if name.startswith("tokenizer") and getattr(part, "is_fast", False):
            longest = limit.default if limit is not None else part.model_max_length
            yield part, min(part.model_max_length, longest)


def _num_steps(job: RenderJob) -> int:
    if job.reference is None:
        return job.steps
    strength = job.reference.strength
    return int(steps_to_ask(job.steps, strength) * strength) or 1


def _use_threads(num_threads: int) -> None:
    import torch

    torch.set_num_threads(num_threads)
