"""One conversation in the terminal chat from end to end, real in every part: ``atelier demo``."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.edge import DONE, REFUSED
from bot.settings import read_settings

from . import script
from .stage import Stage

if TYPE_CHECKING:
    from bot.app import Pace, Parts

DATA_DIR = Path("data") / "demo"
UNDO_SECONDS = 3.0  # a minute in service


async def hold(parts: Parts | None = None, pace: Pace | None = None) -> int:
    """Hold the conversation; returns the exit status: done only if all of it was seen.

    ``parts`` and ``pace`` are the service's own unless a test brings others.
    """
    chosen: dict[str, object] = {"undo_seconds": UNDO_SECONDS}
    chosen |= {"discord_token": "", "telegram_token": ""}  # this conversation is the terminal's
    if not os.environ.get("ATELIER_DATA_DIR"):
        chosen["data_dir"] = DATA_DIR
    started = time.monotonic()
    async with Stage.opened(read_settings(**chosen), parts, pace) as stage:
        await script.finish_what_was_left(stage)
        for act in script.ACTS:
            await act(stage)
        await stage.end(time.monotonic() - started)
    return DONE if stage.has_shown_everything else REFUSED
