"""``kill -9`` between what a person was shown and what they are shown next."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.bot.discord_chat.discord_driver import readable, tokens
from tests.bot.path_fakes import make_settings, make_tables
from tests.emulators.discord.faults import Fault, dropped
from tests.emulators.discord.people import User
from tests.emulators.discord.server import DiscordEmulator
from tests.emulators.discord.world import Channel, Message

pytestmark = [pytest.mark.slow, pytest.mark.alone]

ACK, EDIT = "POST /interactions", "PATCH /webhooks"
Seen = Callable[[User, Channel], object]


def is_taken(ann: User, room: Channel) -> object:
    """The wish is a row, its acknowledgement is on the line."""
    return any(fault.num_met for fault in ann.discord.faults)


def is_acknowledged(ann: User, room: Channel) -> object:
    """The progress message stands there."""
    return [one for one in ann.sees(room) if any("cancel:" in token for token in tokens(one))]


def is_delivered(ann: User, room: Channel) -> object:
    """Discord wrote the result, and nobody heard that it did."""
    return grids(ann, room)


def grids(ann: User, room: Channel) -> list[Message]:
    """The results Ann sees."""
    return [one for one in ann.sees(room) if any("pick:" in token for token in tokens(one))]


@pytest.mark.parametrize(
    ("is_time", "fault"),
    [
        (is_taken, Fault(match=ACK, drop="before", delay_seconds=20.0)),
        (is_acknowledged, None),
        (is_delivered, dropped(EDIT, "after", times=99)),
    ],
    ids=["before the acknowledgement", "between acknowledgement and edit", "after the edit"],
)
async def test_a_killed_process_loses_and_doubles_nothing(
    emulator: DiscordEmulator, tmp_path: Path, is_time: Seen, fault: Fault | None
) -> None:
    """Another process takes over; the result stands in the channel once."""
    make_tables(make_settings(tmp_path))
    room, ann = emulator.state.add_guild().channels[0], emulator.user("Ann")
    first = await start(emulator, tmp_path)
    await agree(ann, room)
    emulator.faults += [fault] if fault else []
    await ann.slash(room, "imagine", prompt="a cat")
    await emulator.until(lambda: is_time(ann, room), seconds=30)
    first.kill()
    await first.wait()
    emulator.faults.clear()
    emulator.gateway.sessions.clear()
    second = await start(emulator, tmp_path)
    try:
        await emulator.until(lambda: grids(ann, room), seconds=40)
        await asyncio.sleep(2.0)
    finally:
        second.terminate()
        await second.wait()
    assert len(grids(ann, room)) == 1
    assert len([one for one in ann.sees(room) if one.files]) == 1


async def agree(ann: User, room: Channel) -> None:
    """Ann accepts the terms."""
    asked = await ann.slash(room, "terms")
    await ann.discord.until(lambda: asked.original, seconds=20)
    assert asked.original is not None
    before = readable(asked.original)
    [token] = [one for one in tokens(asked.original) if one.startswith("terms:")]
    await ann.click(asked.original, token)
    await ann.discord.until(lambda: readable(asked.original) != before, seconds=20)  # type: ignore[arg-type]


async def start(emulator: DiscordEmulator, folder: Path) -> Process:
    """A process of the service, connected."""
    spec = folder / "wires.json"
    spec.write_text(json.dumps(asdict(emulator.wires)), "utf-8")
    worker = "tests.bot.discord_chat.discord_worker"
    arguments = [str(folder), str(spec), emulator.token, "1.0"]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", worker, *arguments)
    await emulator.online(seconds=40)
    return process
