"""How a command reaches the studio: beside the running service, or executing by itself."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from bot.chat import Event, Place, Speaker
from bot.folder_lock import AlreadyServed, only_one
from bot.logs import open_logs
from bot.settings import TERMS_VERSION, Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.asks import Standing

PLATFORM = "terminal"
EXECUTING = ("chat", "render")
Prepare = Callable[["App"], Awaitable[None]]
ALIVE_SECONDS = 10.0  # a worker silent for longer is not counted on


def ready_database(settings: Settings) -> None:
    """Bring an embedded database up to date; a shared one is its operator's to upgrade."""
    import migrations
    from store.errors import StoreOutOfDate
    from store.sessions import Database

    if migrations.is_current(settings.url):
        return
    if not settings.is_embedded:
        raise StoreOutOfDate(place=Database(settings.url).name)
    with only_one(settings.data_dir, "setup"):  # who comes second waits, and finds it done
        if not migrations.is_current(settings.url):
            migrations.upgrade(settings.url)


@asynccontextmanager
async def executing_or_beside(settings: Settings, prepare: Prepare) -> AsyncIterator[App]:
    """An app that executes requests itself, or works beside the service that already does."""
    ready_database(settings)
    roles = () if await is_served(settings) else EXECUTING
    async with AsyncExitStack() as stack:
        try:
            app = await stack.enter_async_context(entered(settings, roles, prepare))
        except AlreadyServed:  # by someone who began in this very moment
            app = await stack.enter_async_context(entered(settings, (), prepare))
        yield app


async def is_served(settings: Settings) -> bool:
    """True where a running service will paint what this process enqueues."""
    if settings.is_embedded:
        from bot.app import is_served as is_folder_served

        return is_folder_served(settings)
    return await _has_live_painter(settings)


async def _has_live_painter(settings: Settings) -> bool:
    from sqlalchemy import select

    from store.sessions import Database
    from store.tables import Worker, now

    database = Database(settings.url)
    oldest = now() - dt.timedelta(seconds=ALIVE_SECONDS)
    try:
        async with database.session() as session:
            query = select(Worker.id).where(
                Worker.seen_at > oldest, Worker.roles.contains("render")
            )
            return await session.scalar(query) is not None
    finally:
        await database.close()


@asynccontextmanager
async def entered(
    settings: Settings,
    roles: Collection[str] = (),
    prepare: Prepare | None = None,
) -> AsyncIterator[App]:
    """A started app; stopped at the end. ``prepare`` does what needs no service and may fail,
    before anything heavy is loaded, and lets chats join."""
    from bot.app import build

    open_logs(settings)
    app = build(settings, roles)
    try:
        if prepare is not None:
            await prepare(app)
        await app.start()
        yield app
    finally:
        await app.stop()


class LeftAlone(Exception):
    """Whoever worked on the request has ended, and nobody serves here now."""


def watching(
    app: App, show: Callable[[Standing], object], *, every: int = 10
) -> Callable[[Standing], None]:
    """``show``, which also looks, once in ``every`` times, whether somebody still serves beside
    whom we work; raises ``LeftAlone``. On a shared database other machines take over."""
    from bot.app import is_served as is_folder_served

    num_looks = 0

    def look(standing: Standing) -> None:
        nonlocal num_looks
        show(standing)
        num_looks += 1
        is_beside = app.settings.is_embedded and not app.is_executing
        is_due = num_looks % every == 0 and not standing.is_final
        if is_beside and is_due and not is_folder_served(app.settings):
            raise LeftAlone

    return look


def operator(language: str) -> Speaker:
    """The person at this terminal."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # no such user in a container
        name = "operator"
    return Speaker(platform=PLATFORM, external_id=name, name=name, locale=language)


def command_event(language: str, id: str | None = None) -> Event:
    """Something the operator did on the command line; its results are fetched, not sent."""
    from store.tables import new_id

    place = Place(platform=PLATFORM, external_id="command-line", is_private=True)
    return Event(id=id or new_id(), speaker=operator(language), place=place)


async def introduce_operator(app: App, language: str) -> None:
    """Whoever runs the program on their own machine has its terms before them and decides
    everything on it; both are recorded once."""
    once = command_event(language, f"command-line:{TERMS_VERSION}")
    await app.studio.accept_terms(once)
    await app.studio.appoint_operator(once)
