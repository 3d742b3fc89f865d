"""Whether the models that describe and enlarge pictures are where the settings say. Changes
nothing, loads no torch and no model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference.captioning import is_captioner
from inference.upscaling import kind_of

from .settings import Settings

Mistake = tuple[str, dict[str, Any]]  # how its sentence and health are called, and arguments
GOOD = frozenset({"upscaler", "captioner"})
BAD = frozenset({"captioner-missing", "llm-missing"})  # the service does not start


def look(settings: Settings) -> Iterator[Mistake]:
    """What there is to say of each; nothing of what is not set."""
    if settings.upscaler is not None:
        is_there = kind_of(settings.upscaler) is not None
        folder = {"folder": str(settings.upscaler)}
        yield ("upscaler" if is_there else "no-upscaler"), folder
    if settings.captioner is not None:
        is_there = is_captioner(settings.captioner)
        folder = {"folder": str(settings.captioner)}
        yield ("captioner" if is_there else "no-captioner"), folder
    elif settings.describer == "captioner":
        yield "captioner-missing", {}
    if settings.describer == "llm" and not settings.llm_model:
        yield "llm-missing", {}
