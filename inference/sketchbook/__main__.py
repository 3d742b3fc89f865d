"""The command line: `python -m inference.sketchbook train`, `... style` and `... sheet`."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported anywhere

import typer

from inference.sketchbook import weights_dir
from inference.sketchbook.training.presets import PRESETS, Budget, Preset

app = typer.Typer(add_completion=False, help="Sketchbook: the bundled text-to-image model.")
_WORK = Path("data/sketchbook")
_KEPT = ("scenes", "example", "example-pictures", "tokenizer")  # the same every time


@app.command()
def train(
    preset: Annotated[str, typer.Option(help=f"one of {', '.join(PRESETS)}")] = "laptop",
    work: Annotated[Path, typer.Option(help="checkpoints, sheets and the result")] = _WORK,
    resume: Annotated[bool, typer.Option(help="go on from the checkpoints in there")] = False,
    stage: Annotated[str | None, typer.Option(help="only this stage")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="how many cores to use")] = None,
    minutes: Annotated[float | None, typer.Option(help="the stage's budget, with --stage")] = None,
) -> None:
    """Trains every part from nothing but scenes that it draws itself."""
    from inference.sketchbook.training import everything

    if preset not in PRESETS:
        raise typer.BadParameter(f"{preset!r} is none of {', '.join(PRESETS)}")
    if stage is not None and stage not in everything.STAGES:
        raise typer.BadParameter(f"{stage!r} is none of {', '.join(everything.STAGES)}")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    chosen = PRESETS[preset]
    if processes is not None:
        chosen = replace(chosen, num_processes=processes, num_drawers=processes)
    if stage and minutes:
        chosen = _with_budget(chosen, stage, minutes)
    if work.exists() and not resume:
        _forget(work)
    work.mkdir(parents=True, exist_ok=True)
    everything.run(work, chosen, only=stage)
    typer.echo(f"trained: {work / 'export' if stage is None else work}")


def _with_budget(preset: Preset, stage: str, minutes: float) -> Preset:
    budget: Budget = getattr(preset, stage)
    budgets = {stage: replace(budget, seconds=minutes * 60)}
    return replace(preset, **budgets)  # type: ignore[arg-type]


def _forget(work: Path) -> None:
    """Removes what earlier runs left, but for the drawings."""
    for entry in work.iterdir():
        if entry.name not in _KEPT:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


@app.command()
def style(
    folder: Annotated[Path, typer.Argument(help="pictures, each with NAME.txt beside it")],
    out: Annotated[Path, typer.Option(help="where the LoRA goes")] = Path("data/style"),
    base: Annotated[str, typer.Option(help="a diffusers folder or hub name")] = "sketchbook",
    rank: Annotated[int, typer.Option(min=1, help="how much it can hold")] = 16,
    minutes: Annotated[float, typer.Option(help="of a processor, or by the clock on a GPU")] = 5,
    batch: Annotated[int, typer.Option(min=1, help="pictures a step")] = 8,
    rate: Annotated[float, typer.Option(help="learning rate")] = 5e-4,
    device: Annotated[str, typer.Option(help="cpu or cuda")] = "cpu",
) -> None:
    """Trains a style LoRA on Sketchbook, SD 1.5 or SDXL; goes on where it was interrupted."""
    from diffusers import DiffusionPipeline

    from inference.sketchbook.training import loop, lora
    from inference.sketchbook.training import style as styling

    try:
        pictures = styling.read_folder(folder)
    except (styling.BadFolder, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    is_ours = base == "sketchbook"
    pipe = DiffusionPipeline.from_pretrained(weights_dir() if is_ours else base).to(device)
    where = lora.in_blocks if is_ours else lora.in_attention
    stage = styling.Styling(pipe, pictures, rank=rank, batch=batch, rate=rate, is_adapted=where)
    preset = replace(PRESETS["laptop"], device=device)
    loop.train(stage, out, Budget(seconds=minutes * 60, batch=batch), preset)
    typer.echo(str(lora.save(stage.adapters, out)))


@app.command()
def sheet(out: Annotated[Path, typer.Option(help="the PNG to write")]) -> None:
    """Draws every object in every style with the shipped weights."""
    import torch

    from inference.sketchbook import samples

    torch.set_num_threads(1)
    samples.save_sheet(samples.load(), out)
    typer.echo(str(out))


if __name__ == "__main__":
    app()
