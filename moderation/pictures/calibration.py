"""Finds the threshold and steepness of a concept from pictures whose answer is known.

Numbers in, numbers out: margins are differences of cosines (``ConceptFilter.margins``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_SURE = math.log(9)  # the logit of a score of 0.9


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What to write into the list of concepts, and what it does to the pictures it came from."""

    threshold: float
    steepness: float
    recall: float  # share of the wanted pictures at or above the threshold
    false_alarms: float  # share of the others


def calibrate(
    wanted: Sequence[float], others: Sequence[float], max_false_alarms: float
) -> Calibration:
    """The lowest threshold that keeps false alarms down, moved to the middle of the gap if any.

    Half of the wanted pictures beyond the threshold shall score 0.9 and more.
    """
    found, harmless = sorted(wanted), sorted(others)
    allowed = math.floor(max_false_alarms * len(harmless))
    floor = harmless[len(harmless) - 1 - allowed]  # the highest that must stay below
    above = [margin for margin in found if margin > floor]
    threshold = (floor + above[0]) / 2 if above else floor + 1e-6
    typical = above[len(above) // 2] if above else threshold
    return Calibration(
        threshold=threshold,
        steepness=_SURE / max(typical - threshold, 1e-3),
        recall=share_above(found, threshold),
        false_alarms=share_above(harmless, threshold),
    )


def share_above(margins: Sequence[float], threshold: float) -> float:
    """The share of margins at or above a threshold; 0 of none."""
    return sum(margin >= threshold for margin in margins) / max(1, len(margins))
