"""Makes a picture larger with a learned model from a folder; knows no chat and no database.

Two kinds of folders are understood: Swin2SR as transformers keeps it (arXiv 2209.11345), which
only sees the picture, and Stable Diffusion's upscalers as diffusers keeps them, which also read
the prompt and draw details of their own. Loads torch inside its functions only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image

Kind = Literal["swin2sr", "diffusion"]
SWIN2SR = "swin2sr"  # ``model_type`` of transformers
PIPELINES = ("StableDiffusionUpscalePipeline", "StableDiffusionLatentUpscalePipeline")
FAILURES = (RuntimeError, OSError, ValueError)  # no memory, no weights, weights that do not fit


class UpscalingFailed(Exception):
    """The model could not be loaded, or could not enlarge this picture."""


class Upscaler(Protocol):
    """A model in memory."""

    def enlarge(self, image: Image, *, prompt: str, seed: int) -> Image:
        """An RGB picture larger by the model's own factor. Blocks; raises ``UpscalingFailed``."""


def kind_of(folder: Path) -> Kind | None:
    """What kind of upscaler lies there; None where it is none that is understood."""
    if _read(folder / "model_index.json").get("_class_name") in PIPELINES:
        return "diffusion"
    if _read(folder / "config.json").get("model_type") == SWIN2SR:
        return "swin2sr"
    return None


def load_upscaler(folder: Path, device: str) -> Upscaler:
    """The model of that folder on ``device`` (``auto``, ``cpu``, ``cuda``). Blocks; raises
    ``UpscalingFailed``."""
    from inference.devices import usable_device
    from inference.engine.loading import make_ready

    kind = kind_of(folder)
    if kind is None:
        raise UpscalingFailed(f"no upscaler in {folder}")
    make_ready()
    load = _Swin2SR if kind == "swin2sr" else _Diffusion
    try:
        return load(folder, usable_device(device))
    except FAILURES as error:
        raise UpscalingFailed(type(error).__name__) from error


class _Swin2SR:
    """Sees the picture only; the same picture always becomes the same."""

    def __init__(self, folder: Path, device: str) -> None:
        from transformers import Swin2SRForImageSuperResolution

        loaded: Any = Swin2SRForImageSuperResolution.from_pretrained(folder, local_files_only=True)
        self._model, self._device = loaded.eval().to(device), device

    def enlarge(self, image: Image, *, prompt: str, seed: int) -> Image:
        import numpy as np
        import torch
        from PIL import Image as Pillow

        values = np.asarray(image.convert("RGB"), dtype=np.float32) / 255  # (H, W, 3)
        window, factor = self._model.config.window_size, self._model.config.upscale
        margins = ((0, -values.shape[0] % window), (0, -values.shape[1] % window), (0, 0))
        whole = np.pad(values, margins, mode="symmetric")  # whole windows, or it is refused
        pixels = torch.from_numpy(whole).permute(2, 0, 1)[None]  # (1, 3, H + …, W + …)
        try:
            with torch.inference_mode():
                larger = self._model(pixels.to(self._device)).reconstruction[0]
        except FAILURES as error:
            raise UpscalingFailed(type(error).__name__) from error
        shown = larger[:, : factor * values.shape[0], : factor * values.shape[1]]
        bytes_ = (shown.float().clamp(0, 1) * 255).round().byte().permute(1, 2, 0)
        return Pillow.fromarray(bytes_.contiguous().cpu().numpy())


class _Diffusion:
    """Draws details by the prompt, the same ones for the same seed."""

    def __init__(self, folder: Path, device: str) -> None:
        import torch
        from diffusers import DiffusionPipeline

        dtype = torch.float16 if device == "cuda" else torch.float32
        pipelines: Any = DiffusionPipeline
        loaded = pipelines.from_pretrained(folder, local_files_only=True, torch_dtype=dtype)
        self._pipeline = loaded.to(device)
        self._pipeline.set_progress_bar_config(disable=True)

    def enlarge(self, image: Image, *, prompt: str, seed: int) -> Image:
        import torch

        generator = torch.Generator("cpu").manual_seed(seed)
        try:
            made = self._pipeline(
                prompt=prompt, image=image.convert("RGB"), generator=generator
            ).images[0]
        except FAILURES as error:
            raise UpscalingFailed(type(error).__name__) from error
        shown: Image = made
        return shown


def _read(path: Path) -> dict[str, Any]:
    """A JSON object of a file; empty where there is none."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
