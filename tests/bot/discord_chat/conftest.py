"""A small Discord, the real client on it, and a studio that only remembers what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.asks import Reply
from bot.chat import Action, Card, CardKind, Event, Form
from bot.discord_chat.chat import DiscordChat
from bot.settings import Settings
from tests.emulators.discord.people import User
from tests.emulators.discord.server import DiscordEmulator
from tests.emulators.discord.world import Channel, Message

OPTIONS = {"guild_ready_timeout": 0.05}


def plain(words: str, *, is_private: bool = False, **more: Any) -> Card:
    """A card of one sentence."""
    return Card(kind=CardKind.PLAIN, lines=(words,), is_private=is_private, **more)


@dataclass
class FakeStudio:
    """Answers with what ``answers`` says, in order, else with one sentence."""

    answers: list[Reply] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    forms: dict[Action, Form] = field(default_factory=dict)
    delay_seconds: float = 0.0

    async def _reply(self, event: Event, *call: Any) -> Reply:
        self.calls.append(call)
        self.events.append(event)
        await asyncio.sleep(self.delay_seconds)
        return self.answers.pop(0) if self.answers else Reply(card=plain("Yes."))

    async def command(self, event: Event, name: str, options: dict[str, Any]) -> Reply:
        return await self._reply(event, name, dict(options))

    async def say(self, event: Event, text: str) -> Reply:
        return await self._reply(event, "say", text)

    async def press(self, event: Event, action: Action, argument: str, text: str = "") -> Reply:
        return await self._reply(event, action, argument, text)

    async def form(self, event: Event, action: Action, argument: str) -> Form | None:
        return self.forms.get(action)

    async def suggest(self, event: Event, name: str, option: str, typed: str) -> tuple[str, ...]:
        return tuple(word for word in ("ink", "watercolour") if word.startswith(typed))

    async def posted(self, event: Event, card: Card, message_id: str) -> None:
        self.receipts.append((card.receipt, message_id))


async def load_blob(sha256: str) -> bytes:
    """A picture for any hash; one that begins with f is noise of 12 MB."""
    held = io.BytesIO()
    if sha256.startswith("f"):
        Image.effect_noise((3500, 3500), 90).save(held, "PNG", compress_level=0)
    else:
        Image.new("RGB", (8, 8), (200, 0, 0)).save(held, "PNG")
    return held.getvalue()


@dataclass
class Scene:
    """Ann in a channel, and the bot."""

    discord: DiscordEmulator
    studio: FakeStudio
    chat: DiscordChat
    room: Channel
    ann: User

    @property
    def words(self) -> list[str]:
        """What Ann reads in the room."""
        return [one.content for one in self.ann.sees(self.room)]

    async def quiet(self) -> None:
        """Until every event the client heard of has been dealt with."""

        def is_quiet() -> bool:
            names = {task.get_name() for task in asyncio.all_tasks()}
            return not names & {"discord.py: on_interaction", "discord.py: on_message"}

        await asyncio.sleep(0.02)
        await self.discord.until(is_quiet, seconds=60)

    @property
    def lost(self) -> list[Message]:
        """What hangs about although nothing will happen with it."""
        return [one for one in self.ann.sees(self.room) if one.is_thinking]


Start = Callable[..., Awaitable[Scene]]


@pytest.fixture
async def emulator(specs_dir: Path) -> AsyncIterator[DiscordEmulator]:
    """A small Discord that judges everything; a violation fails the test."""
    async with DiscordEmulator(specs_dir) as found:
        yield found
        assert found.violations == [], "\n".join(found.violations)


@pytest.fixture
async def start(emulator: DiscordEmulator, tmp_path: Path) -> AsyncIterator[Start]:
    """What connects the adapter to it."""
    running: list[asyncio.Task[None]] = []

    async def begin(row_seconds: float = 1.5, **options: Any) -> Scene:
        studio = FakeStudio()
        settings = Settings(data_dir=tmp_path, discord_token=emulator.token)
        chat = DiscordChat(
            studio, load_blob, settings, connector=emulator.wires.connector,
            options=OPTIONS | options, row_seconds=row_seconds,
        )  # type: ignore[arg-type]  # fmt: skip
        guild = emulator.state.add_guild()
        running.append(asyncio.create_task(chat.run()))
        await emulator.online()
        ann = emulator.user("Ann")
        return Scene(discord=emulator, studio=studio, chat=chat, room=guild.channels[0], ann=ann)

    yield begin
    for task in running:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def scene(start: Start) -> Scene:
    """The adapter, connected."""
    return await start()
