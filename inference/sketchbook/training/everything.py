"""All stages in their order; each one that is finished is loaded instead of trained."""

from __future__ import annotations

import random
import shutil
from functools import partial
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from torch.multiprocessing.spawn import spawn

from inference.sketchbook import samples
from inference.sketchbook.training import (
    autoencoder,
    clip,
    dataset,
    decoder,
    detector,
    export,
    parallel,
    unet,
    words,
)
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers


def run(work: Path, preset: Preset) -> None:
    """From nothing to `work/export/{weights,clip,judge}`."""
    torch.set_num_threads(1)  # two OpenMP threads on a busy machine spin at barriers
    dataset.prepare(work / "scenes", preset.num_shards, preset.shard_size, preset.num_processes)
    data = dataset.Dataset.open(work / "scenes")
    text_encoder, tokenizer = words.train(work, preset)
    vae = autoencoder.train(work, preset, data)
    detector.train_judge(work, preset, data)
    detector.train_teacher(work, preset, data)
    if preset.num_processes > 1:
        train_unet_together(work, preset)
    else:
        train_unet(work, preset)
    sharp = decoder.train(work, preset, data, vae)
    pictures_words = clip.train(work, preset, data, text_encoder, tokenizer)
    network = UNet2DConditionModel.from_pretrained(work / "unet")
    pipe = export.pipeline(sharp, text_encoder, tokenizer, network)
    export.save_pipeline(pipe, work / "export" / "weights")
    export.save_clip(pictures_words, tokenizer, work / "export" / "clip")
    shutil.copytree(work / "judge", work / "export" / "judge", dirs_exist_ok=True)
    samples.save_sheet(pipe, work / "export" / "sheet.png")


def train_unet(work: Path, preset: Preset) -> None:
    """The U-Net stage on its own, from the files of the stages before it."""
    data = dataset.Dataset.open(work / "scenes")
    text_encoder, tokenizer = words.train(work, preset)
    vae = autoencoder.train(work, preset, data)
    teacher = detector.train_teacher(work, preset, data)

    def show(network: Diffusers) -> None:
        pipe = export.pipeline(vae, text_encoder, tokenizer, network)
        samples.save_sheet(pipe, work / "unet-sheet.png", prompts=samples.SHORT)

    unet.train(work, preset, data, vae, text_encoder, tokenizer, teacher, on_checkpoint=show)


def _join_and_train(rank: int, work: Path, preset: Preset, port: int) -> None:
    torch.set_num_threads(1)
    parallel.join(rank, preset.num_processes, port)
    train_unet(work, preset)


def train_unet_together(work: Path, preset: Preset) -> None:
    """One process per core; the first one writes."""
    port = random.randint(20_000, 50_000)
    start = partial(spawn, nprocs=preset.num_processes, join=True)
    start(_join_and_train, args=(work, preset, port))
