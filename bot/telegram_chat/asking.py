"""Hands what was heard to the core: fetches pictures, finds out who runs a group, asks for words.

Decides nothing: which command takes a picture or a person is in the table of commands.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from telegram import ChatMember
from telegram.error import TelegramError

from bot.asks import Reply
from bot.cards import plain
from bot.chat import Action, Event, Form, Upload, concerns_everybody
from bot.command_lines import Typed, read_line
from bot.commands import Kind, Who
from bot.edge import WrongUsage
from bot.settings import Settings
from bot.texts import pick_language

from .client import Bot, patiently
from .hearing import Heard, Picture

if TYPE_CHECKING:
    from bot.requests import Studio

START = "/start"
LINK = "link-"  # behind /start: a code that joins two accounts, from a link
MAX_DOWNLOAD_BYTES = 20 * 2**20  # what Telegram lets a bot fetch
RUNS_IT = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)

logger = logging.getLogger(__name__)


class PictureRefused(Exception):
    """A picture that cannot be fetched; ``reply`` says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.card.lines[0])
        self.reply = reply


@dataclass(frozen=True, kw_only=True)
class Question:
    """Words are needed before the press can be made."""

    form: Form
    token: str


@dataclass(frozen=True, kw_only=True)
class Asker:
    """The way from a message to the core."""

    studio: Studio
    bot: Bot
    settings: Settings
    pauses: tuple[float, ...]

    async def ask(self, heard: Heard) -> Reply | Question:
        """What the core answers; raises nothing that people can do something about."""
        if heard.token is not None:
            return await self._press(heard, *heard.token)
        if heard.text.split("@")[0].split(" ")[0].lower() == START:
            return await self._start(heard)
        try:
            return await (self._command(heard) if heard.is_command else self._words(heard))
        except PictureRefused as error:
            return error.reply

    async def _press(self, heard: Heard, action: Action, argument: str) -> Reply | Question:
        event = heard.event
        if concerns_everybody(action, argument):
            event = await self._with_rank(event)
        if not heard.text and (form := await self.studio.form(event, action, argument)):
            return Question(form=form, token=f"{action}:{argument}")
        return await self.studio.press(event, action, argument, heard.text)

    async def _start(self, heard: Heard) -> Reply:
        """Who comes for the first time reads what can be done, and the terms."""
        payload = heard.text.partition(" ")[2].strip()
        if payload.startswith(LINK):
            options = {"code": payload.removeprefix(LINK)}
            return await self.studio.command(heard.event, "link", options)
        greeting = await self.studio.command(heard.event, "help")
        asked = replace(heard.event, id=f"{heard.event.id}:terms")
        terms = await self.studio.command(asked, "terms")
        return replace(greeting, also=(terms.card,)) if terms.card.buttons else greeting

    async def _command(self, heard: Heard) -> Reply:
        typed = _typed(heard.text)
        event, options = heard.event, typed.command.options if typed else ()
        if typed and typed.command.who is Who.ADMINISTRATOR:
            event = await self._with_rank(event)
        takes_picture = any(option.kind is Kind.PICTURE for option in options)
        uploads = await self._uploads(heard) if takes_picture else ()
        people = [option.name for option in options if option.kind is Kind.PERSON]
        if typed and (named := [name for name in people if name in typed.options]):
            given: dict[str, Any] = dict(typed.options)
            if not heard.mentioned:
                return self._refusal(heard, "telegram-which-person")
            given |= dict.fromkeys(named, heard.mentioned[0])
            return await self.studio.command(event, typed.command.name, given)
        return await self.studio.line(event, heard.text, uploads)

    async def _words(self, heard: Heard) -> Reply:
        """Words are words; a picture with words is one to start from, alone one to describe."""
        uploads = await self._uploads(heard)
        if not uploads:
            return await self.studio.say(heard.event, heard.text)
        event = replace(heard.event, message_id=None)
        if heard.text:
            wish = {"prompt": heard.text, "reference": uploads[0]}
            return await self.studio.command(event, "imagine", wish)
        return await self.studio.command(event, "describe", {"picture": uploads[0]})

    async def _uploads(self, heard: Heard) -> tuple[Upload, ...]:
        return tuple([await self._fetch(heard, picture) for picture in heard.pictures])

    async def _fetch(self, heard: Heard, picture: Picture) -> Upload:
        most = min(MAX_DOWNLOAD_BYTES, self.settings.max_upload_bytes)
        if picture.num_bytes > most:
            megabytes = most // 2**20
            raise PictureRefused(self._refusal(heard, "telegram-picture-large", most=megabytes))

        async def fetch() -> bytes:
            file = await self.bot.get_file(picture.file_id)
            return bytes(await file.download_as_bytearray())

        try:
            data = await patiently(fetch, pauses=self.pauses)
        except TelegramError as error:
            logger.info("a picture could not be fetched: %s", type(error).__name__)
            raise PictureRefused(self._refusal(heard, "telegram-picture-gone")) from error
        return Upload(data=data, media_type=picture.media_type)

    async def _with_rank(self, event: Event) -> Event:
        """The event, knowing whether this person runs the group."""
        if event.is_administrator:
            return event
        chat_id, user_id = int(event.place.external_id), int(event.speaker.external_id)
        try:
            member = await patiently(
                lambda: self.bot.get_chat_member(chat_id, user_id), pauses=self.pauses
            )
        except TelegramError:
            return event
        return replace(event, is_administrator=member.status in RUNS_IT)

    def _refusal(self, heard: Heard, key: str, **args: Any) -> Reply:
        language = pick_language(None, heard.event.speaker.locale, self.settings.language)
        return Reply(card=plain(language, key, **args), is_refused=True)


def _typed(text: str) -> Typed | None:
    """The command that was typed, where it is one that can be meant; the core says the rest."""
    try:
        return read_line(text)
    except WrongUsage:
        return None
