"""Telegram behind the port: every update becomes one call of the core, every card a message.

It only translates and keeps nothing that a restart would lose. What the person did is a row before
the update is confirmed; showing the answer follows on its own, so that nobody waits for another's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from telegram import Update, User
from telegram.error import Forbidden, NetworkError, TelegramError

from bot.chat import Card, CardKind, ChatMisconfigured, ChatRefused, LoadBlob, PrivateClosed
from bot.settings import Settings

from .addresses import Address, place_of, read_message_id
from .asking import Asker
from .client import PAUSES_SECONDS, InvalidToken, NoRoom, TooLarge, make_bot, meaning, says
from .hearing import PLATFORM, hear
from .inlet import MAX_PAUSE_SECONDS, Inlet, forget_webhook, listen, poll
from .menu import announce
from .pacing import Rates
from .posting import GoneMessage, Poster
from .showing import Shower

if TYPE_CHECKING:
    from bot.requests import Studio

TOAST_SECONDS = 1.5  # a press is answered by then, with words if there are any
FINISH_SECONDS = 5.0  # what is being shown at a stop may take so long
FAILURES = (TelegramError, TooLarge, GoneMessage)

logger = logging.getLogger(__name__)


class TelegramChat:
    """One bot on Telegram. ``pauses``: seconds between tries of a call that failed."""

    platform = PLATFORM
    command_language = "en"  # Telegram's menu, and what can be tapped, knows no other letters
    edit_seconds = 3.0  # Telegram takes about one message a second in a chat, and fewer in groups

    def __init__(
        self,
        studio: Studio,
        load_blob: LoadBlob,
        settings: Settings,
        *,
        rates: Rates | None = None,
        pauses: tuple[float, ...] = PAUSES_SECONDS,
    ) -> None:
        self.settings, self.pauses = settings, pauses
        self.bot = make_bot(settings, rates)
        self.poster = Poster(bot=self.bot, load_blob=load_blob, pauses=pauses)
        self._asker = Asker(studio=studio, bot=self.bot, settings=settings, pauses=pauses)
        self._shower = Shower(studio=studio, bot=self.bot, poster=self.poster, settings=settings)
        self._showing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until cancelled; raises ``ChatMisconfigured`` where the token is refused."""
        try:
            await self._open()
            self._soon(announce(self.bot, pauses=self.pauses))
            inlet = Inlet(take=self._take)
            if self.settings.telegram_webhook_url:
                await listen(self.bot, inlet, self.settings)
            else:
                await forget_webhook(self.bot)
                await poll(self.bot, inlet, self.pauses)
        except InvalidToken as error:
            raise ChatMisconfigured("telegram-token-refused") from error
        finally:
            if self._showing:
                await asyncio.wait(self._showing, timeout=FINISH_SECONDS)
            with contextlib.suppress(Exception):  # closing must not keep us from ending
                await self.bot.shutdown()

    async def send(
        self, address: Mapping[str, Any], card: Card, *, nonce: str, replaces: str | None = None
    ) -> str:
        """Post ``card``, or make the message that told of its progress into it: doing that twice
        changes nothing, which is why there is no need of nonces, which Telegram does not have."""
        here = Address.of(address)
        where = here.for_private() if card.is_private else here
        try:
            if replaces is not None and read_message_id(replaces)[0] == where.chat_id:
                with contextlib.suppress(GoneMessage):
                    await self.poster.turn(replaces, card, here)
                    return replaces
            sent = await self.poster.post(where, card, here)
        except FAILURES as error:
            if where != here and (isinstance(error, Forbidden) or _is_unknown(error)):
                raise PrivateClosed(type(error).__name__) from error
            raise meaning(error) from error
        if replaces is not None:
            with contextlib.suppress(*FAILURES):  # what it told of is over; it may stay
                await self.poster.remove(replaces)
        return sent

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        """Replace a message; progress is left out where Telegram's limits leave no room."""
        home = Address.of(address)
        try:
            if card.kind is CardKind.PROGRESS:
                with contextlib.suppress(NoRoom):
                    await self.poster.retell(message_id, card, home)
            else:
                await self.poster.turn(message_id, card, home)
        except GoneMessage as error:
            raise ChatRefused("gone") from error
        except FAILURES as error:
            raise meaning(error) from error

    async def delete(self, address: Mapping[str, Any], message_id: str) -> None:
        """Remove a message; one that is gone is removed."""
        try:
            await self.poster.remove(message_id)
        except FAILURES as error:
            raise meaning(error) from error

    def place(self, address: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same place without the person and the moment."""
        return place_of(address)

    @property
    def me(self) -> User:
        """The bot itself, once it is open."""
        return self.bot.bot

    async def _open(self) -> None:
        """Learn who we are; a network that is down is waited for."""
        pause = 0.5
        while True:
            try:
                return await self.bot.initialize()
            except InvalidToken:
                raise
            except NetworkError:
                logger.warning("telegram cannot be reached, again in %.0f s", pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, MAX_PAUSE_SECONDS)

    async def _take(self, update: Update) -> None:
        """Hand what was done to the core; return once it is a row."""
        heard = hear(update, self.me)
        if heard is None:
            return
        asking = asyncio.ensure_future(self._asker.ask(heard))
        is_answered = False
        if heard.query_id:
            await asyncio.wait({asking}, timeout=TOAST_SECONDS)
            if not asking.done():
                is_answered = True
                self._soon(self._shower.answer(heard.query_id, ""))
        answer = await asking
        self._soon(self._shower.show(heard, answer, is_answered=is_answered))

    def _soon(self, showing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._at_the_edge(showing))
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)

    async def _at_the_edge(self, showing: Coroutine[Any, Any, None]) -> None:
        try:
            await showing
        except Exception:  # the edge: it is recorded
            logger.exception("something could not be shown")


def _is_unknown(error: Exception) -> bool:
    return isinstance(error, TelegramError) and says(error, "chat not found")
