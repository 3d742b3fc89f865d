"""Keeps messages true that nobody is waiting for: how far a request is, cases for moderators,
pictures that were shared.

It reads rows and calls the chats, so it goes on after a restart where it was. A message that
cannot be changed now is tried again; one that never can is left alone. It decides nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Brief, Delivery, JobProgress, Request, RequestState

from . import cards, case_messages, noticeboard, receipts
from .chat import Card, Chat, ChatRefused, ChatUnavailable
from .progress import before_any_step, seconds_each_takes
from .texts import say
from .workshop import Workshop

EDIT_SECONDS = 2.0  # between two edits of one message, where a chat does not say
LOOK_SECONDS = 1.0
NOTICE_LOOKS = 3  # cases and shared pictures are looked for less often
MOST_EDITS = 10  # of one platform in one look: answers and results need the rest of its limits
# While it is prepared the message says just that, from the moment it is posted.
TOLD = (RequestState.PAINTING, RequestState.CANCELLED)
OVER = "over"  # of a progress message: it shows something else now, or cannot be changed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Telling:
    """A message that tells how far a request is, with what it should say now."""

    request_id: str
    state: RequestState
    platform: str
    address: Mapping[str, Any]
    message_id: str
    card: Card
    is_waiting: bool  # for a renderer


class Courier:
    """The loop of one chat process."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._said: dict[str, tuple[Card, float]] = {}  # by request: the newest edit, and when
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look after messages."""
        self._task = asyncio.create_task(self._over_and_over())

    async def stop(self) -> None:
        """End; what was being changed is changed or not."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """One round: every message that is not true any more, as often as its chat allows."""
        async with self._shop.db.session() as session:
            tellings = await _tellings(session, self._shop)
        known = {one.request_id for one in tellings}
        self._said = {key: said for key, said in self._said.items() if key in known}
        due = [one for one in tellings if self._is_due(one)]
        await asyncio.gather(*(self._edit(one) for one in self._chosen(due)))

    async def _over_and_over(self) -> None:
        for number in itertools.count():
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
                if number % NOTICE_LOOKS == 0:
                    await noticeboard.post_due(self._shop)
                    await case_messages.refresh(self._shop)
            except Exception as error:  # noqa: BLE001 - recorded; it comes round again
                logger.warning("messages could not be looked after: %s", type(error).__name__)

    def _chosen(self, due: list[_Telling]) -> Iterator[_Telling]:
        """As many as each platform may be asked for: what is over or being painted first, then
        whoever has waited longest for news."""
        num_chosen: Counter[str] = Counter()
        for one in sorted(due, key=lambda one: (one.is_waiting, self._said_at(one))):
            num_chosen[one.platform] += 1
            if num_chosen[one.platform] <= MOST_EDITS:
                yield one

    def _said_at(self, one: _Telling) -> float:
        return self._said[one.request_id][1] if one.request_id in self._said else 0.0

    def _is_due(self, one: _Telling) -> bool:
        said, at = self._said.get(one.request_id, (None, 0.0))
        pause = getattr(self._chat(one), "edit_seconds", EDIT_SECONDS)
        return said != one.card and time.monotonic() - at >= pause

    def _chat(self, one: _Telling) -> Chat:
        return self._shop.chats[one.platform]

    async def _edit(self, one: _Telling) -> None:
        """Under the request's lock: what ``tell`` sends in its place never comes before it."""
        async with self._shop.turns.of(one.request_id):
            async with self._shop.db.session() as session:
                if await _state(session, one.request_id) != one.state:
                    return
            self._said[one.request_id] = (one.card, time.monotonic())
            try:
                await self._chat(one).edit(one.address, one.message_id, one.card)
            except ChatUnavailable:
                del self._said[one.request_id]
                return
            except ChatRefused:
                await self._end(one)
                return
            if one.state == RequestState.CANCELLED:
                await self._end(one)

    async def _end(self, one: _Telling) -> None:
        mine = update(Delivery).where(
            Delivery.request_id == one.request_id, Delivery.what == receipts.PROGRESS
        )
        async with self._shop.db.session() as session:
            await session.execute(mine.values(state=OVER))


async def _state(session: AsyncSession, request_id: str) -> str | None:
    return await session.scalar(select(Request.state).where(Request.id == request_id))


async def _tellings(session: AsyncSession, shop: Workshop) -> list[_Telling]:
    """Every message of ours that should tell how far its request is."""
    found = await session.execute(
        select(Request, Delivery, JobProgress, Brief.brief["prompt"].as_string())
        .join(Delivery, Delivery.request_id == Request.id)
        .outerjoin(JobProgress, JobProgress.request_id == Request.id)
        .outerjoin(Brief, (Brief.request_id == Request.id) & (Brief.round == Request.round))
        .where(
            Delivery.what == receipts.PROGRESS,
            Delivery.state == "sent",
            Request.state.in_(TOLD),
        )
    )
    rows = found.all()
    line = await _line(session) if rows else _Line()
    tellings = [
        _telling(request, delivery, progress, prompt or "", line)
        for request, delivery, progress, prompt in rows
        if delivery.message_id
    ]
    return [one for one in tellings if one.platform in shop.chats and one.address]


def _telling(
    request: Request,
    delivery: Delivery,
    progress: JobProgress | None,
    prompt: str,
    line: _Line,
) -> _Telling:
    where = delivery.address or {"platform": request.platform, "at": request.address}
    return _Telling(
        request_id=request.id,
        state=RequestState(request.state),
        platform=where["platform"],
        address=where["at"],
        message_id=str(delivery.message_id),
        card=_card(request, progress, prompt, line),
        is_waiting=request.id in line.ahead,
    )


def _card(request: Request, progress: JobProgress | None, prompt: str, line: _Line) -> Card:
    if request.state == RequestState.CANCELLED:
        return cards.plain(request.language, "cancelled", is_private=request.is_private)
    ahead = line.ahead.get(request.id)
    is_begun = progress is not None and ahead is None
    card = cards.progress(
        request.language,
        request_id=request.id,
        ahead=ahead,
        step=progress.step if progress else 0,
        steps=progress.steps if progress else 0,
        seconds_left=progress.seconds_left if progress and is_begun else line.seconds(ahead),
        preview_sha256=progress.preview_sha256 if progress else None,
        prompt=prompt,
    )
    if ahead is None and not (progress and progress.steps):
        begun = say(request.language, before_any_step(request.state))
        card = replace(card, lines=(begun, *card.lines[1:]))
    return replace(card, is_private=request.is_private)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Everyone who waits for a renderer, at one moment; as ``bot.progress`` says it of one."""

    ahead: Mapping[str, int] = field(default_factory=dict)  # of those that are not begun
    num_begun: int = 0
    seconds_each: float | None = None

    def seconds(self, ahead: int | None) -> float | None:
        """Until the pictures are there; None where nobody can say."""
        if ahead is None or self.seconds_each is None:
            return None
        return self.seconds_each * (self.num_begun + ahead + 1)


async def _line(session: AsyncSession) -> _Line:
    found = await session.execute(
        select(Request.id, JobProgress.request_id.is_(None), JobProgress.ahead)
        .outerjoin(JobProgress, JobProgress.request_id == Request.id)
        .where(Request.state == RequestState.PAINTING)
        .order_by(Request.turn, Request.id)
    )
    rows = found.all()
    waiting = [request_id for request_id, is_unclaimed, _ in rows if is_unclaimed]
    in_engine = {request_id: ahead for request_id, _, ahead in rows if ahead is not None}
    places = {request_id: len(in_engine) + place for place, request_id in enumerate(waiting)}
    return _Line(
        ahead={**places, **in_engine},
        num_begun=len(rows) - len(waiting) - len(in_engine),
        seconds_each=await seconds_each_takes(session),
    )
