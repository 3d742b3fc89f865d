"""Plays conversations in the terminal chat: the same lines a person would type."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.app import App
from bot.chat import Action, Card, CardKind, Place, Speaker, Upload
from bot.commands import command
from bot.console_cards import numbered
from bot.console_chat import PLATFORM, ConsoleChat, Line
from bot.console_pictures import PictureShelf
from store.tables import new_id
from tests.bot.conversations.runner import Member, Shown
from tests.bot.path_fakes import make_app, make_settings, make_tables


class TerminalDriver:
    """A service of fakes with one terminal, at which everybody sits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings = make_settings(folder, default_count=4)
        self._members: dict[str, Member] = {}
        make_tables(self._settings)
        self.app: App
        self._chat: ConsoleChat

    async def start(self) -> None:
        """The service, from its data folder."""
        self.app = make_app(self._settings)
        self._chat = ConsoleChat(
            self.app.studio,
            _nobody(),
            console=Console(file=io.StringIO(), width=100),
            shelf=PictureShelf(self._folder / "shown", self.app.load_blob),
            settings=self._settings,
            place=Place(platform=PLATFORM, external_id="room", name="room"),
        )
        self.app.join(self._chat)
        await self.app.start()

    async def restart(self) -> None:
        """What a terminal showed stays readable; everything else is forgotten."""
        before = self._chat
        await self.app.stop()
        await self.start()
        self._chat.cards.update(before.cards)
        self._chat.shown_to.update(before.shown_to)

    async def join(self, members: Sequence[Member]) -> None:
        self._members = {member.name: member for member in members}

    async def say(self, who: str, text: str, *, twice: bool = False) -> None:
        await self._type(who, text, twice)

    async def reply(self, who: str, text: str) -> None:
        await self._type(who, f"/edit {text}", False)

    async def command(
        self, who: str, name: str, options: Mapping[str, Any], *, twice: bool = False
    ) -> None:
        known = command(name)
        assert known is not None, name
        main = known.main.name if known.main else None
        words = [str(options[main])] if main in options else []
        for option, value in options.items():
            if option != main:
                words.append(f"--{option} {self._typed(value)}")
        await self._type(who, " ".join([f"/{name}", *words]), twice)

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
        event_id = new_id()
        for _, card in reversed(self._chat.visible(who)):
            same = [
                button
                for button in numbered(card).values()
                if button.action is action and button.argument.endswith(ending)
            ]
            if len(same) >= nth:
                for _ in range(1 + twice):
                    await self._chat.press_button(self._line(who, text, event_id), same[nth - 1])
                return
        raise AssertionError(f"{who} sees no button {action}")

    async def shown(self, who: str) -> Sequence[Shown]:
        return [_shown(message_id, card) for message_id, card in self._chat.visible(who)]

    async def _type(self, who: str, text: str, twice: bool) -> None:
        line = self._line(who, text, new_id())
        for _ in range(1 + twice):
            await self._chat.hear(line)

    def _line(self, who: str, text: str, event_id: str) -> Line:
        member = self._members[who]
        speaker = Speaker(platform=PLATFORM, external_id=who, name=who, locale=member.locale)
        return Line(
            speaker=speaker, text=text, id=event_id, is_administrator=member.is_administrator
        )

    def _typed(self, value: Any) -> str:
        if isinstance(value, Upload):
            path = self._folder / f"{new_id()}.png"
            path.write_bytes(value.data)
            return str(path)
        if isinstance(value, Member):
            return value.name
        if isinstance(value, bool):
            return "on" if value else "off"
        return f'"{value}"' if " " in str(value) else str(value)


def _shown(message_id: str, card: Card) -> Shown:
    return Shown(
        id=message_id,
        text="\n".join([*card.lines, card.brief_line]),
        num_pictures=len(card.images) if card.kind is not CardKind.PROGRESS else 0,
        actions=tuple(button.action.value for button in numbered(card).values()),
        files=tuple(one.name for one in card.files),
        alt_texts=tuple(image.alt_text for image in card.images),
        is_private=card.is_private,
    )


async def _nobody() -> AsyncIterator[Line]:
    nothing: tuple[Line, ...] = ()
    for line in nothing:
        yield line
