"""How soon people on Discord are acknowledged, when many speak at once.

Discord waits three seconds for an acknowledgement. Measured from the moment the platform sends
the command until its answer arrives there. The emulated platform runs in a process of its own and
judges every call; it refuses nobody for being late, so that lateness is a number.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import migrations
from benchmarks.path import Measure, Stub
from bot.app import App, Parts, build, real_parts
from bot.chat import Event, Place, Speaker
from bot.discord_chat.chat import DiscordChat
from bot.settings import Settings
from tests.emulators.discord.wires import Wires

CHECKOUT = Path(__file__).resolve().parent.parent
SPECS = Path(os.environ.get("SPECS_DIR", CHECKOUT.parent / "shared" / "specs"))
FIRST_PERSON = 10_000_000
GOAL_P50_MS, GOAL_P99_MS = 500.0, 1000.0
GOAL_PER_SECOND = 10.0
WISH = "a red star above a blue house at night, number {number}"
MakeParts = Callable[[Settings], Parts]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The emulated platform and the house behind it."""

    emulator: Process
    app: App

    async def online(self) -> None:
        """Return once it has logged in, registered its commands and connected."""
        async with asyncio.timeout(60):
            report = await self.report()
            while not report["is_online"]:
                await asyncio.sleep(0.1)
                report = await self.report()

    async def speak(self, count: int, *, first: int = 0, rate: float = 0) -> None:
        """``count`` people make a wish, ``rate`` a second (0: all at once)."""
        await self._tell(do="speak", count=count, first=first, rate=rate, words=WISH)

    async def report(self) -> dict[str, Any]:
        """What became of it so far."""
        return await self._tell(do="report")

    async def until(self, what: str, count: int, seconds: float) -> dict[str, Any]:
        """The report once so many are ``answered`` or ``shown``."""
        async with asyncio.timeout(seconds):
            report = await self.report()
            while len(report[f"{what}_ms"]) < count:
                await asyncio.sleep(0.5)
                report = await self.report()
        assert report["violations"] == [], report["violations"][:3]
        return report

    async def _tell(self, **words: Any) -> dict[str, Any]:
        assert self.emulator.stdin is not None
        assert self.emulator.stdout is not None
        self.emulator.stdin.write(json.dumps(words).encode() + b"\n")
        found: dict[str, Any] = json.loads(await self.emulator.stdout.readline())
        return found


async def measure_discord(*, is_quick: bool) -> list[Measure]:
    """A burst of commands with rendering stubbed."""
    count = 60 if is_quick else 300
    async with stage(count, stubbed) as it:
        began = time.perf_counter()
        await it.speak(count)
        report = await it.until("shown", count, 300)
        per_second = count / (time.perf_counter() - began)
    return [
        *acknowledged("burst", f"{count} commands at once", report["answered_ms"], is_quick),
        Measure(
            id="discord-burst-rate", what=f"Discord, {count} commands from the first to the last "
            "picture shown, rendering stubbed", value=round(per_second, 1), unit="commands/s",
            goal=GOAL_PER_SECOND, ok=None if is_quick else per_second >= GOAL_PER_SECOND,
        ),
    ]  # fmt: skip


def acknowledged(id: str, what: str, found: list[float], is_quick: bool) -> list[Measure]:
    """Median and 99th percentile of sorted milliseconds."""
    return [
        Measure(
            id=f"discord-{id}-ack-p{percent}", what=f"Discord, {what}: acknowledged, p{percent}",
            value=round(value, 1), unit="ms", goal=goal, ok=None if is_quick else value <= goal,
        )
        for percent, goal in ((50, GOAL_P50_MS), (99, GOAL_P99_MS))
        for value in [found[min(len(found) - 1, round(len(found) * percent / 100))]]
    ]  # fmt: skip


def stubbed(settings: Settings) -> Parts:
    """Everything real but the painter and who judges what it painted."""
    stub = Stub()
    return replace(real_parts(settings), load_engine=lambda: stub, load_picture_filter=lambda: stub)


@asynccontextmanager
async def stage(num_people: int, make_parts: MakeParts, **choices: Any) -> AsyncIterator[Stage]:
    """The service on the emulated Discord, and people who agreed to the terms."""
    command = ("-m", "tests.emulators.discord", "--specs", str(SPECS), "--people", str(num_people))
    emulator = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=CHECKOUT, limit=2**26,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert emulator.stdout is not None
    assert emulator.stdin is not None
    place = json.loads(await emulator.stdout.readline())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with house(Path(folder), place, num_people, make_parts, choices) as app:
            it = Stage(emulator=emulator, app=app)
            await it.online()
            yield it
    emulator.stdin.close()
    await emulator.wait()


@asynccontextmanager
async def house(
    folder: Path, place: dict[str, Any], num_people: int, make_parts: MakeParts,
    choices: dict[str, Any],
) -> AsyncIterator[App]:  # fmt: skip
    """The service, connected."""
    chosen = {"default_count": 1, "daily_pictures": 0, "concurrent_requests": 0, **choices}
    settings = Settings(data_dir=folder, discord_token=place["token"], **chosen)
    migrations.upgrade(settings.url)
    app = build(settings, ("chat", "render"), parts=make_parts(settings))
    wires = Wires(port=place["port"], authority_pem=place["authority_pem"])
    chat = DiscordChat(app.studio, app.load_blob, settings, connector=wires.connector)
    app.join(chat)
    await app.start()
    serving = asyncio.create_task(chat.run())
    try:
        for number in range(num_people):
            await app.studio.accept_terms(_agreeing(str(FIRST_PERSON + number), place["guild"]))
        yield app
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        await app.stop()


def _agreeing(who: str, guild: str) -> Event:
    """Somebody accepts the terms."""
    return Event(
        id=f"terms-{who}",
        speaker=Speaker(platform="discord", external_id=who, locale="en-US"),
        place=Place(platform="discord", external_id=guild),
    )
