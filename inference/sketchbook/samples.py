"""Draws prompts with a pipeline and puts them on a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from PIL import Image

from inference.sketchbook import weights_dir
from inference.sketchbook.compositions import may_be_drawn
from inference.sketchbook.training.dataset import as_pixels
from inference.sketchbook.training.sheets import tile
from inference.sketchbook.vocabulary import COLOURS, OBJECTS, SETTINGS, STYLES

STEPS, GUIDANCE = 8, 2.5

SHORT: Final = (
    "a red star above a blue house at night, ink style",
    "a yellow cat, cartoon style",
    "a pink flower in a meadow, watercolour style",
    "一条橙色的鱼，海上，扁平风格",
    "three green apples on a plain background, flat style",
    "a white rocket at night, neon style",
    "a blue car left of a red mushroom, cartoon style",
    "a purple umbrella, blueprint style",
)


def all_objects() -> tuple[str, ...]:
    """Every object once per style; settings take turns, and the colours that show there."""
    prompts = []
    for row, style in enumerate(STYLES):
        for column, term in enumerate(OBJECTS):
            setting = SETTINGS[(row + column) % len(SETTINGS)]
            clear = [c for c in COLOURS[:7] if may_be_drawn(c.id, style.id, setting.id)]
            colour = clear[(3 * row + column) % len(clear)].english[0]
            prompts.append(
                f"a {colour} {term.english[0]} {setting.english[0]}, {style.english[0]} style"
            )
    return tuple(prompts)


def load() -> Any:
    """The shipped pipeline, through stock diffusers, without its progress bar."""
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(weights_dir())
    pipe.set_progress_bar_config(disable=True)
    return pipe


def draw(
    pipe: Any,
    prompts: list[str],
    *,
    seed: int,
    steps: int = STEPS,
    guidance: float = GUIDANCE,
    batch: int = 16,
) -> list[Image.Image]:
    """One picture per prompt; each has its own seed, counting up from `seed`."""
    pictures: list[Image.Image] = []
    for first in range(0, len(prompts), batch):
        part = prompts[first : first + batch]
        generators = [torch.Generator().manual_seed(seed + first + i) for i in range(len(part))]
        pictures += pipe(
            part, num_inference_steps=steps, guidance_scale=guidance, generator=generators
        ).images
    return pictures


def as_tensor(picture: Image.Image) -> torch.Tensor:
    """A picture as (1, 3, H, W) from -1 to 1."""
    return as_pixels(np.asarray(picture.convert("RGB"))[None])


def save_sheet(
    pipe: Any,
    path: Path,
    prompts: tuple[str, ...] = (),
    *,
    seed: int = 7,
    steps: int = STEPS,
    guidance: float = GUIDANCE,
) -> None:
    """Prompts, or every object in every style, on one PNG."""
    wanted = prompts or all_objects()
    pipe.set_progress_bar_config(disable=True)
    columns = len(wanted) if prompts else len(OBJECTS)
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = draw(pipe, list(wanted), seed=seed, steps=steps, guidance=guidance)
    tile(pictures, columns=columns).save(path)
