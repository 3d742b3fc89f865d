"""The connection to Discord: which events are asked for, and how the library is kept small.

No privileged intent: guilds to know channels by, messages for words in direct messages and in
replies that call us. Nothing of members, presences or message history is cached.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import discord

from .incoming import Incoming
from .registration import payloads

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)

logger = logging.getLogger(__name__)


class Client(discord.AutoShardedClient):
    """One login. Hands everything it hears to ``incoming``."""

    def __init__(self, incoming: Incoming, **options: Any) -> None:
        super().__init__(
            intents=INTENTS,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self._incoming = incoming

    async def setup_hook(self) -> None:
        """Register the commands as they are now; called once, before the first event."""
        if self.application_id is not None:
            await self.http.bulk_upsert_global_commands(self.application_id, payloads())

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A command, a press, a form, or words half typed."""
        await self._incoming.interaction(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Words in a channel."""
        if self.user is not None:
            await self._incoming.message(message, self.user.id)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """The edge: one event failed, the others go on."""
        logger.error("%s failed", event_method, exc_info=sys.exc_info())
