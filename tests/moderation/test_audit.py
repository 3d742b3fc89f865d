"""The audit chain: every edit, removal and re-ordering is found, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, select, text, update

from moderation import audit
from moderation.errors import AuditError
from store.sessions import Database
from store.tables import AuditEntry, now

KEY = b"a key of the operator's"


async def a_chain(db: Database, length: int = 5) -> audit.Head:
    """So many entries."""
    async with db.session() as session:
        for number in range(length):
            facts = {"decision": "approve", "number": number, "share": 0.1 + number}
            head = await audit.append(session, KEY, "ann", "case.decided", f"c{number}", facts)
    return head


async def first_bad(db: Database, anchor: audit.Head | None = None, key: bytes = KEY) -> int | None:
    """What a check of the chain says."""
    async with db.session() as session:
        return (await audit.verify(session, key, [anchor] if anchor else [])).first_bad


async def test_an_untouched_chain_is_intact(db: Database) -> None:
    """Also an empty one; the report carries the head."""
    assert await first_bad(db) is None
    head = await a_chain(db)
    async with db.session() as session:
        report = await audit.verify(session, KEY, [head])
        assert report == audit.Report(num_entries=5, first_bad=None, head=head)
        assert await audit.head(session) == head


CHANGES: list[dict[str, object]] = [
    {"actor": "bob"},
    {"action": "case.rejected"},
    {"subject": "c9"},
    {"facts": {"decision": "reject", "number": 2, "share": 2.1}},
    {"mac": bytes(32)},
    {"previous_mac": bytes(32)},
    {"at": now()},
]


async def test_an_edited_entry_is_found(db: Database) -> None:
    """Whatever column was edited, the check names that entry."""
    await a_chain(db)
    is_third = AuditEntry.number == 3
    for change in CHANGES:
        async with db.session() as session:
            row = (await session.scalars(select(AuditEntry).where(is_third))).one()
            original = {name: getattr(row, name) for name in change}
            await session.execute(update(AuditEntry).where(is_third).values(**change))
        assert await first_bad(db) == 3, change
        async with db.session() as session:
            await session.execute(update(AuditEntry).where(is_third).values(**original))
        assert await first_bad(db) is None


async def test_a_removed_entry_is_found(db: Database) -> None:
    """At the end by the head kept elsewhere; in the middle and at the beginning by the gap."""
    head = await a_chain(db)
    for number in (5, 3, 1):
        async with db.session() as session:
            await session.execute(delete(AuditEntry).where(AuditEntry.number == number))
        assert await first_bad(db, head) == number


async def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere(db: Database) -> None:
    """That is why the head is exported."""
    head = await a_chain(db)
    async with db.session() as session:
        await session.execute(delete(AuditEntry).where(AuditEntry.number >= 4))
    assert await first_bad(db) is None
    assert await first_bad(db, head) == 4


async def test_a_rewritten_tail_is_found_against_the_head(db: Database) -> None:
    """Even by someone who has the key."""
    head = await a_chain(db)
    async with db.session() as session:
        await session.execute(delete(AuditEntry).where(AuditEntry.number >= 4))
        await audit.append(session, KEY, "bob", "case.decided", "c3")
        await audit.append(session, KEY, "bob", "case.decided", "c4")
        await audit.append(session, KEY, "bob", "case.decided", "c5")
    assert await first_bad(db) is None
    assert await first_bad(db, head) == 5


async def test_swapped_entries_are_found(db: Database) -> None:
    """Order is part of what is sealed."""
    await a_chain(db)
    async with db.session() as session:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            renumber = text("UPDATE audit SET number = :new WHERE number = :old")
            await session.execute(renumber, {"new": new, "old": old})
    assert await first_bad(db) == 2


async def test_another_key_fits_nothing(db: Database) -> None:
    """Who has no key cannot write a chain of their own."""
    await a_chain(db)
    assert await first_bad(db, key=b"another") == 1


async def test_many_writers_make_one_chain(db: Database) -> None:
    """Sessions that append at the same moment wait for each other."""

    async def write(number: int) -> None:
        async with db.session() as session:
            await audit.append(session, KEY, "ann", "case.claimed", f"c{number}")

    await asyncio.gather(*map(write, range(12)))
    async with db.session() as session:
        report = await audit.verify(session, KEY)
    assert (report.num_entries, report.is_intact) == (12, True)


async def test_prose_is_not_accepted(db: Database) -> None:
    """Names and prompts stay out, so that a person can be forgotten."""
    async with db.session() as session:
        for actor, facts in (("Ann Smith", {}), ("ann", {"wish": "a nude"}), ("你", {})):
            with pytest.raises(AuditError):
                await audit.append(session, KEY, actor, "x", "y", facts)


def test_a_digest_tells_only_whether_texts_are_the_same() -> None:
    """It is salted by the key and does not hold the text."""
    assert audit.digest(KEY, "a wish") == audit.digest(KEY, "a wish")
    assert audit.digest(KEY, "a wish") != audit.digest(b"other", "a wish")
    assert len(audit.digest(KEY, "a wish" * 100)) == 32
