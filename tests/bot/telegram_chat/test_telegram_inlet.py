"""Updates come in once each, and are confirmed only when they are taken."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.chat import ChatMisconfigured
from bot.telegram_chat.chat import TelegramChat
from bot.telegram_chat.client import make_bot
from bot.telegram_chat.inlet import Inlet, secret_of
from tests.bot.telegram_chat.telegram_fakes import (
    FREE,
    QUICK,
    ScriptedStudio,
    Shelf,
    served,
    telegram_settings,
)  # fmt: skip
from tests.emulators.telegram.faults import Fault
from tests.emulators.telegram.phones import Phone, private
from tests.emulators.telegram.server import TelegramEmulator


def update(number: int, chat: int = 11) -> Update:
    """A message in a chat."""
    user = {"id": chat, "is_bot": False, "first_name": "Ann"}
    message = {
        "message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}, "from": user,
        "text": str(number),
    }  # fmt: skip
    return Update.de_json({"update_id": number, "message": message}, None)


def adapter(telegram: TelegramEmulator, folder: Path, **choices: Any) -> TelegramChat:
    """A chat with a core that answers anything."""
    settings = telegram_settings(telegram, folder, **choices)
    studio: Any = ScriptedStudio()
    return TelegramChat(studio, Shelf().load, settings, rates=FREE, pauses=QUICK)


async def test_one_chats_updates_keep_their_order_and_others_do_not_wait() -> None:
    """A slow one holds up its own chat only; each is taken once."""
    taken: list[int] = []

    async def take(each: Update) -> None:
        await asyncio.sleep(0.1 if each.update_id == 1 else 0)
        taken.append(each.update_id)

    await Inlet(take=take).enter_all([update(1), update(2), update(3, chat=12), update(2)])
    assert taken == [3, 1, 2]


async def test_an_update_that_keeps_failing_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried three times, recorded and left."""
    tries: list[int] = []

    async def take(each: Update) -> None:
        tries.append(each.update_id)
        if each.update_id == 1:
            raise RuntimeError

    monkeypatch.setattr("bot.telegram_chat.inlet.RETRY_SECONDS", 0.0)
    await Inlet(take=take).enter_all([update(1), update(2)])
    assert sorted(tries) == [1, 1, 1, 2]
    assert "update 1 failed" in caplog.text


async def test_nothing_is_confirmed_before_it_is_taken(
    telegram: TelegramEmulator, chat: TelegramChat, studio: ScriptedStudio, ann: Phone
) -> None:
    """While the core is still at it, Telegram holds the update; a failure is tried again."""
    studio.seconds, studio.failures = 0.5, 1
    await ann.say("/help")
    await asyncio.sleep(0.3)
    assert len(telegram.world.pending) == 1
    await ann.sees("Hello.")
    await ann.until(lambda: telegram.world.pending == [])
    assert len(studio.asked) == 1


async def test_a_webhook_whose_core_fails_gets_the_update_again(
    telegram: TelegramEmulator, tmp_path: Path
) -> None:
    """500 until it is taken, then 200; nothing is lost between."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    telegram.doors["https://studio.example"] = f"http://127.0.0.1:{port}"
    chosen = {"telegram_webhook_url": "https://studio.example/t", "telegram_webhook_port": port}
    chat = adapter(telegram, tmp_path, **chosen)
    studio: Any = chat._asker.studio
    studio.failures = 2
    async with served(chat):
        ann = private(telegram, 11, "Ann")
        await ann.until(lambda: telegram.webhook.url)
        await ann.say("/help")
        await ann.sees("Hello.")
        await ann.until(lambda: telegram.world.pending == [])
    assert len(studio.asked) == 1


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        ({"telegram_token": "7001000:" + "B" * 35}, "telegram-token-refused"),
        ({"telegram_webhook_url": "http://studio.example/t"}, "telegram-webhook-address"),
        ({"telegram_webhook_url": "https://s.example", "telegram_webhook_host": "192.0.2.1"},
         "telegram-webhook-port"),
    ],
    ids=["a wrong token", "a webhook without https", "a place to listen that is not here"],
)  # fmt: skip
async def test_what_the_operator_must_correct_ends_the_chat(
    telegram: TelegramEmulator, tmp_path: Path, chosen: dict[str, Any], key: str
) -> None:
    """One sentence, no endless tries."""
    settings = telegram_settings(telegram, tmp_path).model_copy(update={})
    settings = type(settings)(**{**settings.model_dump(), **chosen})
    studio: Any = ScriptedStudio()
    chat = TelegramChat(studio, Shelf().load, settings, rates=FREE, pauses=QUICK)
    with pytest.raises(ChatMisconfigured) as caught:
        await asyncio.wait_for(chat.run(), 10)
    assert caught.value.key == key


async def test_a_network_that_is_down_at_the_start_is_waited_for(
    telegram: TelegramEmulator, tmp_path: Path
) -> None:
    """The service starts before its network does."""
    telegram.fail(Fault(method="getMe", status=502, description="Bad Gateway", times=2))
    async with served(adapter(telegram, tmp_path)):
        ann = private(telegram, 11, "Ann")
        await ann.say("/help")
        await ann.sees("Hello.")


async def test_the_token_stays_out_of_the_logs(
    telegram: TelegramEmulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Addresses of the Bot API hold it, and the HTTP library likes to log them."""
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    with caplog.at_level(logging.INFO):
        async with make_bot(telegram_settings(telegram, tmp_path)) as bot:
            await bot.get_me()
    assert telegram.token not in caplog.text


def test_the_secret_is_the_operators_or_made_from_the_token(
    telegram: TelegramEmulator, tmp_path: Path
) -> None:
    """Always the same for one token, so that two processes agree, and no part of it."""
    settings = telegram_settings(telegram, tmp_path)
    made = secret_of(settings)
    assert made == secret_of(settings)
    assert telegram.token not in made
    chosen = telegram_settings(telegram, tmp_path, telegram_webhook_secret="mine")
    assert secret_of(chosen) == "mine"
