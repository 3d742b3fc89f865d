"""The filter of pictures that people meet: every part is asked, the strictest verdict wins.

Whatever part fails means a human looks. Loads no torch by itself; knows no database and never acts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from moderation.policy import POLICY_VERSION, Decision, PictureFilter, Verdict, strictest, unchecked

from . import tier
from .broken import check_broken
from .opening import open_picture
from .parts import Look, Part, Strictness

logger = logging.getLogger(__name__)


class PictureRules:
    """Judges pictures by every part there is."""

    def __init__(
        self,
        known: Sequence[Part],
        parts: Sequence[Part],
        strictness_of: Callable[[str], Strictness],
    ) -> None:
        """``known`` are asked about every picture, ``parts`` about those that show something."""
        self.known, self.parts = known, parts
        self._strictness_of = strictness_of

    @property
    def has_tier(self) -> bool:
        """True where any part looks for something of the child-safety tier."""
        return any(part.has_tier for part in (*self.known, *self.parts))

    def check(self, picture: bytes) -> Verdict:
        """Judge an encoded picture where no community is known; raises where it is none."""
        return self.within("").check(picture)

    def within(self, community: str) -> PictureFilter:
        """The filter of one community."""
        return _Here(self, community)

    def judge(self, look: Look) -> Verdict:
        """What all parts say of a picture that is open already."""
        strictness = self._strictness_of(look.community)
        broken = check_broken(look.image)
        shows_nothing = broken.decision is not Decision.ALLOW  # and is never called unsafe
        asked = self.known if shows_nothing else (*self.known, *self.parts)
        said = strictest([broken, *(_asked(part, look, strictness) for part in asked)])
        versions = filter(None, (part.version for part in asked))
        return replace(said, policy="/".join((POLICY_VERSION, *versions)))


@dataclass(frozen=True)
class _Here:
    """The rules as they are in one community."""

    rules: PictureRules
    community: str

    def check(self, picture: bytes) -> Verdict:
        look = Look(data=picture, image=open_picture(picture), community=self.community)
        return self.rules.judge(look)


def _asked(part: Part, look: Look, strictness: Strictness) -> Verdict:
    try:
        return part.check(look, strictness)
    except Exception as error:  # noqa: BLE001 - fail closed: recorded as a finding, and in the log
        logger.warning("%s: no verdict on a picture: %s", part.name, type(error).__name__)
        why = type(error).__name__
        return tier.unseen(why) if part.has_tier else unchecked(f"{part.name}-unchecked", why)
