"""The whole house behind the emulated Telegram: the real core and path, a stub that paints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.app import App
from bot.telegram_chat.chat import TelegramChat
from bot.telegram_chat.pacing import Rates
from store.tables import Request
from tests.bot.path_fakes import (
    PATIENCE,
    FakeEngine,
    make_app,
    make_parts,
    make_settings,
    make_tables,
)
from tests.bot.telegram_chat.telegram_fakes import FREE, QUICK, served
from tests.emulators.telegram.phones import Phone
from tests.emulators.telegram.server import TelegramEmulator


@dataclass(frozen=True, kw_only=True)
class House:
    """What a test looks at."""

    app: App
    chat: TelegramChat
    engine: FakeEngine

    async def states(self) -> list[str]:
        """How the requests stand, oldest first."""
        async with self.app.db.session() as session:
            rows = select(Request.state).order_by(Request.created_at)
            return list(await session.scalars(rows))

    async def until_delivered(self, count: int = 1, seconds: float = 20.0) -> None:
        """Return once there are so many requests and all are delivered."""
        async with asyncio.timeout(seconds * PATIENCE):
            while await self.states() != ["delivered"] * count:  # noqa: ASYNC110 - polled
                await asyncio.sleep(0.05)


@asynccontextmanager
async def open_house(
    telegram: TelegramEmulator,
    folder: Path,
    *,
    seconds: float = 0.0,
    rates: Rates | None = FREE,
    is_new: bool = True,
    **choices: Any,
) -> AsyncIterator[House]:
    """The service, answering on the emulated Telegram. ``rates`` None: the real ones."""
    settings = make_settings(
        folder, telegram_token=telegram.token, telegram_api_url=telegram.url, **choices
    )
    if is_new:
        make_tables(settings)
    engine = FakeEngine(seconds=seconds)
    app = make_app(settings, make_parts(engine))
    chat = TelegramChat(app.studio, app.load_blob, settings, rates=rates, pauses=QUICK)
    app.join(chat)
    await app.start()
    try:
        async with served(chat):
            yield House(app=app, chat=chat, engine=engine)
    finally:
        await app.stop()


async def agree(phone: Phone) -> None:
    """Accept the terms."""
    await phone.say("/terms")
    shown = await phone.until(lambda: next((m for m in phone.messages if phone.buttons(m)), None))
    await phone.press("terms:", shown)
    await phone.until(lambda: not phone.telegram.world.open_queries)
    await asyncio.sleep(0.05)


async def result(phone: Phone, seconds: float = 20.0) -> Any:
    """The newest message with a picture and buttons to pick, once there is one."""

    def found() -> Any:
        return next(
            (m for m in reversed(phone.messages) if "photo" in m and has_pick(phone, m)), None
        )

    return await phone.until(found, seconds * PATIENCE, "a result")


def has_pick(phone: Phone, message: Any) -> bool:
    """Whether a message has the buttons of a result."""
    return any(each["callback_data"].startswith("pick:") for each in phone.buttons(message))
