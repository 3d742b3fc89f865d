"""Puts cards into chats: posts them, turns one message into another, removes them.

Everything but a post may be repeated without harm, so a result takes the place of the message that
told of its progress: after a lost answer or a crash the same edit is made again and nothing stands
there twice. Raises the library's errors; ``chat`` says what they mean.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeVar

from telegram import (
    ForceReply,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
)  # fmt: skip
from telegram.error import BadRequest, ChatMigrated

from bot.chat import Card, LoadBlob

from . import pages
from .addresses import Address, Carried, message_id, read_message_id
from .client import Bot, TooLarge, Urgency, patiently, says
from .pages import Page
from .sheets import one_photo

Result = TypeVar("Result")
NOT_MODIFIED = "not modified"
NO_TEXT = "no text in the message"


class Upload(NamedTuple):
    """Bytes on their way to Telegram."""

    data: bytes
    name: str


class GoneMessage(Exception):
    """The message is not there any more, or is not ours to change."""


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What posting needs."""

    bot: Bot
    load_blob: LoadBlob
    pauses: tuple[float, ...]  # seconds between tries

    async def post(self, address: Address, card: Card, home: Address) -> str:
        """New messages for a card that belongs to ``home``; the id of the one with its buttons."""
        page = pages.write(card, _carried(home, address.chat_id))
        try:
            sent = await self._post(address, card, page)
        except ChatMigrated as error:
            moved = Address(chat_id=error.new_chat_id, user_id=address.user_id)
            sent = await self._post(moved, card, page)
        return message_id(sent.chat_id, sent.message_id)

    async def ask(self, address: Address, words: str, placeholder: str) -> None:
        """Ask for words in a reply; ``words`` are HTML."""
        markup = ForceReply(selective=True, input_field_placeholder=placeholder or None)
        await self.say(address, words, markup)

    async def turn(self, shown: str, card: Card, home: Address) -> None:
        """Make the message ``shown`` into this card; raises ``GoneMessage`` where it cannot be."""
        chat_id, number = read_message_id(shown)
        page = pages.write(card, _carried(home, chat_id))
        try:
            if card.images or card.files:
                await self._set_media(chat_id, number, card, page)
            else:
                await self._set_text(chat_id, number, page)
        except BadRequest as error:
            if says(error, NOT_MODIFIED):
                return
            raise GoneMessage from error
        for piece in page.pieces[1:]:
            await self.say(replace(home, chat_id=chat_id), piece)

    async def retell(self, shown: str, card: Card, home: Address) -> None:
        """Tell of progress in the message ``shown``; raises ``NoRoom`` where that can wait."""
        chat_id, number = read_message_id(shown)
        page = pages.write(card, _carried(home, chat_id))
        try:
            if card.images:
                return await self._set_media(chat_id, number, card, page, urgency=Urgency.SPARE)
            return await self._set_words(chat_id, number, page)
        except BadRequest as error:
            if not says(error, NOT_MODIFIED):
                raise GoneMessage from error

    async def remove(self, shown: str) -> None:
        """Take a message back; one that is gone is gone."""
        chat_id, number = read_message_id(shown)
        try:
            await self._call(lambda: self.bot.delete_message(chat_id, number))
        except BadRequest as error:
            if not says(error, "not found"):
                raise

    async def _post(self, address: Address, card: Card, page: Page) -> Message:
        first, *rest = page.pieces
        if card.images:
            sent = await self._post_photo(address, card, first, page.keyboard)
        elif card.files:
            sent = await self._post_file(address, card, 0, first, page.keyboard)
        else:
            sent = await self.say(address, first, None if rest else page.keyboard)
        for place, piece in enumerate(rest, start=1):
            is_last_words = not (card.images or card.files) and place == len(rest)
            more = await self.say(address, piece, page.keyboard if is_last_words else None)
            sent = more if is_last_words else sent
        for place in range(0 if card.images else 1, len(card.files)):
            await self._post_file(address, card, place, "", None)
        return sent

    async def say(
        self, address: Address, words: str, markup: InlineKeyboardMarkup | ForceReply | None = None
    ) -> Message:
        """New words; ``words`` are HTML."""
        return await self._call(
            lambda: self.bot.send_message(
                address.chat_id, words, reply_markup=markup,
                message_thread_id=address.thread_id, reply_parameters=address.answered,
            ),
            may_repeat=False,
        )  # fmt: skip

    async def _post_photo(
        self, address: Address, card: Card, words: str, markup: InlineKeyboardMarkup | None
    ) -> Message:
        async def send(photo: Upload) -> Message:
            return await self.bot.send_photo(
                address.chat_id, photo.data, filename=photo.name, caption=words,
                reply_markup=markup, has_spoiler=card.images[0].is_spoiler or None,
                message_thread_id=address.thread_id, reply_parameters=address.answered,
            )  # fmt: skip

        photo = await self._photo(card)
        try:
            return await self._call(lambda: send(photo), may_repeat=False)
        except TooLarge:
            smaller = await self._photo(card, is_small=True)
            return await self._call(lambda: send(smaller), may_repeat=False)

    async def _post_file(
        self, address: Address, card: Card, place: int, words: str,
        markup: InlineKeyboardMarkup | None,
    ) -> Message:  # fmt: skip
        file = await self._file(card, place)
        return await self._call(
            lambda: self.bot.send_document(
                address.chat_id, file.data, filename=file.name, caption=words or None,
                reply_markup=markup, disable_content_type_detection=True,
                message_thread_id=address.thread_id, reply_parameters=address.answered,
            ),
            may_repeat=False,
        )  # fmt: skip

    async def _set_media(
        self, chat_id: int, number: int, card: Card, page: Page, *, urgency: Urgency = Urgency.DUE
    ) -> None:
        async def edit(media: InputMediaPhoto | InputMediaDocument) -> None:
            await self.bot.edit_message_media(
                media, chat_id, number, reply_markup=page.keyboard, rate_limit_args=urgency
            )

        words = page.pieces[0]
        if not card.images:
            file = await self._file(card, 0)
            media = InputMediaDocument(file.data, caption=words, filename=file.name)
            return await self._call(partial(edit, media))
        is_hidden = card.images[0].is_spoiler or None
        for is_small in (False, True):
            shown = await self._photo(card, is_small=is_small)
            photo = InputMediaPhoto(
                shown.data, caption=words, has_spoiler=is_hidden, filename=shown.name
            )
            try:
                return await self._call(partial(edit, photo))
            except TooLarge:
                if is_small:
                    raise
        return None

    async def _set_text(self, chat_id: int, number: int, page: Page) -> None:
        await self._call(
            lambda: self.bot.edit_message_text(
                page.pieces[0], chat_id, number, reply_markup=page.keyboard
            )
        )

    async def _set_words(self, chat_id: int, number: int, page: Page) -> None:
        """Words of progress; where a preview is shown already they stand under it."""
        try:
            await self._call(
                lambda: self.bot.edit_message_text(
                    page.pieces[0], chat_id, number, reply_markup=page.keyboard,
                    rate_limit_args=Urgency.SPARE,
                )
            )  # fmt: skip
        except BadRequest as error:
            if not says(error, NO_TEXT):
                raise
            await self._call(
                lambda: self.bot.edit_message_caption(
                    chat_id, number, caption=page.pieces[0], reply_markup=page.keyboard,
                    rate_limit_args=Urgency.SPARE,
                )
            )  # fmt: skip

    async def _call(
        self, call: Callable[[], Awaitable[Result]], *, may_repeat: bool = True
    ) -> Result:
        return await patiently(call, may_repeat=may_repeat, pauses=self.pauses)

    async def _photo(self, card: Card, *, is_small: bool = False) -> Upload:
        loaded = await asyncio.gather(*(self.load_blob(image.sha256) for image in card.images))
        data = await asyncio.to_thread(one_photo, loaded, is_small=is_small)
        return Upload(data, "atelier.jpg" if data[:2] == b"\xff\xd8" else "atelier.png")

    async def _file(self, card: Card, place: int) -> Upload:
        file = card.files[place]
        return Upload(await self.load_blob(file.sha256), file.name)


def _carried(home: Address, chat_id: int) -> str:
    """What a message in another chat than its home carries."""
    is_elsewhere = home.is_group and home.chat_id != chat_id
    return Carried(home=home).link if is_elsewhere else ""
