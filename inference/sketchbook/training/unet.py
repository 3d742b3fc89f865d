"""Trains the U-Net: noise in, words beside it, the clean latents out.

The five ideas, each one function below: a noise level is drawn (`draw_timesteps`), that much
noise is added (`add_noise`), the network sees noisy latents, level and words, what it
predicts is compared with the truth (`denoising_loss`), and words are sometimes withheld so
that guidance has something to point away from (`write_captions`). It predicts the clean
latents (x0) on a cosine schedule with zero terminal SNR (Lin et al., 2024); a small head is
drawn towards a detector's features while training (REPA, Yu et al., 2025).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import DDPMScheduler, UNet2DConditionModel
from numpy.typing import NDArray
from torch import nn
from transformers import CLIPTextModel, CLIPTokenizer

from inference.sketchbook.captions import describe
from inference.sketchbook.judge import Detector
from inference.sketchbook.training import autoencoder, loop, parallel
from inference.sketchbook.training.dataset import NONE, Dataset, decode
from inference.sketchbook.training.muon import Average, Muon
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers
from inference.sketchbook.training.words import WIDTH, ids_of, muddle

LATENT_SIDE = 8
MUON_RATE: Final = 0.03
CAPTION_DROPOUT: Final = 0.1
_EDGES: Final = ("conv_in", "conv_out", "time_embedding", "add_embedding")
_ALIGNMENT, _TEACHER_WIDTH = 0.4, 128


def build() -> Diffusers:
    """The network, 9.7M parameters, on (B, 16, 8, 8)."""
    return UNet2DConditionModel(
        sample_size=LATENT_SIDE,
        in_channels=autoencoder.LATENT_CHANNELS,
        out_channels=autoencoder.LATENT_CHANNELS,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(96, 192),
        layers_per_block=1,
        cross_attention_dim=WIDTH,
        attention_head_dim=(3, 6),
        norm_num_groups=16,
        resnet_time_scale_shift="scale_shift",
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
    )


def noise_schedule() -> Diffusers:
    """The forward process; the sampler shipped with the weights shares its settings."""
    return DDPMScheduler(
        num_train_timesteps=1000,
        beta_schedule="squaredcos_cap_v2",
        prediction_type="sample",
        rescale_betas_zero_snr=True,
    )


def draw_timesteps(size: int) -> torch.Tensor:
    """Noise levels 0-999: seven of eight logit-normal around the middle, the rest uniform."""
    logit_normal = torch.sigmoid(0.4 + 1.1 * torch.randn(size))
    is_uniform = torch.rand(size) < 1 / 8
    shares = torch.where(is_uniform, torch.rand(size), logit_normal)
    return (1000 * shares).long().clamp(0, 999)


def add_noise(clean: torch.Tensor, noise: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """x_t = sqrt(kept) x_0 + sqrt(1 - kept) noise; `kept` is the schedule's alpha-bar, (B,)."""
    kept = kept.view(-1, 1, 1, 1)
    return kept.sqrt() * clean + (1 - kept).sqrt() * noise


def denoising_loss(predicted: torch.Tensor, clean: torch.Tensor) -> torch.Tensor:
    """Plain mean squared error of the clean latents."""
    return F.mse_loss(predicted, clean)


def write_captions(random: Random, scenes: NDArray[np.int16]) -> list[str]:
    """A fresh caption for each scene, now and then none at all."""
    return [
        ""
        if random.random() < CAPTION_DROPOUT
        else muddle(random, describe(random, decode(row)).text)
        for row in scenes
    ]


class Curriculum:
    """Mostly single objects at first, then pairs and counts as well."""

    def __init__(self, scenes: NDArray[np.int16], seed: int) -> None:
        is_pair, is_count = scenes[:, 6] != NONE, scenes[:, 0] > 1
        self.groups = [np.flatnonzero(group) for group in (~is_pair & ~is_count, is_pair, is_count)]
        self.lots = np.random.default_rng(seed)

    def draw(self, share: float, size: int) -> NDArray[np.int64]:
        """Rows of the data set, for this share of the training time."""
        shares = (0.85, 0.0, 0.15) if share < 0.3 else (0.48, 0.35, 0.17)
        weights = np.array([s if len(g) else 0 for s, g in zip(shares, self.groups, strict=True)])
        kinds = self.lots.choice(3, size=size, p=weights / weights.sum())
        return np.array([self.lots.choice(self.groups[kind]) for kind in kinds], np.int64)


@torch.no_grad()
def encode_all(vae: Diffusers, data: Dataset, path: Path) -> torch.Tensor:
    """Scaled latents of every picture, (n, 16, 8, 8) half precision, kept in a file."""
    if path.exists():
        return torch.from_numpy(np.load(path))
    parts = []
    for first in range(0, len(data), 256):
        rows = np.arange(first, min(first + 256, len(data)))
        latents = vae.encoder(data.pixels(rows)) * vae.config.scaling_factor
        parts.append(latents.half())
    latents = torch.cat(parts)
    np.save(path, latents.numpy())
    return latents


def alignment_weight(share: float) -> float:
    """Full to half-time, then linearly to nothing at nine tenths."""
    return _ALIGNMENT * min(1.0, max(0.0, (0.9 - share) / 0.4))


class _Alignment:
    """The head that is drawn towards the teacher's features, and what it reads."""

    def __init__(self, model: Diffusers, teacher: Detector) -> None:
        self.teacher = teacher
        self.head = nn.Sequential(
            nn.Conv2d(192, 256, 1), nn.SiLU(), nn.Conv2d(256, _TEACHER_WIDTH, 1)
        )
        self.seen: dict[str, torch.Tensor] = {}
        model.up_blocks[0].register_forward_hook(self._keep)

    def _keep(self, _module: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        self.seen["hidden"] = output

    def loss(self, pixels: torch.Tensor) -> torch.Tensor:
        """1 - cosine similarity with the teacher, cell by cell."""
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            target = self.teacher.features(pixels).float()
        return 1 - F.cosine_similarity(self.head(self.seen["hidden"]), target, dim=1).mean()


def _optimiser(model: Diffusers, head: nn.Module) -> Muon:
    matrices: list[nn.Parameter] = []
    others = list(head.parameters())
    for name, parameter in model.named_parameters():
        is_matrix = parameter.ndim >= 2 and not name.startswith(_EDGES)
        (matrices if is_matrix else others).append(parameter)
    return Muon(matrices, others, rate=MUON_RATE)


def train(
    work: Path,
    preset: Preset,
    data: Dataset,
    vae: Diffusers,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    teacher: Detector,
    *,
    on_checkpoint: Callable[[Diffusers], None] = lambda _: None,
) -> Diffusers:
    """Trains in this process, and in step with others where `parallel` has joined them."""
    done = work / "unet"
    averaged = build()
    if (done / "config.json").exists():
        return UNet2DConditionModel.from_pretrained(done).eval()
    torch.manual_seed(31)
    model = build()
    align = _Alignment(model, teacher)
    optimiser, average = _optimiser(model, align.head), Average(model)
    latents = encode_all(vae, data, work / f"latents-{parallel.rank()}.npy")
    kept = noise_schedule().alphas_cumprod
    seed = 100 + parallel.rank()
    torch.manual_seed(seed)
    random, curriculum = Random(seed), Curriculum(data.scenes, seed)
    parameters = [*model.parameters(), *align.head.parameters()]

    def step(share: float) -> float:
        rows = curriculum.draw(share, preset.batch)
        clean = latents[rows].float()
        with torch.no_grad():
            words = text_encoder(ids_of(tokenizer, write_captions(random, data.scenes[rows])))[0]
        timesteps = draw_timesteps(len(rows))
        noisy = add_noise(clean, torch.randn_like(clean), kept[timesteps])
        loss = denoising_loss(model(noisy, timesteps, words).sample, clean)
        weight = alignment_weight(share)
        total = loss + weight * align.loss(data.pixels(rows)) if weight else loss
        for parameter in parameters:
            parameter.grad = None
        torch.autograd.backward(total)
        parallel.average_gradients(parameters)
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step(loop.linear_decay(share, 0.35))
        average.update()
        return loss.item()

    def show() -> None:
        average.copy_to(averaged)
        on_checkpoint(averaged.eval())

    state: dict[str, loop.Stateful] = {
        "model": model, "head": align.head, "optimiser": optimiser, "average": average,
    }  # fmt: skip
    loop.train(
        "unet",
        work,
        preset.unet,
        step,
        state,
        on_checkpoint=show,
        checkpoint_seconds=preset.checkpoint_seconds,
    )
    average.copy_to(averaged)
    if parallel.rank() == 0:
        averaged.save_pretrained(done)
    return averaged.eval()
