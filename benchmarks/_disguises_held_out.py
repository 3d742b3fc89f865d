"""Ways to hide a word that nobody looked at while the filter was built; knows no word, no filter.

Written after the filter was fixed. Whoever changes the filter must not read what it misses here:
write a new kind into ``_disguises.py`` instead, and a new kind here for the one that moved.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks._disguises import Disguise

ENGLISH: dict[str, Disguise] = {}
CHINESE: dict[str, Disguise] = {}


def minors_second_half() -> Iterator[str]:
    """Filled when the filter is fixed."""
    return iter(())
