"""Serves the desk inside this process: one socket, one uvicorn server, stopped by us alone."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

from moderation.errors import DeskError

from .house import House
from .site import make_site

STOP_SECONDS = 5


class _Server(uvicorn.Server):
    """Uvicorn without its own idea of signals: the process is told elsewhere when to end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


class DeskServer:
    """The desk at an address of this machine."""

    def __init__(self, house: House, host: str, port: int) -> None:
        self.house, self._host, self._port = house, host, port
        self.address = ""  # where it listens, once it does
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen and answer; raises ``DeskError`` where the address is taken or not ours."""
        try:
            listening = socket.create_server((self._host, self._port), backlog=128)
        except OSError as error:
            raise DeskError("desk-error-address", host=self._host, port=str(self._port)) from error
        host, port = listening.getsockname()[:2]
        self.address = f"http://{host}:{port}"
        config = uvicorn.Config(
            make_site(self.house),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))
        up = asyncio.create_task(self._server.is_up.wait())
        await asyncio.wait((up, self._task), return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            up.cancel()
            await self._task  # it says why

    async def stop(self) -> None:
        """Finish what is being answered, and close. Safe to repeat."""
        if self._server is None or self._task is None:
            return
        self._server.should_exit = True
        await self._task
        self._server = self._task = None
