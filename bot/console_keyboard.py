"""Lines from the keyboard of this terminal; knows no card and no core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from .chat import Speaker
from .console_chat import Line


async def typed_lines(speaker: Speaker, prompt: str = "› ") -> AsyncIterator[Line]:
    """Lines from the keyboard until end of input; read in a thread that never holds up exit."""
    import contextlib
    import threading

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (line editing and history for input())

    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        while True:
            try:
                typed: str | None = input(prompt)
            except (EOFError, KeyboardInterrupt, ValueError):
                typed = None
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens
                loop.call_soon_threadsafe(queue.put_nowait, typed)
            if typed is None:
                return

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    while (typed := await queue.get()) is not None:
        yield Line(speaker=speaker, text=typed)
