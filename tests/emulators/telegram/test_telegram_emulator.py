"""The emulated Telegram itself: the real client works with it, and it catches what the real
service would refuse."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from telegram import (
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    error,
)  # fmt: skip
from telegram.ext import AIORateLimiter, ExtBot

from tests.emulators.telegram.botapi import load_api
from tests.emulators.telegram.calls import Limits
from tests.emulators.telegram.faults import Fault, flood
from tests.emulators.telegram.phones import Phone, in_group, private
from tests.emulators.telegram.server import TelegramEmulator


@pytest.fixture
async def telegram(specs_dir: Path) -> AsyncIterator[TelegramEmulator]:
    """An emulator whose violations the test itself looks at."""
    async with TelegramEmulator(load_api(specs_dir / "telegram-botapi.json")) as server:
        yield server


@pytest.fixture(autouse=True)
def time_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own way to be asked for what will be its default."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[ExtBot[None]]:
    """The real client, pointed at the emulator."""
    async with client(telegram) as it:
        yield it


@pytest.fixture
def ann(telegram: TelegramEmulator) -> Phone:
    """Somebody in a private chat."""
    return private(telegram, 11, "Ann")


def client(telegram: TelegramEmulator, retries: int = 0) -> ExtBot[None]:
    """The real client."""
    return ExtBot(
        telegram.token, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot",
        rate_limiter=AIORateLimiter(max_retries=retries),
    )  # fmt: skip


def png(side: int = 64, color: str = "teal") -> bytes:
    """A flat picture."""
    written = io.BytesIO()
    Image.new("RGB", (side, side), color).save(written, "PNG")
    return written.getvalue()


async def raw(telegram: TelegramEmulator, method: str, **parameters: str) -> tuple[int, Any]:
    """A call as any client may make it."""
    url = f"{telegram.url}/bot{telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, data=parameters) as response:
        return response.status, await response.json()


async def test_words_pictures_and_buttons_arrive(
    telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone
) -> None:
    """The real client sends, edits, replaces words by a picture and deletes, all to the letter."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("One", callback_data="pick:1")]])
    sent = await bot.send_message(11, "<b>a &lt; b</b>", parse_mode="HTML", reply_markup=keyboard)
    assert ann.messages[0]["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    await bot.edit_message_text("later", 11, sent.message_id, reply_markup=keyboard)
    media = InputMediaPhoto(png(), caption="seen")
    await bot.edit_message_media(media, 11, sent.message_id, reply_markup=keyboard)
    assert await ann.pictures(ann.messages[0]) == [png()]
    assert ann.words(ann.messages[0]) == "seen\nOne"
    await bot.send_document(11, png(), filename="a.png", caption="the file")
    await bot.send_message(11, "which?", reply_markup=ForceReply(selective=True))
    await bot.delete_message(11, sent.message_id)
    assert (len(ann.messages), telegram.violations) == (2, [])


async def test_updates_stay_until_they_are_confirmed(
    telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone
) -> None:
    """The same update comes again until a later offset is asked for."""
    await ann.say("/imagine a cat")
    first, again = await bot.get_updates(), await bot.get_updates()
    assert [each.update_id for each in first] == [each.update_id for each in again]
    assert first[0].message is not None
    assert first[0].message.text == "/imagine a cat"
    assert await bot.get_updates(offset=first[0].update_id + 1) == ()


async def test_a_long_poll_wakes_for_an_update(
    telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone
) -> None:
    """What is written while a poll waits ends the wait."""
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await ann.say("hello")
    assert len(await asyncio.wait_for(poll, 10)) == 1


async def test_a_press_waits_for_its_answer(
    telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone
) -> None:
    """A press comes with the message it was made on, and is answered once."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("One", callback_data="pick:1")]])
    await bot.send_message(11, "choose", reply_markup=keyboard)
    await ann.press("One")
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert (query.data, len(telegram.world.open_queries)) == ("pick:1", 1)
    await bot.answer_callback_query(query.id, "counted")
    with pytest.raises(error.BadRequest, match="too old"):
        await bot.answer_callback_query(query.id)
    assert telegram.world.open_queries == set()


async def test_groups_are_private_to_commands_and_replies(
    telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone
) -> None:
    """Of what is said in a group the bot sees its commands and replies to it, no more."""
    group = in_group(telegram, ann, "Painters")
    sent = await bot.send_message(group.chat_id, "here")
    for words in ("just talk", "/imagine@atelier_bot a", "/imagine@other_bot b", "/imagine c"):
        await group.say(words)
    await group.say("yes", reply_to=group.room.messages[sent.message_id])
    heard = [each.message.text for each in await bot.get_updates() if each.message]
    assert heard == ["/imagine@atelier_bot a", "/imagine c", "yes"]


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", {"chat_id": "11"}),
        ("sendMessage", {"chat_id": "11", "text": "x" * 4097}),
        ("sendMessage", {"chat_id": "11", "text": "a < b", "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": "11", "text": "a", "parse_mod": "HTML"}),
        ("sendMessage", {"chat_id": "11", "text": "a", "disable_notification": "yes"}),
        ("sendMessage", {"chat_id": "11", "text": "a", "reply_markup": "%s"}),
        ("sendPhoto", {"chat_id": "11", "photo": "attach://nothing"}),
        ("sendMediaGroup", {"chat_id": "11", "media": '[{"type":"photo","media":"x"}]'}),
        ("setMyCommands", {"commands": '[{"command":"画","description":""}]'}),
    ],
)
async def test_what_the_api_forbids_is_a_violation(
    telegram: TelegramEmulator, ann: Phone, method: str, parameters: dict[str, str]
) -> None:
    """A missing or misspelled key, a text too long, bad markup, a button of 66 bytes, a lost part,
    an album of one: refused, and recorded."""
    data = "é" * 33
    wide = f'{{"inline_keyboard":[[{{"text":"x","callback_data":"{data}"}}]]}}'
    given = {key: wide if value == "%s" else value for key, value in parameters.items()}
    status, _ = await raw(telegram, method, **given)
    assert status == 400
    assert telegram.violations != []


@pytest.mark.parametrize("method", ["sendDice", "sendPicture"])
async def test_what_is_not_emulated_is_a_violation(
    telegram: TelegramEmulator, ann: Phone, method: str
) -> None:
    """Neither a real method that is missing here nor an invented one is a silent success."""
    assert (await raw(telegram, method, chat_id="11"))[0] == 404
    assert len(telegram.violations) == 1


async def test_what_the_service_says_no_to(
    telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone
) -> None:
    """An unchanged edit, a message that is gone, a person who blocked the bot, a large photo."""
    sent = await bot.send_message(11, "same")
    with pytest.raises(error.BadRequest, match="not modified"):
        await bot.edit_message_text("same", 11, sent.message_id)
    with pytest.raises(error.BadRequest, match="to edit not found"):
        await bot.edit_message_text("same", 11, 999)
    with pytest.raises(error.BadRequest, match="dimensions"):
        await bot.send_photo(11, png(5001))
    with pytest.raises(error.NetworkError, match="Too Large"):
        await bot.send_photo(11, png() + bytes(10 * 2**20))
    ann.room.is_closed = True
    with pytest.raises(error.Forbidden, match="blocked"):
        await bot.send_message(11, "hello?")
    assert telegram.violations == []


async def test_two_pollers_are_told(telegram: TelegramEmulator, bot: ExtBot[None]) -> None:
    """The poller before is ended; so is one that polls beside a webhook."""
    async with client(telegram) as other:
        first = asyncio.create_task(other.get_updates(timeout=20))
        await asyncio.sleep(0.1)
        await bot.get_updates()
        with pytest.raises(error.Conflict, match="other getUpdates"):
            await first
    await bot.set_webhook("https://studio.example/hook")
    with pytest.raises(error.Conflict, match="webhook is active"):
        await bot.get_updates()


async def test_a_group_takes_twenty_messages_a_minute(
    telegram: TelegramEmulator, ann: Phone
) -> None:
    """The twenty-first is refused with the time to wait; the real limiter never gets there."""
    group = in_group(telegram, ann, "Painters")
    for _ in range(20):
        assert (await raw(telegram, "sendMessage", chat_id="-1001", text="x"))[0] == 200
    status, body = await raw(telegram, "sendMessage", chat_id="-1001", text="x")
    assert (status, body["parameters"]["retry_after"]) == (429, 60)
    assert len(group.messages) == 20


async def test_faults_are_data(telegram: TelegramEmulator, ann: Phone) -> None:
    """A flood, an error and an end of the connection before and after the write, each so often."""
    telegram.fail(
        flood("sendMessage"), Fault(method="sendMessage", status=502, description="Bad Gateway")
    )
    async with client(telegram, retries=1) as bot:
        with pytest.raises(error.NetworkError, match="Bad Gateway"):
            await bot.send_message(11, "once")  # retried after the flood, then the bad gateway
        telegram.fail(
            Fault(method="sendMessage", drop="before"), Fault(method="sendMessage", drop="after")
        )
        for written in (0, 1):
            with pytest.raises(error.NetworkError):
                await bot.send_message(11, "lost?")
            assert len(ann.messages) == written
    assert telegram.violations == []


async def test_files_come_back(telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone) -> None:
    """What a person sends can be fetched byte for byte."""
    await ann.send_picture(png(), "like this")
    message = (await bot.get_updates())[0].message
    assert message is not None
    file = await message.photo[-1].get_file()
    assert bytes(await file.download_as_bytearray()) == png()


async def test_commands_are_kept_by_language(telegram: TelegramEmulator, bot: ExtBot[None]) -> None:
    """The lists for two languages stand beside each other."""
    await bot.set_my_commands([BotCommand("imagine", "a picture")])
    await bot.set_my_commands([BotCommand("imagine", "画一张图")], language_code="zh")
    shown = await bot.get_my_commands(language_code="zh")
    assert shown[0].description == "画一张图"


async def test_a_webhook_is_tried_until_it_takes(
    telegram: TelegramEmulator, bot: ExtBot[None], ann: Phone
) -> None:
    """Updates go to the webhook with its secret, again until the answer is 200."""
    heard: list[str | None] = []

    async def take(request: Any) -> Any:
        heard.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return aiohttp.web.Response(status=200 if len(heard) > 1 else 503)

    async with serving(take) as url:
        telegram.doors["https://studio.example"] = url
        await bot.set_webhook("https://studio.example/hook", secret_token="s-1")
        await ann.say("hello")
        await ann.until(lambda: not telegram.world.pending)
    assert heard == ["s-1", "s-1"]


class serving:  # noqa: N801 - used as a word: `async with serving(handler) as url`
    """A web server with one handler."""

    def __init__(self, handler: Callable[[Any], Awaitable[Any]]) -> None:
        self.handler = handler

    async def __aenter__(self) -> str:
        app = aiohttp.web.Application()
        app.router.add_post("/hook", self.handler)
        self.runner = aiohttp.web.AppRunner(app)
        await self.runner.setup()
        await aiohttp.web.TCPSite(self.runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()


async def test_an_answer_out_of_specification_is_a_violation(
    telegram: TelegramEmulator, bot: ExtBot[None]
) -> None:
    """The emulator judges itself as well."""
    telegram.world.bot["first_nam"] = "misspelled"
    await bot.get_me()
    assert telegram.violations != []


async def test_flood_can_be_switched_off(specs_dir: Path) -> None:
    """A load test chooses its own limits; they are the emulator's to set."""
    api = load_api(specs_dir / "telegram-botapi.json")
    limits = Limits(group_messages_per_minute=0, messages_per_second=0)
    async with TelegramEmulator(api, limits=limits) as telegram:
        in_group(telegram, private(telegram, 11, "Ann"), "Painters")
        for _ in range(70):
            assert (await raw(telegram, "sendMessage", chat_id="-1001", text="x"))[0] == 200
