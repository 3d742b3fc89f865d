"""The table of conversations, played on Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.conversations.runner import Conversation, conversations, play
from tests.bot.discord_chat.discord_driver import DiscordDriver
from tests.emulators.discord.server import DiscordEmulator


@pytest.fixture
async def driver(emulator: DiscordEmulator, tmp_path: Path) -> AsyncIterator[DiscordDriver]:
    """A running service on a small Discord."""
    made = DiscordDriver(emulator, tmp_path)
    await made.start()
    yield made
    await made.stop()


@pytest.mark.parametrize("path", conversations(), ids=lambda path: path.stem)
async def test_conversations_on_discord(driver: DiscordDriver, path: Path) -> None:
    """What the table says is seen, is seen here, and no word breaks Discord's description."""
    assert conversations()
    await play(driver, Conversation.read(path))
