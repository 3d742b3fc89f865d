"""The table of conversations, played in the terminal chat; other platforms play the same one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.conversations.runner import Conversation, conversations, play
from tests.bot.conversations.terminal import TerminalDriver


@pytest.fixture
async def driver(tmp_path: Path) -> AsyncIterator[TerminalDriver]:
    """A running service with a terminal."""
    made = TerminalDriver(tmp_path)
    await made.start()
    yield made
    await made.app.stop()


@pytest.mark.parametrize("path", conversations(), ids=lambda path: path.stem)
async def test_conversations_in_the_terminal(driver: TerminalDriver, path: Path) -> None:
    """What the table says is seen, is seen here."""
    assert conversations()
    await play(driver, Conversation.read(path))
