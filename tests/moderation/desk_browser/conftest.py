"""A real Chromium that looks at a desk served on a socket.

Playwright comes from pip and drives the Chromium of the system; it downloads nothing. CI always runs
these tests; elsewhere they run where a Chromium is found, and say so where there is none.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from moderation.desk.serving import DeskServer
from store.sessions import Database
from tests.moderation.desk.desk_world import World

Answer = TypeVar("Answer")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 20_000


class Served:
    """A world whose desk is served by a loop of its own, in a thread."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self.world, self._loop = world, loop

    def do(self, what: Coroutine[Any, Any, Answer]) -> Answer:
        """Carry something out where the desk lives."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)


class Screen:
    """One browser window, and everything that went wrong or went out in it."""

    def __init__(self, context: BrowserContext, served: Served) -> None:
        self.served, self.context = served, context
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", lambda told: self.complaints.append(told.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        context.on("request", lambda request: self.asked.append(request.url))

    def enter(self, who: str) -> Page:
        """Sign somebody in by a link, the way they do."""
        secret = self.served.do(self.served.world.link(who))
        self.page.goto(f"{self.served.world.url}/enter/{secret}")
        self.page.locator("button.big").click()
        self.page.locator(".top nav").wait_for()
        self.page.wait_for_load_state()
        return self.page

    def begin(self, who: str = "mei") -> Page:
        """Sign somebody in and show them the oldest case, by key."""
        page = self.enter(who)
        page.keyboard.press("n")
        page.locator("article.case").wait_for()
        page.wait_for_load_state()
        return page

    def go(self, path: str) -> None:
        """To a page of the desk."""
        self.page.goto(self.served.world.url + path)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = "no Chromium on this machine; `apt-get install chromium` brings one"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    """A world with its desk on a free port; quickly undone decisions act after a minute."""
    shutil.copy(sqlite_template, tmp_path / "desk.sqlite")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    world = World(db=Database(f"sqlite:///{tmp_path / 'desk.sqlite'}"), folder=tmp_path)
    served = Served(world, loop)
    server = served.do(_serve(world))
    yield served
    served.do(server.stop())
    served.do(world.db.close())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _serve(world: World) -> DeskServer:
    await world.settle()
    server = DeskServer(world.house, "127.0.0.1", 0)
    await server.start()
    world.url = server.address
    return server


Opening = Callable[..., Screen]


@pytest.fixture
def open_screen(chromium: Browser, served: Served) -> Iterator[Opening]:
    """Opens windows of any size, colour and language."""
    contexts: list[BrowserContext] = []

    def open_screen(
        size: tuple[int, int] = (1180, 780), colours: Any = "light", locale: str = "en-GB"
    ) -> Screen:
        contexts.append(
            chromium.new_context(
                viewport={"width": size[0], "height": size[1]}, color_scheme=colours, locale=locale
            )
        )
        return Screen(contexts[-1], served)

    yield open_screen
    for context in contexts:
        context.close()


@pytest.fixture
def screen(open_screen: Opening) -> Screen:
    """A desktop's window."""
    return open_screen()
