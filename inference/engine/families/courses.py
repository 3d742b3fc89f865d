"""Which steps the stock pipelines take for a job. Knows no network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inference.engine.samplers import Course
from inference.jobs import RenderJob


def noise_course(job: RenderJob) -> Course:
    """Of pipelines whose models learned noise: the schedule is the same for every size."""
    reference = job.reference
    return Course(
        steps=job.steps,
        strength=reference.strength if reference else None,
        has_mask=bool(reference and reference.mask),
    )


def flow_course(job: RenderJob, config: Any, multiple: int) -> Course:
    """Of pipelines whose models learned flows; ``config``: the scheduler's.

    Larger pictures take larger steps at high noise: the shift ``mu`` is linear in the number of
    patches, ``multiple`` pixels a side, as in the stock pipelines' ``calculate_shift``.
    """
    least, most = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
    low, high = config.get("base_shift", 0.5), config.get("max_shift", 1.15)
    num_patches = (job.height // multiple) * (job.width // multiple)
    shift = float(low + (num_patches - least) * (high - low) / (most - least))
    return replace(noise_course(job), flow_shift=shift, rounds_up=True)
