"""Where entries of the lists stand in a text: which cover others, and which are near each other.

A match is a place in a view, a hit one in the original text. Knows no list and no thresholds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from .entries import Combination, Entry, Role
from .views import View


class Match(NamedTuple):
    """An entry found in a view."""

    view: View
    entry: Entry
    start: int
    end: int
    is_heard: bool = False  # it sounds so, and is written otherwise


class Hit(NamedTuple):
    """An entry found in the original text."""

    entry: Entry
    start: int
    end: int
    is_doubtful: bool = False


def in_the_original(matches: Iterable[Match]) -> list[Hit]:
    """Where they stand in the original, each place once; a sure reading before a doubtful one."""
    found: dict[tuple[str, int, int], Hit] = {}
    for hit in map(_hit, matches):
        place = (hit.entry.rule_id, hit.start, hit.end)
        if place not in found or found[place].is_doubtful:
            found[place] = hit
    return list(found.values())


def without_covered(matches: list[Match]) -> list[Match]:
    """Without what an allowed term of the same view covers: most of what looks bad in a harmless
    text goes here, before anybody asks where it stood."""
    spans = merged((one.start, one.end) for one in matches if one.entry.is_allowed)
    if not spans:
        return matches
    ends = [end for _, end in spans]
    kept = []
    for match in matches:
        place = bisect_right(ends, match.end - 1)  # the first span that ends behind the match
        is_covered = place < len(spans) and spans[place][0] <= match.start
        if match.entry.is_allowed or not is_covered:
            kept.append(match)
    return kept


def _hit(match: Match) -> Hit:
    first, last = match.view.origin(match.start, match.end)
    is_doubtful = match.is_heard or match.entry.is_guess or match.view.is_doubtful
    return Hit(entry=match.entry, start=first, end=last, is_doubtful=is_doubtful)


def uncovered(hits: list[Hit]) -> list[Hit]:
    """Drop what lies within allowed words; of a doubtful reading, what touches them."""
    spans = merged((hit.start, hit.end) for hit in hits if hit.entry.is_allowed)
    ends = [end for _, end in spans]
    kept = []
    for hit in hits:
        place = bisect_right(ends, hit.start)  # the first span that ends behind the hit's start
        start, end = spans[place] if place < len(spans) else (hit.end, hit.end)
        is_covered = start <= hit.start and hit.end <= end
        is_touched = start < hit.end and hit.is_doubtful
        if not (hit.entry.is_allowed or is_covered or is_touched):
            kept.append(hit)
    return kept


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def is_denied(combination: Combination, hits: list[Hit], met: tuple[int, int, int]) -> bool:
    """Whether something near says the opposite: that it is wrong to say so."""
    reach = combination.max_near_characters
    return any(
        combination.unless in hit.entry.roles
        and hit.end > met[0] - reach
        and hit.start < met[1] + reach
        for hit in hits
    )


def closest(combination: Combination, hits: list[Hit]) -> tuple[int, int, int] | None:
    """Start, end and distance of the two hits of these roles that are nearest to each other."""
    best: tuple[int, int, int] | None = None
    last: dict[Role, Hit] = {}  # by role, the hit so far that reaches furthest
    one, other = combination.roles
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        for own, opposite in ((one, other), (other, one)):
            if own in hit.entry.roles and opposite in last:
                partner = last[opposite]
                distance = max(hit.start - partner.end, 0)
                if best is None or distance < best[2]:
                    best = partner.start, max(hit.end, partner.end), distance
        for role in hit.entry.roles.intersection(combination.roles):
            if role not in last or last[role].end <= hit.end:
                last[role] = hit
    return best
