"""How a command reaches the studio: beside the running service, or executing by itself."""

from __future__ import annotations

import getpass
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.chat import Event, Place, Speaker
from bot.settings import TERMS_VERSION, Settings
from store.tables import new_id

if TYPE_CHECKING:
    from bot.app import App

PLATFORM = "terminal"


def ready_database(settings: Settings) -> None:
    """Bring an embedded database up to date; a shared one is its operator's to upgrade."""
    import migrations
    from store.errors import StoreOutOfDate
    from store.sessions import Database

    if migrations.is_current(settings.url):
        return
    if not settings.is_embedded:
        raise StoreOutOfDate(database=Database(settings.url).name)
    migrations.upgrade(settings.url)


@asynccontextmanager
async def executing_or_beside(
    settings: Settings, join: Callable[[App], object] = lambda _: None
) -> AsyncIterator[App]:
    """An app that executes requests itself, or works beside the service that already does."""
    raise NotImplementedError
    yield


@asynccontextmanager
async def entered(settings: Settings, roles: Collection[str] = ()) -> AsyncIterator[App]:
    """A started app; stopped at the end."""
    from bot.app import build

    app = build(settings, roles)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


def operator(language: str) -> Speaker:
    """The person at this terminal."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # no such user in a container
        name = "operator"
    return Speaker(platform=PLATFORM, external_id=name, name=name, locale=language)


def command_event(language: str, id: str | None = None) -> Event:
    """Something the operator did on the command line; its results are fetched, not sent."""
    place = Place(platform=PLATFORM, external_id="command-line", is_private=True)
    return Event(id=id or new_id(), speaker=operator(language), place=place)


async def accept_terms(app: App, language: str) -> None:
    """Whoever runs the program on their own machine has its terms before them: recorded once."""
    event = command_event(language)
    once = f"command-line:{TERMS_VERSION}:{event.speaker.external_id}"
    await app.studio.accept_terms(command_event(language, once))
