"""``atelier doctor`` finds each mistake that docs/operating.md lists for Telegram."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.doctor import Health, look_at_telegram
from bot.folder_lock import FolderLock
from bot.texts import LANGUAGES
from tests.bot.listed_mistakes import listed_mistakes
from tests.bot.telegram_chat.telegram_fakes import telegram_settings
from tests.emulators.telegram.server import TelegramEmulator

HOOK = "https://studio.example/telegram"
WANTED = {"telegram_webhook_url": HOOK}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rival of these tests asks again sooner."""
    monkeypatch.setattr("bot.telegram_chat.checkup.RIVAL_SECONDS", 1)


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


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """How a mistake is made here, and what the doctor calls it."""

    key: str
    chosen: Mapping[str, Any] = field(default_factory=dict)  # settings
    bot: Mapping[str, Any] = field(default_factory=dict)  # what @BotFather was told
    webhook: str = ""  # where Telegram posts to
    problem: str = ""  # what Telegram met there last
    has_rival: bool = False  # another program keeps asking


MISTAKES = {
    "the token is wrong, or was revoked": Mistake(
        key="refused", chosen={"telegram_token": "7001000:" + "B" * 35}
    ),
    "two programs with one token": Mistake(key="rival", has_rival=True),
    "a webhook was left over from another program": Mistake(
        key="leftover", webhook="https://elsewhere.example/old"
    ),
    "Telegram posts to another address than the one that is set": Mistake(
        key="elsewhere", chosen=WANTED, webhook="https://elsewhere.example/old"
    ),
    "the webhook's address is not `https://`": Mistake(
        key="address", chosen={"telegram_webhook_url": "http://studio.example"}
    ),
    "Telegram cannot reach the webhook": Mistake(
        key="failing", chosen=WANTED, webhook=HOOK, problem="Connection refused"
    ),
    "the secret holds other characters than letters, digits, `_` and `-`": Mistake(
        key="secret", chosen={"telegram_webhook_secret": "not so!"}
    ),
    "privacy mode is off": Mistake(key="privacy", bot={"can_read_all_group_messages": True}),
    "the bot cannot be added to groups": Mistake(key="groups", bot={"can_join_groups": False}),
}


def test_every_mistake_that_is_listed_is_made_here(checkout: Path) -> None:
    """A reader of docs/operating.md may rely on each line of its table."""
    assert set(listed_mistakes(checkout, "Telegram")) == set(MISTAKES)


@pytest.mark.parametrize("named", MISTAKES)
async def test_a_listed_mistake_is_found(
    telegram: TelegramEmulator, tmp_path: Path, checkout: Path, named: str
) -> None:
    """It alone, and as bad as the page says."""
    made = MISTAKES[named]
    telegram.world.bot |= made.bot
    telegram.webhook.url, telegram.webhook.problem = made.webhook, made.problem
    health = listed_mistakes(checkout, "Telegram")[named]
    async with rival(telegram) if made.has_rival else nullcontext():
        assert await found(telegram, tmp_path, **made.chosen) == {made.key: health}


@asynccontextmanager
async def rival(telegram: TelegramEmulator) -> AsyncIterator[None]:
    """Another program that asks for updates, and asks again whenever it is cut off."""

    async def ask() -> None:
        url = f"{telegram.url}/bot{telegram.token}/getUpdates"
        async with aiohttp.ClientSession() as session:
            while True:
                async with session.post(url, json={"timeout": 30}) as answer:
                    await answer.read()
                await asyncio.sleep(0.2)

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0.1)
    yield
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


async def test_our_own_service_is_no_rival(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """While it runs here it is not disturbed, and the doctor leaves that question out."""
    lock = FolderLock(tmp_path)
    lock.take()
    async with rival(telegram):
        assert await found(telegram, tmp_path) == {"good": Health.GOOD}
    lock.release()


async def test_nobody_answers(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """A network that is down is a doubt, not a fault of the settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert await found(telegram, tmp_path, telegram_api_url=url) == {"unreachable": Health.DOUBTFUL}
