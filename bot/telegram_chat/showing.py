"""Shows the core's answer to whoever acted: a toast, a message here, or one only they see."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.asks import Reply
from bot.chat import Card
from bot.settings import Settings
from bot.texts import pick_language, say

from . import pages
from .addresses import CARRIER, Carried
from .asking import Question
from .client import Bot, TooLarge, patiently, says
from .hearing import Heard
from .posting import GoneMessage, Poster

if TYPE_CHECKING:
    from bot.requests import Studio

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Shower:
    """What showing needs."""

    studio: Studio
    bot: Bot
    poster: Poster
    settings: Settings

    async def show(self, heard: Heard, answer: Reply | Question, *, is_answered: bool) -> None:
        """``is_answered``: the press was answered already, without words."""
        words = None
        if isinstance(answer, Reply) and heard.query_id and not is_answered:
            words = pages.toast(answer.card)
        if heard.query_id and not is_answered:
            await self.answer(heard.query_id, words or "")
        try:
            if isinstance(answer, Question):
                await self._ask(heard, answer)
            elif not answer.is_duplicate:
                await self._show(heard, answer, is_first_shown=words is not None)
        except (TelegramError, TooLarge) as error:
            logger.warning("an answer could not be shown: %s", type(error).__name__)

    async def answer(self, query_id: str, words: str) -> None:
        """Tell Telegram that the press was seen; it forgets one after a while."""
        try:
            await patiently(
                lambda: self.bot.answer_callback_query(query_id, words or None),
                pauses=self.poster.pauses,
            )
        except TelegramError as error:
            logger.info("a press could not be answered: %s", type(error).__name__)

    async def _show(self, heard: Heard, reply: Reply, *, is_first_shown: bool) -> None:
        for place, card in enumerate((reply.card, *reply.also)):
            if place == 0 and is_first_shown:
                continue
            shown = await self._show_card(heard, card, is_update=reply.is_update and place == 0)
            if shown and card.receipt:
                await self.studio.posted(heard.event, card, shown)

    async def _show_card(self, heard: Heard, card: Card, *, is_update: bool) -> str | None:
        pressed = heard.event.message_id
        if is_update and pressed:
            try:
                await self.poster.turn(pressed, card, heard.address)
            except GoneMessage:
                logger.info("a message is gone; its card is posted anew")
            else:
                return pressed
        here = heard.address
        where = here.for_private() if card.is_private else here
        try:
            return await self.poster.post(where, card, here)
        except (Forbidden, BadRequest) as error:
            is_closed = isinstance(error, Forbidden) or says(error, "chat not found")
            if where == here or not is_closed:
                raise
        await self._invite(heard)
        return None

    async def _invite(self, heard: Heard) -> None:
        """Telegram lets a bot write to a person only after they wrote to it."""
        words = say(self._language(heard), "telegram-start-me")
        label = say(self._language(heard), "telegram-start-button")
        button = InlineKeyboardButton(label, url=f"{CARRIER}{self.bot.username}?start=hello")
        await self.poster.say(heard.address, pages.escaped(words), InlineKeyboardMarkup([[button]]))

    async def _ask(self, heard: Heard, question: Question) -> None:
        """The question carries its button where no eye sees it, so it works after a restart."""
        home = heard.address if heard.address.chat_id != heard.here.chat_id else None
        link = Carried(token=question.token, home=home).link
        title, label = pages.escaped(question.form.title), pages.escaped(question.form.label)
        words = f"{pages.unseen(link)}<b>{title}</b>\n{label}"
        await self.poster.ask(heard.here, words, question.form.placeholder)

    def _language(self, heard: Heard) -> str:
        return pick_language(None, heard.event.speaker.locale, self.settings.language)
