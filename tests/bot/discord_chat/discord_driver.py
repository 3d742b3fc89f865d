"""Plays the table of conversations on Discord: real client, real core, fakes that paint."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.app import App
from bot.chat import Action, Upload, read_token
from bot.discord_chat.chat import DiscordChat
from tests.bot.conversations.runner import Member, Shown
from tests.bot.path_fakes import make_app, make_settings, make_tables
from tests.emulators.discord.people import User
from tests.emulators.discord.rules import walk
from tests.emulators.discord.server import DiscordEmulator
from tests.emulators.discord.world import Asked, Message

PICTURE = re.compile(r"(SPOILER_)?\d+\.(png|jpg)")
MARKS = re.compile(r"\\(.)|__|^> ", re.MULTILINE)


class DiscordDriver:
    """A guild with one channel, in which everybody is."""

    def __init__(self, discord: DiscordEmulator, folder: Path) -> None:
        self.discord = discord
        self._settings = make_settings(folder, default_count=4, discord_token=discord.token)
        self._guild = discord.state.add_guild()
        self.room = self._guild.channels[0]
        self.people: dict[str, User] = {}
        make_tables(self._settings)
        self.app: App
        self._running: asyncio.Task[None]

    async def start(self) -> None:
        """The service, from its data folder."""
        self.app = self.build()
        chat = DiscordChat(
            self.app.studio, self.app.load_blob, self._settings,
            connector=self.discord.wires.connector, options={"guild_ready_timeout": 0.05},
        )  # fmt: skip
        self.app.join(chat)
        await self.app.start()
        self._running = asyncio.create_task(chat.run())
        await self.discord.online(seconds=30)

    def build(self) -> App:
        """The app of fakes."""
        return make_app(self._settings)

    async def stop(self) -> None:
        """End the service."""
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        await self.app.stop()

    async def restart(self) -> None:
        await self.stop()
        self.discord.gateway.sessions.clear()
        await self.start()

    async def join(self, members: Sequence[Member]) -> None:
        for member in members:
            locale = "en-US" if member.locale == "en" else member.locale
            user = self.discord.user(member.name, locale=locale)
            self.people[member.name] = user
            if member.is_administrator:
                self._guild.administrators.add(user.account.id)

    async def say(self, who: str, text: str, *, twice: bool = False) -> None:
        called = f"<@{self.discord.state.bot.id}> {text}"
        message = await self.people[who].says(self.room, called)
        if twice:
            await self.discord.said(message)

    async def reply(self, who: str, text: str) -> None:
        shown = [one for one in self._visible(who) if any(map(_is_picture, one.files))]
        await self.people[who].says(shown[-1].channel, text, reply_to=shown[-1])

    async def command(
        self, who: str, name: str, options: Mapping[str, Any], *, twice: bool = False
    ) -> None:
        filled = {option: self._filled(value) for option, value in options.items()}
        await self._twice(await self.people[who].slash(self.room, name, **filled), twice)

    async def press(
        self,
        who: str,
        action: Action,
        *,
        nth: int = 1,
        ending: str = "",
        text: str = "",
        twice: bool = False,
    ) -> None:
        for message in reversed(self._visible(who)):
            same = [one for one in tokens(message) if _is(one, action, ending)]
            if len(same) >= nth:
                await self._press(self.people[who], message, same[nth - 1], text, twice)
                return
        raise AssertionError(f"{who} sees no button {action}")

    async def shown(self, who: str) -> Sequence[Shown]:
        return [_shown(message) for message in self._visible(who)]

    def _visible(self, who: str) -> list[Message]:
        user = self.people[who]
        seen = [*user.sees(self.room), *user.sees(user.direct)]
        mine = [one for one in seen if one.author is self.discord.state.bot]
        return sorted(mine, key=lambda one: int(one.id))

    async def _press(
        self, user: User, message: Message, token: str, text: str, twice: bool
    ) -> None:
        is_button = any(
            part.get("custom_id") == token for part in _parts(message) if part["type"] == 2
        )
        pressed = await (user.click if is_button else user.select)(message, token)
        if text:
            await self.discord.until(lambda: pressed.callback, seconds=20)
            if pressed.modal:
                pressed = await user.submit(pressed, text=text)
        await self._twice(pressed, twice)

    async def _twice(self, asked: Asked, twice: bool) -> None:
        if twice:
            await self.discord.repeat(asked)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Upload):
            return value.data
        return self.people[value.name] if isinstance(value, Member) else value


def tokens(message: Message) -> list[str]:
    """What can be pressed or chosen on a message, in reading order."""
    found = []
    for part in _parts(message):
        if part["type"] == 2:
            found.append(str(part["custom_id"]))
        found += [str(option["value"]) for option in part.get("options", ())]
    return found


def readable(message: Message) -> str:
    """What the eye reads: no marks of the markup."""
    texts = [message.content, *(str(one.get("description", "")) for one in message.embeds)]
    return MARKS.sub(lambda mark: mark[1] or "", "\n".join(texts))


def _parts(message: Message) -> Iterator[Mapping[str, Any]]:
    for top in message.components:
        yield from walk(top)


def _is(token: str, action: Action, ending: str) -> bool:
    found = read_token(token)
    return found is not None and found[0] is action and found[1].endswith(ending)


def _is_picture(file: Any) -> bool:
    return PICTURE.fullmatch(file.name) is not None


def _shown(message: Message) -> Shown:
    pictures = [file for file in message.files if _is_picture(file)]
    read = [read_token(token) for token in tokens(message)]
    return Shown(
        id=message.id,
        text=readable(message),
        num_pictures=len(pictures),
        actions=tuple(found[0].value for found in read if found),
        files=tuple(file.name for file in message.files if not _is_picture(file)),
        alt_texts=tuple(file.description or "" for file in pictures),
        is_private=message.seen_by is not None or message.channel.recipient is not None,
    )
