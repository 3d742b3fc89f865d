"""The chain of the tamper-evident log: every entry is sealed, together with the seal before it, by HMAC-SHA256.

An entry holds opaque ids and salted digests only, never words or names, so that a person can be
forgotten without breaking the chain. Whoever has no key cannot change, remove or reorder entries
unseen; a cut tail shows against a head that was kept elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.errors import AuditError
from store.tables import AuditEntry, now

FIRST_MAC = bytes(32)  # what stands before the first entry
_LOCK = 0x41544C41  # the advisory lock of writers on Postgres
_WORD = re.compile(r"[A-Za-z0-9:._-]{0,80}")  # ids, digests, codes; prose has spaces
_ROWS_AT_ONCE = 2000

Fact = str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Head:
    """An entry that was the newest. Kept outside the database, it proves that no tail was cut."""

    number: int
    mac: str  # hex


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check of the whole chain found."""

    num_entries: int
    first_bad: int | None  # number of the first entry that is changed, missing or out of place
    head: Head

    @property
    def is_intact(self) -> bool:
        return self.first_bad is None


def digest(key: bytes, words: str) -> str:
    """A salted digest: tells whether two texts were the same, and nothing else."""
    return hmac.new(key, b"digest:" + words.encode(), hashlib.sha256).hexdigest()[:32]


async def append(
    session: AsyncSession,
    key: bytes,
    actor: str,
    action: str,
    subject: str,
    facts: Mapping[str, Fact] | None = None,
) -> Head:
    """Seal one entry behind the newest; in the caller's transaction, writers one at a time.

    Raises ``AuditError`` for anything that could be prose, such as a prompt or a name.
    """
    facts = dict(facts or {})
    _check_opaque(actor, action, subject, facts)
    await _wait_for_turn(session)
    last = await head(session)
    entry = AuditEntry(
        number=last.number + 1,
        at=now(),
        actor=actor,
        action=action,
        subject=subject,
        facts=facts,
        previous_mac=bytes.fromhex(last.mac),
    )
    entry.mac = sealed(key, _columns(entry))
    session.add(entry)
    await session.flush()
    return Head(number=entry.number, mac=entry.mac.hex())


async def head(session: AsyncSession) -> Head:
    """The newest entry's number and seal; number 0 before the first."""
    newest = select(AuditEntry.number, AuditEntry.mac).order_by(AuditEntry.number.desc()).limit(1)
    row = (await session.execute(newest)).one_or_none()
    return (
        Head(number=row.number, mac=row.mac.hex()) if row else Head(number=0, mac=FIRST_MAC.hex())
    )


async def verify(session: AsyncSession, key: bytes, anchors: Collection[Head] = ()) -> Report:
    """Check every seal in order. ``anchors`` are heads that were kept elsewhere before this began:
    each must still be there."""
    walk = _Walk(
        key=key, anchored={head.number: bytes.fromhex(head.mac) for head in anchors if head.number}
    )
    wanted = [getattr(AuditEntry, name) for name in (*_SEALED, "mac")]
    statement = select(*wanted).order_by(AuditEntry.number)
    rows = await session.stream(statement.execution_options(yield_per=_ROWS_AT_ONCE))
    try:
        async for some in rows.partitions():
            if not all(map(walk.goes_on, some)):
                break
    finally:
        await rows.close()
    return walk.report()


@dataclass(kw_only=True)
class _Walk:
    """Along the chain: how far it is whole."""

    key: bytes
    anchored: Mapping[int, bytes]
    number: int = 0
    mac: bytes = FIRST_MAC
    is_broken: bool = False

    def goes_on(self, row: Sequence[Any]) -> bool:
        """True where this row is the next one, unchanged, and the one that was anchored."""
        *columns, own_mac = row
        number = self.number + 1
        is_whole = (
            columns[0] == number
            and hmac.compare_digest(columns[-1], self.mac)
            and hmac.compare_digest(sealed(self.key, columns), own_mac)
            and self.anchored.get(number, own_mac) == own_mac
        )
        if is_whole:
            self.number, self.mac = number, own_mac
        self.is_broken = not is_whole
        return is_whole

    def report(self) -> Report:
        """What was found; a tail that was anchored and is not there was cut off."""
        is_whole = not self.is_broken and self.number >= max(self.anchored, default=0)
        return Report(
            num_entries=self.number,
            first_bad=None if is_whole else self.number + 1,
            head=Head(number=self.number, mac=self.mac.hex()),
        )


_SEALED = ("number", "at", "actor", "action", "subject", "facts", "previous_mac")


def _columns(entry: AuditEntry) -> list[Any]:
    return [getattr(entry, name) for name in _SEALED]


def sealed(key: bytes, columns: Sequence[Any]) -> bytes:
    """The seal of an entry: its columns in order, the seal of the one before it last."""
    number, at, actor, action, subject, facts, previous_mac = columns
    said = [number, at.isoformat(), actor, action, subject, facts, previous_mac.hex()]
    return hmac.digest(key, _CANONICAL.encode(said).encode(), "sha256")


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _check_opaque(actor: str, action: str, subject: str, facts: Mapping[str, Fact]) -> None:
    words = [actor, action, subject, *facts]
    words += [value for value in facts.values() if isinstance(value, str)]
    for word in words:
        if not _WORD.fullmatch(word):
            raise AuditError("audit-error-prose")


async def _wait_for_turn(session: AsyncSession) -> None:
    """Two writers would fork the chain; the number's primary key is the second line of defence."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    else:  # a write that changes nothing takes SQLite's one write lock
        await session.execute(update(AuditEntry).where(AuditEntry.number < 0).values(action=""))
