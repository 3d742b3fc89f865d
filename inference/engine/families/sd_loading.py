"""Loads the parts of a Stable Diffusion folder, and says which folders are one."""

from __future__ import annotations

import warnings
from typing import Any

import torch

from inference.engine.families.codec import LatentCodec
from inference.engine.families.sd import Parts
from inference.engine.families.words import WordEncoder
from inference.engine.models import ModelFolder, vae_factor
from inference.engine.samplers import UnknownSampler, probe
from inference.jobs import RenderFailed

_PIPELINES = {"StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline"}
_USUAL_STEPS = 8


def is_stable_diffusion(folder: ModelFolder) -> bool:
    """True for a U-Net with one CLIP text encoder and no further conditions; from json alone."""
    unet, vae = folder.config("unet"), folder.config("vae")
    return (
        folder.pipeline in _PIPELINES
        and unet.get("_class_name") == "UNet2DConditionModel"
        and unet.get("in_channels", 4) == vae.get("latent_channels", 4)
        and unet.get("addition_embed_type") in (None, "text")
        and unet.get("class_embed_type") is None
        and unet.get("time_cond_proj_dim") is None
        and folder.index.get("text_encoder", [None, None])[1] == "CLIPTextModel"
    )


def load_parts(folder: ModelFolder, device: str) -> Parts:
    """Load onto ``device``; raises ``RenderFailed``, ``UnknownSampler``."""
    scheduler = load_scheduler(folder)
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    try:
        unet = _load(folder, "unet", dtype).to(device)
        vae = _load(folder, "vae", dtype).to(device)
        text_encoder = _load(folder, "text_encoder", dtype).to(device)
        tokenizer = _class(folder, "tokenizer").from_pretrained(folder.path / "tokenizer")
    except (OSError, ValueError, KeyError, AttributeError, RuntimeError):
        raise RenderFailed("render-model-broken", model=folder.name) from None
    if device != "cpu":
        unet = unet.to(memory_format=torch.channels_last)
    return Parts(
        name=folder.name,
        unet=unet,
        codec=LatentCodec(vae, vae_factor(folder), device),
        words=WordEncoder(tokenizer, text_encoder, device),
        scheduler=scheduler,
        device=device,
    )


def load_scheduler(folder: ModelFolder) -> Any:
    """The folder's own sampler if it can be read as a table, with the stock pipeline's fixes.

    PNDM, which old folders name, needs four earlier outputs and is replaced by DPM++ 2M.
    Raises ``UnknownSampler``.
    """
    config = folder.config("scheduler", "scheduler_config.json")
    config = {**config, "steps_offset": 1, "clip_sample": False}
    name = config.get("_class_name")
    if name == "PNDMScheduler":
        name = "DPMSolverMultistepScheduler"
    try:
        kind = getattr(__import__("diffusers", fromlist=[str(name)]), str(name))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            scheduler = kind.from_config(config)
    except (AttributeError, TypeError, ValueError) as error:
        raise UnknownSampler(str(name)) from error
    probe(scheduler, _USUAL_STEPS)
    return scheduler


def _class(folder: ModelFolder, part: str) -> Any:
    """The class that model_index.json names for a part."""
    library, name = folder.index[part]
    return getattr(__import__(library, fromlist=[name]), name)


def _load(folder: ModelFolder, part: str, dtype: torch.dtype) -> Any:
    """One part with its weights, from safetensors only, ready to predict."""
    path = folder.path / part
    weights = [file.name for file in path.glob("*.safetensors*")]
    is_half = bool(weights) and all(".fp16" in name for name in weights)
    options = {"variant": "fp16"} if is_half else {}
    loaded = _class(folder, part).from_pretrained(
        path, dtype=dtype, local_files_only=True, use_safetensors=True, **options
    )
    return loaded.eval().requires_grad_(False)
