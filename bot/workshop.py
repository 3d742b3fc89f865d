"""What the steps of a request work with, handed in by ``bot.app``. Knows no step and no DBOS."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from inference.engine import ModelLimits
from inference.expansion.brief import Expander
from moderation.audit import AuditLog
from moderation.policy import Category, Verdict, WordFilter, strictest
from store.blobs import BlobStore
from store.sessions import Database

from .chat import Chat
from .easel import Easel
from .judging import HeavyWordFilter, LocalWordFilter
from .settings import Settings
from .stages import Ref
from .turns import Turns

if TYPE_CHECKING:
    from .describing import Describer
    from .enlarging import Enlarger


class Outbox(Protocol):
    async def put(
        self, session: AsyncSession, ref: Ref, *, priority: int = 0, delay_seconds: float = 0.0
    ) -> None:
        """Have a stage executed once the session's transaction commits."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words to judge: those for what should be in a picture, and for what should not."""

    words: str
    negative: str = ""
    community: str = ""  # where: "discord-1234"; empty: nowhere in particular


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Tools of one process. ``easel`` is there only where the render role runs."""

    settings: Settings
    db: Database
    blobs: BlobStore
    outbox: Outbox
    word_filter: WordFilter
    negative_filter: WordFilter  # for what a person wants left out of the picture
    check_upload: Callable[[bytes], Verdict]  # before it is kept: limits, and lists of the tier
    expander: Expander
    plain_expander: Expander  # for those who want only their own words
    chats: Mapping[str, Chat]  # by platform
    native_size: tuple[int, int]  # width and height the model paints best, pixels
    model_limits: ModelLimits = field(default_factory=ModelLimits)  # what it cannot paint at all
    audit: AuditLog  # what moderators and the path did, sealed
    still_holds: Callable[[Ref], Awaitable[bool]]  # False: another process has taken the stage over
    easel: Easel | None = None
    describer: Describer | None = None  # looks at pictures, where the render role runs
    enlarger: Enlarger | None = None  # the same, where the operator has an upscaler
    word_guard: HeavyWordFilter | None = None  # asked again about words, where the render role runs
    turns: Turns = field(default_factory=Turns)  # to change the message of a request

    def check_said(self, said: Said) -> Verdict:
        """Judge words; what should be left out says the opposite of what should be there."""
        here = self.word_filter
        if isinstance(here, LocalWordFilter):
            here = here.within(said.community)
        verdicts = [here.check(said.words)] if said.words else []
        if said.negative:
            verdicts.append(self.negative_filter.check(said.negative))
        return strictest(verdicts)


def excusing(verdict: Verdict, categories: Collection[Category]) -> Verdict:
    """The verdict without findings of categories that a moderator has allowed this request."""
    kept = tuple(found for found in verdict.findings if found.category not in categories)
    if kept == verdict.findings:
        return verdict
    decision = strictest(Verdict(decision=found.decision) for found in kept).decision
    return replace(verdict, decision=decision, findings=kept)
