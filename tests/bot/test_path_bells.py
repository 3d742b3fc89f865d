"""A queue is looked into when something was put there, and not only now and then."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.asks import Ask

from .path_fakes import RecordingChat, event, make_app, make_settings, make_tables, settle


async def test_what_is_put_into_a_queue_is_taken_at_once(tmp_path: Path, database_url: str) -> None:
    """Within one process a stage waits for no poll; looking now and then is for the others."""
    settings = make_settings(tmp_path, database_url, poll_seconds=20.0)
    make_tables(settings)
    app = make_app(settings)
    app.join(RecordingChat())
    await app.start()
    try:
        await app.studio.accept_terms(event("terms"))
        await asyncio.sleep(1.5)  # until its threads have found the queues
        began = time.monotonic()
        await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat")))
        assert time.monotonic() - began < 15.0  # three stages, each of which would wait for 20
    finally:
        await app.stop()
