"""How soon people on Telegram are heard, when many speak at once.

Telegram sets no deadline for an answer, so two things are measured. *Taken*: the wish is a row and
Telegram may forget the update; this is what a burst can make slow. *Answered*: the first message
back; Telegram lets a bot write about 30 messages a second, so 300 people cannot all be answered in
less than ten seconds by anybody, and the goal is to lose nothing to that floor.

The emulated service runs in a process of its own, keeps that limit, and judges every call.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp

import migrations
from benchmarks.path import Measure, Stub
from bot.app import build, real_parts
from bot.chat import Event, Place, Speaker
from bot.settings import Settings
from bot.telegram_chat.chat import TelegramChat

CHECKOUT = Path(__file__).resolve().parent.parent
SPEC = Path(os.environ.get("SPECS_DIR", CHECKOUT.parent / "shared" / "specs"))
FIRST_PERSON = 10_000
PER_SECOND = 30  # messages that Telegram takes
GOAL_TAKEN_MS, GOAL_LATE_MS = 2000.0, 1000.0
WISH = "/imagine a red star above a blue house at night, number {number}"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The emulated service and the house behind it."""

    control: str
    session: aiohttp.ClientSession

    async def speak(self, count: int, *, first: int = 0, rate: float = 0) -> None:
        """``count`` people make a wish, ``rate`` a second (0: all at once)."""
        said = {"count": count, "first": first, "rate": rate, "text": WISH}
        async with self.session.post(f"{self.control}/crowd", json=said) as answer:
            answer.raise_for_status()

    async def report(self) -> dict[str, Any]:
        """What became of it so far."""
        async with self.session.get(f"{self.control}/crowd") as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def until_shown(self, count: int, seconds: float) -> dict[str, Any]:
        """The report once so many people have their picture."""
        async with asyncio.timeout(seconds):
            while len((report := await self.report())["shown_ms"]) < count:  # noqa: ASYNC110 - polled
                await asyncio.sleep(0.5)
        assert report["violations"] == [], report["violations"][:3]
        return report


async def measure_telegram(*, is_quick: bool) -> list[Measure]:
    """A burst of commands with rendering stubbed."""
    count = 60 if is_quick else 300
    async with stage(count) as it:
        await it.speak(count)
        report = await it.until_shown(count, 300)
    taken, answered = report["taken_ms"], report["answered_ms"]
    floor = 1000 * (count - PER_SECOND) / PER_SECOND
    late = percentile(answered, 99) - floor
    return [
        _measure("taken-p50", f"{count} commands at once: taken, median", percentile(taken, 50),
                 GOAL_TAKEN_MS / 2, is_quick),
        _measure("taken-p99", "the same, 99th percentile", percentile(taken, 99),
                 GOAL_TAKEN_MS, is_quick),
        _measure("answered-p99", "first message back, 99th percentile", percentile(answered, 99),
                 floor + GOAL_LATE_MS, is_quick),
        _measure("late-p99", "the same beyond what 30 messages a second allow", late,
                 GOAL_LATE_MS, is_quick),
    ]  # fmt: skip


def percentile(values: list[float], percent: int) -> float:
    """Of sorted values."""
    return values[min(len(values) - 1, round(len(values) * percent / 100))]


def _measure(id: str, what: str, value: float, goal: float, is_quick: bool) -> Measure:
    return Measure(
        id=f"telegram-{id}",
        what=f"Telegram, {what}",
        value=round(value, 1),
        unit="ms",
        goal=round(goal, 1),
        ok=None if is_quick else value <= goal,
    )


@asynccontextmanager
async def stage(num_people: int) -> AsyncIterator[Stage]:
    """The service with a stub that paints, on the emulated Telegram; people who agreed."""
    command = ("-m", "tests.emulators.telegram", "--spec", str(SPEC / "telegram-botapi.json"))
    emulator = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert emulator.stdout is not None
    assert emulator.stdin is not None
    place = json.loads(await emulator.stdout.readline())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with house(Path(folder), place, num_people), aiohttp.ClientSession() as session:
            yield Stage(control=place["control"], session=session)
    emulator.stdin.close()
    await emulator.wait()


@asynccontextmanager
async def house(folder: Path, place: dict[str, str], num_people: int) -> AsyncIterator[None]:
    """Everything real but the painter."""
    settings = Settings(
        data_dir=folder, default_count=1, daily_pictures=0,
        telegram_token=place["token"], telegram_api_url=place["url"],
    )  # fmt: skip
    migrations.upgrade(settings.url)
    stub = Stub()
    parts = replace(
        real_parts(settings), load_engine=lambda: stub, load_picture_filter=lambda: stub
    )
    app = build(settings, ("chat", "render"), parts=parts)
    chat = TelegramChat(app.studio, app.load_blob, settings)
    app.join(chat)
    await app.start()
    serving = asyncio.create_task(chat.run())
    try:
        for number in range(num_people):
            await app.studio.accept_terms(_agreeing(str(FIRST_PERSON + number)))
        await asyncio.sleep(1.0)  # the list of commands is set meanwhile
        yield
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        await app.stop()


def _agreeing(who: str) -> Event:
    """Somebody accepts the terms."""
    return Event(
        id=f"terms-{who}",
        speaker=Speaker(platform="telegram", external_id=who, locale="en"),
        place=Place(platform="telegram", external_id=who, is_private=True),
    )
