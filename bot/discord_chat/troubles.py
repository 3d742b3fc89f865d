"""What goes wrong with Discord, in the words of the port; knows no core.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.chat import ChatRefused, ChatUnavailable, PrivateClosed

UNKNOWN_INTERACTION, ALREADY_ANSWERED = 10062, 40060
TOO_LARGE = 40005
CLOSED_TO_US = (50007, 50278)  # the person takes no direct messages from us
TOKEN_ENDED = (401, 404)  # statuses: the token ran out, or there is no such message any more

Cut = (aiohttp.ClientError, OSError, TimeoutError)  # nobody knows whether it arrived


class NoWay(Exception):
    """This way to the person does not lead there any more; another may."""


@contextmanager
def named() -> Iterator[None]:
    """Raise what happens inside as ``ChatUnavailable``, ``ChatRefused`` or ``PrivateClosed``."""
    try:
        yield
    except discord.RateLimited as error:
        raise ChatUnavailable(str(error)) from error
    except discord.HTTPException as error:
        raise _name(error) from error
    except Cut as error:
        raise ChatUnavailable(type(error).__name__) from error


def _name(error: discord.HTTPException) -> Exception:
    told = f"{error.status} {error.code}"  # never the body: it may quote what people wrote
    if error.status == 429 or error.status >= 500:
        return ChatUnavailable(told)
    if error.code in CLOSED_TO_US:
        return PrivateClosed(told)
    return ChatRefused(told)
