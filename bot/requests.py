"""What a chat may ask of the core. Knows no platform and no engine; enqueues, never executes.

Every method is safe to call twice with the same event. A refusal is a reply, never an exception;
``command``, ``line``, ``say`` and ``press`` turn even what nobody foresaw into one, with a trace.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import JobError
from inference.learning.log import LearningError
from moderation.errors import ModerationError
from store.tables import Person, Request, RequestState

from . import (
    case_messages,
    command_desk,
    edits,
    forms,
    intake,
    presses,
    receipts,
    terms,
    wishing,
)
from .admission import AT_WORK, AskRefused, TermsNotAccepted, recognise
from .asks import Ask, Reply, Result, Standing
from .cards import failed, plain
from .chat import Action, Card, CardKind, Event, Form, Upload
from .command_lines import read_line
from .edge import WrongUsage, explain
from .errands import card_of
from .handoff import ForbiddenUpload, hand_off_upload
from .messages import Message, remove
from .preferences import read_choices
from .progress import UnknownRequest, read_standing
from .records import read_brief
from .settings import TERMS_VERSION
from .styles import offered_here, suggest_styles
from .telling import compose_grid, compose_other, read_grid
from .texts import pick_language
from .visits import Visit
from .workshop import Workshop

__all__ = ["Ask", "Reply", "Result", "Standing", "Studio", "UnknownRequest"]

REFUSALS = (AskRefused, JobError, LearningError, ModerationError, WrongUsage)
REMEMBERED = 4096  # events whose answers are remembered; the platforms repeat within minutes
UNTIL_KNOWN_SECONDS = (0.1, 0.4, 1.0)  # a message is shown before the row that says which it is


class Studio:
    """The front door of the studio."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.chores: set[asyncio.Task[None]] = set()  # what is tidied up beside everything else
        self._answered: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def command(
        self, event: Event, name: str, options: Mapping[str, Any] | None = None
    ) -> Reply:
        """A command of ``bot.commands`` with what was chosen beside it, by English names."""
        return await self._at_the_edge(event, command_desk.obey(self, event, name, options or {}))

    async def line(self, event: Event, text: str, uploads: Sequence[Upload] = ()) -> Reply:
        """A command as a line of text, on platforms that know no options; else plain words."""
        return await self._at_the_edge(event, self._line(event, text, uploads))

    async def say(self, event: Event, text: str, reply_to: str | None = None) -> Reply:
        """Free text: an edit in plain words where it replies to a message that showed pictures,
        the answer to an open question asked in this place, else a wish."""
        return await self._at_the_edge(event, self._say(event, text, reply_to or event.message_id))

    async def press(self, event: Event, action: Action, argument: str, text: str = "") -> Reply:
        """A button. ``argument`` is the button's; ``text`` is what a form asked for (the answer,
        the two words of a change, a moderator's reason)."""
        pressing = presses.press(self, event, action, argument, text)
        return await self._at_the_edge(event, pressing)

    async def form(self, event: Event, action: Action, argument: str) -> Form | None:
        """What to ask for before ``press``; None where a press is enough."""
        if action not in forms.FORMS:
            return None
        return forms.form(await self._language(event), action)

    async def suggest(self, event: Event, name: str, option: str, typed: str) -> tuple[str, ...]:
        """Good values for an option while it is typed, at most 25."""
        if option != "style":
            return ()
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            _, community = await read_choices(session, visitor)
        return suggest_styles(offered_here(community, self.shop.settings.styles_folder), typed)

    async def posted(self, event: Event, card: Card, message_id: str) -> None:
        """Remember the message that shows a card with a receipt."""
        if not card.receipt:
            return
        if receipts.is_of_case(card.receipt):
            async with self.shop.db.session() as session:
                visitor = await recognise(session, event, self.shop.settings)
                await case_messages.keep(session, event, card, message_id, visitor.language)
            return
        async with self.shop.turns.of(receipts.request_of(card.receipt)):
            async with self.shop.db.session() as session:
                is_late = await receipts.is_late(session, card.receipt)
                if not is_late:
                    await receipts.keep(session, event, card.receipt, message_id)
            if is_late:  # the pictures were quicker than the word that they are being painted
                message = Message(
                    platform=event.speaker.platform,
                    address=event.address,
                    message_id=message_id,
                )
                await remove(self.shop.chats, [message])

    async def imagine(self, event: Event, ask: Ask) -> Reply:
        """Admit a wish; the answer to it follows through ``Chat.send``."""
        return await self._answering(event, self._imagine(event, ask))

    async def accept_terms(self, event: Event) -> Reply:
        """Agree to the terms as they are now."""
        return await self.press(event, Action.ACCEPT_TERMS, TERMS_VERSION)

    async def upload(self, event: Event, data: bytes, media_type: str = "image/png") -> str:
        """Keep a picture a person sent; returns its sha256 for ``Ask.reference``.

        Raises ``JobError`` where it is no still picture within the limits; what it shows is
        judged later.
        """
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            upload = Upload(data=data, media_type=media_type)
            try:
                return await intake.keep_upload(self.shop, session, visitor, upload)
            except ForbiddenUpload as refused:
                forbidden = refused
        await hand_off_upload(self.shop, event, forbidden)
        raise forbidden

    async def appoint_operator(self, event: Event) -> None:
        """Whoever runs the program on their own machine decides everything on it."""
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            (await session.get_one(Person, visitor.person_id)).is_operator = True

    async def standing(self, request_id: str) -> Standing:
        """Where it stands; raises ``UnknownRequest``."""
        async with self.shop.db.session() as session:
            return await read_standing(session, request_id)

    async def told(self, request_id: str) -> Card | None:
        """The newest thing there is to tell about a request (its grid, question, explanation),
        for those who fetch it themselves; None while it is on its way or was withdrawn."""
        async with self.shop.db.session() as session:
            request = await _known(session, request_id)
            brief = await read_brief(session, request_id, request.round)
            if request.state == RequestState.DELIVERED and brief:
                if card := await card_of(session, request, brief[0], request.language):
                    return card
                grid = await read_grid(session, request_id)
                return compose_grid(request, brief[0], grid[0].id, grid[1]) if grid else None
            is_silent = request.state in (*AT_WORK, RequestState.CANCELLED)
            return None if is_silent else compose_other(request, brief[0] if brief else None)

    async def results(self, request_id: str) -> list[Result]:
        """The pictures as shown, in order; empty while there are none."""
        async with self.shop.db.session() as session:
            request = await _known(session, request_id)
            if request.state != RequestState.DELIVERED:
                return []
            brief = await read_brief(session, request_id, request.round)
            grid = await read_grid(session, request_id)
        shown = grid[1] if grid else []
        return [
            Result(
                picture_id=picture.id,
                position=position,
                seed=picture.seed,
                width=picture.width,
                height=picture.height,
                sha256=picture.sha256,
                prompt=brief[0].prompt if brief else "",
                how=picture.how,
            )
            for position, picture in enumerate(shown, start=1)
        ]

    async def _imagine(self, event: Event, ask: Ask) -> Reply:
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            visit = Visit(studio=self, session=session, event=event, visitor=visitor)
            return await wishing.wish(visit, ask, "imagine")

    async def _line(self, event: Event, text: str, uploads: Sequence[Upload]) -> Reply:
        typed = read_line(text, uploads)
        if typed is not None:
            return await command_desk.obey(self, event, typed.command.name, typed.options)
        if text.strip().startswith(("/", "／")):
            raise AskRefused("command-unknown", name=text.split(maxsplit=1)[0][:40])
        return await self._say(event, text, event.message_id)

    async def _say(self, event: Event, text: str, reply_to: str | None) -> Reply:
        shown = await self._shown_in(reply_to) if reply_to else None
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            asked = None if shown else await presses.open_question(session, visitor)
        if shown:
            return await presses.press(self, event, Action.EDIT, shown, text)
        if asked:
            return await presses.press(self, event, Action.ANSWER, f"{asked}:", text)
        return await self._imagine(event, Ask(text=text))

    async def _shown_in(self, message_id: str) -> str | None:
        """The request that a message shows; one that was sent this moment is known a moment on."""
        shown = None
        for seconds in (0.0, *UNTIL_KNOWN_SECONDS):
            await asyncio.sleep(seconds)
            async with self.shop.db.session() as session:
                shown = await edits.shown_in(session, message_id)
            if shown:
                break
        return shown

    async def _at_the_edge(self, event: Event, doing: Awaitable[Reply]) -> Reply:
        """The edge of the chats: whatever nobody foresaw is recorded and becomes one sentence."""
        try:
            reply = await self._answering(event, doing)
        except Exception as error:  # noqa: BLE001  (the edge: it is explained and recorded)
            reply = await self._unforeseen(event, error)
        return replace(reply, is_duplicate=self._is_repeated(event))

    def _is_repeated(self, event: Event) -> bool:
        key = (event.speaker.platform, event.id)
        if key in self._answered:
            return True
        self._answered[key] = None
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return False

    async def _answering(self, event: Event, doing: Awaitable[Reply]) -> Reply:
        """Turn what people can do about into a reply; anything else is the edge's."""
        try:
            return await doing
        except REFUSALS as error:
            return await self._refusal(event, error)

    async def _refusal(self, event: Event, error: Any) -> Reply:
        if isinstance(error, ForbiddenUpload):
            await hand_off_upload(self.shop, event, error)
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            if isinstance(error, TermsNotAccepted):
                card = await terms.card(session, visitor.person_id, visitor.language)
            else:
                card = plain(visitor.language, error.key, is_private=True, **error.args_)
        return Reply(card=card, is_refused=True)

    async def _unforeseen(self, event: Event, error: Exception) -> Reply:
        language = pick_language(None, event.speaker.locale, self.shop.settings.language)
        problem = explain(error, language, self.shop.settings)
        if problem.trace:
            return Reply(card=failed(language, trace=problem.trace), is_refused=True)
        card = Card(kind=CardKind.FAILED, lines=(problem.sentence,), is_private=True)
        return Reply(card=card, is_refused=True)

    async def _language(self, event: Event) -> str:
        async with self.shop.db.session() as session:
            return (await recognise(session, event, self.shop.settings)).language


async def _known(session: AsyncSession, request_id: str) -> Request:
    request = await session.get(Request, request_id)
    if request is None:
        raise UnknownRequest(request_id)
    return request
