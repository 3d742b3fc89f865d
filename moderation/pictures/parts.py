"""What the checks of a picture have in common: what they are given and what they answer.

A part is one way to look: it gives a verdict and never acts. Knows no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PIL.Image import Image

from moderation.policy import Category, Decision, Finding, Verdict, strictest
from moderation.words.rules import Strictness

__all__ = ["Look", "Part", "Strictness", "verdict_of"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """A picture to be judged."""

    data: bytes  # encoded, as it came
    image: Image  # the same, upright and in RGB
    community: str = ""  # where it is to be shown: "discord-1234"; empty: nowhere in particular


class Part(Protocol):
    """One way to look at pictures. May raise, which means that a human looks."""

    @property
    def name(self) -> str:
        """A word for the log and for findings."""

    @property
    def version(self) -> str:
        """Of its rules, as it stands in a verdict's policy; empty: none."""

    @property
    def has_tier(self) -> bool:
        """True where it looks for anything of the child-safety tier (``tier.py``)."""

    def check(self, look: Look, strictness: Strictness) -> Verdict:
        """What it says, in a place that is so strict."""


def verdict_of(
    findings: Iterable[Finding], scores: Mapping[Category, float] | None = None
) -> Verdict:
    """The strictest of the findings. ``scores``: of what was looked for and not found, too."""
    found = tuple(findings)
    top = dict(scores or {})
    for each in found:
        if each.decision is not Decision.ALLOW:
            top[each.category] = max(each.score, top.get(each.category, 0.0))
    decision = strictest(Verdict(decision=each.decision) for each in found).decision
    return Verdict(decision=decision, scores=top, findings=found)
