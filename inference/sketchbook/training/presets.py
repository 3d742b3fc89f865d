"""How long each stage of training runs, how many pictures a step takes, how much is drawn.

A stage ends at its seconds or its steps, whichever comes first, so a slow machine costs
quality and not hours. It knows no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Budget:
    """When a stage ends, counted across resumed runs, and how much one step takes."""

    seconds: float
    """Processor seconds of one process on a CPU, so that a busy machine costs time and not
    quality; seconds by the clock on a GPU."""
    batch: int
    """Pictures or captions per step and process."""
    steps: int = 10**9


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One way of training everything."""

    name: str
    num_shards: int
    shard_size: int
    words: Budget
    autoencoder: Budget
    judge: Budget
    teacher: Budget
    unet: Budget
    feedback: Budget
    decoder: Budget
    distil: Budget
    style: Budget
    clip: Budget
    num_processes: int = 2
    num_drawers: int = 2
    """How many cores draw scenes and write captions."""
    checkpoint_seconds: float = 240.0
    num_checked: int = 600
    """How many unseen scenes a checkpoint is checked on."""
    num_captions: int = 4
    """How many captions are written ahead for each scene."""
    device: str = "cpu"


def _minutes(minutes: float, batch: int) -> Budget:
    return Budget(seconds=minutes * 60, batch=batch)


def _steps(steps: int) -> Budget:
    return Budget(seconds=600, steps=steps, batch=8)


PRESETS: Final[dict[str, Preset]] = {
    "laptop": Preset(
        name="laptop",
        num_shards=16,
        shard_size=7500,
        words=_minutes(4, 96),
        autoencoder=_minutes(55, 16),
        judge=_minutes(20, 48),
        teacher=_minutes(6, 48),
        unet=_minutes(105, 64),
        feedback=_minutes(35, 32),
        decoder=_minutes(25, 16),
        distil=_minutes(18, 32),
        style=_minutes(5, 16),
        clip=_minutes(80, 96),
    ),
    "gpu": Preset(
        name="gpu",
        num_shards=48,
        shard_size=7500,
        words=_minutes(0.7, 512),
        autoencoder=_minutes(5, 256),
        judge=_minutes(1.5, 512),
        teacher=_minutes(0.7, 512),
        unet=_minutes(9, 768),
        feedback=_minutes(1.5, 512),
        decoder=_minutes(1.5, 256),
        distil=_minutes(1.5, 512),
        style=_minutes(0.6, 64),
        clip=_minutes(2.5, 768),
        num_processes=1,
        num_drawers=16,
        num_captions=8,
        checkpoint_seconds=60.0,
        device="cuda",
    ),
    "smoke": Preset(
        name="smoke",
        num_shards=1,
        shard_size=64,
        words=_steps(2),
        autoencoder=_steps(2),
        judge=_steps(2),
        teacher=_steps(2),
        unet=_steps(3),
        feedback=_steps(2),
        decoder=_steps(2),
        distil=_steps(2),
        style=_steps(2),
        clip=_steps(2),
        num_processes=1,
        num_drawers=1,
        num_checked=16,
        num_captions=2,
    ),
}
