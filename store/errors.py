"""What can go wrong with the database or the blobs: one family, each with a sentence to show.

``key`` and ``args_`` name a Fluent sentence in ``store/texts``; nothing here renders it, and no
argument ever holds a password.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StoreError(Exception):
    """The store could not do it; subclasses say why."""

    key = "store-failed"

    def __init__(self, **args: Any) -> None:
        super().__init__(f"{self.key} {args}" if args else self.key)
        self.args_: Mapping[str, Any] = args


class StoreLocked(StoreError):
    """Someone else held the database, or every connection, for too long."""

    key = "store-locked"


class StoreUnreachable(StoreError):
    """The database cannot be opened or connected to."""

    key = "store-unreachable"


class StoreUnsupported(StoreError):
    """The URL names a database that is neither SQLite on a file nor Postgres."""

    key = "store-unsupported"


class StoreOutOfDate(StoreError):
    """The tables are missing or of another version of the program."""

    key = "store-out-of-date"


class StoreTooNew(StoreError):
    """The tables were made by a newer version of the program than this one."""

    key = "store-too-new"


class StoreReadOnly(StoreError):
    """The database or the blob folder cannot be written."""

    key = "store-read-only"


class StoreFull(StoreError):
    """No space is left on the device."""

    key = "store-full"


class StoreDamaged(StoreError):
    """The database file is not a database, or no longer a sound one."""

    key = "store-damaged"


class BlobMissing(StoreError):
    """No bytes are kept under that hash."""

    key = "store-blob-missing"


class BlobDamaged(StoreError):
    """The bytes kept under a hash are not the ones it names."""

    key = "store-blob-damaged"


_LEAST_FREE_BYTES = 64 * 1024  # less than a transaction of ours needs beside the file

# SQLite tells only in words (sqlite.org/rescode.html); libpq does so before it is connected.
_BY_WORDS: Mapping[str, type[StoreError]] = {
    "database is locked": StoreLocked,
    "database table is locked": StoreLocked,
    "unable to open database": StoreReadOnly,
    "connection refused": StoreUnreachable,
    "connection failed": StoreUnreachable,
    "connection timeout": StoreUnreachable,
    "server closed the connection": StoreUnreachable,
    "could not translate host name": StoreUnreachable,
    "failed to resolve host": StoreUnreachable,
    "no such table": StoreOutOfDate,
    "no such column": StoreOutOfDate,
    "has no column named": StoreOutOfDate,
    "already exists": StoreOutOfDate,
    "disk i/o error": StoreReadOnly,
    "disk is full": StoreFull,
    "no space left": StoreFull,
    "readonly database": StoreReadOnly,
    "not a database": StoreDamaged,
    "disk image is malformed": StoreDamaged,
}

# postgresql.org/docs/current/errcodes-appendix.html: a code, or the first two signs of its class.
_BY_SQLSTATE: Mapping[str, type[StoreError]] = {
    "08": StoreUnreachable,
    "28": StoreUnreachable,
    "3D": StoreUnreachable,
    "42P01": StoreOutOfDate,
    "42703": StoreOutOfDate,
    "42P07": StoreOutOfDate,
    "53100": StoreFull,
    "53300": StoreLocked,
    "55P03": StoreLocked,
    "40P01": StoreLocked,
    "57P": StoreUnreachable,
    "25006": StoreReadOnly,
    "XX001": StoreDamaged,
    "XX002": StoreDamaged,
}


def name_of(url: URL) -> str:
    """The database as a person may read it: a file's path, or host and name; no password."""
    if url.drivername.startswith("sqlite"):
        return url.database or "memory"
    return f"{url.host or 'localhost'}/{url.database}"


@contextmanager
def named_errors(url: URL) -> Iterator[None]:
    """Turn what a driver raises into a ``StoreError``; what has no name passes unchanged.

    ``IntegrityError`` always passes: a violated constraint is the caller's answer, not a failure.
    So does ``OSError``: no driver raises it, but what a caller does meanwhile may.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreLocked(place=name_of(url)) from error
    except DBAPIError as error:
        kind = _kind_of(error)
        if kind is StoreReadOnly and url.drivername.startswith("sqlite") and _is_full(url):
            kind = StoreFull
        if kind is None:
            raise
        raise kind(place=name_of(url)) from error


def _is_full(url: URL) -> bool:
    """SQLite says of a full disk, too, only that it cannot open or write its files."""
    try:
        free = shutil.disk_usage(Path(name_of(url)).parent).free
    except OSError:
        return False
    return free < _LEAST_FREE_BYTES


@contextmanager
def named_os_errors(place: str) -> Iterator[None]:
    """The same for files: a full disk, a folder that cannot be written, a lost connection."""
    try:
        yield
    except OSError as error:
        kind = kind_of_os_error(error)
        if kind is None:
            raise
        raise kind(place=place) from error


def make_folder(folder: Path) -> None:
    """Make it where it is missing; raises ``StoreError`` where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise (kind_of_os_error(error) or StoreReadOnly)(place=str(folder)) from error


def kind_of_os_error(error: OSError) -> type[StoreError] | None:
    """Which failure of the store an operating system's error is, if it is one."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreFull
    if error.errno in (
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.ENOTDIR,
        errno.EEXIST,
    ):
        return StoreReadOnly
    if isinstance(error, ConnectionError):
        return StoreUnreachable
    return None


def _kind_of(error: DBAPIError) -> type[StoreError] | None:
    if error.connection_invalidated:
        return StoreUnreachable
    state = getattr(error.orig, "sqlstate", None)
    if state:
        found = (_BY_SQLSTATE.get(state[:length]) for length in (5, 3, 2))
        return next((kind for kind in found if kind), None)
    words = str(error.orig).lower()
    for sign, kind in _BY_WORDS.items():
        if sign in words:
            return kind
    is_connecting = isinstance(error, OperationalError) and error.statement is None
    return StoreUnreachable if is_connecting else None
