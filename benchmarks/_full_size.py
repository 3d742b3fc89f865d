"""Stable Diffusion 1.5 and XL at their full sizes with random normal weights; nothing is loaded.

Speed does not depend on what weights say, only on how many there are and that they are not zeros.
The tokenizer knows single bytes, so that no vocabulary is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._model import byte_tokenizer, text_encoder
from benchmarks._tiny import build_sd, build_xl

_VAE = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "layers_per_block": 2,
}


_XL_UNET = {
    "sample_size": 128,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}


@dataclass(frozen=True, kw_only=True)
class Size:
    """A model and the pictures it is asked for."""

    name: str
    build: Callable[[Path], Path]
    sides: tuple[int, ...]  # pixels
    disk_gib: int = 0  # what its folder needs
    gpu_gib: int = 0  # what building, serving and measuring it needs, by estimate


def sd15(folder: Path) -> Path:
    """Stable Diffusion 1.5: 860 million parameters in the U-Net."""
    import diffusers
    import torch

    torch.manual_seed(0)
    tokenizer = byte_tokenizer(folder)
    with torch.device(_where()):
        parts = {
            "vae": diffusers.AutoencoderKL(**_VAE),
            "text_encoder": text_encoder(tokenizer, width=768, layers=12),
            "unet": diffusers.UNet2DConditionModel(sample_size=64, cross_attention_dim=768),
        }
    return _save(
        folder, "StableDiffusionPipeline", parts, tokenizer=tokenizer,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


def sdxl(folder: Path) -> Path:
    """Stable Diffusion XL: 2.6 billion parameters in the U-Net."""
    import diffusers
    import torch
    from transformers import CLIPTextModelWithProjection

    torch.manual_seed(0)
    tokenizer = byte_tokenizer(folder)
    second = text_encoder(tokenizer, width=1280, layers=1).config
    second.num_hidden_layers, second.projection_dim = 32, 1280
    with torch.device(_where()):
        parts = {
            "vae": diffusers.AutoencoderKL(scaling_factor=0.13025, **_VAE),
            "text_encoder": text_encoder(tokenizer, width=768, layers=12),
            "text_encoder_2": CLIPTextModelWithProjection(second),
            "unet": diffusers.UNet2DConditionModel(**_XL_UNET),
        }
    kind = "StableDiffusionXLPipeline"
    return _save(folder, kind, parts, tokenizer=tokenizer, tokenizer_2=tokenizer)


SIZES = (
    Size(name="sd15", build=sd15, sides=(512,), disk_gib=4, gpu_gib=20),
    Size(name="sdxl", build=sdxl, sides=(512, 1024), disk_gib=10, gpu_gib=60),
)
TOYS = (
    Size(name="toy", build=build_sd, sides=(64,)),
    Size(name="toyxl", build=build_xl, sides=(64,)),
)


def _where() -> str:
    """Three billion random numbers take a GPU a second and a CPU a minute."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _save(folder: Path, kind: str, parts: dict[str, Any], **rest: Any) -> Path:
    """Fill the parts with random numbers of the usual scale and write a stock pipeline."""
    import diffusers
    import torch

    for part in parts.values():
        for weight in part.parameters():
            if weight.dim() > 1:
                torch.nn.init.normal_(weight, std=weight[0].numel() ** -0.5)
    scheduler = diffusers.EulerDiscreteScheduler(beta_schedule="scaled_linear", steps_offset=1)
    halves = {name: part.to(torch.bfloat16) for name, part in parts.items()}
    pipe = getattr(diffusers, kind)(**halves, **rest, scheduler=scheduler)
    pipe.save_pretrained(folder)
    return folder
