"""How long each stage of training runs, and how much is drawn for it.

A stage ends at its seconds or its steps, whichever comes first, so a slow machine costs
quality and not hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Budget:
    """When a stage ends; wall-clock seconds count across resumed runs."""

    seconds: float
    steps: int = 10**9


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One way of training everything."""

    name: str
    num_shards: int
    shard_size: int
    words: Budget
    autoencoder_coarse: Budget
    autoencoder: Budget
    judge: Budget
    teacher: Budget
    unet: Budget
    decoder: Budget
    clip: Budget
    batch: int = 48
    num_processes: int = 2
    checkpoint_seconds: float = 240.0
    num_checked: int = 600
    """How many unseen scenes a checkpoint is checked on."""
    device: str = "cpu"


def _minutes(minutes: float) -> Budget:
    return Budget(seconds=minutes * 60)


def _steps(steps: int) -> Budget:
    return Budget(seconds=600, steps=steps)


PRESETS: Final[dict[str, Preset]] = {
    "laptop": Preset(
        name="laptop",
        num_shards=16,
        shard_size=7500,
        words=_minutes(4),
        autoencoder_coarse=_minutes(6),
        autoencoder=_minutes(22),
        judge=_minutes(8),
        teacher=_minutes(6),
        unet=_minutes(60),
        decoder=_minutes(5),
        clip=_minutes(12),
    ),
    "gpu": Preset(
        name="gpu",
        num_shards=48,
        shard_size=7500,
        words=_minutes(2),
        autoencoder_coarse=_minutes(2),
        autoencoder=_minutes(10),
        judge=_minutes(3),
        teacher=_minutes(3),
        unet=_minutes(25),
        decoder=_minutes(3),
        clip=_minutes(5),
        batch=512,
        num_processes=1,
        device="cuda",
    ),
    "smoke": Preset(
        name="smoke",
        num_shards=1,
        shard_size=64,
        words=_steps(2),
        autoencoder_coarse=_steps(2),
        autoencoder=_steps(2),
        judge=_steps(2),
        teacher=_steps(2),
        unet=_steps(3),
        decoder=_steps(2),
        clip=_steps(2),
        batch=8,
        num_processes=1,
        num_checked=16,
    ),
}
