"""Words in a picture: what is written on it, or said by a code on it, goes to the word filter.

How they are read is a reader's business (``lettering.py``, ``codes.py``); one that fails means a
human looks. Loads nothing heavy by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from PIL.Image import Image

from moderation.policy import Decision, Finding, Verdict, WordFilter, strictest
from moderation.reloading import Reloading

from .addresses import Addresses
from .parts import Look, Strictness, verdict_of
from .tier import WRITING

MAX_CHARACTERS = 1000  # of one reading; what is longer is judged in pieces


class Reader(Protocol):
    """Finds words in pictures."""

    def read(self, image: Image) -> Sequence[str]:
        """An RGB picture → its lines; empty where there are none."""


class Writing:
    """Judges what readers find by the words' rules and by the operator's list of addresses."""

    name = "writing"
    has_tier = False  # words tell of a wish; what the picture shows is for the other parts

    def __init__(
        self,
        readers: Sequence[Reader],
        words_in: Callable[[str], WordFilter],
        addresses: Reloading[Addresses],
    ) -> None:
        """``words_in``: the word filter of a community."""
        self._readers = readers
        self._words_in = words_in
        self._addresses = addresses

    @property
    def version(self) -> str:
        """Of the list of addresses; the words' rules name theirs in their own verdicts."""
        version = self._addresses.get().version
        return f"addresses-{version}" if version else ""

    def check(self, look: Look, strictness: Strictness) -> Verdict:
        """Findings of the word filter as ``writing.…``, and of addresses as ``address.HOST``."""
        words = self._words_in(look.community)
        verdicts: list[Verdict] = []
        for reader in self._readers:
            lines = [line for line in reader.read(look.image) if line.strip()]
            verdicts += [_without_places(words.check(text)) for text in _pieces(lines)]
            verdicts.append(verdict_of(self._leading_nowhere(lines)))
        return strictest(verdicts)

    def _leading_nowhere(self, lines: Sequence[str]) -> Iterator[Finding]:
        addresses = self._addresses.get()
        for line in lines:
            for host, category in addresses.refused(line):
                yield Finding(
                    rule_id=f"address.{host}",
                    category=category,
                    decision=Decision.BLOCK,
                    matched=host,
                )


def _pieces(lines: Sequence[str]) -> Iterator[str]:
    """Lines together, so that words over several lines are read as one text."""
    text = "\n".join(lines)
    for first in range(0, len(text), MAX_CHARACTERS):
        yield text[first : first + MAX_CHARACTERS]


def _without_places(verdict: Verdict) -> Verdict:
    """Offsets into what was read mean nothing to anyone who sees the picture."""
    findings = tuple(
        replace(found, rule_id=f"{WRITING}{found.rule_id}", start=None, end=None)
        for found in verdict.findings
    )
    return replace(verdict, findings=findings)
