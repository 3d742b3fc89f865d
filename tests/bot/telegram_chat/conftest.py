"""The emulated Telegram, a scripted core and somebody with a telephone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.telegram_chat.chat import TelegramChat
from tests.bot.telegram_chat.telegram_fakes import (
    FREE,
    QUICK,
    ScriptedStudio,
    Shelf,
    emulated,
    served,
    telegram_settings,
)  # fmt: skip
from tests.emulators.telegram.phones import Phone, private
from tests.emulators.telegram.server import TelegramEmulator


@pytest.fixture
async def telegram(specs_dir: Path) -> AsyncIterator[TelegramEmulator]:
    """An emulated service without limits of its own."""
    async with emulated(specs_dir) as it:
        yield it


@pytest.fixture
def studio() -> ScriptedStudio:
    """The core."""
    return ScriptedStudio()


@pytest.fixture
def shelf() -> Shelf:
    """The pictures."""
    return Shelf()


@pytest.fixture
async def chat(
    telegram: TelegramEmulator, studio: ScriptedStudio, shelf: Shelf, tmp_path: Path
) -> AsyncIterator[TelegramChat]:
    """The adapter, serving by asking for updates."""
    settings = telegram_settings(telegram, tmp_path)
    adapter = TelegramChat(studio, shelf.load, settings, rates=FREE, pauses=QUICK)  # type: ignore[arg-type]
    async with served(adapter) as it:
        yield it


@pytest.fixture
def ann(telegram: TelegramEmulator) -> Phone:
    """Somebody who pressed Start."""
    return private(telegram, 11, "Ann")
