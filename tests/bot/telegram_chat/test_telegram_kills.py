"""``kill -9`` between what a person was shown and what they are shown next."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.bot.path_fakes import make_settings, make_tables
from tests.bot.telegram_chat.telegram_fakes import emulated
from tests.bot.telegram_chat.telegram_house import agree, has_pick, result
from tests.emulators.telegram.faults import Fault
from tests.emulators.telegram.phones import Phone, private
from tests.emulators.telegram.server import TelegramEmulator

pytestmark = [pytest.mark.slow, pytest.mark.alone]

Seen = Callable[[Phone], object]
NEVER = Fault(method="sendMessage", drop="before", delay_seconds=30.0)
UNHEARD = Fault(method="editMessageMedia", drop="after", times=99)


def is_taken(phone: Phone) -> object:
    """The wish is a row, nothing was shown yet."""
    return phone.telegram.world.pending == [] and phone.telegram.faults.met


def is_acknowledged(phone: Phone) -> object:
    """The progress message stands there."""
    return len([each for each in phone.seen if each.what == "sent"]) > 1


def is_delivered(phone: Phone) -> object:
    """Telegram wrote the result, and nobody heard that it did."""
    return [each for each in phone.seen if each.what == "edited" and "photo" in each.message]


@pytest.mark.parametrize(
    ("is_time", "fault"),
    [(is_taken, NEVER), (is_acknowledged, None), (is_delivered, UNHEARD)],
    ids=["before the acknowledgement", "between acknowledgement and edit", "after the edit"],
)
async def test_a_killed_process_loses_and_doubles_nothing(
    specs_dir: Path, tmp_path: Path, is_time: Seen, fault: Fault | None
) -> None:
    """Another process takes over; the result stands in the chat once."""
    make_tables(make_settings(tmp_path))
    async with emulated(specs_dir) as telegram:
        ann = private(telegram, 11, "Ann")
        async with process(telegram, tmp_path):  # killed at the end
            await agree(ann)
            if fault:
                telegram.fail(fault)
            await ann.say("/imagine a cat")
            await ann.until(lambda: is_time(ann), 60)
        telegram.faults.coming.clear()
        async with process(telegram, tmp_path):
            await result(ann, 60)
            await asyncio.sleep(2.0)
        assert len([m for m in ann.messages if has_pick(ann, m)]) == 1


@asynccontextmanager
async def process(telegram: TelegramEmulator, folder: Path) -> AsyncIterator[None]:
    """A process of the service; ``kill -9`` at the end, whatever happened."""
    worker = "tests.bot.telegram_chat.telegram_worker"
    arguments = [str(folder), telegram.url, telegram.token, "1.0"]
    started = await asyncio.create_subprocess_exec(sys.executable, "-m", worker, *arguments)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        await started.wait()
