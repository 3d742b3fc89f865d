"""Where a model lies and what its folder says of itself; knows no torch and opens no weights."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.jobs import MAX_STEPS, SIDE_MULTIPLE, RenderFailed, RenderJob
from inference.sketchbook import weights_dir

SKETCHBOOK = "sketchbook"
_WEIGHTS = ("*.safetensors", "*.json", "*.txt", "*.model")  # never pickled weights
_FALLBACK_SIDE = 512  # pixels, where a folder does not tell
_TRANSFORMER_SIDE = 128  # latents: what the stock transformer pipelines take where none is told
_PACKED = 2


@dataclass(frozen=True, kw_only=True)
class ModelFolder:
    """A model in diffusers format on this disk."""

    name: str  # as the operator named it
    path: Path
    index: Mapping[str, Any]  # model_index.json

    def config(self, part: str, file: str = "config.json") -> dict[str, Any]:
        """The json config of one part (``unet``, ``vae``, …); empty where there is none.

        Raises ``RenderFailed`` (``render-model-broken``).
        """
        path = self.path / part / file
        return _read_json(path, self.name) if path.is_file() else {}

    def has(self, part: str) -> bool:
        """True where the pipeline was saved with that part."""
        return self.index.get(part, [None, None])[1] is not None

    @property
    def pipeline(self) -> str:
        """The class name of the stock pipeline, such as ``StableDiffusionPipeline``."""
        return str(self.index.get("_class_name", ""))


def find_model(model: str) -> ModelFolder:
    """Find ``"sketchbook"``, a folder or a hub name; a hub name may be downloaded.

    Raises ``RenderFailed`` (``render-model-missing``, ``render-model-broken``).
    """
    path = _folder(model)
    index = _read_json(path / "model_index.json", model)
    return ModelFolder(name=model, path=path, index=index)


def _read_json(path: Path, model: str) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        read = None
    if not isinstance(read, dict):
        raise RenderFailed("render-model-broken", model=model)
    return read


@dataclass(frozen=True, kw_only=True)
class ModelLimits:
    """What a model can paint, so that a wish beyond it is refused before anybody waits."""

    multiple: int = SIDE_MULTIPLE  # pixels; both sides are multiples of it
    max_steps: int = MAX_STEPS  # of the model's own sampler

    def check(self, job: RenderJob) -> None:
        """Raise ``RenderFailed`` (``render-size-unfit``, ``render-steps-unfit``)."""
        if job.width % self.multiple or job.height % self.multiple:
            raise RenderFailed("render-size-unfit", multiple=self.multiple)
        if not job.sampler and job.steps > self.max_steps:
            raise RenderFailed("render-steps-unfit", steps=job.steps)


def model_limits(model: str) -> ModelLimits:
    """The limits of ``model``, from its json files alone; the widest where it is not on this disk."""
    folder = _local_folder(model)
    if folder is None or not (folder / "model_index.json").is_file():
        return ModelLimits()
    found = find_model(str(folder))
    sampler = found.config("scheduler", "scheduler_config.json")
    steps = [sampler.get("num_train_timesteps")]
    if sampler.get("_class_name") == "LCMScheduler":
        steps.append(sampler.get("original_inference_steps"))
    return ModelLimits(
        multiple=max(SIDE_MULTIPLE, vae_factor(found) * _patch(found)),
        max_steps=min([MAX_STEPS, *(count for count in steps if isinstance(count, int))]),
    )


def _patch(folder: ModelFolder) -> int:
    """Latents per side that a transformer sees as one; FLUX and its like pack them two by two."""
    transformer = folder.config("transformer")
    latents = folder.config("vae").get("latent_channels")
    if latents is not None and transformer.get("in_channels") == _PACKED**2 * latents:
        return _PACKED
    patch = transformer.get("patch_size", 1)
    return patch if isinstance(patch, int) else 1


def native_size(model: str) -> tuple[int, int]:
    """Width and height in pixels that ``model`` was made for, from its json files alone.

    A hub name that is not on this disk is answered with 512x512 rather than a download.
    """
    folder = _local_folder(model)
    if folder is None or not (folder / "model_index.json").is_file():
        return _FALLBACK_SIDE, _FALLBACK_SIDE
    found = find_model(str(folder))
    denoiser = found.config("unet") or found.config("transformer")
    side = denoiser.get("sample_size", _TRANSFORMER_SIDE if found.has("transformer") else None)
    if not isinstance(side, int):
        return _FALLBACK_SIDE, _FALLBACK_SIDE
    return side * vae_factor(found), side * vae_factor(found)


def vae_factor(folder: ModelFolder) -> int:
    """How many pixels one latent stands for along each side."""
    config = folder.config("vae")
    channels = config.get("block_out_channels") or config.get("decoder_block_out_channels")
    return 2 ** (len(channels) - 1) if channels else 8


def _folder(model: str) -> Path:
    local = _local_folder(model)
    if local is not None:
        return local
    return _downloaded(model)


def _local_folder(model: str) -> Path | None:
    if model == SKETCHBOOK:
        return weights_dir()
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    return _cached(model)


def _cached(model: str) -> Path | None:
    """The hub's copy on this disk, if it is there."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        index = try_to_load_from_cache(model, "model_index.json")
    except HFValidationError:
        return None
    return Path(index).parent if isinstance(index, str) else None


def _downloaded(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    if os.path.sep in model and model.count("/") != 1:  # a path that is not there
        raise RenderFailed("render-model-missing", model=model)
    try:
        return Path(snapshot_download(model, allow_patterns=list(_WEIGHTS)))
    except (OSError, HfHubHTTPError, HFValidationError):
        raise RenderFailed("render-model-missing", model=model) from None
