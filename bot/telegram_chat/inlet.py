"""How updates come in: by asking for them, or by a webhook. Each is taken before it is confirmed.

``take`` returns when what the person did is a row. Only then is a later offset asked for or the
webhook answered with 200, so that a crash before loses nothing; what comes again after one is
known by its event's id. Knows no card.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from telegram import Update
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter, TelegramError

from bot.chat import ChatMisconfigured
from bot.settings import Settings

from .client import POLL_SECONDS, Bot, InvalidToken, patiently

if TYPE_CHECKING:
    from aiohttp import web

KINDS = ("message", "callback_query")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the header's name)
MAX_KNOWN = 4096  # updates remembered as taken; the database remembers longer
MAX_TRIES = 3  # of an update that fails, before it is left
RETRY_SECONDS = 1.0  # before the first of them
MAX_PAUSE_SECONDS = 30.0

Take = Callable[[Update], Awaitable[None]]
logger = logging.getLogger(__name__)


@dataclass
class Inlet:
    """Takes updates once each, those of one chat in their order."""

    take: Take
    _known: OrderedDict[int, None] = field(default_factory=OrderedDict)
    _doors: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def enter(self, update: Update) -> None:
        """Take an update unless it was; raises what ``take`` raises."""
        chat = update.effective_chat
        door = self._doors.setdefault(chat.id if chat else 0, asyncio.Lock())
        async with door:  # first come, first served
            if update.update_id in self._known:
                return
            await self.take(update)
            self._known[update.update_id] = None
            if len(self._known) > MAX_KNOWN:
                self._known.popitem(last=False)

    async def enter_all(self, updates: Sequence[Update]) -> None:
        """Take a batch; one that keeps failing is left and recorded, and holds up nobody."""
        await asyncio.gather(*(self._insist(update) for update in updates))

    async def _insist(self, update: Update) -> None:
        for attempt in range(1, MAX_TRIES + 1):
            try:
                await self.enter(update)
            except Exception:  # the edge: it is recorded
                logger.exception("update %d failed", update.update_id)
                if attempt < MAX_TRIES:
                    await asyncio.sleep(attempt * RETRY_SECONDS)
            else:
                return


async def poll(bot: Bot, inlet: Inlet, pauses: Sequence[float]) -> None:
    """Ask for updates until cancelled; raises ``InvalidToken``. ``pauses``: seconds after a poll
    that failed, the first, and the last after one that somebody else's took the place of."""
    offset, pause = None, 0.0
    try:
        while True:
            try:
                updates = await bot.get_updates(
                    offset=offset, timeout=POLL_SECONDS, allowed_updates=KINDS
                )
            except TelegramError as error:
                pause = await _recover(bot, error, pause, pauses)
                continue
            pause = 0.0
            await inlet.enter_all(updates)
            offset = updates[-1].update_id + 1 if updates else offset
    finally:
        if offset is not None:
            with contextlib.suppress(Exception):  # else they come again, and are known
                await asyncio.wait_for(bot.get_updates(offset=offset, limit=1, timeout=0), 2)


async def _recover(bot: Bot, error: TelegramError, pause: float, pauses: Sequence[float]) -> float:
    """Wait after a failed poll, longer every time; the pause that was made."""
    if isinstance(error, InvalidToken):
        raise error
    if isinstance(error, Conflict):
        logger.error("another program asks for this bot's updates, or a webhook is set")
        await forget_webhook(bot)
        pause = pauses[-1]
    elif isinstance(error, RetryAfter):
        after = error.retry_after
        pause = after if isinstance(after, int) else after.total_seconds()
    elif isinstance(error, NetworkError):
        pause = min(MAX_PAUSE_SECONDS, 2 * pause or pauses[0])
        logger.warning("telegram cannot be reached, again in %.0f s", pause)
    await asyncio.sleep(pause)
    return pause


async def forget_webhook(bot: Bot) -> None:
    """A webhook left over would keep updates from whoever asks for them; none is dropped."""
    with contextlib.suppress(NetworkError):
        await patiently(lambda: bot.delete_webhook(drop_pending_updates=False))


async def listen(bot: Bot, inlet: Inlet, settings: Settings) -> None:
    """Answer the webhook until cancelled."""
    from aiohttp import web

    if not settings.telegram_webhook_url.startswith("https://"):
        raise ChatMisconfigured("telegram-webhook-address")
    address = urlsplit(settings.telegram_webhook_url)
    host, port = settings.telegram_webhook_host, settings.telegram_webhook_port
    app = web.Application()
    app.router.add_post(address.path or "/", _Webhook(bot, inlet, secret_of(settings)).answer)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=5.0, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await patiently(
            lambda: bot.set_webhook(
                settings.telegram_webhook_url,
                secret_token=secret_of(settings),
                allowed_updates=KINDS,
            )
        )
        await asyncio.Event().wait()
    except OSError as error:
        raise ChatMisconfigured("telegram-webhook-port", host=host, port=port) from error
    except BadRequest as error:
        raise ChatMisconfigured("telegram-webhook-refused", why=error.message) from error
    finally:
        await runner.cleanup()


def secret_of(settings: Settings) -> str:
    """What tells Telegram's posts from a stranger's: the setting, else made from the token."""
    chosen = settings.telegram_webhook_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value()
    return chosen or hmac.new(token.encode(), b"atelier webhook", hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class _Webhook:
    bot: Bot
    inlet: Inlet
    secret: str

    async def answer(self, request: web.Request) -> web.Response:
        """200 once the update is taken; anything else has Telegram send it again."""
        from aiohttp import web

        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(await request.json(), self.bot)
            await self.inlet.enter(update)
        except Exception:  # the edge: it is recorded, and comes again
            logger.exception("an update failed")
            return web.Response(status=500)
        return web.Response(status=200)
