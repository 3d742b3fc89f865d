"""What a chat may ask of the core. Knows no platform and no engine; enqueues, never executes.

Every method is safe to call twice with the same event. A refusal is a reply, never an exception.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import JobError
from moderation.errors import ModerationError
from store.sessions import insert_once
from store.tables import Person, Request, RequestState, new_id

from . import cards, case_desk, edits, presses
from .admission import AT_WORK, AskRefused, TermsNotAccepted, Visitor, admit, recognise
from .asks import Ask, Reply, Result, Standing
from .chat import Action, Card, Event
from .planning import check_ask, draw_seed
from .progress import UnknownRequest, read_standing
from .records import read_brief
from .settings import TERMS_VERSION
from .stages import Ref
from .telling import compose_grid, compose_other, history_card, read_grid
from .workshop import Workshop

__all__ = ["Ask", "Reply", "Result", "Standing", "Studio", "UnknownRequest"]


class Studio:
    """The front door of the studio."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop

    async def imagine(self, event: Event, ask: Ask) -> Reply:
        """Admit a wish; the answer to it follows through ``Chat.send``."""
        return await self._answering(event, self._imagine(event, ask, "imagine"))

    async def say(self, event: Event, text: str, reply_to: str | None = None) -> Reply:
        """Free text: the answer to an open question asked in this place, an edit in plain words
        where ``reply_to`` is the platform's id of a message that showed pictures, else a wish."""
        return await self._answering(event, self._say(event, text, reply_to))

    async def press(self, event: Event, action: Action, argument: str, text: str = "") -> Reply:
        """A button. ``argument`` is the button's; ``text`` is what a form asked for (the answer,
        the two words of a change, a moderator's reason)."""
        return await self._answering(event, presses.press(self, event, action, argument, text))

    async def accept_terms(self, event: Event) -> Reply:
        """Agree to the terms as they are now."""
        return await self.press(event, Action.ACCEPT_TERMS, TERMS_VERSION)

    async def cancel(self, event: Event, request_id: str) -> Reply:
        """Withdraw a request: the requester's or a moderator's right."""
        return await self.press(event, Action.CANCEL, request_id)

    async def upload(self, event: Event, data: bytes, media_type: str = "image/png") -> str:
        """Keep a picture a person sent; returns its sha256 for ``Ask.reference``.

        Raises ``JobError`` where it is no still picture within the limits; what it shows is
        judged later.
        """
        verdict = self.shop.check_upload(data)
        if verdict.findings:
            raise JobError(verdict.findings[0].rule_id)
        sha256 = await self.shop.blobs.put(data)
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            await self.shop.blobs.own(
                session,
                sha256,
                owner_kind="upload",
                owner_id=visitor.person_id,
                media_type=media_type or "image/png",
            )
        return sha256

    async def history(self, event: Event, limit: int = 10) -> Reply:
        """The person's newest requests and what became of them."""
        return await self._answering(event, self._history(event, limit))

    async def cases(self, event: Event, limit: int = 10) -> list[Reply]:
        """What waits for this moderator, oldest first; one refusal for anyone else."""
        try:
            async with self.shop.db.session() as session:
                visitor = await recognise(session, event, self.shop.settings)
                return await case_desk.waiting(session, visitor, limit)
        except AskRefused as error:
            return [await self._refusal(event, error)]

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
            request = await session.get(Request, request_id)
            if request is None:
                raise UnknownRequest(request_id)
            brief = await read_brief(session, request_id, request.round)
            if request.state == RequestState.DELIVERED and brief:
                grid = await read_grid(session, request_id)
                return compose_grid(request, brief[0], grid[0].id, grid[1]) if grid else None
            is_silent = request.state in (*AT_WORK, RequestState.CANCELLED)
            return None if is_silent else compose_other(request, brief[0] if brief else None)

    async def results(self, request_id: str) -> list[Result]:
        """The pictures as shown, in order; empty while there are none."""
        async with self.shop.db.session() as session:
            request = await session.get(Request, request_id)
            if request is None:
                raise UnknownRequest(request_id)
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

    async def take(
        self,
        session: AsyncSession,
        event: Event,
        visitor: Visitor,
        ask: Ask,
        kind: str,
    ) -> str:
        """The row and its first stage, in the caller's transaction; the id of the request.

        Raises ``AskRefused`` and ``JobError``. An event that was taken before gives its request.
        """
        check_ask(ask, self.shop.settings)
        if ask.seed is None and ask.parent_picture_id is None:  # an edit keeps its parent's
            ask = replace(ask, seed=draw_seed())
        request_id = new_id()
        if not await insert_once(session, Request, **_row(request_id, event, visitor, ask, kind)):
            return await _taken_before(session, event)
        await admit(session, visitor, ask, self.shop.settings, request_id=request_id)
        first = Ref(request_id=request_id, stage="prepare", round=1)
        await self.shop.outbox.put(session, first)
        return request_id

    async def _imagine(self, event: Event, ask: Ask, kind: str) -> Reply:
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            request_id = await self.take(session, event, visitor, ask, kind)
        return edits.accepted(visitor.language, request_id)

    async def _say(self, event: Event, text: str, reply_to: str | None) -> Reply:
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            shown = await edits.shown_in(session, event, reply_to) if reply_to else None
            asked = None if shown else await presses.open_question(session, visitor)
        if shown:
            return await presses.press(self, event, Action.EDIT, shown, text)
        if asked:
            return await presses.press(self, event, Action.ANSWER, f"{asked}:", text)
        return await self._imagine(event, Ask(text=text), "imagine")

    async def _history(self, event: Event, limit: int) -> Reply:
        async with self.shop.db.session() as session:
            visitor = await recognise(session, event, self.shop.settings)
            newest = (
                select(Request)
                .where(Request.person_id == visitor.person_id)
                .order_by(Request.created_at.desc())
                .limit(limit)
            )
            rows = (await session.scalars(newest)).all()
        card = history_card(visitor.language, rows)
        return Reply(card=card)

    async def _answering(self, event: Event, doing: Awaitable[Reply]) -> Reply:
        """Turn what people can do about into a reply; anything else is the edge's."""
        try:
            return await doing
        except (AskRefused, JobError, ModerationError) as error:
            return await self._refusal(event, error)

    async def _refusal(self, event: Event, error: AskRefused | JobError | ModerationError) -> Reply:
        language = await self._language(event)
        if isinstance(error, TermsNotAccepted):
            return Reply(card=cards.terms(language, TERMS_VERSION), is_refused=True)
        card = cards.plain(language, error.key, is_private=True, **error.args_)
        return Reply(card=card, is_refused=True)

    async def _language(self, event: Event) -> str:
        async with self.shop.db.session() as session:
            return (await recognise(session, event, self.shop.settings)).language


def _row(request_id: str, event: Event, visitor: Visitor, ask: Ask, kind: str) -> dict[str, Any]:
    """The row of a new request."""
    is_upload = ask.reference is not None and ask.parent_picture_id is None
    return {
        "id": request_id,
        "person_id": visitor.person_id,
        "identity_id": visitor.identity_id,
        "community_id": visitor.community_id,
        "platform": event.speaker.platform,
        "event_id": event.id,
        "address": dict(event.address),
        "language": visitor.language,
        "kind": kind,
        "wish": ask.text,
        "options": ask.to_options(),
        "reference_sha256": ask.reference.sha256 if ask.reference and is_upload else None,
        "parent_picture_id": ask.parent_picture_id,
        "state": RequestState.PREPARING,
        "round": 1,
        "is_private": ask.is_private,
    }


async def _taken_before(session: AsyncSession, event: Event) -> str:
    """The request that this event was taken for when it came in first."""
    found = await session.scalars(
        select(Request.id).where(
            Request.platform == event.speaker.platform, Request.event_id == event.id
        )
    )
    return found.one()
