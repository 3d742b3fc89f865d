"""The command line: `python -m inference.sketchbook train` and `... sheet`."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Annotated

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported anywhere

import typer

from inference.sketchbook.training.presets import PRESETS

app = typer.Typer(add_completion=False, help="Sketchbook: the bundled text-to-image model.")
_WORK = Path("data/sketchbook")


@app.command()
def train(
    preset: Annotated[str, typer.Option(help=f"one of {', '.join(PRESETS)}")] = "laptop",
    work: Annotated[Path, typer.Option(help="checkpoints, sheets and the result")] = _WORK,
    resume: Annotated[bool, typer.Option(help="go on from the checkpoints in there")] = False,
) -> None:
    """Trains every part from nothing but scenes that it draws itself."""
    from inference.sketchbook.training import everything

    if preset not in PRESETS:
        raise typer.BadParameter(f"{preset!r} is none of {', '.join(PRESETS)}")
    if PRESETS[preset].device != "cpu":
        raise typer.BadParameter(f"{preset}: its stages run on the CPU only so far; use laptop")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if work.exists() and not resume:
        scenes = work / "scenes"
        for entry in work.iterdir():
            if entry != scenes:  # the same every time, so worth keeping
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    work.mkdir(parents=True, exist_ok=True)
    everything.run(work, PRESETS[preset])
    typer.echo(f"trained: {work / 'export'}")


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
