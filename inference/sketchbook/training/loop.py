"""The loop that every stage shares: time, checkpoints, resuming, a progress bar, a loss plot.

It knows nothing of models: a stage says what one step is and what must be saved.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from inference.sketchbook.training import parallel, sheets
from inference.sketchbook.training.presets import Budget, Preset

log = logging.getLogger(__name__)


class Stateful(Protocol):
    """Anything with PyTorch's pair of state methods."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Any) -> Any: ...


class Stage(Protocol):
    """One thing that is trained."""

    name: str

    def step(self, share: float) -> float:
        """One step at this share of the budget; gives the loss."""

    def state(self) -> Mapping[str, Stateful]:
        """What a checkpoint holds."""

    def show(self) -> None:
        """Called at every checkpoint: says how it goes, or draws a sheet."""


@dataclass(kw_only=True)
class Clock:
    """How far a stage is; survives interruptions."""

    budget: Budget
    seconds: float = 0.0
    steps: int = 0

    @property
    def share(self) -> float:
        """0 at the start, 1 when the budget is spent."""
        return min(1.0, max(self.seconds / self.budget.seconds, self.steps / self.budget.steps))


def linear_decay(share: float, flat_until: float) -> float:
    """1 until `flat_until`, then a straight line to 0.01 at the end."""
    return min(1.0, max(0.01, (1 - share) / (1 - flat_until)))


def train(stage: Stage, folder: Path, budget: Budget, preset: Preset) -> None:
    """Steps until the budget is spent, on from `NAME.ckpt` where there is one.

    Parallel processes stop together, and only the first touches the disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run = _Run(stage, folder, Clock(budget=budget))
    tell: Callable[[], float] = time.monotonic if preset.device != "cpu" else time.process_time
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, disable=not run.is_writer) as progress:
        bar, last_saved = progress.add_task(stage.name, total=1.0), time.monotonic()
        try:
            while (share := parallel.agree(run.clock.share)) < 1:
                started = tell()
                run.losses.append(stage.step(share))
                run.clock.steps += 1
                run.clock.seconds += tell() - started
                progress.update(bar, completed=share, description=run.told())
                if time.monotonic() - last_saved > preset.checkpoint_seconds:
                    run.checkpoint()
                    last_saved = time.monotonic()
        except KeyboardInterrupt:  # whoever stops it loses nothing
            run.checkpoint()
            raise
    run.checkpoint()


class _Run:
    """A stage, where its files lie, and how far it is."""

    def __init__(self, stage: Stage, folder: Path, clock: Clock) -> None:
        self.stage, self.folder, self.clock = stage, folder, clock
        self.losses: list[float] = []
        self.is_writer = parallel.rank() == 0
        self.path = folder / f"{stage.name}.ckpt"
        if self.path.exists():
            saved = torch.load(self.path, weights_only=True, map_location="cpu")
            clock.seconds, clock.steps = saved["seconds"], saved["steps"]
            self.losses = saved["losses"]
            for key, part in stage.state().items():
                part.load_state_dict(saved[key])

    def checkpoint(self) -> None:
        """Everything that is needed to go on, a plot, and what the stage shows."""
        if not self.is_writer or not self.losses:
            return
        parts = {key: part.state_dict() for key, part in self.stage.state().items()}
        clock = {"seconds": self.clock.seconds, "steps": self.clock.steps}
        torch.save({**parts, **clock, "losses": self.losses}, self.path.with_suffix(".part"))
        self.path.with_suffix(".part").replace(self.path)
        sheets.plot_losses(self.losses, self.folder / f"{self.stage.name}-loss.png")
        self.stage.show()
        log.info("%s", self.told())

    def told(self) -> str:
        """Name, steps, recent loss and what is left, on one line."""
        tail, clock = self.losses[-50:], self.clock
        left = max(0.0, clock.budget.seconds - clock.seconds) / 60
        loss = sum(tail) / max(1, len(tail))
        return f"{self.stage.name}: step {clock.steps}, loss {loss:.4f}, {left:.0f} min left"
