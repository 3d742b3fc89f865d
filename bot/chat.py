"""The port every chat platform fulfils, and the plain data that crosses it.

The core composes what is said (a ``Card``, already in the person's language); an adapter only
translates a card into its platform's message and a platform's event into a call of
``bot.requests``. Nothing here knows a client library, a database or torch.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who acts, as the platform names them."""

    platform: str  # "discord", "telegram", "terminal"
    external_id: str
    name: str = ""
    locale: str | None = None  # the platform's word for their language


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where they act. A private chat is a community of one."""

    platform: str
    external_id: str
    name: str = ""
    is_private: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing a person did. ``id`` is the platform's: a second event with it is a duplicate."""

    id: str
    speaker: Speaker
    place: Place
    address: Mapping[str, Any] = field(default_factory=dict)  # where to answer; the adapter's own


class CardKind(StrEnum):
    GRID = "grid"  # pictures, the brief, buttons to vote
    QUESTION = "question"  # one question, with options
    REVIEW = "review"  # a moderator looks first
    BLOCKED = "blocked"  # refused: stage, category, what to do
    FAILED = "failed"  # could not be done: what to do, trace id
    PROGRESS = "progress"  # queue position, step, time left
    CASE = "case"  # something for a moderator to decide
    PLAIN = "plain"  # a sentence


class Action(StrEnum):
    """What a button asks the core to do; its argument travels in ``Button.argument``."""

    ACCEPT_TERMS = "terms"
    ANSWER = "answer"
    PICK = "pick"
    TIE = "tie"
    ALL_BAD = "allbad"
    VARY = "vary"
    CHANGE_WORD = "word"
    EDIT = "edit"  # words said in reply to pictures
    AGAIN = "again"
    OWN_WORDS = "own"  # the same wish without the added words
    CANCEL = "cancel"
    DELETE = "delete"
    APPEAL = "appeal"
    CLAIM = "claim"
    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"


@dataclass(frozen=True, kw_only=True)
class Button:
    """A thing to press. ``token`` carries the whole state, so it works after a restart."""

    label: str
    action: Action
    argument: str = ""

    @property
    def token(self) -> str:
        """At most 64 bytes (Telegram's callback data; Discord allows 100)."""
        return f"{self.action}:{self.argument}"


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture to show: a blob and the words for those who cannot see it."""

    sha256: str
    media_type: str
    alt_text: str
    is_spoiler: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """One message to people. ``added`` marks, in ``brief_line``, the words that were added."""

    kind: CardKind
    lines: tuple[str, ...]  # sentences, in the person's language
    brief_line: str = ""
    added: tuple[tuple[int, int], ...] = ()  # half-open ranges of ``brief_line``
    images: tuple[Image, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    is_private: bool = False
    trace: str = ""  # a short id a person can quote


class ChatUnavailable(Exception):
    """The platform did not take the message now; trying again later may help."""


class ChatRefused(Exception):
    """The platform will never take this message (closed chat, gone channel)."""


class Chat(Protocol):
    """What every chat platform must be able to do."""

    platform: str

    async def run(self) -> None:
        """Serve until cancelled: receive events, call the core, answer them."""

    async def send(self, address: Mapping[str, Any], card: Card, *, nonce: str) -> str:
        """Post ``card``; returns the platform's message id. A nonce seen before posts nothing
        where the platform can tell. Raises ``ChatUnavailable`` or ``ChatRefused``."""

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        """Replace a message. Same errors."""


LoadBlob = Callable[[str], Awaitable[bytes]]
