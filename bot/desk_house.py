"""Makes the moderators' web page from the settings and the workshop: what it needs from above.

FastAPI and uvicorn are loaded only where the desk is served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .settings import Settings
from .texts import LANGUAGES, say
from .workshop import Workshop

if TYPE_CHECKING:
    from moderation.desk.house import DiscordApp
    from moderation.desk.serving import DeskServer


def make_desk(shop: Workshop) -> DeskServer:
    """The desk of this process, not started yet."""
    from moderation.desk.house import House
    from moderation.desk.serving import DeskServer

    settings = shop.settings
    house = House(
        db=shop.db,
        load_blob=shop.blobs.get,
        say=say,
        log=shop.audit,
        url=settings.desk_address,
        languages=LANGUAGES,
        default_language=settings.language,
        undo_seconds=settings.undo_seconds,
        session_hours=settings.desk_session_hours,
        idle_minutes=settings.desk_idle_minutes,
        discord=_discord(settings),
    )
    return DeskServer(house, settings.desk_host, settings.desk_port)


def _discord(settings: Settings) -> DiscordApp | None:
    """The operator's application at Discord; None where nobody signs in that way."""
    from moderation.desk.house import DiscordApp

    secret = settings.desk_discord_client_secret.get_secret_value()
    if not settings.desk_discord_client_id or not secret:
        return None
    return DiscordApp(client_id=settings.desk_discord_client_id, client_secret=secret)
