"""``atelier doctor`` finds each mistake that docs/operating.md lists for Telegram."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import Health, look_at_telegram
from bot.texts import LANGUAGES
from tests.bot.telegram_chat.telegram_fakes import telegram_settings
from tests.emulators.telegram.server import TelegramEmulator

HOOK = "https://studio.example/telegram"


async def found(telegram: TelegramEmulator, folder: Path, **chosen: Any) -> dict[str, Health]:
    """What the doctor says, by key; every sentence is there in both languages."""
    settings = telegram_settings(telegram, folder)
    settings = type(settings)(**{**settings.model_dump(), **chosen})
    findings = await asyncio.to_thread(lambda: list(look_at_telegram(settings)))
    assert all(one.sentence(language) for one in findings for language in LANGUAGES)
    return {one.key: one.health for one in findings}


async def test_a_bot_that_is_well(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """Nothing to do, asking or with its webhook set."""
    assert await found(telegram, tmp_path) == {"good": Health.GOOD}
    telegram.webhook.url = HOOK
    assert await found(telegram, tmp_path, telegram_webhook_url=HOOK) == {"good": Health.GOOD}


async def test_no_bot_is_no_mistake(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """Without a token nobody is asked."""
    assert await found(telegram, tmp_path, telegram_token="") == {}


@pytest.mark.parametrize(
    ("chosen", "key", "health"),
    [
        ({"telegram_token": "7001000:" + "B" * 35}, "refused", Health.BAD),
        ({"telegram_webhook_url": "http://studio.example"}, "address", Health.BAD),
        ({"telegram_webhook_secret": "not so!"}, "secret", Health.BAD),
    ],
)
async def test_wrong_settings(
    telegram: TelegramEmulator, tmp_path: Path, chosen: dict[str, Any], key: str, health: Health
) -> None:
    """A token nobody knows, an address Telegram does not post to, a secret it does not take."""
    assert (await found(telegram, tmp_path, **chosen))[key] == health


async def test_what_telegram_remembers(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """A webhook left over, one of somebody else's, one that cannot be reached."""
    telegram.webhook.url = "https://elsewhere.example/old"
    assert await found(telegram, tmp_path) == {"leftover": Health.DOUBTFUL}
    wanted = {"telegram_webhook_url": HOOK}
    assert await found(telegram, tmp_path, **wanted) == {"elsewhere": Health.DOUBTFUL}
    telegram.webhook.url, telegram.webhook.problem = HOOK, "Connection refused"
    assert await found(telegram, tmp_path, **wanted) == {"failing": Health.DOUBTFUL}


async def test_what_botfather_was_told(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """Privacy switched off, groups forbidden."""
    telegram.world.bot |= {"can_read_all_group_messages": True, "can_join_groups": False}
    doubts = {"privacy": Health.DOUBTFUL, "groups": Health.DOUBTFUL}
    assert await found(telegram, tmp_path) == doubts


async def test_nobody_answers(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """A network that is down is a doubt, not a fault of the settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert await found(telegram, tmp_path, telegram_api_url=url) == {"unreachable": Health.DOUBTFUL}
