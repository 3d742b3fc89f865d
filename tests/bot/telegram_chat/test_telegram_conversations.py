"""The table of conversations on Telegram: what it says is seen is seen, to the letter of the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.conversations.runner import Conversation, conversations, play
from tests.bot.telegram_chat.telegram_driver import TelegramDriver
from tests.bot.telegram_chat.telegram_fakes import emulated


@pytest.mark.parametrize("path", conversations(), ids=lambda path: path.stem)
async def test_conversations_on_telegram(specs_dir: Path, tmp_path: Path, path: Path) -> None:
    """In a group and in private chats, with no violation of the API."""
    async with emulated(specs_dir) as telegram:
        driver = TelegramDriver(telegram, tmp_path)
        await driver.start()
        try:
            await play(driver, Conversation.read(path))
        finally:
            await driver.stop()
        assert telegram.world.open_queries == set()
