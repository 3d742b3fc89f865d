"""A core that answers from a script, and a Telegram chat that talks to the emulated service."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from PIL import Image as Pictures

from bot.asks import Reply
from bot.chat import Action, Button, Card, CardKind, Event, Form, Image, Upload
from bot.settings import Settings
from bot.telegram_chat.chat import TelegramChat
from bot.telegram_chat.pacing import Rates
from tests.emulators.telegram.botapi import load_api
from tests.emulators.telegram.calls import Limits
from tests.emulators.telegram.server import TelegramEmulator

QUICK = (0.02, 0.04, 0.08, 0.1, 0.2)  # seconds between tries
FREE = Rates(overall=(1000, 1), group=(1000, 1), private=(1000, 1))


class ScriptedStudio:
    """Remembers what it was asked and answers what it was told to."""

    def __init__(self, answer: Reply | None = None) -> None:
        self.asked: list[tuple[str, Event, tuple[Any, ...]]] = []
        self.answer = answer or Reply(card=plain("Hello."))
        self.shown: list[tuple[str, str]] = []  # receipt, message id
        self.asks_for: Form | None = None
        self.seconds = 0.0
        self.failures = 0

    async def _hear(self, what: str, event: Event, *rest: Any) -> Reply:
        await asyncio.sleep(self.seconds)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the database is away")
        self.asked.append((what, event, rest))
        return self.answer

    async def command(
        self, event: Event, name: str, options: Mapping[str, Any] | None = None
    ) -> Reply:
        return await self._hear("command", event, name, dict(options or {}))

    async def line(self, event: Event, text: str, uploads: Sequence[Upload] = ()) -> Reply:
        return await self._hear("line", event, text, tuple(uploads))

    async def say(self, event: Event, text: str) -> Reply:
        return await self._hear("say", event, text)

    async def press(self, event: Event, action: Action, argument: str, text: str = "") -> Reply:
        return await self._hear("press", event, action, argument, text)

    async def form(self, event: Event, action: Action, argument: str) -> Form | None:
        return self.asks_for

    async def posted(self, event: Event, card: Card, message_id: str) -> None:
        self.shown.append((card.receipt, message_id))


class Shelf:
    """Blobs in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self.kept[sha256] = data
        return sha256

    async def load(self, sha256: str) -> bytes:
        return self.kept[sha256]


def plain(*lines: str, **more: Any) -> Card:
    """A card of sentences."""
    return Card(kind=CardKind.PLAIN, lines=lines, **more)


def button(label: str, action: Action = Action.PICK, argument: str = "g:1") -> Button:
    """A button."""
    return Button(label=label, action=action, argument=argument)


def png(color: str = "teal", size: tuple[int, int] = (64, 64)) -> bytes:
    """A flat picture."""
    written = io.BytesIO()
    Pictures.new("RGB", size, color).save(written, "PNG")
    return written.getvalue()


def grid(shelf: Shelf, *colors: str, **more: Any) -> Card:
    """A result with a picture of each colour and a button for each."""
    images = tuple(
        Image(sha256=shelf.keep(png(color)), media_type="image/png", alt_text=color)
        for color in colors
    )
    picks = tuple(button(str(n), argument=f"g:{n}") for n in range(1, len(colors) + 1))
    return Card(
        kind=CardKind.GRID, lines=("Here it is.",), brief_line="a cat, fine", added=((5, 11),),
        images=images, buttons=(picks,), **more,
    )  # fmt: skip


def telegram_settings(telegram: TelegramEmulator, folder: Path, **choices: Any) -> Settings:
    """Settings that lead to the emulated service."""
    return Settings(
        data_dir=folder, telegram_token=telegram.token, telegram_api_url=telegram.url, **choices
    )


@asynccontextmanager
async def emulated(specs_dir: Path, **choices: Any) -> AsyncIterator[TelegramEmulator]:
    """The emulated service; what breaks the API at any time fails the test."""
    limits = choices.pop("limits", Limits(group_messages_per_minute=0, messages_per_second=0))
    api = load_api(specs_dir / "telegram-botapi.json")
    async with TelegramEmulator(api, limits=limits, **choices) as telegram:
        yield telegram
        assert telegram.violations == [], telegram.violations


@asynccontextmanager
async def served(chat: TelegramChat) -> AsyncIterator[TelegramChat]:
    """The chat, serving; stopped at the end."""
    running = asyncio.create_task(chat.run())
    try:
        yield chat
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
