"""A process of the service on Discord for the tests that kill one.

    python -m tests.bot.discord_chat.discord_worker FOLDER WIRES TOKEN RENDER_SECONDS

``WIRES`` is a JSON file that says where the double listens. It paints with a stub,
and ends when whoever started it is gone.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from bot.discord_chat.chat import DiscordChat
from tests.bot.path_fakes import FakeEngine, make_app, make_parts, make_settings
from tests.emulators.discord.wires import Wires

PARENT = os.getppid()


async def serve(folder: Path, wires: Wires, token: str, seconds: float) -> None:
    """Serve until SIGTERM."""
    settings = make_settings(folder, discord_token=token)
    app = make_app(settings, make_parts(FakeEngine(seconds=seconds)))
    chat = DiscordChat(
        app.studio, app.load_blob, settings, connector=wires.connector,
        options={"guild_ready_timeout": 0.05},
    )  # fmt: skip
    app.join(chat)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await app.start()
    running = asyncio.create_task(chat.run())
    while os.getppid() == PARENT and not stopped.is_set():  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(0.2)
    running.cancel()
    await asyncio.wait({running})
    await app.stop()


if __name__ == "__main__":
    folder, spec, token, seconds = sys.argv[1:]
    wires = Wires(**json.loads(Path(spec).read_text("utf-8")))
    asyncio.run(serve(Path(folder), wires, token, float(seconds)))
