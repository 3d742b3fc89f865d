"""Someone we know at the door, in a transaction: what a handler of a command or a press is given.

Plain data and the few things every handler does; knows no handler.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from . import cards
from .admission import AskRefused, Visitor
from .asks import Reply
from .chat import Action, Event

if TYPE_CHECKING:
    from .commands import Command
    from .requests import Studio


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who acts, where, in which language, with which transaction."""

    studio: Studio
    session: AsyncSession
    event: Event
    visitor: Visitor

    @property
    def language(self) -> str:
        return self.visitor.language

    def plain(self, key: str, request_id: str | None = None, **args: Any) -> Reply:
        """One sentence, for them alone."""
        card = cards.plain(self.language, key, is_private=True, **args)
        return Reply(card=card, request_id=request_id)


@dataclass(frozen=True, kw_only=True)
class Press(Visit):
    """A button, pressed."""

    action: Action
    argument: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Call(Visit):
    """A command, given; its options are checked."""

    command: Command
    options: Mapping[str, Any] = field(default_factory=dict)


def refuse_unless(condition: object, key: str, **args: Any) -> None:
    """Raise ``AskRefused`` with that sentence where the condition does not hold."""
    if not condition:
        raise AskRefused(key, **args)
