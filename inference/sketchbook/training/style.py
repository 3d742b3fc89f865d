"""Trains a style LoRA from a folder of captioned pictures, on Sketchbook, SD 1.5 or SDXL.

What it needs of a model is what every Stable Diffusion pipeline of diffusers has: its own
noise schedule says whether it predicts noise, velocity or the picture. It knows nothing of
where the pictures come from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import DDPMScheduler
from PIL import Image, ImageOps
from torch import nn

from inference.sketchbook import samples
from inference.sketchbook.training import loop, lora, parallel
from inference.sketchbook.training.dataset import as_pixels
from inference.sketchbook.training.device import autocast
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp")
CAPTION_DROPOUT: Final = 0.1
EXAMPLE_PROMPTS: Final = (
    "a red star at night, sticker style",
    "a yellow cat in a meadow, sticker style",
    "一条橙色的鱼，海上，贴纸风格",
    "a blue car left of a red mushroom, sticker style",
)


class BadFolder(Exception):
    """A folder that no style can be learned from; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Captioned:
    """A picture file and what it shows."""

    path: Path
    caption: str


def read_folder(folder: Path) -> list[Captioned]:
    """Pictures with `NAME.txt` beside them, or listed in `metadata.jsonl` (file_name, text)."""
    if not folder.is_dir():
        raise BadFolder(f"{folder} is no folder: name one with pictures and their captions")
    listed, found = _listed(folder / "metadata.jsonl"), list[Captioned]()
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
        beside = path.with_suffix(".txt")
        caption = _read(beside).strip() if beside.exists() else listed.get(path.name)
        if not caption:
            raise BadFolder(f"{path.name} has no caption: write {beside.name} beside it")
        _check(path)
        found.append(Captioned(path=path, caption=caption))
    if not found:
        raise BadFolder(f"no pictures ({', '.join(SUFFIXES)}) in {folder}")
    return found


def _listed(metadata: Path) -> dict[str, str]:
    """Captions by file name, where there is such a list."""
    captions: dict[str, str] = {}
    lines = _read(metadata).splitlines() if metadata.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            name, text = row["file_name"], row["text"]
        except (ValueError, KeyError, TypeError):
            name = text = None
        if not (isinstance(name, str) and isinstance(text, str)):
            raise BadFolder(
                f'line {number} of {metadata.name} must be {{"file_name": "…", "text": "…"}}'
            )
        captions[name] = text.strip()
    return captions


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFolder(f"{path.name} is not UTF-8: save it as that") from error


def _check(path: Path) -> None:
    """Raises `BadFolder` where a file holds no whole picture."""
    try:
        with Image.open(path) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadFolder(
            f"{path.name} is no picture that can be read: replace or remove it"
        ) from error


def fingerprint_of(pictures: list[Captioned]) -> str:
    """Names these pictures with these captions."""
    told = hashlib.sha256()
    for one in pictures:
        told.update(f"{one.path.name}\0{one.caption}\0".encode())
        told.update(one.path.read_bytes())
    return told.hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """Everything that stays the same while a style is trained."""

    latents: torch.Tensor  # (n, C, h, w), scaled
    words: torch.Tensor  # (n + 1, T, D), the last one for no words
    pooled: torch.Tensor | None  # (n + 1, D), SDXL only
    side: int  # pixels


@torch.no_grad()
def _prepare(pipe: Diffusers, pictures: list[Captioned]) -> _Prepared:
    side = pipe.unet.config.sample_size * pipe.vae_scale_factor
    latents = [_latents_of(pipe.vae, one.path, side) for one in pictures]
    told = [_words_of(pipe, caption) for caption in (*(one.caption for one in pictures), "")]
    pooled = [pool for _, pool in told if pool is not None]
    return _Prepared(
        latents=torch.cat(latents),
        words=torch.cat([words for words, _ in told]),
        pooled=torch.cat(pooled) if pooled else None,
        side=side,
    )


def _latents_of(vae: Diffusers, path: Path, side: int) -> torch.Tensor:
    """One picture, cropped to a square, as scaled latents."""
    with Image.open(path) as picture:
        square = ImageOps.fit(picture.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
    pixels = as_pixels(np.asarray(square)[None]).to(vae.device, vae.dtype)
    encoded = vae.encode(pixels)
    latents = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latents
    return latents * vae.config.scaling_factor


def _words_of(pipe: Diffusers, caption: str) -> tuple[torch.Tensor, torch.Tensor | None]:
    """(1, T, D), and for SDXL the pooled (1, D)."""
    encoded = pipe.encode_prompt(
        caption,
        device=pipe.unet.device,
        num_images_per_prompt=1,
        do_classifier_free_guidance=False,
    )
    return encoded[0], encoded[2] if _is_xl(pipe) else None


def _is_xl(pipe: Diffusers) -> bool:
    return hasattr(pipe, "text_encoder_2")


class Styling:
    """The stage. It puts adapters on the pipeline's U-Net and leaves them there."""

    name = "style"

    def __init__(
        self,
        pipe: Diffusers,
        pictures: list[Captioned],
        *,
        rank: int,
        batch: int,
        rate: float,
        is_adapted: Callable[[str], bool] = lora.in_attention,
        on_checkpoint: Callable[[], None] = lambda: None,
    ) -> None:
        """`is_adapted` chooses layers; a small U-Net has to bend its convolutions as well."""
        self.on_checkpoint = on_checkpoint
        self.unet, self.batch, self.rate = pipe.unet, batch, rate
        self.ready = _prepare(pipe, pictures)
        self.schedule = DDPMScheduler.from_config(pipe.scheduler.config)
        self.adapters = lora.put_on(pipe.unet, rank, is_adapted)
        self.parameters = lora.parameters_of(self.adapters)
        self.optimiser = torch.optim.AdamW(self.parameters, lr=rate, weight_decay=0.01)

    def state(self) -> Mapping[str, loop.Stateful]:
        return {"adapters": nn.ParameterList(self.parameters), "optimiser": self.optimiser}

    def step(self, share: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * loop.linear_decay(share, 0.5)
        rows = torch.randint(len(self.ready.latents), (self.batch,))
        clean = self.ready.latents[rows].float()
        noise = torch.randn_like(clean)
        num_levels = self.schedule.config.num_train_timesteps
        levels = torch.randint(num_levels, (self.batch,), device=clean.device)
        noisy = self.schedule.add_noise(clean, noise, levels)
        with autocast(clean.device):
            predicted = self._predict(noisy, levels, rows)
        loss = F.mse_loss(predicted.float(), target(self.schedule, clean, noise, levels))
        parallel.differentiate(loss, self.parameters)
        self.optimiser.step()
        return loss.item()

    def _predict(
        self, noisy: torch.Tensor, levels: torch.Tensor, rows: torch.Tensor
    ) -> torch.Tensor:
        """What the U-Net says; one caption in ten is withheld."""
        nothing = len(self.ready.words) - 1
        told = torch.where(torch.rand(len(rows)) < CAPTION_DROPOUT, nothing, rows)
        added: dict[str, torch.Tensor] | None = None
        if self.ready.pooled is not None:
            side = float(self.ready.side)
            sizes = torch.tensor([[side, side, 0, 0, side, side]]).expand(len(rows), -1)
            added = {
                "text_embeds": self.ready.pooled[told],
                "time_ids": sizes.to(noisy.device, noisy.dtype),
            }
        dtype = self.unet.dtype
        answer: Any = self.unet(
            noisy.to(dtype), levels, self.ready.words[told].to(dtype), added_cond_kwargs=added
        )
        return answer.sample

    def show(self) -> None:
        self.on_checkpoint()


def target(
    schedule: Diffusers, clean: torch.Tensor, noise: torch.Tensor, levels: torch.Tensor
) -> torch.Tensor:
    """What a model with this schedule should answer: noise, velocity or the clean latents."""
    match schedule.config.prediction_type:
        case "sample":
            return clean
        case "v_prediction":
            velocity: torch.Tensor = schedule.get_velocity(clean, noise, levels)
            return velocity
        case _:
            return noise


def draw_example(folder: Path, num: int) -> None:
    """Captioned pictures in the example style, drawn by us; compositions that training may see."""
    from inference.sketchbook import captions, compositions, drawing
    from inference.sketchbook.vocabulary import EXAMPLE_STYLE

    if folder.exists():
        return
    unfinished, random = folder.with_name(folder.name + ".part"), Random(29)
    unfinished.mkdir(parents=True, exist_ok=True)
    for number in range(num):
        kind = random.choices(("single", "pair", "count"), (0.6, 0.25, 0.15))[0]
        scene = compositions.sample(random, kind, style=EXAMPLE_STYLE.id)
        path = unfinished / f"{number:03}.png"
        drawing.draw(random, drawing.arrange(random, scene)).save(path)
        caption = captions.describe(random, scene, is_full=True).text
        path.with_suffix(".txt").write_text(caption + "\n", "utf-8")
    unfinished.replace(folder)


def train_example(work: Path, preset: Preset) -> None:
    """Leaves `work/example-style`: the example style's LoRA for the model in `work`."""
    from inference.sketchbook.training.everything import assembled

    torch.manual_seed(53)
    pipe = assembled(work).to(preset.device)

    def show() -> None:
        samples.save_sheet(pipe, work / "style-sheet.png", prompts=EXAMPLE_PROMPTS)

    stage = Styling(
        pipe,
        read_folder(work / "example-pictures"),
        rank=16,
        batch=preset.style.batch,
        rate=1e-3,
        is_adapted=lora.in_blocks,
        on_checkpoint=show,
    )
    torch.seed()  # else processes would train on the same pictures
    loop.train(stage, work, preset.style, preset)
    if parallel.rank() == 0:
        lora.save(stage.adapters, work / "example-style")
