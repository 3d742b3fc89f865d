"""Z-Image: a flow-matching transformer that reads a language model's words, Chinese among them.

Guidance counts from 1, as everywhere here: 1 or less is none (as the turbo kind wants it), and
g is what the stock pipeline calls g - 1.
"""

from __future__ import annotations

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
from inference.engine.families.words import ChatWords, WordMemory
from inference.engine.models import ModelFolder
from inference.engine.samplers import Course

if TYPE_CHECKING:
    from torch import Tensor

    from inference.jobs import RenderJob

_PIPELINES = {"ZImagePipeline", "ZImageImg2ImgPipeline", "ZImageInpaintPipeline"}
_WINDOW = 512  # tokens, the stock pipeline's
_PATCH = 2  # latents per side of what the transformer sees as one


def fits(folder: ModelFolder) -> bool:
    """True for the text-to-image transformer without further conditions; from json alone."""
    transformer = folder.config("transformer")
    return (
        folder.pipeline in _PIPELINES
        and transformer.get("_class_name") == "ZImageTransformer2DModel"
        and transformer.get("siglip_feat_dim") is None
        and _PATCH in transformer.get("all_patch_size", ())
    )


def load(folder: ModelFolder, place: Place) -> ZImageFamily:
    """Load the folder; raises ``RenderFailed``, ``UnknownSampler``."""
    scheduler = load_scheduler(folder, {}, Course(steps=8, flow_shift=1.0))
    encoder = load_text_encoder(folder, place, window=_WINDOW)
    return assemble(
        ZImageFamily, folder, place, network=load_part(folder, "transformer", place),
        scheduler=scheduler, words=WordMemory(ChatWords(encoder)), encoders=[encoder],
        may_be_prepared=False,  # how many words a row has is part of the call
    )  # fmt: skip


class ZImageFamily(LoadedModel):
    """The ``Family`` of Z-Image transformers; rows may have texts of different lengths."""

    @property
    def multiple(self) -> int:
        return self.codec.factor * _PATCH

    @property
    def input_channels(self) -> int:
        return self.codec.channels

    def num_rows(self, job: RenderJob) -> int:
        return 2 if job.guidance > 1 else 1

    def guidance(self, job: RenderJob) -> float:
        return job.guidance if job.guidance > 1 else 1.0

    def course(self, job: RenderJob) -> Course:
        return flow_course(job, self.scheduler.config, self.multiple)

    def read(self, job: RenderJob) -> Reading:
        return self.words.read_job(job, is_guided=job.guidance > 1)

    def predict(self, x: Tensor, times: Tensor, told: Told) -> Tensor:
        counts = told["num_words"].tolist()
        words = [states[:count] for states, count in zip(told["words"], counts, strict=True)]
        frames = x.to(self.network.dtype).unsqueeze(2)  # (N, C, 1, h, w): a film of one picture
        output = self.network(list(frames), (1000 - times) / 1000, words, return_dict=False)[0]
        return -torch.stack(output).squeeze(2)
