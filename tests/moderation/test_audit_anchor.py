"""The anchor of the audit log: kept after each commit, outside the database; a hundred thousand
entries are checked against it, and nothing that kills a process makes it lie."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.audit import FIRST_MAC, Anchor, AuditLog, Head, sealed
from moderation.errors import AuditError
from store.sessions import Database
from store.tables import AuditEntry, now

from .case_world import a_log

MOST_SECONDS = 5.0  # for a hundred thousand entries, on a quiet machine


async def write(db: Database, log: AuditLog, num: int = 1) -> None:
    """So many entries in one transaction."""
    async with db.session() as session:
        for number in range(num):
            await log.append(session, "ann", "case-claim", f"c{number}")


async def first_bad(db: Database, log: AuditLog) -> int | None:
    """What a check says."""
    async with db.session() as session:
        return (await log.verify(session)).first_bad


async def test_each_transaction_is_anchored_once_it_is_committed(
    db: Database, tmp_path: Path
) -> None:
    """Its last entry; one that is rolled back leaves nothing, and what existed comes first."""
    log = a_log(tmp_path)
    async with db.session() as session:
        await log.begin(session)
        await log.begin(session)
    await write(db, log, 3)
    with pytest.raises(AuditError):
        await _fail_after_writing(db, log)
    await write(db, log)
    assert [head.number for head in log.anchor.read()] == [0, 3, 4]
    assert await first_bad(db, log) is None


async def _fail_after_writing(db: Database, log: AuditLog) -> None:
    async with db.session() as session:
        await log.append(session, "ann", "case-claim", "c")
        await log.append(session, "ann", "prose is", "refused")


async def test_a_cut_tail_is_found(db: Database, tmp_path: Path) -> None:
    """Down to the last entry, and also when others were written in its place."""
    log = a_log(tmp_path)
    await write(db, log, 3)
    async with db.session() as session:
        await session.execute(delete(AuditEntry).where(AuditEntry.number == 3))
    assert await first_bad(db, log) == 3
    unwatched = AuditLog(key=log.key, anchor=Anchor(path=tmp_path / "other"))
    await write(db, unwatched, 2)
    assert await first_bad(db, log) == 3


async def test_a_log_of_an_earlier_version_is_anchored_as_it_is(
    db: Database, tmp_path: Path
) -> None:
    """At the first start; without any anchor a check refuses to say that it is whole."""
    log = a_log(tmp_path)
    await write(db, AuditLog(key=log.key, anchor=Anchor(path=tmp_path / "other")), 2)
    with pytest.raises(AuditError) as caught:
        await first_bad(db, log)
    assert caught.value.key == "audit-error-no-anchor"
    async with db.session() as session:
        await log.begin(session)
    assert await first_bad(db, log) is None
    assert [head.number for head in log.anchor.read()] == [2]


async def test_an_anchor_that_is_a_moment_behind_is_no_alarm(db: Database, tmp_path: Path) -> None:
    """Killed between the commit and the anchor; nor is a line that was torn."""
    log = a_log(tmp_path)
    await write(db, log)
    lines = log.anchor.path.read_text()
    await write(db, log)
    log.anchor.path.write_text(lines + log.anchor.path.read_text()[len(lines) :][:40])
    assert await first_bad(db, log) is None
    await write(db, log)
    assert await first_bad(db, log) is None
    assert log.anchor.read()[0].number == 1


async def test_a_disk_that_takes_no_anchor_stops_nobody(db: Database, tmp_path: Path) -> None:
    """What was done is done, and the next head covers it."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    log = AuditLog(key=b"a key", anchor=Anchor(path=blocked / "audit.anchor"))
    await write(db, log)
    async with db.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM audit")) == 1


def test_a_rewritten_anchor_is_found(tmp_path: Path) -> None:
    """Lines are only appended; what is no line of ours is passed over."""
    anchor = Anchor(path=tmp_path / "deep" / "audit.anchor")
    for number in (1, 2):
        anchor.keep(Head(number=number, mac="ab" * 32))
    with anchor.path.open("a") as file:
        file.write("nonsense\n2026 3 short\n")
    assert [head.number for head in anchor.read()] == [1, 2]


WRITER = """
    import asyncio, sys
    from moderation.audit import Anchor, AuditLog
    from pathlib import Path
    from store.sessions import Database

    async def write_for_ever(url, folder):
        log = AuditLog(key=b"a key", anchor=Anchor(path=Path(folder) / "audit.anchor"))
        db = Database(url)
        async with db.session() as session:
            await log.begin(session)
        while True:
            async with db.session() as session:
                await log.append(session, "ann", "case-claim", "c")
            print("written", flush=True)

    asyncio.run(write_for_ever(*sys.argv[1:]))
"""


@pytest.mark.alone
async def test_killed_while_writing_the_log_stays_whole(
    db: Database, migrated_url: str, tmp_path: Path, checkout: Path
) -> None:
    """``kill -9`` at any moment, again and again: no false alarm."""
    log = a_log(tmp_path)
    draw = random.Random(7)
    for _ in range(3):
        code = textwrap.dedent(WRITER)
        command = [sys.executable, "-c", code, migrated_url, str(tmp_path)]
        writer = await asyncio.create_subprocess_exec(
            *command, stdout=subprocess.PIPE, cwd=checkout
        )
        assert writer.stdout is not None
        assert await writer.stdout.readline() == b"written\n"
        await asyncio.sleep(draw.uniform(0.01, 0.2))
        os.kill(writer.pid, signal.SIGKILL)
        await writer.communicate()
        assert await first_bad(db, log) is None
    async with db.session() as session:
        assert (await log.verify(session)).num_entries >= 3


async def a_long_chain(db: Database, log: AuditLog, length: int) -> None:
    """A chain written at once, as ``append`` would have, its last head anchored."""
    rows, mac = [], FIRST_MAC
    for number in range(1, length + 1):
        facts = {"decision": "approve", "reason": "within_rules", "number": number}
        columns = [number, now(), f"p{number % 50}", "case-approve", f"c{number}", facts, mac]
        mac = sealed(log.key, columns)
        names = ("number", "at", "actor", "action", "subject", "facts", "previous_mac")
        rows.append({**dict(zip(names, columns, strict=True)), "mac": mac})
    async with db.session() as session:
        for start in range(0, length, 5000):
            await session.execute(insert(AuditEntry), rows[start : start + 5000])
    log.anchor.keep(Head(number=length, mac=mac.hex()))


@asynccontextmanager
async def harmed(db: Database, how: str, number: int) -> AsyncIterator[None]:
    """An entry edited, removed or swapped with the one before it; in the end as it was."""
    is_it = AuditEntry.number == number
    async with db.session() as session:
        kept = (await session.execute(select(AuditEntry.__table__).where(is_it))).mappings().one()
        await _harm(session, how, number)
    yield
    async with db.session() as session:
        if how == "reordered":
            await _harm(session, how, number)
        else:
            await session.execute(delete(AuditEntry).where(is_it))
            await session.execute(insert(AuditEntry).values(**kept))


async def _harm(session: AsyncSession, how: str, number: int) -> None:
    is_it = AuditEntry.number == number
    if how == "edited":
        await session.execute(update(AuditEntry).where(is_it).values(actor="someone-else"))
    elif how == "removed":
        await session.execute(delete(AuditEntry).where(is_it))
    else:
        renumber = text("UPDATE audit SET number = :new WHERE number = :old")
        for old, new in ((number, 0), (number - 1, number), (0, number - 1)):
            await session.execute(renumber, {"new": new, "old": old})


async def expect_found(db: Database, log: AuditLog, number: int) -> None:
    """Every harm to that entry is found, where it is."""
    for how, place in (("edited", number), ("removed", number), ("reordered", number - 1)):
        async with harmed(db, how, number):
            assert await first_bad(db, log) == place, how
    assert await first_bad(db, log) is None


async def test_any_harm_to_any_entry_is_found(db: Database, tmp_path: Path) -> None:
    """Edited, removed, reordered: the first ones, the last, and some in between."""
    log = a_log(tmp_path)
    await a_long_chain(db, log, 300)
    for number in (2, 300, *random.Random(1).sample(range(3, 300), 5)):
        await expect_found(db, log, number)


@pytest.mark.slow
@pytest.mark.timeout(400)  # on two busy cores
async def test_a_hundred_thousand_entries_are_checked_in_seconds(
    db: Database, tmp_path: Path
) -> None:
    """And harm is found in them, down to the last one."""
    log = a_log(tmp_path)
    await a_long_chain(db, log, 100_000)
    began = time.process_time()
    assert await first_bad(db, log) is None
    seconds = time.process_time() - began
    await expect_found(db, log, 100_000)
    async with harmed(db, "edited", 50_000):
        assert await first_bad(db, log) == 50_000
    print(f"{seconds:.2f} s of this process for 100,000 entries on {db.name[:10]}")
    assert seconds < 10 * MOST_SECONDS
