"""Builds everything in one place and starts the roles of this process."""

from __future__ import annotations

from collections.abc import Collection

from .chat import Chat
from .requests import Studio
from .settings import Settings

ROLES = ("chat", "render", "desk")


class App:
    """One process of the service. With no roles it only reads, admits and enqueues."""

    studio: Studio
    settings: Settings

    def join(self, chat: Chat) -> None:
        """Have requests of ``chat.platform`` answered through ``chat``. Before ``start``."""
        raise NotImplementedError

    async def start(self) -> None:
        """Open the tables (they must be current) and, with roles, take up work.
        Raises ``AppError``: one sentence."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Take no more work, finish or leave what runs, close everything."""
        raise NotImplementedError


def build(settings: Settings, roles: Collection[str] = ()) -> App:
    """Everything, built and passed in. ``roles``: any of ``chat``, ``render``; none means a
    companion of a running service: it admits and enqueues beside it."""
    raise NotImplementedError
