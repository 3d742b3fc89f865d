"""The command line: `python -m inference.sketchbook train`, `... style` and `... sheet`."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported anywhere

import typer

from inference.sketchbook import weights_dir
from inference.sketchbook.training.presets import PRESETS, Budget, Preset

if TYPE_CHECKING:
    from inference.sketchbook.training.style import Captioned

app = typer.Typer(add_completion=False, help="Sketchbook: the bundled text-to-image model.")
_WORK = Path("data/sketchbook")
_NUM_SHOWN = 4


@app.command()
def train(
    preset: Annotated[str, typer.Option(help=f"one of {', '.join(PRESETS)}")] = "laptop",
    work: Annotated[Path, typer.Option(help="checkpoints, sheets and the result")] = _WORK,
    resume: Annotated[bool, typer.Option(help="go on from the checkpoints in there")] = False,
    stage: Annotated[str | None, typer.Option(help="only this stage")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="how many cores to use")] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.001, help="the stage's budget, with --stage")
    ] = None,
) -> None:
    """Trains every part from nothing but scenes that it draws itself."""
    from inference.sketchbook.training import everything
    from inference.sketchbook.training.claim import Claimed, claim

    if preset not in PRESETS:
        raise typer.BadParameter(f"{preset!r} is none of {', '.join(PRESETS)}")
    if stage is not None and stage not in everything.STAGES:
        raise typer.BadParameter(f"{stage!r} is none of {', '.join(everything.STAGES)}")
    if minutes is not None and stage is None:
        raise typer.BadParameter("--minutes is one stage's budget: say which with --stage")
    if work.exists() and not work.is_dir():
        raise typer.BadParameter(f"{work} is a file: give a folder with --work")
    if not resume and work.exists() and any(work.iterdir()):
        raise typer.BadParameter(
            f"{work} is not empty: go on with --resume, or give another folder with --work"
        )
    try:
        if stage is not None:
            everything.check_needs(work, stage)
        claim(work, {"--preset": preset})
    except (everything.TooEarly, Claimed, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    chosen = PRESETS[preset]
    if processes is not None:
        chosen = replace(chosen, num_processes=processes, num_drawers=processes)
    if stage is not None and minutes is not None:
        chosen = _with_budget(chosen, stage, minutes)
    everything.run(work, chosen, only=stage)
    typer.echo(f"trained: {work / 'export' if stage is None else work}")


def _with_budget(preset: Preset, stage: str, minutes: float) -> Preset:
    budget: Budget = getattr(preset, stage)
    budgets = {stage: replace(budget, seconds=minutes * 60)}
    return replace(preset, **budgets)  # type: ignore[arg-type]


@app.command()
def style(
    folder: Annotated[Path, typer.Argument(help="pictures, each with NAME.txt beside it")],
    out: Annotated[Path, typer.Option(help="where the LoRA goes")] = Path("data/style"),
    base: Annotated[str, typer.Option(help="a diffusers folder or hub name")] = "sketchbook",
    rank: Annotated[int, typer.Option(min=1, help="how much it can hold")] = 16,
    minutes: Annotated[
        float, typer.Option(min=0.001, help="of a processor, or by the clock on a GPU")
    ] = 5,
    batch: Annotated[int, typer.Option(min=1, help="pictures a step")] = 8,
    rate: Annotated[float, typer.Option(help="learning rate")] = 5e-4,
    device: Annotated[str, typer.Option(help="cpu or cuda")] = "cpu",
) -> None:
    """Trains a style LoRA on Sketchbook, SD 1.5 or SDXL; goes on where it was interrupted."""
    from inference.sketchbook.training import loop, lora
    from inference.sketchbook.training import style as styling
    from inference.sketchbook.training.claim import Claimed, claim

    is_ours = base == "sketchbook"
    _check_device(device)
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"{out} is a file: give a folder with --out")
    try:
        pictures = styling.read_folder(folder)
        told = styling.fingerprint_of(pictures)
        pipe = _loaded(str(weights_dir()) if is_ours else base).to(device)
        claim(out, {"pictures": told, "--base": base, "--rank": rank})
    except (styling.BadFolder, Claimed, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    where = lora.in_blocks if is_ours else lora.in_attention
    shown = pictures[: _NUM_SHOWN if is_ours else 1]  # larger models take minutes for a picture
    stage = styling.Styling(
        pipe, pictures, rank=rank, batch=batch, rate=rate, is_adapted=where,
        on_checkpoint=partial(_show, pipe, shown, out / "style-sheet.png"),
    )  # fmt: skip
    preset = replace(PRESETS["laptop"], device=device)
    loop.train(stage, out, Budget(seconds=minutes * 60, batch=batch), preset)
    typer.echo(str(lora.save(stage.adapters, out)))


def _check_device(device: str) -> None:
    import torch

    if device not in ("cpu", "cuda"):
        raise typer.BadParameter(f"{device!r} is neither cpu nor cuda")
    if device == "cuda" and not torch.cuda.is_available():
        raise typer.BadParameter("there is no GPU here that torch can use: leave --device out")


def _loaded(base: str) -> Any:
    """The pipeline that a style is trained for."""
    from diffusers import DiffusionPipeline

    try:
        return DiffusionPipeline.from_pretrained(base)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(
            f"{base} is no model in diffusers format: give its folder, or its name on the hub, "
            "with --base"
        ) from error


def _show(pipe: Any, pictures: list[Captioned], path: Path) -> None:
    """These captions, drawn with what has been learned so far."""
    from inference.sketchbook import samples

    samples.save_sheet(pipe, path, prompts=tuple(one.caption for one in pictures))


@app.command()
def sheet(out: Annotated[Path, typer.Option(help="the PNG to write")]) -> None:
    """Draws every object in every style with the shipped weights."""
    import torch

    from inference.sketchbook import samples

    if out.suffix.lower() != ".png":
        raise typer.BadParameter(f"{out} is no PNG: give a name that ends in .png")
    torch.set_num_threads(1)
    samples.save_sheet(samples.load(), out)
    typer.echo(str(out))


if __name__ == "__main__":
    app()
