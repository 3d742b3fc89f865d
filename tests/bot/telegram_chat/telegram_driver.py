"""Plays conversations on the emulated Telegram: everybody in one group, each with a private chat."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from PIL import Image

from bot.app import App
from bot.chat import Action, Upload, read_token
from bot.commands import command
from bot.telegram_chat.sheets import PAPER
from tests.bot.conversations.runner import Member, Shown
from tests.bot.path_fakes import PATIENCE
from tests.bot.telegram_chat.telegram_house import House, open_house
from tests.emulators.telegram.phones import Phone, in_group, private
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.telegram.world import Json

GROUP = -1001
FIRST_USER = 11
BOT = "@atelier_bot"
LOCALES = {"zh-CN": "zh-hans"}  # as Telegram's clients name them


class TelegramDriver:
    """A service with stubs that paint, and people with telephones."""

    def __init__(self, telegram: TelegramEmulator, folder: Path) -> None:
        self._telegram, self._folder = telegram, folder
        self._house: House
        self._open = AsyncExitStack()
        self._group: dict[str, Phone] = {}
        self._alone: dict[str, Phone] = {}

    @property
    def app(self) -> App:
        return self._house.app

    async def start(self, *, is_new: bool = True) -> None:
        """The service, from its data folder."""
        house = open_house(self._telegram, self._folder, is_new=is_new, default_count=4)
        self._house = await self._open.enter_async_context(house)

    async def stop(self) -> None:
        """End the service."""
        await self._open.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start(is_new=False)

    async def join(self, members: Sequence[Member]) -> None:
        for number, member in enumerate(members, start=FIRST_USER):
            locale = LOCALES.get(member.locale, member.locale)
            alone = private(self._telegram, number, member.name, locale)
            self._alone[member.name] = alone
            self._group[member.name] = in_group(self._telegram, alone, "Painters", GROUP)
            if member.is_administrator:
                self._telegram.world.admins.add((GROUP, number))
            await self._group[member.name].say("Hello, everybody.")

    async def say(self, who: str, text: str, *, twice: bool = False) -> None:
        """In a group the bot hears commands and replies: an answer replies to its question."""
        group = self._group[who]
        asked = [each for each in group.messages if _asks(group, each)]
        if asked:
            await group.say(text, reply_to=asked[-1])
        else:
            await group.say(f"/imagine{BOT} {text}")
        await self._repeat(twice)

    async def reply(self, who: str, text: str) -> None:
        phone, message = next(
            (phone, message)
            for phone, message in reversed(self._visible(who))
            if "photo" in message
        )
        await phone.say(text, reply_to=message)

    async def command(
        self, who: str, name: str, options: Mapping[str, Any], *, twice: bool = False
    ) -> None:
        known = command(name)
        assert known is not None, name
        main = known.main.name if known.main else None
        words = [str(options[main])] if main in options else []
        chosen = {key: value for key, value in options.items() if key != main}
        words += [_flag(key, value) for key, value in chosen.items() if _flag(key, value)]
        line = " ".join([f"/{known.path[0]}{BOT}", *known.path[1:], *words])
        uploads = [value for value in chosen.values() if isinstance(value, Upload)]
        people = [value for value in chosen.values() if isinstance(value, Member)]
        if uploads:
            await self._group[who].send_picture(uploads[0].data, line)
        else:
            answered = self._said_by(people[0].name) if people else None
            await self._group[who].say(line, reply_to=answered)
        await self._repeat(twice)

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
        phone, message, token = await self._find(who, action, nth, ending)
        await phone.press(token, message)
        await self._repeat(twice)
        if text:
            question = await phone.until(lambda: self._question(phone, message))
            await phone.say(text, reply_to=question)

    async def shown(self, who: str) -> Sequence[Shown]:
        me = self._alone[who].user["id"]
        toasts = [
            Shown(id=f"toast:{place}", text=moment.words, is_private=True)
            for place, moment in enumerate(self._telegram.world.moments)
            if moment.what == "toast" and moment.to == me and moment.words
        ]
        return [*(_shown(phone, message) for phone, message in self._visible(who)), *toasts]

    def _visible(self, who: str) -> list[tuple[Phone, Json]]:
        """Every message of the bot's that this person can see, the newest change last."""
        bot, found = self._telegram.world.bot["id"], {}
        for moment in self._telegram.world.moments:
            for phone in (self._group[who], self._alone[who]):
                key = (moment.chat_id, moment.message.get("message_id", 0))
                now = phone.room.messages.get(key[1])
                if moment.chat_id == phone.chat_id and now and now["from"]["id"] == bot:
                    found.pop(key, None)
                    found[key] = (phone, now)
        return list(found.values())

    async def _find(
        self, who: str, action: Action, nth: int, ending: str
    ) -> tuple[Phone, Json, str]:
        """The message and the token of a button, also of one that a menu holds."""
        for phone, message in reversed(self._visible(who)):
            direct = [token for token in _tokens(phone, message) if _is(token, action, ending)]
            if len(direct) >= nth:
                return phone, message, direct[nth - 1]
            for menu in [token for token in _tokens(phone, message) if _behind(token) == action]:
                opened, shown = await self._open_menu(who, phone, menu, message)
                options = [token for token in _tokens(opened, shown) if _is(token, action, ending)]
                if len(options) >= nth:
                    return opened, shown, options[nth - 1]
        raise AssertionError(f"{who} sees no button {action} {ending}")

    async def _open_menu(
        self, who: str, phone: Phone, menu: str, message: Json
    ) -> tuple[Phone, Json]:
        """The message that shows a menu's options."""
        before = len(self._telegram.world.moments)
        await phone.press(menu, message)

        def opened() -> tuple[Phone, Json] | None:
            kinds = {moment.what for moment in self._telegram.world.moments[before:]}
            return self._visible(who)[-1] if kinds & {"sent", "edited"} else None

        found: tuple[Phone, Json] = await phone.until(opened, 10 * PATIENCE, menu)
        return found

    def _question(self, phone: Phone, pressed: Json) -> Json | None:
        last = phone.seen[-1].message
        is_newer = last.get("message_id", 0) > pressed["message_id"]
        return last if is_newer and last.get("force_reply") else None

    def _said_by(self, name: str) -> Json:
        """Something that person said in the group."""
        messages = self._group[name].messages
        return next(each for each in messages if each["from"]["first_name"] == name)

    async def _repeat(self, twice: bool) -> None:
        if twice:
            newest = self._telegram.world.newest
            assert newest is not None
            await self._telegram.world.repeat(newest)


def _shown(phone: Phone, message: Json) -> Shown:
    tokens = _tokens(phone, message)
    actions = [_behind(token) or token.partition(":")[0] for token in tokens]
    file = message.get("document", {}).get("file_name")
    return Shown(
        id=f"{phone.chat_id}:{message['message_id']}",
        text=message.get("text") or message.get("caption") or "",
        num_pictures=_num_cells(phone, message) if "photo" in message else 0,
        actions=tuple(str(action) for action in actions),
        files=(file,) if file else (),
        is_private=not phone.room.is_group,
    )


def _num_cells(phone: Phone, message: Json) -> int:
    """How many pictures stand side by side: cells between gaps of paper that are not paper."""
    data = phone.telegram.world.files[message["photo"][-1]["file_id"]]
    with Image.open(io.BytesIO(data)) as opened:
        sheet = opened.convert("RGB")
    wide, high = sheet.size
    columns = next((n for n in (2, 3) if _is_paper(sheet, wide / n, high / 9)), 1)
    rows = next((n for n in (2, 3) if _is_paper(sheet, wide / 9, high / n)), 1)
    middles = [((column + 0.5) / columns, (row + 0.5) / rows)
               for row in range(rows) for column in range(columns)]  # fmt: skip
    return sum(not _is_paper(sheet, wide * x, high * y) for x, y in middles)


def _is_paper(sheet: Image.Image, x: float, y: float) -> bool:
    paper = Image.new("RGB", (1, 1), PAPER).getpixel((0, 0))
    seen = sheet.getpixel((round(x), round(y)))
    return all(abs(a - b) < 8 for a, b in zip(seen, paper, strict=True))


def _asks(phone: Phone, message: Json) -> bool:
    return any(token.startswith(f"{Action.ANSWER}:") for token in _tokens(phone, message))


def _tokens(phone: Phone, message: Json) -> list[str]:
    return [each["callback_data"] for each in phone.buttons(message) if "callback_data" in each]


def _is(token: str, action: Action, ending: str) -> bool:
    read = read_token(token)
    return read is not None and read[0] is action and read[1].endswith(ending)


def _behind(token: str) -> Action | None:
    """What the options of a menu do."""
    read = read_token(token)
    if read is None or read[0] is not Action.OPEN:
        return None
    name = read[1].partition(":")[0]
    known = {each.value: each for each in Action} | {"refuse": Action.REJECT}
    return known.get(name, Action.SET)


def _flag(name: str, value: Any) -> str:
    if isinstance(value, Upload):
        return ""
    if isinstance(value, Member):
        return f"--{name}"
    if isinstance(value, bool):
        return f"--{name} {'on' if value else 'off'}"
    return f'--{name} "{value}"' if " " in str(value) else f"--{name} {value}"
