"""A process of the service for the tests that kill, stop and replace one.

    python -m path_worker FOLDER URL ROLES RENDER_SECONDS [PATH_VERSION]

It paints with fakes, notes every picture and every message in FOLDER/effects, and ends at SIGTERM.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from path_fakes import FakeEngine, RecordingChat, make_app, make_parts, make_settings

import bot.durable
import bot.takeover
from bot.chat import Card
from inference.jobs import Picture, RenderJob


class Notes:
    """A file that outlives the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def add(self, *words: object) -> None:
        """One line, whole or not at all."""
        os.write(self._file, (" ".join(map(str, (os.getpid(), *words))) + "\n").encode())


class NotedEngine(FakeEngine):
    """Notes when a render begins and when it is done."""

    def __init__(self, notes: Notes, seconds: float) -> None:
        super().__init__(seconds=seconds)
        self._notes = notes

    async def render(self, job: RenderJob, **options: Any) -> list[Picture]:
        self._notes.add("begins", job.id)
        pictures = await super().render(job, **options)
        self._notes.add("painted", job.id)
        return pictures


class NotedChat(RecordingChat):
    """Notes every message."""

    def __init__(self, notes: Notes) -> None:
        super().__init__()
        self._notes = notes

    async def send(self, address: Mapping[str, Any], card: Card, *, nonce: str) -> str:
        self._notes.add("told", address["to"], card.kind)
        return nonce


async def serve(folder: Path, url: str, roles: str, seconds: float) -> None:
    """Serve until SIGTERM."""
    notes = Notes(folder / "effects")
    parts = make_parts(NotedEngine(notes, seconds))
    app = make_app(
        make_settings(folder, url, num_renders_at_once=4), parts, tuple(roles.split(","))
    )
    app.join(NotedChat(notes))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await app.start()
    notes.add("started")
    await stopped.wait()
    await app.stop()


if __name__ == "__main__":
    folder, url, roles, seconds, *version = sys.argv[1:]
    if version:
        bot.durable.PATH_VERSION = bot.takeover.PATH_VERSION = version[0]
    asyncio.run(serve(Path(folder), url, roles, float(seconds)))
