"""Trains the U-Net: noise in, words beside it, the clean latents out.

The five ideas, each one function below: a noise level is drawn (`draw_timesteps`), that much
noise is added (`add_noise`), the network sees noisy latents, level and words, what it
predicts is compared with the truth (`denoising_loss`), and words are sometimes withheld so
that guidance has something to point away from (`withhold`). It predicts the clean
latents (x0) on a cosine schedule with zero terminal SNR (Lin et al., 2024). A teacher helps
while it learns: a small head is drawn towards the features of a detector of latents (REPA, Yu
et al., 2025), and that detector must be able to name what was predicted (`_Taught`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import DDPMScheduler, UNet2DConditionModel
from numpy.typing import NDArray
from torch import nn

from inference.sketchbook.training import autoencoder, latents, loop, parallel, teacher, words
from inference.sketchbook.training.dataset import NONE, Dataset
from inference.sketchbook.training.detector import Labels, detection_losses
from inference.sketchbook.training.device import autocast, put
from inference.sketchbook.training.muon import Average, Muon
from inference.sketchbook.training.presets import Budget, Preset
from inference.sketchbook.training.untyped import Diffusers

LATENT_SIDE = 8
MUON_RATE: Final = 0.03
CAPTION_DROPOUT: Final = 0.1
_EDGES: Final = ("conv_in", "conv_out", "time_embedding", "add_embedding")
_ALIGNMENT, _NAMING = 0.4, 0.015


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
        cross_attention_dim=words.WIDTH,
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


def draw_timesteps(size: int, device: torch.device | None = None) -> torch.Tensor:
    """Noise levels 0-999: seven of eight logit-normal around the middle, the rest uniform."""
    logit_normal = torch.sigmoid(0.4 + 1.1 * torch.randn(size, device=device))
    is_uniform = torch.rand(size, device=device) < 1 / 8
    shares = torch.where(is_uniform, torch.rand(size, device=device), logit_normal)
    return (1000 * shares).long().clamp(0, 999)


def add_noise(clean: torch.Tensor, noise: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """x_t = sqrt(kept) x_0 + sqrt(1 - kept) noise; `kept` is the schedule's alpha-bar, (B,)."""
    kept = kept.view(-1, 1, 1, 1)
    return kept.sqrt() * clean + (1 - kept).sqrt() * noise


def denoising_loss(predicted: torch.Tensor, clean: torch.Tensor) -> torch.Tensor:
    """Plain mean squared error of the clean latents."""
    return F.mse_loss(predicted, clean)


def withhold(ids: torch.Tensor, nothing: torch.Tensor) -> torch.Tensor:
    """Captions (B, 48), one in ten of them replaced by the empty one (48,)."""
    is_withheld = torch.rand(len(ids), 1, device=ids.device) < CAPTION_DROPOUT
    return torch.where(is_withheld, nothing, ids)


class Curriculum:
    """Mostly single objects at first, then pairs and counts as well."""

    def __init__(self, scenes: NDArray[np.int16], seed: int) -> None:
        is_pair, is_count = scenes[:, 6] != NONE, scenes[:, 0] > 1
        self.groups = [np.flatnonzero(group) for group in (~is_pair & ~is_count, is_pair, is_count)]
        self.lots = np.random.default_rng(seed)

    def draw(self, share: float, size: int) -> NDArray[np.int64]:
        """Rows of the data set, for this share of the training time."""
        shares = (0.85, 0.0, 0.15) if share < 0.3 else (0.33, 0.5, 0.17)
        weights = np.array([s if len(g) else 0 for s, g in zip(shares, self.groups, strict=True)])
        counts = self.lots.multinomial(size, weights / weights.sum())
        rows = [
            group[self.lots.integers(len(group), size=count)]
            for group, count in zip(self.groups, counts, strict=True)
            if count
        ]
        return np.concatenate(rows).astype(np.int64)


def alignment_weight(share: float) -> float:
    """Full to half-time, then linearly to nothing at nine tenths."""
    return _ALIGNMENT * min(1.0, max(0.0, (0.9 - share) / 0.4))


class _Taught:
    """What the teacher adds to the loss: features to be near to, things to be named."""

    def __init__(self, model: Diffusers, eye: teacher.Teacher) -> None:
        self.eye = eye
        self.head = nn.Sequential(
            nn.Conv2d(192, 256, 1), nn.SiLU(), nn.Conv2d(256, teacher.WIDTH, 1)
        )
        self.seen: dict[str, torch.Tensor] = {}
        model.up_blocks[0].register_forward_hook(self._keep)

    def _keep(self, _module: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        self.seen["hidden"] = output

    def alignment(self, clean: torch.Tensor) -> torch.Tensor:
        """1 - cosine similarity with the teacher's features of the clean latents, cell by cell."""
        with torch.no_grad(), autocast(clean.device):
            target = self.eye.features(clean).float()
        predicted = self.head(self.seen["hidden"].float())
        return 1 - F.cosine_similarity(predicted, target, dim=1).mean()

    def naming(
        self, predicted: torch.Tensor, labels: tuple[torch.Tensor, ...], kept: torch.Tensor
    ) -> torch.Tensor:
        """How badly the teacher names what was predicted; the more was hidden, the less it counts.

        From pure noise nobody can know where a thing will stand.
        """
        with autocast(predicted.device):
            logits = self.eye(predicted)
        objects, colours, scenes = labels
        return (kept.sqrt() * detection_losses(logits, objects, colours, scenes)).mean()


def _optimiser(model: Diffusers, head: nn.Module) -> Muon:
    matrices: list[nn.Parameter] = []
    others = list(head.parameters())
    for name, parameter in model.named_parameters():
        is_matrix = parameter.ndim >= 2 and not name.startswith(_EDGES)
        (matrices if is_matrix else others).append(parameter)
    return Muon(matrices, others, rate=MUON_RATE)


class Denoising:
    """The stage: trains in this process, and in step with others where `parallel` joined them."""

    name = leaves = "unet"

    def __init__(
        self, work: Path, preset: Preset, on_checkpoint: Callable[[Diffusers], None]
    ) -> None:
        self.on_checkpoint, self.size, device = on_checkpoint, preset.unet.batch, preset.device
        self.data = Dataset.open(work / "scenes", device)
        text_encoder, tokenizer = words.load(work)
        self.text_encoder = put(text_encoder, device)
        self.nothing = words.ids_of(tokenizer, [""])[0].to(device)
        torch.manual_seed(31)
        self.model, self.averaged = build().to(device), build()
        self.taught = _Taught(self.model, teacher.load(work).to(device))
        self.taught.head.to(device)
        self.optimiser, self.average = _optimiser(self.model, self.taught.head), Average(self.model)
        self.parameters = [*self.model.parameters(), *self.taught.head.parameters()]
        self.latents = latents.of_all(work, self.data)
        self.labels = Labels(self.data)
        self.kept = noise_schedule().alphas_cumprod.to(device)
        self.lots = np.random.default_rng()
        torch.manual_seed(int(self.lots.integers(2**32)))
        self.curriculum = Curriculum(self.data.scenes, int(self.lots.integers(2**32)))

    def state(self) -> Mapping[str, loop.Stateful]:
        return {
            "model": self.model,
            "head": self.taught.head,
            "optimiser": self.optimiser,
            "average": self.average,
        }

    def _loss(self, rows: NDArray[np.int64], share: float) -> tuple[torch.Tensor, torch.Tensor]:
        """The five steps on one batch of scenes; then the same with what the teacher adds."""
        clean = self.latents[torch.from_numpy(rows).to(self.latents.device)].float()
        with torch.no_grad():
            told = self.text_encoder(withhold(self.data.ids(rows, self.lots), self.nothing))[0]
        timesteps = draw_timesteps(len(rows), clean.device)
        kept = self.kept[timesteps]
        noisy = add_noise(clean, torch.randn_like(clean), kept)
        with autocast(clean.device):
            predicted = self.model(noisy, timesteps, told).sample.float()
        loss = denoising_loss(predicted, clean)
        named = self.taught.naming(predicted, self.labels.of(rows), kept)
        total = loss + _NAMING * named
        if weight := alignment_weight(share):
            total = total + weight * self.taught.alignment(clean)
        return loss, total

    def step(self, share: float) -> float:
        loss, total = self._loss(self.curriculum.draw(share, self.size), share)
        parallel.differentiate(total, self.parameters)
        self.optimiser.step(loop.linear_decay(share, 0.35))
        self.average.update()
        return loss.item()

    def show(self) -> None:
        self.average.copy_to(self.averaged)
        self.on_checkpoint(self.averaged.eval())


def train(work: Path, preset: Preset, on_checkpoint: Callable[[Diffusers], None]) -> None:
    """Leaves `work/unet`."""
    run(Denoising(work, preset, on_checkpoint), work, preset.unet, preset)


def run(stage: Denoising, work: Path, budget: Budget, preset: Preset) -> None:
    """Trains, and leaves the average over the last steps."""
    loop.train(stage, work, budget, preset)
    if parallel.rank() == 0:
        stage.average.copy_to(stage.averaged)
        stage.averaged.save_pretrained(work / stage.leaves)
