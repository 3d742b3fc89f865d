"""What a person has deleted is gone with everything it led to; what is another's stays."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.forgetting import forget_person, forget_picture, forget_request, forget_votes
from inference.learning.log import Ballot, record_grid, record_vote
from store.blobs import BlobStore
from store.errors import BlobMissing
from store.sessions import Database
from store.tables import (
    Community,
    Grid,
    Identity,
    Person,
    Picture,
    Request,
    Sanction,
    Slot,
    Table,
    Tombstone,
    Vote,
    now,
)

PNG = b"the bytes of a picture"
SHA256 = hashlib.sha256(PNG).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    """Blobs on disk."""
    return BlobStore(str(tmp_path / "blobs"))


async def paint(db: Database, blobs: BlobStore, who: str, num: int = 2) -> list[str]:
    """A person with a delivered request of ``num`` pictures in a grid; the pictures' ids."""
    sha256 = await blobs.put(PNG)
    async with db.session() as session:
        place = Community(id=f"place-{who}", platform="terminal", external_id=who)
        session.add_all([Person(id=who), place])
        await session.flush()
        session.add(Identity(id=f"id-{who}", person_id=who, platform="terminal", external_id=who))
        await session.flush()
        session.add(
            Request(
                id=f"request-{who}", person_id=who, identity_id=f"id-{who}", community_id=place.id,
                platform="terminal", event_id=who, address={}, language="en", wish="a cat",
            )
        )  # fmt: skip
        await session.flush()
        pictures = [f"picture-{who}-{index}" for index in range(num)]
        for index, picture in enumerate(pictures):
            session.add(
                Picture(
                    id=picture, request_id=f"request-{who}", person_id=who, round=1, index=index,
                    seed=index, width=64, height=64, sha256=sha256,
                )
            )  # fmt: skip
            await session.flush()
            await blobs.own(session, sha256, owner_kind="rendition", owner_id=picture)
        await record_grid(
            session, request_id=f"request-{who}", round=1, picture_ids=pictures,
            order_probability=0.5, may_learn=True,
        )  # fmt: skip
    return pictures


async def vote(db: Database, who: str, whose: str) -> None:
    """``who`` picks the first picture of a grid of ``whose``."""
    async with db.session() as session:
        grid = await session.scalar(select(Grid.id).where(Grid.request_id == f"request-{whose}"))
        ballot = Ballot(
            grid_id=str(grid), person_id=who, kind="pick", platform="terminal",
            event_id=f"{who}-{whose}", may_learn=True, position=1,
        )  # fmt: skip
        await record_vote(session, ballot)


async def count(db: Database) -> dict[str, int]:
    """How many rows every table has, where it has any."""
    async with db.session() as session:
        sizes = {
            table.name: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
        }
    return {name: size for name, size in sizes.items() if size}


async def test_a_person_goes_with_everything_of_theirs(db: Database, blobs: BlobStore) -> None:
    """Only tombstones and the place stay; the receipt says how much went."""
    await paint(db, blobs, "ann")
    await vote(db, "ann", "ann")
    async with db.session() as session:
        receipt = await forget_person(session, blobs, "ann")
    assert receipt.rows["pictures"] == receipt.rows["slots"] == receipt.num_blobs == 2
    assert receipt.num_tombstones == 4  # two pictures, their grid, a vote
    assert await count(db) == {"communities": 1, "tombstones": 4}
    with pytest.raises(BlobMissing):
        await blobs.get(SHA256)


async def test_what_another_owns_stays(db: Database, blobs: BlobStore) -> None:
    """The same bytes and the other's rows are untouched; a vote on them goes with its voter."""
    await paint(db, blobs, "ann")
    await paint(db, blobs, "bob")
    await vote(db, "ann", "bob")
    await vote(db, "bob", "bob")
    async with db.session() as session:
        await forget_person(session, blobs, "ann")
    assert await blobs.get(SHA256) == PNG
    left = await count(db)
    assert (left["people"], left["pictures"], left["votes"], left["blobs"]) == (1, 2, 1, 2)


async def test_a_sanction_outlives_the_data(db: Database, blobs: BlobStore) -> None:
    """The bare account and the ban stay, so that deleting one's data lifts no ban."""
    await paint(db, blobs, "ann")
    async with db.session() as session:
        session.add(Sanction(person_id="ann", kind="ban"))
        past = now() - dt.timedelta(days=1)
        session.add(Sanction(person_id="ann", kind="strike", expires_at=past))
    async with db.session() as session:
        receipt = await forget_person(session, blobs, "ann")
    assert receipt.num_sanctions_kept == 1
    left = await count(db)
    assert left.pop("tombstones") == 3
    assert left == {"people": 1, "identities": 1, "communities": 1, "sanctions": 1}


async def test_one_picture_goes_and_its_grid_stays(db: Database, blobs: BlobStore) -> None:
    """The other picture is still in its place."""
    gone, kept = await paint(db, blobs, "ann")
    async with db.session() as session:
        receipt = await forget_picture(session, blobs, gone)
    assert receipt.rows == {"pictures": 1, "slots": 1}
    async with db.session() as session:
        slots = (await session.scalars(select(Slot))).all()
    assert [(slot.picture_id, slot.position) for slot in slots] == [(kept, 2)]


async def test_votes_go_and_what_was_voted_on_stays(db: Database, blobs: BlobStore) -> None:
    """Each vote leaves a tombstone with its own id."""
    await paint(db, blobs, "ann")
    await vote(db, "ann", "ann")
    async with db.session() as session:
        (voted,) = await session.scalars(select(Vote.id))
        receipt = await forget_votes(session, "ann")
    assert receipt.rows == {"votes": 1}
    async with db.session() as session:
        (stone,) = await session.scalars(select(Tombstone))
    assert (stone.id, stone.kind, stone.receipt) == (voted, "votes", receipt.number)


async def test_a_request_goes_with_its_pictures(db: Database, blobs: BlobStore) -> None:
    """The person stays."""
    await paint(db, blobs, "ann")
    async with db.session() as session:
        await forget_request(session, blobs, "request-ann")
    left = await count(db)
    assert "pictures" not in left
    assert left["people"] == 1


@pytest.mark.parametrize("forget", [forget_person, forget_request, forget_picture])
async def test_what_is_unknown_is_said_to_be(
    sqlite_db: Database, blobs: BlobStore, forget: Any
) -> None:
    """Nothing is deleted for an id that is not there."""
    with pytest.raises(LookupError):
        async with sqlite_db.session() as session:
            await forget(session, blobs, "nobody")
