"""The two files of the audit log outside the database: the key that seals it, and its anchor."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from moderation.audit import Anchor, AuditLog
from moderation.errors import AuditError

from .settings import Settings


def open_audit_log(settings: Settings, *, is_for_reading: bool = False) -> AuditLog:
    """The log with its key and the file in which its heads are kept.

    ``is_for_reading``: raises ``AuditError`` where there is no key yet, instead of making one.
    """
    path = settings.audit_anchor or settings.data_dir / "audit.anchor"
    key = _read_key(settings, may_make=not is_for_reading)
    return AuditLog(key=key, anchor=Anchor(path=path))


def _read_key(settings: Settings, *, may_make: bool) -> bytes:
    """The key that seals the audit log: the setting, else a file made at the first start."""
    if settings.audit_key.get_secret_value():
        return settings.audit_key.get_secret_value().encode()
    path = settings.data_dir / "audit.key"
    if not path.exists():
        if not may_make:
            raise AuditError("audit-error-no-key", path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_bytes(32))
    return path.read_bytes()


def _write_once(path: Path, data: bytes) -> None:
    """Two processes that start at once agree on one file."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_bytes(data)
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
