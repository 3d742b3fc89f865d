"""All stages in their order; each one that is finished is skipped, an interrupted one goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel

from inference.sketchbook import four_steps_dir, loras_dir, samples, tokens
from inference.sketchbook.training import (
    autoencoder,
    captioned,
    clip,
    dataset,
    decoder,
    detector,
    distil,
    export,
    feedback,
    lora,
    parallel,
    style,
    teacher,
    unet,
    words,
)
from inference.sketchbook.training.presets import Preset
from inference.sketchbook.training.untyped import Diffusers
from inference.sketchbook.vocabulary import EXAMPLE_STYLE

EXAMPLE_PICTURES = 48


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stage, and the file or folder in the work folder that says it is finished."""

    leaves: str
    train: Callable[[Path, Preset], None]
    needs: tuple[str, ...] = ()
    """Stages that must have left something before."""


class TooEarly(Exception):
    """A stage that builds on another which is not there yet; the message names it."""


def _showing(work: Path, name: str) -> Callable[[Diffusers], None]:
    """Draws a sheet with the U-Net that it is given."""
    vae = AutoencoderTiny.from_pretrained(work / "vae").eval()
    text_encoder, tokenizer = words.load(work)

    def show(network: Diffusers) -> None:
        pipe = export.pipeline(vae, text_encoder, tokenizer, network)
        samples.save_sheet(pipe, work / f"{name}-sheet.png", prompts=samples.SHORT)

    return show


def _train_unet(work: Path, preset: Preset) -> None:
    unet.train(work, preset, _showing(work, "unet"))


def _give_feedback(work: Path, preset: Preset) -> None:
    feedback.train(work, preset, _showing(work, "feedback"))


STAGES: Final[dict[str, Step]] = {
    "words": Step(leaves="text_encoder", train=words.train),
    "judge": Step(leaves="judge", train=detector.train_judge),
    "clip": Step(leaves="clip", train=clip.train, needs=("words",)),
    "autoencoder": Step(leaves="vae", train=autoencoder.train),
    "teacher": Step(leaves="teacher", train=teacher.train, needs=("autoencoder",)),
    "unet": Step(leaves="unet", train=_train_unet, needs=("words", "teacher")),
    "feedback": Step(leaves="unet-final", train=_give_feedback, needs=("unet",)),
    "decoder": Step(leaves="vae-final", train=decoder.train, needs=("autoencoder",)),
    "distil": Step(leaves="fast", train=distil.train, needs=("feedback", "decoder")),
    "style": Step(leaves="example-style", train=style.train_example, needs=("feedback", "decoder")),
}


def check_needs(work: Path, name: str) -> None:
    """Raises `TooEarly` where a stage cannot begin yet."""
    for needed in STAGES[name].needs:
        if not (work / STAGES[needed].leaves).exists():
            raise TooEarly(f"{name} builds on {needed}: train that first, with --stage {needed}")


def run(work: Path, preset: Preset, only: str | None = None) -> None:
    """From nothing to `work/export/{weights,clip,judge,loras}`, or just one stage."""
    torch.set_num_threads(1)  # two OpenMP threads on a busy machine spin at barriers
    prepare(work, preset)
    for name, step in STAGES.items():
        if only in (None, name) and not (work / step.leaves).exists():
            parallel.run(preset.num_processes, step.train, work, preset)
    if only is None:
        bring_together(work)


def prepare(work: Path, preset: Preset) -> None:
    """Scenes, the example style's scenes and pictures, and captions."""
    drawers, tokenizer = preset.num_drawers, work / "tokenizer"
    if not tokenizer.exists():
        tokens.build(tokenizer)
    dataset.prepare(work / "scenes", preset.num_shards, preset.shard_size, drawers)
    dataset.prepare(work / "example", 1, preset.shard_size, 1, style=EXAMPLE_STYLE.id)
    captioned.prepare(work / "scenes", tokenizer, preset.num_captions, drawers)
    style.draw_example(work / "example-pictures", EXAMPLE_PICTURES)


def assembled(work: Path) -> Diffusers:
    """The trained parts as one pipeline."""
    text_encoder, tokenizer = words.load(work)
    network = UNet2DConditionModel.from_pretrained(work / "unet-final").eval()
    sharp = AutoencoderTiny.from_pretrained(work / "vae-final").eval()
    return export.pipeline(sharp, text_encoder, tokenizer, network)


def bring_together(work: Path) -> None:
    """Writes everything that ships, and a sheet of what it draws."""
    out = work / "export"
    pipe = assembled(work)
    export.save_pipeline(pipe, out / "weights")
    export.save_clip(work, out / "clip")
    shutil.copytree(work / "judge", out / "judge", dirs_exist_ok=True)
    styles = out / loras_dir().name
    for source, folder in (
        ("fast", out / four_steps_dir().name),
        ("example-style", styles / EXAMPLE_STYLE.id),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(work / source / lora.FILE, folder / lora.FILE)
    samples.save_sheet(pipe, out / "sheet.png")
