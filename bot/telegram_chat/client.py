"""The library's client, made from the settings, and what its errors mean to the core."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)  # fmt: skip
from telegram.ext import Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot.chat import ChatRefused, ChatUnavailable
from bot.settings import Settings

from .pacing import NoRoom, Pace, Rates, Urgency

Bot = ExtBot[Urgency]
Result = TypeVar("Result")
POLL_SECONDS = 25
PAUSES_SECONDS = (0.3, 0.7, 1.5, 3.0, 6.0)  # between tries of what may be tried again
NEVER_SENT = ("ConnectError", "ConnectTimeout", "PoolTimeout")  # the request did not go out

logger = logging.getLogger(__name__)


class TooLarge(Exception):
    """Telegram will not take an upload of this size."""


def make_bot(settings: Settings, rates: Rates | None = None) -> Bot:
    """A client; it asks nobody anything yet."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's own way to opt in to what will be
    logging.getLogger("httpx").setLevel(
        logging.WARNING
    )  # it writes addresses, and they hold the token
    server = settings.telegram_api_url.rstrip("/")
    return ExtBot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, pool_timeout=20.0, read_timeout=20.0),
        get_updates_request=HTTPXRequest(connection_pool_size=1, read_timeout=POLL_SECONDS + 10.0),
        defaults=Defaults(
            parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
        rate_limiter=Pace(rates=rates or Rates()),
    )


async def patiently(
    call: Callable[[], Awaitable[Result]],
    *,
    may_repeat: bool = True,
    pauses: tuple[float, ...] = PAUSES_SECONDS,
) -> Result:
    """The call's result, tried again while the network or the server fails.

    ``may_repeat=False`` is for what would stand there twice: it is tried again only where the
    server said that it failed or the request never went out. Raises the library's errors.
    """
    for seconds in (*pauses, None):
        try:
            return await call()
        except (BadRequest, RetryAfter):
            raise
        except NetworkError as error:
            if "Too Large" in error.message:
                raise TooLarge from error
            if seconds is None or not (may_repeat or _is_undone(error)):
                raise
            await asyncio.sleep(seconds)
    raise AssertionError("unreachable")


def _is_undone(error: NetworkError) -> bool:
    """True where nothing was written: an answer came that says so, or nothing went out."""
    cause = error.__cause__
    return cause is None or type(cause).__name__ in NEVER_SENT


def meaning(error: Exception) -> ChatUnavailable | ChatRefused:
    """What a failed call means to the core."""
    if isinstance(error, ChatUnavailable | ChatRefused):
        return error
    is_final = isinstance(error, Forbidden | BadRequest | TooLarge | ChatMigrated)
    kind = type(error).__name__
    logger.info("telegram: %s", kind)
    return ChatRefused(kind) if is_final else ChatUnavailable(kind)


def says(error: TelegramError, words: str) -> bool:
    """True where Telegram's sentence holds ``words``."""
    return words in error.message.lower()


__all__ = [
    "PAUSES_SECONDS", "POLL_SECONDS", "Bot", "InvalidToken", "NoRoom", "TooLarge", "Urgency",
    "make_bot", "meaning", "patiently", "says",
]  # fmt: skip
