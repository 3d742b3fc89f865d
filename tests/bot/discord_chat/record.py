"""Records one conversation on the emulated Discord with the bundled model, for people to read.

    python -m tests.bot.discord_chat.record docs/conversations/discord.md

Everything is real but the platforms: the client libraries, the core, the filters, the model. The
people are scripted; what the bot says is written down as they see it. What the filters are unsure
of, an operator releases.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import migrations
from bot.app import App, build
from bot.chat import Action
from bot.cli.front_door import command_event
from bot.commands import command, group_name
from bot.discord_chat.chat import DiscordChat
from bot.settings import Settings
from bot.telegram_chat.chat import TelegramChat
from bot.texts import say
from inference.expansion.lexicon.things import THINGS
from tests.bot.conversations.transcript import Seen, Transcript
from tests.bot.discord_chat.discord_driver import PICTURE, readable, tokens
from tests.emulators.discord.people import User
from tests.emulators.discord.rules import walk
from tests.emulators.discord.server import DiscordEmulator
from tests.emulators.discord.world import Asked, Channel, Message
from tests.emulators.telegram.botapi import load_api
from tests.emulators.telegram.phones import private
from tests.emulators.telegram.server import TelegramEmulator

SPECS = Path(os.environ.get("SPECS_DIR", Path(__file__).parents[4] / "shared" / "specs"))
PATIENCE_SECONDS = 200.0
UNDERLINED = re.compile(r"__(.+?)__")
ABOUT = (
    "A recorded conversation in a Discord channel, in Chinese, with the bundled model Sketchbook: "
    "Mei agrees to the terms, asks vaguely, watches, votes, varies, changes a word, withdraws a "
    "request, joins her Telegram account and takes her data with her. Whatever the filters are "
    "unsure of is released by a moderator at the terminal. The platform is the double "
    "that the tests use; the client library, the core, the filters and the model are the real "
    "ones. Underlined is what was added to her words. Made anew with "
    "`python -m tests.bot.discord_chat.record docs/conversations/discord.md`."
)


@dataclass
class Recorder:
    """Mei, and what she has seen so far."""

    discord: DiscordEmulator
    mei: User
    room: Channel
    page: Transcript
    known: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    async def does(self, words: str, _done: Asked, until: Callable[[Message], bool]) -> Message:
        """Write down what she did and everything that came of it, once ``until`` is seen."""
        self.page.does("Mei", words)
        await self.discord.until(lambda: self._seen_by(until), seconds=PATIENCE_SECONDS)
        await asyncio.sleep(1.0)
        found = self._seen_by(until)
        for message in self._fresh():
            self._tell(message)
        return found[-1]

    def _seen_by(self, until: Callable[[Message], bool]) -> list[Message]:
        return [one for one in self._messages() if self._is_new(one) and until(one)]

    def _messages(self) -> list[Message]:
        seen = [*self.mei.sees(self.room), *self.mei.sees(self.mei.direct)]
        return [one for one in seen if one.author is self.discord.state.bot]

    def _is_new(self, message: Message) -> bool:
        return self.known.get(message.id) != _state(message) and not message.is_thinking

    def _fresh(self) -> list[Message]:
        return [one for one in self._messages() if self._is_new(one)]

    def _tell(self, message: Message) -> None:
        """The message as it is now, after the words that stood there on the way."""
        before = self.known.get(message.id)
        passed = list(dict.fromkeys(message.edits[before[2] if before else 0 :]))
        for words in passed:
            if words and (before is None or words != before[0]):
                waited = Seen(text=words, is_edited=words != passed[0])
                self.page.sees("Atelier", waited)
        self.page.sees("Atelier", _seen(message, is_edited=bool(message.edits)))
        self.known[message.id] = _state(message)


def _state(message: Message) -> tuple[str, int, int]:
    return message.content, len(message.files), len(message.edits)


def _seen(message: Message, *, is_edited: bool) -> Seen:
    pictures = [file for file in message.files if PICTURE.fullmatch(file.name)]
    parts = [[part for part in walk(top) if part["type"] in (2, 3)] for top in message.components]
    text = "\n".join([message.content, *(one["description"] for one in message.embeds)])
    return Seen(
        text=UNDERLINED.sub(r"<u>\1</u>", text),
        pictures=[file.data for file in pictures],
        alt_texts=[file.description or "" for file in pictures],
        files=[file.name for file in message.files if file not in pictures],
        labels=[[part["label"] for part in row] for row in parts if row and row[0]["type"] == 2],
        menus=[
            [row[0]["placeholder"], *(option["label"] for option in row[0]["options"])]
            for row in parts if row and row[0]["type"] == 3
        ],
        is_private=message.seen_by is not None,
        is_edited=is_edited,
    )  # fmt: skip


def has(prefix: str, *, num_pictures: int = 0) -> Callable[[Message], bool]:
    """True of a message with such a button or option."""

    def is_so(message: Message) -> bool:
        found = any(token.startswith(prefix) for token in tokens(message))
        return found and len(message.files) >= num_pictures

    return is_so


def says(words: str) -> Callable[[Message], bool]:
    """True of a message that holds the words."""
    return lambda message: words in readable(message)


async def converse(recorder: Recorder, telegram: TelegramEmulator) -> None:
    """The conversation, from top to bottom."""
    mei, room, page = recorder.mei, recorder.room, recorder.page
    page.heading("She asks, vaguely")
    vague: dict[str, Any] = {"prompt": "来点可爱的，红色的", "count": 4, "seed": 1}
    asked = await mei.slash(room, "imagine", **vague)
    terms = await recorder.does(_typed("imagine", **vague), asked, has("terms:"))
    [token] = [one for one in tokens(terms) if one.startswith("terms:")]
    pressed = await mei.click(terms, token)
    first = await recorder.does(f"presses `{_label(terms, token)}`", pressed, has("pick:"))

    page.heading("She votes, and goes on from there")
    await _press(recorder, first, "pick:", 2, says(say("zh-CN", "vote-counted")))
    varied = await _press(recorder, first, "vary:", 3, has("pick:", num_pictures=1))
    opened = await _press(recorder, varied, "more:", 1, has("word:"))
    [word] = [one for one in tokens(opened) if one.startswith("word:")]
    form = await mei.click(opened, word)
    await recorder.discord.until(lambda: form.modal, seconds=30)
    change = f"{_thing(first)} > {'花' if _thing(first) != '花' else '星星'}"
    await mei.submit(form, text=change)
    words = f"presses `{_label(opened, word)}` and writes `{change}`"
    await recorder.does(words, form, has("pick:", num_pictures=1))

    page.heading("She thinks better of one")
    night: dict[str, Any] = {"prompt": "夜里红色的星星在蓝色的房子上面", "steps": 50}
    asked = await mei.slash(room, "imagine", **night)
    running = await recorder.does(_typed("imagine", **night), asked, has("cancel:"))
    await _press(recorder, running, "cancel:", 1, lambda message: message.seen_by is None)

    page.heading("She joins her Telegram account")
    asked = await mei.slash(room, "link")
    shown = await recorder.does(_typed("link"), asked, lambda message: message.seen_by is not None)
    await _on_telegram(recorder, telegram, shown)

    page.heading("She takes her data with her")
    asked = await mei.slash(room, "mydata export")
    await recorder.does(_typed("mydata export"), asked, lambda message: bool(message.files))


async def _press(
    recorder: Recorder, message: Message, prefix: str, nth: int, until: Callable[[Message], bool]
) -> Message:
    token = [one for one in tokens(message) if one.startswith(prefix)][nth - 1]
    parts = [part for top in message.components for part in walk(top)]
    is_button = any(part.get("custom_id") == token for part in parts if part["type"] == 2)
    hand = recorder.mei.click if is_button else recorder.mei.select
    words = f"{'presses' if is_button else 'chooses'} `{_label(message, token)}`"
    return await recorder.does(words, await hand(message, token), until)


def _label(message: Message, token: str) -> str:
    for part in (part for top in message.components for part in walk(top)):
        for one in (part, *part.get("options", ())):
            if token in (one.get("custom_id"), one.get("value")) and one.get("label"):
                return str(one["label"])
    raise LookupError(token)


async def _on_telegram(recorder: Recorder, telegram: TelegramEmulator, shown: Message) -> None:
    """The code is given to the bot on the other platform, and its question answered."""
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", readable(shown))
    assert code is not None, readable(shown)
    phone, page = private(telegram, 11, "Mei", "zh-hans"), recorder.page
    page.does("Mei", f"*(on Telegram)* `/link {code[0]}`")
    await phone.say(f"/link {code[0]}")
    await phone.until(lambda: [one for one in phone.messages if phone.buttons(one)], 60)
    [asks] = [one for one in phone.messages if phone.buttons(one)]
    labels = [[button["text"] for button in phone.buttons(asks)]]
    page.sees("Atelier on Telegram", Seen(text=asks["text"], labels=labels))
    page.does("Mei", f"*(on Telegram)* presses `{labels[0][0]}`")
    await phone.press(labels[0][0])
    done = await phone.until(
        lambda: [one.words for one in telegram.world.moments if one.what == "toast" and one.words],
        60,
    )
    page.sees("Atelier on Telegram", Seen(text=done[-1]))


def _typed(name: str, **options: Any) -> str:
    """A command as a Chinese client shows it."""
    known = command(name)
    assert known is not None
    group = [group_name("zh-CN", known.path[0])] if len(known.path) > 1 else []
    given = [
        f"{option.name_in('zh-CN')}:{options[option.name]}"
        for option in known.options if option.name in options
    ]  # fmt: skip
    return f"`/{' '.join([*group, known.name_in('zh-CN'), *given])}`"


def _thing(message: Message) -> str:
    """What was painted, in Chinese: the word after "cute red", which is what she asked for."""
    found = re.search(r"cute red (\w+)", readable(message))
    assert found is not None, readable(message)
    return next(one.chinese[0] for one in THINGS if found[1] in one.english)


async def release_everything(app: App) -> None:
    """The operator at the terminal, who lets through what the filters are unsure of."""
    event = command_event("en", "operator")
    await app.studio.accept_terms(event)
    await app.studio.appoint_operator(event)
    for number in itertools.count():
        waiting = await app.studio.command(command_event("en", f"cases-{number}"), "cases", {})
        for card in (waiting.card, *waiting.also):
            for button in itertools.chain.from_iterable(card.buttons):
                if button.action is Action.APPROVE:
                    pressed = command_event("en", f"release-{button.argument}")
                    await app.studio.press(pressed, button.action, button.argument)
        await asyncio.sleep(1.0)


async def record(path: Path, folder: Path) -> list[str]:
    """The page; what broke a platform's description comes back."""
    page = Transcript(path=path, title="A conversation on Discord", about=ABOUT)
    async with (
        DiscordEmulator(SPECS) as discord,
        TelegramEmulator(load_api(SPECS / "telegram-botapi.json")) as telegram,
    ):
        settings = Settings(
            data_dir=folder, discord_token=discord.token, telegram_token=telegram.token,
            telegram_api_url=telegram.url, undo_seconds=0,
        )  # fmt: skip
        migrations.upgrade(settings.url)
        app = build(settings, ("chat", "render"))
        chats = _chats(app, settings, discord)
        room = discord.state.add_guild("画室").channels[0]
        await app.start()
        running = [asyncio.create_task(chat.run()) for chat in chats]
        running.append(asyncio.create_task(release_everything(app)))
        await discord.online(seconds=60)
        mei = discord.user("Mei", locale="zh-CN")
        try:
            await converse(Recorder(discord, mei, room, page), telegram)
        finally:
            page.write()
            for task in running:
                task.cancel()
            await asyncio.wait(running)
            await app.stop()
    return discord.violations


def _chats(
    app: App, settings: Settings, discord: DiscordEmulator
) -> list[DiscordChat | TelegramChat]:
    chats: list[DiscordChat | TelegramChat] = [
        DiscordChat(app.studio, app.load_blob, settings, connector=discord.wires.connector),
        TelegramChat(app.studio, app.load_blob, settings),
    ]
    for chat in chats:
        app.join(chat)
    return chats


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as kept:
        found = asyncio.run(record(Path(sys.argv[1]), Path(kept)))
    print(*found, sep="\n")
    sys.exit(bool(found))
