"""Known pictures: is this one on a list of the operator's, as it was or changed a little?

Compares hashes only (``fingerprints.py``), every list at once. What a list says of a picture is
what follows; a list on trial is noted. Loads no torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from moderation.lists import Edition, HashLists, Listed, PictureList
from moderation.policy import ALLOWED, Category, Decision, Finding, Verdict

from .fingerprints import Bits, Sighting, crops_from_text, distances, from_hex, sighting
from .parts import Look, Strictness, verdict_of

MAX_PDQ_DISTANCE = 31  # of 256 bits: what PDQ's authors call the same picture
MAX_CROP_DISTANCE = 31  # likewise, of the nearest view; see ``benchmarks.hashes``


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A listed picture and the list that it is on."""

    shelf: PictureList
    picture: Listed


@dataclass(kw_only=True)
class _Pile:
    """Hashes of one kind, and whose they are."""

    bits: Bits = field(default_factory=lambda: np.zeros((0, 4), dtype=np.uint64))
    entries: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def near(self, wanted: Bits, max_distance: int) -> Iterator[tuple[int, int]]:
        """Numbers of entries with a hash as near as that to any of (N, 4), and how near."""
        if not len(self.bits):
            return
        nearest = np.min([distances(self.bits, one) for one in wanted], axis=0, initial=256)
        for place in np.flatnonzero(nearest <= max_distance):
            yield int(self.entries[place]), int(nearest[place])


class Index:
    """Every list made ready to be looked through."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.entries = [
            _Entry(shelf=shelf, picture=picture)
            for shelf in edition.lists
            for picture in shelf.pictures
        ]
        self._by_sha256: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            if entry.picture.sha256:
                self._by_sha256.setdefault(entry.picture.sha256, []).append(number)
        self._pdq = _pile(
            [
                (number, from_hex(entry.picture.pdq)[None])
                for number, entry in enumerate(self.entries)
                if entry.picture.pdq
            ]
        )
        self._crops = _pile(
            [
                (number, crops_from_text(entry.picture.crops))
                for number, entry in enumerate(self.entries)
                if entry.picture.crops
            ]
        )

    def matches(self, seen: Sighting) -> dict[int, float]:
        """Numbers of the entries that a picture is, each with how alike: 0…1."""
        near = chain(
            self._pdq.near(seen.pdq, MAX_PDQ_DISTANCE),
            self._crops.near(seen.crops, MAX_CROP_DISTANCE),
        )
        found: dict[int, float] = {}
        for number, bits in near:
            found[number] = max(found.get(number, 0.0), 1 - bits / 256)
        return found | dict.fromkeys(self._by_sha256.get(seen.sha256, ()), 1.0)


class KnownPictures:
    """Looks a picture up in the operator's lists."""

    name = "lists"

    def __init__(self, lists: HashLists) -> None:
        self._lists = lists
        self._index = Index(lists.edition)

    @property
    def version(self) -> str:
        """Of the lists; empty where there are none."""
        return f"lists-{self._index.edition.version}" if self._index.edition.version else ""

    @property
    def has_tier(self) -> bool:
        """True where a list names a picture of the child-safety tier."""
        return Category.CHILD_SAFETY in self._lists.edition.categories

    def check(self, look: Look, strictness: Strictness) -> Verdict:
        """A finding for every listed picture that this one is, however strict a place is."""
        index = self._newest()
        if not index.entries:
            return ALLOWED
        found = sorted(index.matches(sighting(look.data, look.image)).items())
        return verdict_of([_finding(index.entries[number], score) for number, score in found])

    def _newest(self) -> Index:
        edition = self._lists.edition
        if edition is not self._index.edition:
            self._index = Index(edition)
        return self._index


def _finding(entry: _Entry, score: float) -> Finding:
    rule = f"list.{entry.shelf.name}.{entry.picture.id}"
    is_on_trial = entry.shelf.is_on_trial
    return Finding(
        rule_id=f"shadow.{rule}" if is_on_trial else rule,
        category=entry.picture.category,
        decision=Decision.ALLOW if is_on_trial else entry.picture.decision,
        score=score,
    )


def _pile(parts: Sequence[tuple[int, Bits]]) -> _Pile:
    if not parts:
        return _Pile()
    return _Pile(
        bits=np.concatenate([bits for _, bits in parts]),
        entries=np.concatenate([np.full(len(bits), number) for number, bits in parts]),
    )
