"""Someone we know at the door, in a transaction: what a handler of a command or a press is given.

Plain data and the few things every handler does; knows no handler.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from store.tables import Picture, Request, RequestState

from . import cards, receipts
from .admission import AskRefused, Visitor
from .asks import Reply
from .chat import Action, Event

if TYPE_CHECKING:
    from .commands import Command
    from .requests import Studio


Later = Callable[[], Awaitable[Reply]]
"""What is still to be done for an answer once the transaction is over: slow, and without it."""


async def finished(answer: Reply | Later) -> Reply:
    """The answer, or what comes of doing the rest."""
    return answer if isinstance(answer, Reply) else await answer()


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

    def done(self, key: str, **args: Any) -> Reply:
        """The same in place of the message that was pressed."""
        return replace(self.plain(key, **args), is_update=True)

    def accepted(self, request_id: str, *, is_private: bool) -> Reply:
        """What they see at once of a request: a message that will tell how far it is."""
        card = cards.progress(self.language, request_id=request_id)
        card = replace(card, is_private=is_private, receipt=receipts.progress(request_id))
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


async def open_request(visit: Visit, request_id: str) -> Request:
    """A request and what it made, for someone who may see it: what is private is its person's and
    the moderators'. Raises ``AskRefused``; where it is not theirs it is as if it were gone."""
    request = await visit.session.get(Request, request_id)
    if request is None or (request.is_private and not await may_manage(visit, request)):
        raise AskRefused("press-gone")
    return request


async def open_picture(visit: Visit, picture_id: str) -> Picture:
    """A picture, for someone who may see it; one that was taken down is as if it were gone."""
    picture = await visit.session.get(Picture, picture_id)
    if picture is None:
        raise AskRefused("press-gone")
    request = await open_request(visit, picture.request_id)
    refuse_unless(request.state != RequestState.BLOCKED, "press-gone")
    return picture


async def may_manage(visit: Visit, request: Request) -> bool:
    """Withdrawing and deleting: whoever asked, or a moderator of the place."""
    mine = visit.visitor.person_id
    return request.person_id == mine or await cases.may_moderate(
        visit.session, mine, request.community_id
    )
