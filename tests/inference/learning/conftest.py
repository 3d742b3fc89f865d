"""A community, people who ask and vote, and pictures to vote on."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from store.blobs import BlobStore
from store.sessions import Database
from store.tables import Brief, Community, Consent, Identity, Person, Picture, Request

PNG = b"\x89PNG\r\n\x1a\n"


class Studio:
    """Rows as the path of a request leaves them, with as little said as will do."""

    def __init__(self, db: Database, blobs: BlobStore) -> None:
        self.db = db
        self.blobs = blobs
        self.num_requests = 0

    async def person(self, name: str, *, may_learn: bool | None = True) -> str:
        """Someone with an account, and an answer to the question whether we may learn."""
        async with self.db.session() as session:
            session.add(Person(id=name))
            await session.flush()
            session.add(Identity(id=name, person_id=name, platform="discord", external_id=name))
        if may_learn is not None:
            await self.answer(name, is_given=may_learn)
        return name

    async def answer(self, name: str, *, is_given: bool) -> None:
        """Another answer to that question; the newest counts."""
        async with self.db.session() as session:
            session.add(Consent(person_id=name, kind="learning", version="1", is_given=is_given))

    async def pictures(self, person: str, count: int, **request: object) -> tuple[str, list[str]]:
        """A request of that person and its finished pictures; their ids."""
        self.num_requests += 1
        own, wish = f"request{self.num_requests}", f"a red star {self.num_requests}"
        names = [f"{own}-{index}" for index in range(count)]
        kept = [await self.blobs.put(PNG + name.encode()) for name in names]
        async with self.db.session() as session:
            await self._community(session)
            row = {"platform": "discord", "event_id": own, "address": {}, "language": "en"}
            who = {"person_id": person, "identity_id": person, "community_id": "guild"}
            session.add(Request(id=own, wish=wish, **row, **who, **request))
            await session.flush()
            job = {"prompt": wish + ", ink", "reference": None}
            session.add(Brief(request_id=own, round=1, brief={"prompt": wish}, job=job))
            for index, (name, sha256) in enumerate(zip(names, kept, strict=True)):
                size = {"width": 64, "height": 64, "seed": index, "sha256": sha256}
                of = {"request_id": own, "person_id": person, "round": 1, "index": index}
                session.add(Picture(id=name, release="release-1", **size, **of))
                await session.flush()
                await self.blobs.own(session, sha256, owner_kind="rendition", owner_id=name)
        return own, names

    async def _community(self, session: AsyncSession) -> None:
        if await session.get(Community, "guild") is None:
            session.add(Community(id="guild", platform="discord", external_id="guild"))
            await session.flush()


@pytest.fixture
def studio(db: Database) -> Studio:
    """An empty studio."""
    return Studio(db, BlobStore(f"memory://{uuid.uuid4().hex}"))
