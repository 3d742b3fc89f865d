"""A desk on a socket and a browser in front of it, for tests and for the benchmark."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from playwright.sync_api import BrowserContext, Page

from moderation.desk.serving import DeskServer
from tests.moderation.desk.desk_world import World

Answer = TypeVar("Answer")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 20_000


def find_chromium() -> str | None:
    """The Chromium of this machine; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


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


@contextmanager
def serving(world: World) -> Iterator[Served]:
    """The desk of a world on a free port, while the block runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
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


def decide_and_wait(page: Page) -> float:
    """Milliseconds from the second key until another case and its picture are shown."""
    page.keyboard.press("a")
    page.evaluate(
        """() => {
            const before = document.querySelector("article.case").dataset.case;
            window.shownAfter = new Promise((done) => {
                const started = performance.now();
                const look = () => {
                    const now = document.querySelector("article.case");
                    const image = now && now.querySelector(".pictures img");
                    if (now && now.dataset.case !== before && image && image.complete
                        && image.naturalWidth) done(performance.now() - started);
                    else requestAnimationFrame(look);
                };
                document.addEventListener("keydown", look, { once: true });
            });
        }"""
    )
    page.keyboard.press("a")
    return float(page.evaluate("window.shownAfter"))
