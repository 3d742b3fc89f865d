"""Writes the trained parts as folders that stock diffusers and transformers load.

Half precision, and no file above the limit that the repository keeps.
"""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, StableDiffusionPipeline
from transformers import CLIPImageProcessor, CLIPModel, CLIPTextModel, CLIPTokenizer

from inference.sketchbook.training.clip import READOUT
from inference.sketchbook.training.dataset import SIDE
from inference.sketchbook.training.unet import noise_schedule
from inference.sketchbook.training.untyped import Diffusers

MAX_FILE = "12MB"


def sampler() -> Diffusers:
    """DPM++ 2M on the schedule of training (Lu et al., 2022); good from eight steps."""
    return DPMSolverMultistepScheduler.from_config(
        noise_schedule().config, timestep_spacing="trailing", steps_offset=1
    )


def fast_sampler() -> Diffusers:
    """Plain DDIM at the four levels that the four-step LoRA was taught; guidance 1."""
    return DDIMScheduler.from_config(
        noise_schedule().config, timestep_spacing="trailing", clip_sample=False
    )


def pipeline(
    vae: Diffusers,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    unet: Diffusers,
) -> Diffusers:
    """The parts as one stock pipeline."""
    return StableDiffusionPipeline(
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=sampler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def save_pipeline(pipe: Diffusers, folder: Path) -> None:
    """Writes the pipeline's folder anew, in half precision."""
    shutil.rmtree(folder, ignore_errors=True)
    half: Diffusers = StableDiffusionPipeline(
        **{
            name: copy.deepcopy(part).half() if isinstance(part, torch.nn.Module) else part
            for name, part in pipe.components.items()
        },
        requires_safety_checker=False,
    )
    half.save_pretrained(folder, max_shard_size=MAX_FILE)
    _serve_in_full_precision(folder / "text_encoder")
    for part in ("unet", "vae"):
        _forget_origin(folder / part)


def _forget_origin(folder: Path) -> None:
    """A folder of the machine that trained it is nobody else's business."""
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config.pop("_name_or_path", None)
    path.write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def _serve_in_full_precision(folder: Path) -> None:
    """Halves are for the disk: transformers must not load them as halves beside a full U-Net."""
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(config | {"dtype": "float32"}, indent=2) + "\n", "utf-8")


def save_clip(work: Path, folder: Path) -> None:
    """Writes the CLIP's folder anew: model, read-out, tokenizer and picture preprocessing."""
    shutil.rmtree(folder, ignore_errors=True)
    CLIPModel.from_pretrained(work / "clip").half().save_pretrained(folder, max_shard_size=MAX_FILE)
    _serve_in_full_precision(folder)
    shutil.copy(work / "clip" / READOUT, folder / READOUT)
    CLIPTokenizer.from_pretrained(work / "tokenizer").save_pretrained(folder)
    CLIPImageProcessor(
        size={"shortest_edge": SIDE},
        crop_size={"height": SIDE, "width": SIDE},
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    ).save_pretrained(folder)
