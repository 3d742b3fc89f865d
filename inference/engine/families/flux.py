"""FLUX.1 and its like: a flow-matching transformer over packed latents, one row a picture.

Guidance is distilled into the network (or absent, as in schnell), so there are no unwanted
words. Latents are packed two by two only for the network; the sampler's arithmetic is the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import torch

from inference.engine.families.courses import flow_course
from inference.engine.families.family import Reading, Told
from inference.engine.families.parts import (
    LoadedModel,
    Place,
    assemble,
    load_part,
    load_scheduler,
    load_text_encoder,
)
from inference.engine.families.words import ClipAndT5Words, WordMemory
from inference.engine.models import ModelFolder
from inference.engine.samplers import Course

if TYPE_CHECKING:
    from torch import Tensor

    from inference.jobs import RenderJob

_PIPELINES = {"FluxPipeline", "FluxImg2ImgPipeline", "FluxInpaintPipeline"}
_T5_WINDOW = 512  # tokens, the stock pipeline's
_PATCH = 2  # latents per side of what the transformer sees as one
_IGNORED = {"key": "render-notice-negative-ignored", "args": {}}


def fits(folder: ModelFolder) -> bool:
    """True for the text-to-image transformer without further conditions; from json alone."""
    transformer, vae = folder.config("transformer"), folder.config("vae")
    return (
        folder.pipeline in _PIPELINES
        and transformer.get("_class_name") == "FluxTransformer2DModel"
        and transformer.get("in_channels", 64) == _PATCH**2 * vae.get("latent_channels", 16)
    )


def load(folder: ModelFolder, place: Place) -> FluxFamily:
    """Load the folder; raises ``RenderFailed``, ``UnknownSampler``."""
    scheduler = load_scheduler(folder, {}, Course(steps=8, flow_shift=1.0))
    clip = load_text_encoder(folder, place)
    t5 = load_text_encoder(folder, place, "_2", window=_T5_WINDOW)
    return assemble(
        FluxFamily, folder, place, network=load_part(folder, "transformer", place),
        scheduler=scheduler, words=WordMemory(ClipAndT5Words(clip, t5)), encoders=[clip, t5],
    )  # fmt: skip


class FluxFamily(LoadedModel):
    """The ``Family`` of FLUX transformers; every row has its own time and guidance."""

    @property
    def multiple(self) -> int:
        return self.codec.factor * _PATCH

    @property
    def input_channels(self) -> int:
        return self.codec.channels

    @property
    def _reads_guidance(self) -> bool:
        return bool(self.network.config.guidance_embeds)

    def num_rows(self, job: RenderJob) -> int:
        return 1

    def guidance(self, job: RenderJob) -> float:
        return job.guidance if self._reads_guidance else 1.0

    def course(self, job: RenderJob) -> Course:
        return flow_course(job, self.scheduler.config, self.multiple)

    def read(self, job: RenderJob) -> Reading:
        reading = self.words.read_job(job, is_guided=False)
        wanted = dict(reading.wanted)
        if self._reads_guidance:
            wanted["guidance"] = torch.tensor([job.guidance], device=self.device)
        notices = reading.notices + ((_IGNORED,) if job.negative_prompt else ())
        return Reading(wanted=wanted, notices=notices)

    def predict(self, x: Tensor, times: Tensor, told: Told) -> Tensor:
        height, width = x.shape[2:]
        words = told["encoder_hidden_states"]
        dtype = self.network.dtype
        packed = torch.nn.functional.pixel_unshuffle(x, _PATCH).flatten(2).transpose(1, 2)
        output = self.network(
            hidden_states=packed.to(dtype),
            timestep=times.to(dtype) / 1000,
            guidance=told.get("guidance"),
            pooled_projections=told["pooled_projections"],
            encoder_hidden_states=words,
            txt_ids=torch.zeros(words.shape[1], 3, device=x.device, dtype=dtype),
            img_ids=_picture_places(height // _PATCH, width // _PATCH, dtype, self.device),
            return_dict=False,
        )[0]
        planes = output.transpose(1, 2).reshape(len(x), -1, height // _PATCH, width // _PATCH)
        return torch.nn.functional.pixel_shuffle(planes, _PATCH)


@lru_cache(maxsize=16)
def _picture_places(height: int, width: int, dtype: torch.dtype, device: str) -> Tensor:
    """(height·width, 3): nothing, row and column of each patch, for the rotary embedding."""
    rows = torch.arange(height).repeat_interleave(width)
    columns = torch.arange(width).repeat(height)
    places = torch.stack([torch.zeros_like(rows), rows, columns], dim=1)
    return places.to(device, dtype)
