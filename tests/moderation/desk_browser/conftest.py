"""A real Chromium that looks at a desk served on a socket.

Playwright comes from pip and drives the Chromium of the system; it downloads nothing. CI always runs
these tests; elsewhere they run where a Chromium is found, and say so where there is none.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from store.sessions import Database
from tests.moderation.desk.desk_world import World
from tests.moderation.desk_browser.desk_screen import Screen, Served, find_chromium, serving


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    found = find_chromium()
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
    """A world with its desk on a free port."""
    file = shutil.copy(sqlite_template, tmp_path / "desk.sqlite")
    with serving(World(db=Database(f"sqlite:///{file}"), folder=tmp_path)) as desk:
        yield desk


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
