"""The loop that every stage shares: time, checkpoints, resuming, a progress bar, a loss plot.

It knows nothing of models: a stage hands in one `step` and whatever must be saved.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from PIL import Image, ImageDraw
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from inference.sketchbook.training import parallel
from inference.sketchbook.training.presets import Budget

log = logging.getLogger(__name__)


class Stateful(Protocol):
    """Anything with PyTorch's pair of state methods."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Any) -> Any: ...


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


def _time_left(clock: Clock) -> str:
    return f"{max(0.0, clock.budget.seconds - clock.seconds) / 60:.0f} min"


def train(
    name: str,
    folder: Path,
    budget: Budget,
    step: Callable[[float], float],
    state: Mapping[str, Stateful],
    *,
    on_checkpoint: Callable[[], None] = lambda: None,
    checkpoint_seconds: float = 240.0,
) -> None:
    """Calls `step(share of the budget spent) -> loss` until the budget is spent.

    Goes on from `name.ckpt` where there is one. Parallel processes stop together, and only the
    writer touches the disk.
    """
    is_writer = parallel.rank() == 0
    folder.mkdir(parents=True, exist_ok=True)
    path, clock, losses = folder / f"{name}.ckpt", Clock(budget=budget), list[float]()
    if path.exists():
        saved = torch.load(path, weights_only=True)
        clock.seconds, clock.steps, losses = saved["seconds"], saved["steps"], saved["losses"]
        for key, part in state.items():
            part.load_state_dict(saved[key])

    def checkpoint() -> None:
        parts = {key: part.state_dict() for key, part in state.items()}
        save = {**parts, "seconds": clock.seconds, "steps": clock.steps, "losses": losses}
        torch.save(save, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)
        _plot(losses, folder / f"{name}-loss.png")
        on_checkpoint()
        log.info("%s: step %d, loss %.4f", name, clock.steps, losses[-1] if losses else 0)

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, disable=not is_writer) as progress:
        bar, last_saved = progress.add_task(name, total=1.0), time.monotonic()
        while (share := parallel.agree(clock.share)) < 1:
            started = time.monotonic()
            loss = step(share)
            clock.steps += 1
            clock.seconds += time.monotonic() - started
            losses.append(loss)
            text = f"{name} {clock.steps} loss {_recent(losses):.4f} {_time_left(clock)}"
            progress.update(bar, completed=share, description=text)
            if is_writer and time.monotonic() - last_saved > checkpoint_seconds:
                checkpoint()
                last_saved = time.monotonic()
    if is_writer and losses:
        checkpoint()


def _recent(losses: list[float]) -> float:
    tail = losses[-50:]
    return sum(tail) / len(tail)


def _plot(losses: list[float], path: Path) -> None:
    """Smoothed loss against steps, log scale, from the first step (left) to the last."""
    width, height, margin = 480, 240, 24
    chunk = max(1, len(losses) // width)
    means = [sum(losses[i : i + chunk]) / chunk for i in range(0, len(losses) - chunk + 1, chunk)]
    logs = [math.log10(max(mean, 1e-6)) for mean in means]
    low, high = min(logs), max(*logs, min(logs) + 1e-3)
    canvas = Image.new("RGB", (width + 2 * margin, height + 2 * margin), "white")
    draw = ImageDraw.Draw(canvas)
    points = [
        (margin + width * i / max(1, len(logs) - 1), margin + height * (high - v) / (high - low))
        for i, v in enumerate(logs)
    ]
    draw.line(points, fill=(30, 90, 200), width=2)
    draw.text((margin, 6), f"{10**high:.4g}", fill="black")
    draw.text((margin, height + margin + 6), f"{10**low:.4g}   {len(losses)} steps", fill="black")
    canvas.save(path)
