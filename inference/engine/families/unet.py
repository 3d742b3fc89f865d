"""Stable Diffusion 1.x, 2.x and XL, Sketchbook among them: one U-Net, one or two CLIPs.

Networks made for repainting, which read a mask and the visible picture too, are among them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import torch

from inference.engine.families.courses import noise_course
from inference.engine.families.family import Reading, Told
from inference.engine.families.parts import (
    LoadedModel,
    Place,
    assemble,
    load_part,
    load_scheduler,
    load_text_encoder,
)
from inference.engine.families.words import ClipWords, TwoClipWords, WordMemory
from inference.engine.models import ModelFolder
from inference.engine.samplers import Course

if TYPE_CHECKING:
    from torch import Tensor

    from inference.jobs import RenderJob

_KINDS = ("", "Img2Img", "Inpaint")
_SD = {f"StableDiffusion{kind}Pipeline" for kind in _KINDS}
_XL = {f"StableDiffusionXL{kind}Pipeline" for kind in _KINDS}
_SD_FIXES = {"steps_offset": 1, "clip_sample": False}  # the stock pipeline's own
_USUAL = Course(steps=8)


def fits(folder: ModelFolder) -> bool:
    """True for a U-Net told of words alone or, as XL is, of words and sizes; from json alone."""
    unet, channels = folder.config("unet"), folder.config("vae").get("latent_channels", 4)
    told_of = ("text_time",) if folder.pipeline in _XL else (None, "text")
    return (
        folder.pipeline in _SD | _XL
        and unet.get("_class_name") == "UNet2DConditionModel"
        and unet.get("in_channels", 4) in (channels, 2 * channels + 1)
        and unet.get("addition_embed_type") in told_of
        and unet.get("class_embed_type") is None
        and unet.get("time_cond_proj_dim") is None
        and not folder.index.get("requires_aesthetics_score")
        and _are_clips(folder)
    )


def load(folder: ModelFolder, place: Place) -> UNetFamily:
    """Load the folder; raises ``RenderFailed``, ``UnknownSampler``."""
    is_xl = folder.pipeline in _XL
    scheduler = load_scheduler(folder, {} if is_xl else _SD_FIXES, _USUAL)
    clips = [load_text_encoder(folder, place, suffix) for suffix in _suffixes(folder)]
    words = TwoClipWords(clips) if is_xl else ClipWords(clips[0])
    are_zeros = is_xl and bool(folder.index.get("force_zeros_for_empty_prompt", True))
    unet = load_part(folder, "unet", place)
    if place.device != "cpu" and place.tuning.has_channels_last:
        unet = unet.to(memory_format=torch.channels_last)
    family = assemble(
        UNetFamily, folder, place, network=unet, scheduler=scheduler, encoders=clips,
        words=WordMemory(words, empties_are_zeros=are_zeros),
    )  # fmt: skip
    place.quicken(unet)
    return family


class UNetFamily(LoadedModel):
    """The ``Family`` of U-Nets; ``predict`` takes rows of every job of a lane."""

    @property
    def multiple(self) -> int:
        return self.codec.factor

    @property
    def input_channels(self) -> int:
        return int(self.network.config.in_channels)

    def num_rows(self, job: RenderJob) -> int:
        return 2 if job.guidance > 1 else 1

    def guidance(self, job: RenderJob) -> float:
        return job.guidance if job.guidance > 1 else 1.0

    def course(self, job: RenderJob) -> Course:
        return noise_course(job)

    def read(self, job: RenderJob) -> Reading:
        return self.words.read_job(job, is_guided=job.guidance > 1)

    def predict(self, x: Tensor, times: Tensor, told: Told) -> Tensor:
        added = None
        if "text_embeds" in told:
            height, width = (side * self.codec.factor for side in x.shape[2:])
            sizes = _size_row(height, width, self.network.dtype, self.device)
            added = {"text_embeds": told["text_embeds"], "time_ids": sizes.expand(len(x), -1)}
        if "shown" in told:
            x = torch.cat([x, told["shown"]], dim=1)
        output: Tensor = self.network(
            x.to(self.network.dtype),
            times,
            encoder_hidden_states=told["encoder_hidden_states"],
            added_cond_kwargs=added,
            return_dict=False,
        )[0]
        return output


@lru_cache(maxsize=16)
def _size_row(height: int, width: int, dtype: torch.dtype, device: str) -> Tensor:
    """(1, 6), all in pixels: the size it was, where it was cut, the size it is to be."""
    sizes = torch.tensor([[height, width, 0, 0, height, width]], dtype=dtype)
    return sizes.to(device)


def _suffixes(folder: ModelFolder) -> list[str]:
    return [suffix for suffix in ("", "_2") if folder.has(f"text_encoder{suffix}")]


def _are_clips(folder: ModelFolder) -> bool:
    """True where the encoders are what the family reads words with; the last may project."""
    kinds = [folder.index[f"text_encoder{suffix}"][1] for suffix in _suffixes(folder)]
    if folder.pipeline in _SD:
        return kinds == ["CLIPTextModel"]
    return bool(kinds) and kinds[-1] == "CLIPTextModelWithProjection"
