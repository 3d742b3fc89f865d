"""The port every chat platform fulfils, and the plain data that crosses it.

The core composes what is said (a ``Card``, already in the person's language); an adapter only
translates a card into its platform's message and a platform's event into a call of
``bot.requests.Studio``. Nothing here knows a client library, a database or torch.

What an adapter must do
=======================

*In.* Make an ``Event`` of everything a person does and call one of these. None of them raises: a
refusal and even a bug come back as a ``Reply``.

===================================  ============================================================
a command                            ``Studio.command(event, name, options)``; names, options and
                                     limits are the table ``bot.commands.COMMANDS``
a command as a line of text          ``Studio.line(event, "/imagine@bot a cat --count 2", uploads)``
words without a command              ``Studio.say(event, text)``; for a reply to a message, its id
                                     is in ``Event.message_id``
a press or a choice of a menu        ``Studio.press(event, *read_token(token))``
a press that needs words             first ask ``Studio.form(event, action, argument)``; a ``Form``
                                     is shown as a modal (or asked for in a reply), and what was
                                     written goes into ``Studio.press(…, text=written)``
words half typed into an option      ``Studio.suggest(event, name, option, typed)``
===================================  ============================================================

A picture in an option is an ``Upload``, a mentioned person a ``Speaker``. Acknowledge first (a
typing sign, a deferred answer), then call; on Discord ``command(name).is_private`` and
``is_private_press`` tell beforehand whether the answer will be private.

*Out.* Show ``reply.card``, then every card of ``reply.also`` as a message of its own. With
``reply.is_update`` the first takes the place of the message that was pressed. Where a shown card
has a ``receipt``, call ``Studio.posted(event, card, message_id)`` with the id of the message that
shows it: from then on the core edits it (progress), replaces it (the result) and removes it
(delete) by calling ``Chat.edit``, ``send`` and ``delete`` with that event's address, also after a
restart. A ``reply.is_duplicate`` needs no answer.

*Message ids* are strings that are unique on the whole platform ("chat:message" on Telegram).

*Cards.* ``lines`` are sentences; ``brief_line`` follows them, with the ranges ``added`` marked (and
never marked by colour alone). ``images`` are shown as one message, ``files`` are attached as they
are (documents, not photos). A ``Menu`` is a select; where there are none, a button with
``Menu.token``, which opens the options. ``is_private``: only the person may see it (ephemeral, a
toast for one short sentence, else a direct message). Too long texts are cut by the adapter at the
end of a line, never inside a button's token. Alt texts go where the platform has them.

*Private and late.* ``send`` of a private card goes where only the person reads it. Where that way is
closed for good, raise ``PrivateClosed``; the core then says in the open that the result waits
(``show`` brings it). An interaction token that has died is the adapter's to notice: it posts a
message that mentions the person instead.
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
    message_id: str | None = None  # the message pressed, replied to or pointed at
    is_administrator: bool = False  # the platform says: they run this place


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A picture a person sent, as bytes."""

    data: bytes
    media_type: str = "image/png"


class CardKind(StrEnum):
    GRID = "grid"  # pictures, the brief, buttons to vote
    QUESTION = "question"  # one question, with options
    REVIEW = "review"  # a moderator looks first
    BLOCKED = "blocked"  # refused: stage, category, what to do
    FAILED = "failed"  # could not be done: what to do, trace id
    PROGRESS = "progress"  # queue position, step, time left
    CASE = "case"  # something for a moderator to decide
    PICTURE = "picture"  # one picture, larger or as it was made; or pictures to look at
    MENU = "menu"  # things to choose from, opened privately
    PLAIN = "plain"  # a sentence, or a few


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
    LARGER = "larger"
    ORIGINAL = "original"  # the picture's own file
    SHARE = "share"  # to the gallery
    DETAILS = "details"  # seed, steps, size
    MORE = "more"  # everything else there is to do with a result
    OPEN = "open"  # the options of a menu, where there are no selects
    SHOW = "show"  # an older result once more
    REPORT = "report"
    CANCEL = "cancel"
    DELETE = "delete"
    APPEAL = "appeal"
    SET = "set"  # a setting
    ERASE = "erase"  # all of one's data
    FORGET = "forget"  # one's votes
    LINK = "link"  # this account becomes another person's
    CLAIM = "claim"
    HAND_BACK = "handback"
    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"


_PRIVATE_ANSWERS = frozenset(Action) - {
    Action.VARY, Action.CHANGE_WORD, Action.EDIT, Action.AGAIN, Action.OWN_WORDS, Action.ANSWER,
    Action.LARGER,
}  # fmt: skip


def concerns_everybody(action: Action, argument: str) -> bool:
    """True where a press is about the whole place: only then Telegram is asked who runs it."""
    return action in (Action.SET, Action.OPEN) and argument.startswith("here")


def is_private_press(action: Action) -> bool:
    """True where the answer to that button is for the presser alone."""
    return action in _PRIVATE_ANSWERS


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


def read_token(token: str) -> tuple[Action, str] | None:
    """Action and argument of a button's token; None for what no button of ours says."""
    name, colon, argument = token.partition(":")
    action = next((each for each in Action if each == name), None)
    return (action, argument) if action is not None and colon else None


@dataclass(frozen=True, kw_only=True)
class Menu:
    """Things of which one is chosen; choosing is pressing. At most 25 (Discord's select)."""

    label: str
    options: tuple[Button, ...]
    argument: str  # for ``Action.OPEN``
    chosen: int | None = None  # the option that holds now, from 0

    @property
    def token(self) -> str:
        """What a button sends that stands for the whole menu."""
        return f"{Action.OPEN}:{self.argument}"


@dataclass(frozen=True, kw_only=True)
class Form:
    """One text field, asked for before a press that needs words."""

    title: str  # at most 45 characters (Discord's modal)
    label: str  # at most 45 characters
    placeholder: str = ""  # at most 64 characters (Telegram's forced reply)
    max_characters: int = 200


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture to show: a blob and the words for those who cannot see it."""

    sha256: str
    media_type: str
    alt_text: str
    is_spoiler: bool = False


@dataclass(frozen=True, kw_only=True)
class File:
    """A blob to attach as it is."""

    sha256: str
    media_type: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One message to people. ``added`` marks, in ``brief_line``, the words that were added."""

    kind: CardKind
    lines: tuple[str, ...]  # sentences, in the person's language
    brief_line: str = ""
    added: tuple[tuple[int, int], ...] = ()  # half-open ranges of ``brief_line``
    images: tuple[Image, ...] = ()
    files: tuple[File, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows; with the menus at most five
    menus: tuple[Menu, ...] = ()  # below the buttons, one a row
    is_private: bool = False
    trace: str = ""  # a short id a person can quote
    receipt: str = ""  # for ``Studio.posted``, with the id of the message it became


class ChatUnavailable(Exception):
    """The platform did not take the message now; trying again later may help."""


class ChatRefused(Exception):
    """The platform will never take this message (closed chat, gone channel)."""


class PrivateClosed(ChatRefused):
    """The person lets nobody write to them privately; in the open something may still be said."""


class ChatMisconfigured(Exception):
    """A platform refuses what the operator set; ``key`` and ``args_`` name a Fluent sentence."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(key)
        self.key, self.args_ = key, args


class Chat(Protocol):
    """What every chat platform must be able to do.

    ``edit_seconds`` (an attribute, 2.0 where missing): one message is edited at most so often.
    """

    platform: str

    async def run(self) -> None:
        """Serve until cancelled: receive events, call the core, answer them."""

    async def send(
        self, address: Mapping[str, Any], card: Card, *, nonce: str, replaces: str | None = None
    ) -> str:
        """Post ``card``; returns the platform's message id. A nonce seen before posts nothing
        where the platform can tell. ``replaces``: the message that told of the progress; it is
        turned into this one, or removed. Raises ``ChatUnavailable`` or ``ChatRefused``."""

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        """Replace a message. Same errors."""

    async def delete(self, address: Mapping[str, Any], message_id: str) -> None:
        """Remove a message; one that is gone is removed. Same errors."""

    def place(self, address: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same place without the person and the moment: where the core may post by itself
        (cases for moderators, shared pictures), to whoever reads there."""


LoadBlob = Callable[[str], Awaitable[bytes]]
