"""A moderator with a browser: what one does at the web desk, over HTTP, as its pages would."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from moderation.desk.sessions import form_token, new_link
from store.sessions import Database

NUM_MODERATORS = 50
SECONDS_BETWEEN = 5.0  # decisions of one moderator
COOKIE = "desk_session"


@dataclass(kw_only=True)
class Worker:
    """A moderator with a browser: signs in, decides what is shown, notes what was done."""

    name: str  # the person's id
    number: int
    ports: Sequence[int]
    waits_ms: list[float] = field(default_factory=list)
    shown_done: list[str] = field(default_factory=list)  # cases they were shown as decided
    where: str = ""  # the path of the case that is shown
    place: str = ""
    _browser: aiohttp.ClientSession | None = None
    _token: str = ""

    async def come_in(self, db: Database) -> None:
        """Use a link of one's own and hold the first case."""
        self._browser = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        async with db.session() as session:
            secret = await new_link(session, self.name)
        address = f"http://127.0.0.1:{self._port}/enter"
        async with self._browser.post(address, data={"secret": secret}) as answer:
            path = answer.url.path  # their one place
            if answer.status != 200:
                raise RuntimeError(f"signing in: {answer.status}")
        cookies = {each.key: each.value for each in self._browser.cookie_jar}
        self._token = form_token(cookies[COOKIE])
        self.place = path
        await self._next()

    async def work(self, until: float) -> None:
        """Decide every five seconds, spread evenly over everybody."""
        draw = random.Random(self.number)
        await asyncio.sleep(SECONDS_BETWEEN * self.number / NUM_MODERATORS)
        while (began := time.monotonic()) < until:
            await self._decide("reject" if draw.random() < 0.5 else "approve")
            await asyncio.sleep(max(0.0, SECONDS_BETWEEN - (time.monotonic() - began)))

    async def leave(self) -> None:
        """Close the browser; what is held stays held."""
        if self._browser is not None:
            await self._browser.close()

    async def _decide(self, decision: str) -> None:
        """Decide what is shown. Where nobody answers, look again at what became of it."""
        case_id = self.where.rsplit("/", 1)[-1]
        reason = "violence" if decision == "reject" else "within_rules"
        began = time.perf_counter()
        try:
            self.where = await self._ask("POST", f"{self.where}/{decision}", reason=reason)
        except aiohttp.ClientError:
            await self._next()
            return
        self.waits_ms.append(1000 * (time.perf_counter() - began))
        self.shown_done.append(case_id)

    async def _next(self) -> None:
        """Hold the oldest case there is, from whichever server answers."""
        while True:
            try:
                self.where = await self._ask("GET", f"{self.place}/next")
            except aiohttp.ClientError:
                self.number += 1  # a proxy would have gone to the other one
            else:
                return

    async def _ask(self, method: str, path: str, **form: str) -> str:
        """One request as a page makes it; the address of what is shown then."""
        assert self._browser is not None
        address = f"http://127.0.0.1:{self._port}{path}"
        headers = {"HX-Request": "true", "X-Desk-Form": self._token}
        async with self._browser.request(
            method, address, data=form or None, headers=headers
        ) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{method} {path}: {answer.status}")
            return answer.headers["HX-Replace-Url"]

    @property
    def _port(self) -> int:
        return self.ports[self.number % len(self.ports)]
