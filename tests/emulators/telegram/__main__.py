"""The emulated Telegram in a process of its own, for load: told what people do over HTTP.

    python -m tests.emulators.telegram --spec FILE

Prints one line of JSON with its address and token, then serves until its input ends. Beside the
Bot API it answers ``POST /crowd`` (people say something at a pace; answers when all have said it)
and ``GET /crowd`` (what became of it so far, times in milliseconds since each spoke).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.emulators.telegram.botapi import load_api
from tests.emulators.telegram.calls import Limits
from tests.emulators.telegram.phones import private
from tests.emulators.telegram.server import TelegramEmulator


class Crowd:
    """Many people, each in a private chat, numbered from ``FIRST``."""

    FIRST = 10_000

    def __init__(self, telegram: TelegramEmulator) -> None:
        self.telegram = telegram
        self.spoke: dict[int, tuple[float, int]] = {}  # by chat: when, and the update's number

    async def speak(self, request: web.Request) -> web.Response:
        """``count`` people, from number ``first`` on, say ``text``, ``rate`` a second (0: all)."""
        wanted = await request.json()
        began = time.monotonic()
        for number in range(wanted["count"]):
            if wanted["rate"]:
                await asyncio.sleep(max(0.0, began + number / wanted["rate"] - time.monotonic()))
            who = self.FIRST + wanted["first"] + number
            phone = private(self.telegram, who, f"Person {who}")
            at = time.monotonic()
            await phone.say(wanted["text"].format(number=number))
            self.spoke[who] = (at, max(self.telegram.world.receipts))
        return web.json_response({"seconds": time.monotonic() - began})

    async def report(self, _: web.Request) -> web.Response:
        """When each was taken, first answered and shown a picture; and what broke the API."""
        world = self.telegram.world
        answered: dict[int, float] = {}
        shown: dict[int, float] = {}
        for moment in world.moments:
            if moment.what not in ("sent", "edited") or moment.chat_id not in self.spoke:
                continue
            after = moment.at - self.spoke[moment.chat_id][0]
            answered.setdefault(moment.chat_id, after)
            if "photo" in moment.message:
                shown.setdefault(moment.chat_id, after)
        taken = [
            receipt.confirmed_at - at
            for at, number in self.spoke.values()
            if (receipt := world.receipts[number]).confirmed_at is not None
        ]
        return web.json_response(
            {
                "taken_ms": _milliseconds(taken),
                "answered_ms": _milliseconds(answered.values()),
                "shown_ms": _milliseconds(shown.values()),
                "violations": self.telegram.violations,
                "num_refused": sum(status == 429 for _, _, status in self.telegram.calls),
            }
        )

    async def forget(self, _: web.Request) -> web.Response:
        """Begin anew, so that a report tells of what follows only."""
        self.spoke.clear()
        self.telegram.world.moments.clear()
        self.telegram.calls.clear()
        return web.json_response({})


def _milliseconds(seconds: Any) -> list[float]:
    return sorted(round(1000 * each, 1) for each in seconds)


async def serve(spec: Path, limits: Limits) -> None:
    """Until standard input ends."""
    async with TelegramEmulator(load_api(spec), limits=limits) as telegram:
        crowd = Crowd(telegram)
        app = web.Application()
        app.router.add_post("/crowd", crowd.speak)
        app.router.add_get("/crowd", crowd.report)
        app.router.add_delete("/crowd", crowd.forget)
        runner = web.AppRunner(app, handle_signals=False, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        line = {"url": telegram.url, "token": telegram.token, "control": address}
        print(json.dumps(line), flush=True)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--spec", type=Path, required=True, help="the API file")
    parser.add_argument("--per-second", type=int, default=30, help="messages; 0: no limit")
    options = parser.parse_args()
    limits = Limits(messages_per_second=options.per_second)
    asyncio.run(serve(options.spec, limits))


if __name__ == "__main__":
    main()
