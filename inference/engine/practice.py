"""Jobs that nobody asked for: painted in quiet moments, so that the first real ones are fast.

They make the device do everything once that costs more the first time, and measure how long steps
of one, two, four and eight pictures take.
"""

from __future__ import annotations

from inference.jobs import RenderJob

_COUNTS = (1, 2, 4, 8)
_STEPS = 4  # the first is cold; three are enough for the pace to trust them


def practice_jobs(width: int, height: int) -> list[RenderJob]:
    """Small to large, of that size in pixels."""
    return [
        RenderJob(id=f"practice {n}", prompt="", width=width, height=height, steps=_STEPS, count=n)
        for n in _COUNTS
    ]
