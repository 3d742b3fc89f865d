"""A studio with people in it, for tests of what is done with a result."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.app import App, Parts
from bot.asks import Ask, Reply
from bot.chat import Action, Button, Card, Event, Place
from store.tables import RequestState

from .path_fakes import RecordingChat, event, make_app, make_settings, make_tables, settle


@dataclass
class Stage:
    """A running studio, its one chat, and people who have accepted the terms: ann and bob."""

    app: App
    chat: RecordingChat
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def event(self, who: str = "ann", *, place: str = "room", **facts: Any) -> Event:
        """Something new that somebody does."""
        made = event(f"stage-{next(self._numbers)}", who)
        where = Place(platform="terminal", external_id=place)
        return replace(made, place=where, **facts)

    async def press(self, action: Action, argument: str, who: str = "ann", text: str = "") -> Reply:
        return await self.app.studio.press(self.event(who), action, argument, text)

    async def command(
        self, name: str, options: Mapping[str, Any] | None = None, who: str = "ann", **facts: Any
    ) -> Reply:
        return await self.app.studio.command(self.event(who, **facts), name, options)

    async def delivered(self, ask: Ask | None = None, who: str = "ann") -> str:
        """The id of a request whose pictures were shown."""
        reply = await self.app.studio.imagine(self.event(who), ask or Ask(text="a cat"))
        standing = await settle(self.app, reply)
        assert standing.state == RequestState.DELIVERED
        return standing.request_id

    async def picture_ids(self, request_id: str) -> list[str]:
        return [each.picture_id for each in await self.app.studio.results(request_id)]

    async def rows(self, table: Any, *where: Any) -> list[Any]:
        async with self.app.db.session() as session:
            return list((await session.scalars(select(table).where(*where))).all())


def buttons(card: Card) -> list[Button]:
    """All there is to press, options of menus last."""
    visible = [button for row in card.buttons for button in row]
    return visible + [option for menu in card.menus for option in menu.options]


def button(card: Card, action: Action, nth: int = 1) -> Button:
    """The nth button of an action."""
    return [one for one in buttons(card) if one.action is action][nth - 1]


@asynccontextmanager
async def acting(folder: Path, parts: Parts | None = None, **choices: Any) -> AsyncIterator[Stage]:
    """The studio, started and in the end stopped."""
    settings = make_settings(folder, **choices)
    make_tables(settings)
    app = make_app(settings, parts)
    stage = Stage(app=app, chat=RecordingChat())
    app.join(stage.chat)
    await app.start()
    try:
        for who in ("ann", "bob"):
            await app.studio.accept_terms(stage.event(who))
        yield stage
    finally:
        await app.stop()
