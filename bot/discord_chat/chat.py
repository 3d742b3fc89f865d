"""Discord behind the port of ``bot.chat``: runs the connection, posts, edits, removes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.chat import Card, ChatMisconfigured, ChatRefused, LoadBlob
from bot.settings import Settings

from .addresses import Address, MessageId
from .client import Client
from .incoming import Incoming
from .outgoing import Outgoing
from .reading import PLATFORM

if TYPE_CHECKING:
    from bot.requests import Studio

RETRY_SECONDS = (1, 2, 5, 10, 30, 60)  # between attempts to log in while Discord is away
BAD_TOKEN = 4004
CLOSE_SECONDS = 5
NUM_CONNECTIONS = 64  # to one host; a shard needs one of the gateway's
ROW_SECONDS = 0.8  # so long a row may take before we acknowledge without it

logger = logging.getLogger(__name__)


class DiscordChat:
    """Discord as a chat platform. ``connector`` and ``options`` are the library's own."""

    platform = PLATFORM
    has_nonces = True  # a message sent again lands on the first one
    edit_seconds = 2.5  # Discord lets one message change about so often

    def __init__(
        self,
        studio: Studio,
        load_blob: LoadBlob,
        settings: Settings,
        *,
        connector: Callable[[], aiohttp.BaseConnector] | None = None,
        options: Mapping[str, Any] | None = None,
        row_seconds: float = ROW_SECONDS,
    ) -> None:
        self._token = settings.discord_token.get_secret_value()
        self._connector, self._options = connector, dict(options or {})
        self._outgoing = Outgoing(load_blob)
        self._incoming = Incoming(studio, self._outgoing, settings, row_seconds=row_seconds)

    async def run(self) -> None:
        """Serve until cancelled; raises ``ChatMisconfigured`` where Discord refuses the token."""
        num_failed = 0
        while True:
            client = self._new_client()
            try:
                async with client:
                    await self._serve(client)
                    num_failed = 0
            except (discord.LoginFailure, discord.PrivilegedIntentsRequired) as error:
                raise _misconfigured(error) from error
            except discord.ConnectionClosed as error:
                if error.code == BAD_TOKEN:
                    raise _misconfigured(error) from error
                logger.warning("Discord closed the connection: %s", error.code)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                logger.warning("Discord is out of reach: %s", type(error).__name__)
            finally:
                self._outgoing.use(None)
            await asyncio.sleep(RETRY_SECONDS[min(num_failed, len(RETRY_SECONDS) - 1)])
            num_failed += 1

    async def send(
        self, address: Mapping[str, Any], card: Card, *, nonce: str, replaces: str | None = None
    ) -> str:
        """Post ``card``; see ``Chat.send``."""
        held = _read(replaces) if replaces else None
        where = Address.from_row(address)
        return str(await self._outgoing.send(where, card, nonce=nonce, replaces=held))

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        """Replace a message."""
        await self._outgoing.edit(Address.from_row(address), _read(message_id), card)

    async def delete(self, address: Mapping[str, Any], message_id: str) -> None:
        """Remove a message; one that is gone is removed."""
        await self._outgoing.delete(Address.from_row(address), _read(message_id))

    def place(self, address: Mapping[str, Any]) -> dict[str, Any]:
        """The same channel for nobody in particular: what is sent there is posted plainly."""
        return Address.from_row(address).place().to_row()

    async def _serve(self, client: Client) -> None:
        await client.login(self._token)
        self._outgoing.use(client)
        connection = asyncio.create_task(client.connect())
        try:
            await asyncio.shield(connection)
        finally:  # while it connects anew, the library swallows a cancellation: close it first
            await client.close()
            connection.cancel()
            await asyncio.wait({connection}, timeout=CLOSE_SECONDS)

    def _new_client(self) -> Client:
        connector = self._connector() if self._connector else _connector()
        return Client(self._incoming, connector=connector, **self._options)


def _connector() -> aiohttp.BaseConnector:
    """Connections are kept and shared: in a burst, shaking hands for each answer costs more than
    the answers."""
    return aiohttp.TCPConnector(limit=0, limit_per_host=NUM_CONNECTIONS)


def _read(message_id: str) -> MessageId:
    try:
        return MessageId.read(message_id)
    except ValueError as error:
        raise ChatRefused(f"no message of Discord's: {message_id!r}") from error


def _misconfigured(error: Exception) -> ChatMisconfigured:
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return ChatMisconfigured("discord-intents")
    return ChatMisconfigured("discord-token-refused")
