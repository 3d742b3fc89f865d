"""The engine on a device with chosen switches, its insides, and the stock pipeline beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._gpu import Plan
from inference.engine.tuning import Tuning
from inference.jobs import RenderJob

_OFF = {"has_channels_last": False, "has_fused_attention": False}
SWITCHES: Mapping[str, Tuning] = {  # each has those before it; the last two compile
    "float32": Tuning(precision="float32", **_OFF),
    "bfloat16": Tuning(precision="bfloat16", **_OFF),
    "fused attention": Tuning(precision="bfloat16", has_channels_last=False),
    "channels last": Tuning(precision="bfloat16"),
    "compiled": Tuning(precision="bfloat16", is_compiled=True),
    "graphs": Tuning(precision="bfloat16", is_compiled=True, has_graphs=True),
}


@dataclass(frozen=True, kw_only=True)
class Ours:
    """The engine and its insides."""

    engine: Any
    family: Any
    quick: Any  # calls the network as the engine does once everything is prepared


def load_ours(folder: Path, plan: Plan, tuning: Tuning | None = None) -> Ours:
    """The engine on ``plan.device``; ``tuning``: None for all that helps."""
    from inference.engine.families import unet
    from inference.engine.families.parts import Place
    from inference.engine.families.quick import Quick
    from inference.engine.families.rows import RowsStepper
    from inference.engine.front import StepEngine
    from inference.engine.loading import choose_attention, make_ready
    from inference.engine.models import find_model
    from inference.engine.serving import Serving

    make_ready()
    tuning = tuning or Tuning(is_compiled=plan.has_compiler, has_graphs=True)
    choose_attention(tuning)
    family = unet.load(find_model(str(folder)), Place(device=plan.device, tuning=tuning))
    quick = Quick(family, tuning, plan.compiler) if family.spare is not None else Eager(family)
    serving = Serving(is_warmed_up=False, repeat_bytes=0, preview_seconds=None)
    return Ours(engine=StepEngine(RowsStepper(family, quick), serving), family=family, quick=quick)


class Eager:
    """A ``Quick`` with nothing to prepare."""

    def __init__(self, family: Any) -> None:
        self._family = family

    def __call__(self, *inputs: Any) -> Any:
        """As ``Family.predict``."""
        return self._family.predict(*inputs)

    def settle(self) -> None:
        """Nothing is being prepared."""

    def close(self) -> None:
        """Nothing is held."""


def inputs_of(family: Any, job: RenderJob, rows: int, plan: Plan) -> tuple[Any, Any, Any]:
    """What ``Family.predict`` takes, for so many rows of one job: noise, times, words."""
    import torch

    side = job.width // family.codec.factor
    x = torch.randn(rows, family.input_channels, side, side, device=plan.device)
    times = torch.full((rows,), 500.0, device=plan.device)
    with torch.no_grad():
        one = family.read(job).wanted
        told = {
            name: states.repeat(rows, *[1] * (states.dim() - 1)) for name, states in one.items()
        }
    return x, times, told


def prepared(quick: Any, inputs: tuple[Any, Any, Any]) -> Callable[[], Any]:
    """A call of the network that is compiled and recorded, where it can be."""
    import torch

    @torch.inference_mode()
    def call() -> Any:
        return quick(*inputs)

    for _ in range(2):
        call()
        quick.settle()
    return call


def stock_twins(folder: Path, plan: Plan, *, has_compiled: bool) -> dict[str, Any]:
    """The stock pipeline ``eager`` and, where asked for, ``compiled`` around the same weights."""
    import torch
    from diffusers import DiffusionPipeline

    from inference.engine.families.quick import spare_of

    dtype = torch.bfloat16 if plan.device == "cuda" else torch.float32
    pipe = DiffusionPipeline.from_pretrained(folder, dtype=dtype).to(plan.device)
    twins = {"eager": pipe}
    if has_compiled:
        unet = torch.compile(spare_of(pipe.unet), backend=plan.compiler)
        twins["compiled"] = type(pipe)(**{**pipe.components, "unet": unet})
    for one in twins.values():
        one.set_progress_bar_config(disable=True)
    return twins
