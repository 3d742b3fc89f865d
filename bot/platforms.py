"""Which chats this installation serves: one for every token that is set. Knows no messages.

An adapter's library is imported only where its token is set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .chat import Chat, LoadBlob
    from .requests import Studio
    from .settings import Settings


def make_chats(settings: Settings, studio: Studio, load_blob: LoadBlob) -> list[Chat]:
    """The chats whose tokens are set."""
    chats: list[Chat] = []
    if settings.discord_token.get_secret_value():
        from .discord_chat.chat import DiscordChat

        chats.append(DiscordChat(studio, load_blob, settings))
    if settings.telegram_token.get_secret_value():
        from .telegram_chat.chat import TelegramChat

        chats.append(TelegramChat(studio, load_blob, settings))
    return chats
