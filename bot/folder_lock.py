"""One executing process for each data folder: an ``flock`` that dies with its holder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class AppError(Exception):
    """This process cannot serve. ``key`` and ``args_`` name a Fluent sentence."""

    key = "app-already-served"

    def __init__(self, **args: Any) -> None:
        super().__init__(f"{self.key} {args}" if args else self.key)
        self.args_: Mapping[str, Any] = args


class AlreadyServed(AppError):
    """Another process executes in this data folder."""


@contextmanager
def only_one(folder: Path, what: str) -> Iterator[None]:
    """One process at a time in here; others wait for their turn."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{what}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class FolderLock:
    """Held from ``take`` to ``release``, or to the end of the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises ``AlreadyServed`` where another process holds it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / "executing.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise AlreadyServed(folder=str(self._folder)) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Let another process take it. Safe to repeat."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_taken(self) -> bool:
        """True where someone else holds it now."""
        try:
            self.take()
        except AlreadyServed:
            return True
        self.release()
        return False
