"""The engine: many people, one device, one denoising step at a time.

Importing it costs nothing; ``load_engine`` is where torch comes in.
"""

from __future__ import annotations

from pathlib import Path

from inference.engine.lora_folder import lora_names
from inference.engine.models import ModelLimits, find_model, model_limits, native_size
from inference.engine.serving import Serving
from inference.engine.tuning import Tuning
from inference.jobs import Engine

__all__ = [
    "ModelLimits", "Serving", "Tuning", "load_engine", "lora_names", "model_limits", "native_size",
]  # fmt: skip


def load_engine(
    model: str,
    device: str = "auto",
    *,
    loras: Path | None = None,
    tuning: Tuning | None = None,
    serving: Serving | None = None,
) -> Engine:
    """Load ``"sketchbook"``, a diffusers folder or a hub name onto ``device`` and start serving.

    ``device`` is ``"auto"``, ``"cpu"`` or ``"cuda"``; ``loras`` is a folder of styles that jobs
    may name (``lora_names`` lists them); ``tuning`` is how the device computes and ``serving``
    how people are served. Takes seconds: call it off the event loop.
    Raises ``RenderFailed`` (``render-model-missing``, ``render-model-broken``,
    ``render-no-device``).
    """
    from inference.engine.front import StepEngine
    from inference.engine.identity import Identity
    from inference.engine.practice import practice_jobs

    folder = find_model(model)
    from inference.engine.loading import load_stepper

    return StepEngine(
        load_stepper(folder, device, loras=loras, tuning=tuning),
        serving,
        practice=practice_jobs(*native_size(model)),
        identity=Identity(folder.path, loras).of,
    )
