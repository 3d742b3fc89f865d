"""Makes a brief numeric: the render job, within the operator's limits. No torch, no database."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from inference.engine import lora_names
from inference.expansion.brief import Brief
from inference.jobs import (
    MAX_COUNT,
    MAX_GUIDANCE,
    MAX_SEED,
    MIN_SIDE,
    SIDE_MULTIPLE,
    JobError,
    Lora,
    RenderJob,
    check_size,
)

from .asks import Ask
from .settings import Settings

OTHER_STEPS, OTHER_GUIDANCE = 25, 7.0  # a stock diffusers model's; a RenderJob's own: Sketchbook's


def check_ask(ask: Ask, settings: Settings) -> None:
    """Raise ``JobError`` for what is asked beyond the limits; each names one Fluent sentence."""
    check_words(ask.text, ask.negative_prompt, ask.style or "")
    _at_most("ask-too-long", len(ask.text), settings.max_wish_characters)
    _at_most("ask-too-long", len(ask.negative_prompt), settings.max_wish_characters)
    _within("job-bad-count", ask.count, 1, settings.max_count)
    _within("job-bad-steps", ask.steps, 1, settings.max_steps)
    _within("job-bad-guidance", ask.guidance, 0.0, MAX_GUIDANCE)
    _within("job-bad-seed", ask.seed, 0, MAX_SEED - MAX_COUNT)
    if ask.width is not None or ask.height is not None:
        _check_sides(ask.width, ask.height, settings.max_side)


def check_words(*texts: str) -> None:
    """Raise ``JobError`` for what no database keeps: half of a character, or a NUL."""
    if any("\0" in text or not _is_whole(text) for text in texts):
        raise JobError("ask-broken-words")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plan(
    ask: Ask,
    brief: Brief,
    settings: Settings,
    *,
    job_id: str,
    native_size: tuple[int, int],
    parent: RenderJob | None = None,
) -> RenderJob:
    """The job for ``brief``: what was asked, else what the parent had, else the defaults.

    Raises ``JobError``. The brief's own numbers, read from words, are brought within the limits;
    a number chosen by option was checked at the door.
    """
    width, height = _size(ask, brief, settings, native_size, parent)
    before = parent or _defaults(settings, job_id)
    usual_count = ask.usual_count or settings.default_count
    count = ask.count or (parent.count if parent else brief.count or usual_count)
    return replace(
        before,
        id=job_id,
        prompt=brief.prompt,
        negative_prompt=brief.negative_prompt,
        width=width,
        height=height,
        steps=ask.steps or before.steps,
        guidance=before.guidance if ask.guidance is None else ask.guidance,
        seed=_first(ask.seed, parent.seed if parent else None, draw_seed()),
        count=min(count, ask.most_count or settings.max_count),
        model=settings.model,
        reference=ask.reference or before.reference,
        loras=_worn(brief.style, settings.styles_folder),
    )


def _worn(style: str | None, folder: Path | None) -> tuple[Lora, ...]:
    """The learned style of that name, written in whatever case, where the operator has one."""
    named = (style or "").casefold()
    return tuple(Lora(name=name) for name in lora_names(folder) if name.casefold() == named)


def _defaults(settings: Settings, job_id: str) -> RenderJob:
    job = RenderJob(id=job_id, prompt="")
    if settings.model != "sketchbook":
        job = replace(job, steps=OTHER_STEPS, guidance=OTHER_GUIDANCE)
    return replace(job, steps=min(job.steps, settings.max_steps))


def draw_seed() -> int:
    """A seed people can read out to each other."""
    return secrets.randbelow(2**31)


def job_of(how: Mapping[str, Any]) -> RenderJob | None:
    """The job that made a picture, from what the picture says of itself."""
    return RenderJob.from_row(how["job"]) if how.get("job") else None


def _size(
    ask: Ask, brief: Brief, settings: Settings, native: tuple[int, int], parent: RenderJob | None
) -> tuple[int, int]:
    if parent is not None:
        return parent.width, parent.height
    return (
        ask.width or _fitting(brief.width or ask.usual_width or native[0], settings.max_side),
        ask.height or _fitting(brief.height or ask.usual_height or native[1], settings.max_side),
    )


def _fitting(side: int, most: int) -> int:
    """A side read from words, or the model's own, as one that can be rendered."""
    return max(MIN_SIDE, min(side, most) // SIDE_MULTIPLE * SIDE_MULTIPLE)


def _check_sides(width: int | None, height: int | None, most: int) -> None:
    sides = (width or height or 0, height or width or 0)
    check_size(*sides)
    for side in sides:
        _at_most("ask-too-large", side, most)


def _first(*choices: int | None) -> int:
    return next(choice for choice in choices if choice is not None)


def _at_most(key: str, value: int, most: int) -> None:
    if value > most:
        raise JobError(key, value=value, most=most)


def _within(key: str, value: float | None, least: float, most: float) -> None:
    if value is not None and not least <= value <= most:
        raise JobError(key, value=value, least=least, most=most)
