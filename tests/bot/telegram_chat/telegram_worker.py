"""A process of the service on Telegram for the tests that kill one.

    python -m tests.bot.telegram_chat.telegram_worker FOLDER API_URL TOKEN RENDER_SECONDS

It paints with a stub and ends at SIGTERM, or when whoever started it is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from bot.telegram_chat.chat import TelegramChat
from tests.bot.path_fakes import FakeEngine, make_app, make_parts, make_settings
from tests.bot.telegram_chat.telegram_fakes import FREE, QUICK, served


async def serve(folder: Path, url: str, token: str, seconds: float) -> None:
    """Serve until SIGTERM."""
    settings = make_settings(folder, telegram_token=token, telegram_api_url=url)
    app = make_app(settings, make_parts(FakeEngine(seconds=seconds)))
    chat = TelegramChat(app.studio, app.load_blob, settings, rates=FREE, pauses=QUICK)
    app.join(chat)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await app.start()
    async with served(chat):
        parent = os.getppid()
        while os.getppid() == parent and not stopped.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), 1.0)
    await app.stop()


if __name__ == "__main__":
    folder, url, token, seconds = sys.argv[1:]
    asyncio.run(serve(Path(folder), url, token, float(seconds)))
