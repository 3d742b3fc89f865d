"""What the desk is handed from above: the database, pictures' bytes, sentences, a few choices.

Knows no chat and no setting; ``bot.desk_house`` makes one from both.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from moderation.audit import AuditLog
from store.sessions import Database

SESSION_HOURS = 12.0
IDLE_MINUTES = 60.0


class Say(Protocol):
    def __call__(self, language: str, key: str, /, **args: Any) -> str:
        """The sentence of that key in that language."""


@dataclass(frozen=True, kw_only=True)
class DiscordApp:
    """The operator's application at Discord, for signing in without a link."""

    client_id: str
    client_secret: str
    site_url: str = "https://discord.com"  # where a person agrees
    api_url: str = "https://discord.com/api/v10"  # where we ask who they are


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything from above."""

    db: Database
    load_blob: Callable[[str], Awaitable[bytes]]  # by SHA-256; raises ``StoreError``
    say: Say
    log: AuditLog
    url: str  # the desk's public address, such as "https://desk.example"
    languages: tuple[str, ...] = ("en", "zh-CN")
    default_language: str = "en"
    undo_seconds: float = 60.0
    session_hours: float = SESSION_HOURS  # a browser is signed in for so long at most
    idle_minutes: float = IDLE_MINUTES  # and for so long without doing anything
    discord: DiscordApp | None = None

    @property
    def is_https(self) -> bool:
        """True where cookies may be kept from ever travelling in the open."""
        return urlsplit(self.url).scheme == "https"

    @property
    def path(self) -> str:
        """What every path of the desk begins with: "" at the top of a host, else "/desk"."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers name them."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def hosts(self) -> frozenset[str]:
        """Host names under which browsers, or the proxy before us, may ask for the desk."""
        return frozenset({urlsplit(self.url).hostname or "", "localhost", "127.0.0.1", "::1"})
