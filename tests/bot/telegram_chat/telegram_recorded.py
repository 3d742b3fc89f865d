"""One conversation on Telegram from the terms to the export, written down with its pictures.

    python -m tests.bot.telegram_chat.telegram_recorded docs/conversations

The real clients of Telegram and Discord talk to the emulated services; the core, the filters, the
offline expander and Sketchbook are what ``atelier serve`` runs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import migrations
from bot.app import App, Parts, build, real_parts
from bot.chat import Chat
from bot.discord_chat.chat import DiscordChat
from bot.settings import Settings
from bot.telegram_chat.chat import TelegramChat
from inference.expansion.lexicon.things import THINGS
from tests.bot.discord_chat.discord_driver import readable
from tests.bot.discord_chat.record import release_everything
from tests.emulators.discord.people import User
from tests.emulators.discord.rules import walk
from tests.emulators.discord.server import DiscordEmulator
from tests.emulators.discord.world import Channel, Message
from tests.emulators.telegram.botapi import load_api
from tests.emulators.telegram.phones import Phone, private
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.telegram.transcript import Transcript
from tests.emulators.telegram.world import Json

CHECKOUT = Path(__file__).resolve().parents[3]
SPECS = Path(os.environ.get("SPECS_DIR", CHECKOUT.parent / "shared" / "specs"))
CODE = re.compile(r"[A-Z2-9]{5}-[A-Z2-9]{5}")
PATIENCE_SECONDS = 240.0  # for a result, on a busy machine
TITLE = "A conversation on Telegram"
ABOUT = """\
Recorded, not written: the real client libraries against doubles of the services that judge every
call by the platforms' API descriptions; the core, the filters, the offline expander and the
bundled model as `atelier serve` runs them; what the filters are unsure of, an operator releases.
Grey quotes are what the bot shows; labels in boxes are buttons. One message changes from acknowledgement to result. Made by
`python -m tests.bot.telegram_chat.telegram_recorded docs/conversations`."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Mei with her telephone, and the same Mei at a Discord window."""

    mei: Phone
    on_discord: User
    channel: Channel

    async def result(self, after: int) -> Json:
        """The newest result of those that came after so many messages."""

        def found() -> Json | None:
            results = [each for each in self.mei.messages if _is_result(self.mei, each)]
            return results[-1] if len(results) > after else None

        shown: Json = await self.mei.until(found, PATIENCE_SECONDS, "a result")
        return shown

    async def reads_on_discord(self, command: str, **options: str) -> Message:
        """Give a command there; the answer."""
        await self.on_discord.slash(self.channel, command, **options)
        shown: Message = await self.mei.until(self.newest_on_discord)
        return shown

    def newest_on_discord(self, besides: str = "") -> Message | None:
        """The newest message there with words, other than some."""
        for message in reversed(self.on_discord.sees(self.channel)):
            if readable(message) not in ("", besides):
                return message
        return None


async def converse(scene: Scene, written: Transcript) -> None:
    """The whole conversation, each part under its heading."""
    for heading, part in (
        ("Terms", accept_terms),
        ("A vague wish", ask_vaguely),
        ("A vote", vote),
        ("A variation", vary),
        ("Another word", change_a_word),
        ("A wish withdrawn", cancel_another),
        ("One person on two platforms", link),
        ("Her data", export),
    ):
        world, before = scene.mei.telegram.world, len(scene.mei.telegram.world.moments)
        written.heading(heading)
        note = await part(scene)
        await _quiet(scene.mei)
        written.add(world.moments[before:])
        if note:
            written.note(note)


async def accept_terms(scene: Scene) -> str | None:
    """Who comes first reads what can be done, and agrees."""
    await scene.mei.say("/start")
    await scene.mei.press("terms:", await scene.mei.until(lambda: _with(scene.mei, "terms:")))
    await scene.mei.until(lambda: not scene.mei.telegram.world.open_queries)
    return None


async def ask_vaguely(scene: Scene) -> str | None:
    """A direction is enough; options are words in her language."""
    await scene.mei.say("/画 来点可爱的，红色的 --种子 1 --步数 50")
    await scene.result(0)
    return None


async def vote(scene: Scene) -> str | None:
    """She likes the third."""
    grid = await scene.result(0)
    await scene.mei.press(_token(scene.mei, grid, "pick:", 2), grid)
    return None


async def vary(scene: Scene) -> str | None:
    """More like the second one."""
    grid = await scene.result(0)
    await scene.mei.press("open:vary", grid)
    menu = await scene.mei.until(lambda: _with(scene.mei, "vary:", besides=grid))
    await scene.mei.press(_token(scene.mei, menu, "vary:", 1), menu)
    await scene.result(1)
    return None


async def change_a_word(scene: Scene) -> str | None:
    """The same picture with a flower where something else was."""
    grid = await scene.result(0)
    await scene.mei.press("more:", grid)
    menu = await scene.mei.until(lambda: _with(scene.mei, "word:"))
    await scene.mei.press("word:", menu)
    question = await scene.mei.until(lambda: _question(scene.mei))
    await scene.mei.say(f"{_thing(grid)} > 花", reply_to=question)
    await scene.result(2)
    return None


async def cancel_another(scene: Scene) -> str | None:
    """What runs is withdrawn by the button under its progress."""
    said = await scene.mei.say("/imagine 夜晚的城市 --步数 50")

    def progress() -> Json | None:
        shown = _with(scene.mei, "cancel:")
        return shown if shown and shown["message_id"] > said["message_id"] else None

    await scene.mei.press("cancel:", await scene.mei.until(progress))
    return None


async def link(scene: Scene) -> str | None:
    """A code from here, said there."""
    await scene.mei.say("/link")
    shown = await scene.mei.until(lambda: CODE.search(scene.mei.words(scene.mei.messages[-1])))
    code = shown[0]
    asked = await scene.reads_on_discord("link", code=code)
    [button] = [part for row in asked.components for part in walk(row) if part.get("custom_id")]
    words = readable(asked)
    await scene.on_discord.click(asked, button["label"])
    joined = await scene.mei.until(lambda: scene.newest_on_discord(words))
    return (
        f"On Discord, Mei types `/link {code}` and reads: “{words}” She presses "
        f"`{button['label']}` and reads: “{readable(joined)}”"
    )


async def export(scene: Scene) -> str | None:
    """Everything that is stored about her, as files."""
    await scene.mei.say("/mydata export")
    await scene.mei.until(lambda: "document" in scene.mei.messages[-1], PATIENCE_SECONDS)
    return None


def _is_result(phone: Phone, message: Json) -> bool:
    return "photo" in message and any("pick:" in each for each in _tokens(phone, message))


def _tokens(phone: Phone, message: Json) -> list[str]:
    return [each.get("callback_data", "") for each in phone.buttons(message)]


def _token(phone: Phone, message: Json, start: str, place: int) -> str:
    return [each for each in _tokens(phone, message) if each.startswith(start)][place]


def _with(phone: Phone, start: str, besides: Json | None = None) -> Json | None:
    """The newest message with such a button."""
    for message in reversed(phone.messages):
        is_other = besides is None or message["message_id"] != besides["message_id"]
        if is_other and any(each.startswith(start) for each in _tokens(phone, message)):
            return message
    return None


def _thing(grid: Json) -> str:
    """What was added to the vague wish, in Chinese: something cute and red."""
    found = re.search(r"cute red (\w+)", grid["caption"])
    assert found, grid["caption"]
    return next(one.chinese[0] for one in THINGS if found[1] in one.english)


def _question(phone: Phone) -> Json | None:
    last = phone.seen[-1].message
    return last if last.get("force_reply") else None


async def _quiet(phone: Phone, seconds: float = 1.5) -> None:
    """Return once nothing new was shown for a while."""
    seen = -1
    while seen != len(phone.telegram.world.moments):
        seen = len(phone.telegram.world.moments)
        await asyncio.sleep(seconds)


@asynccontextmanager
async def stage(folder: Path, specs: Path, change: Any = None) -> AsyncIterator[Scene]:
    """Both platforms and one service behind them. ``change`` may exchange parts."""
    api = load_api(specs / "telegram-botapi.json")
    async with TelegramEmulator(api) as telegram, DiscordEmulator(specs) as discord:
        settings = Settings(
            data_dir=folder, telegram_token=telegram.token, telegram_api_url=telegram.url,
            discord_token=discord.token, daily_pictures=0, undo_seconds=0.0,
        )  # fmt: skip
        migrations.upgrade(settings.url)
        parts: Parts = real_parts(settings)
        app = build(settings, ("chat", "render"), parts=change(parts) if change else parts)
        guild = discord.state.add_guild()
        chats: list[Chat] = [
            TelegramChat(app.studio, app.load_blob, settings),
            DiscordChat(
                app.studio, app.load_blob, settings, connector=discord.wires.connector,
                options={"guild_ready_timeout": 0.05},
            ),
        ]  # fmt: skip
        async with serving(app, chats):
            await discord.online(seconds=60)
            mei = private(telegram, 11, "Mei", "zh-hans")
            user = discord.user("Mei", locale="zh-CN")
            yield Scene(mei=mei, on_discord=user, channel=guild.channels[0])
        assert telegram.violations + discord.violations == []


@asynccontextmanager
async def serving(app: App, chats: list[Chat]) -> AsyncIterator[None]:
    """The app with its chats; stopped at the end."""
    for chat in chats:
        app.join(chat)
    await app.start()
    running = [asyncio.create_task(chat.run()) for chat in chats]
    running.append(asyncio.create_task(release_everything(app)))
    try:
        yield
    finally:
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await app.stop()


async def record(folder: Path) -> str:
    """Hold the conversation and write it down; its pictures go into ``folder``."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        async with stage(Path(data), SPECS) as scene:
            world = scene.mei.telegram.world
            written = Transcript(world=world, folder=folder / "telegram", name="Atelier")
            await converse(scene, written)
    return written.page(TITLE, ABOUT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where the page goes")
    folder = parser.parse_args().folder
    (folder / "telegram.md").write_text(asyncio.run(record(folder)), "utf-8")
