"""A small world for the desk: two communities, their moderators, people who ask, cases that wait.

Also what ``scripts/desk_screenshots.py`` shows. Pictures are flat colours unless others are given.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy.ext.asyncio import AsyncSession

from bot.texts import LANGUAGES, say
from moderation import cases
from moderation.audit import Anchor, AuditLog
from moderation.desk import sessions
from moderation.desk.house import House
from moderation.policy import Category, Decision, Finding, Verdict
from store.errors import BlobMissing
from store.sessions import Database
from store.tables import (
    Blob,
    Brief,
    Community,
    Identity,
    Moderator,
    Person,
    Picture,
    Request,
    RequestState,
    new_id,
    now,
)
from store.tables import Verdict as VerdictRow

URL = "http://127.0.0.1:8460"
PEOPLE = {  # their roles by community; None: everywhere
    "ada": {None: "administrator"},
    "mei": {"club": "moderator"},
    "tom": {"club": "moderator"},
    "ines": {"club": "auditor"},
    "wu": {"inks": "moderator"},
    "lin": {},
    "sam": {},
}
NAMES = {
    "ada": "Ada", "mei": "Mei Tan", "tom": "Tom", "ines": "Ines", "wu": "吴岚", "lin": "Lin",
    "sam": "Sam Okoro",
}  # fmt: skip
COMMUNITIES = {"club": ("discord", "Riverside Art Club"), "inks": ("telegram", "水墨小组")}


def picture(color: str = "#7a8f6a", size: tuple[int, int] = (64, 64)) -> bytes:
    """A flat picture as PNG."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def found(
    category: Category = Category.VIOLENCE,
    *,
    rule: str = "concept.weapon",
    score: float = 0.62,
    decision: Decision = Decision.REVIEW,
    span: tuple[int, int] | None = None,
    matched: str = "",
) -> Finding:
    """What a rule found."""
    start, end = span or (None, None)
    return Finding(
        rule_id=rule, category=category, decision=decision, score=score, start=start, end=end,
        matched=matched,
    )  # fmt: skip


@dataclass
class World:
    """The rows, and the bytes that the rows name."""

    db: Database
    folder: Path
    url: str = URL
    undo_seconds: float = 60.0
    blobs: dict[str, bytes] = field(default_factory=dict)
    numbers: int = 0

    @property
    def house(self) -> House:
        """What the desk is handed."""
        return House(
            db=self.db, load_blob=self.load_blob, say=say, log=self.log, url=self.url,
            languages=LANGUAGES, undo_seconds=self.undo_seconds,
        )  # fmt: skip

    @property
    def log(self) -> AuditLog:
        return AuditLog(key=b"k" * 32, anchor=Anchor(path=self.folder / "anchor"))

    async def load_blob(self, sha256: str) -> bytes:
        """As the blob store: the bytes, or an error of its family."""
        if sha256 not in self.blobs:
            raise BlobMissing(sha256=sha256)
        return self.blobs[sha256]

    def keep(self, data: bytes) -> str:
        """Bytes by their hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.blobs[sha256] = data
        return sha256

    async def settle(self) -> None:
        """Everybody and every place."""
        async with self.db.session() as session:
            for key, (platform, name) in COMMUNITIES.items():
                session.add(Community(id=key, platform=platform, external_id=key, name=name))
            session.add_all(Person(id=who) for who in PEOPLE)
            await session.flush()
            for who, roles in PEOPLE.items():
                session.add(
                    Identity(
                        id=who, person_id=who, platform="discord", external_id=who, name=NAMES[who]
                    )
                )
                session.add_all(
                    Moderator(person_id=who, community_id=where, role=role)
                    for where, role in roles.items()
                )

    async def ask(
        self,
        wish: str,
        *,
        who: str = "lin",
        community: str = "club",
        state: RequestState = RequestState.AWAITING_REVIEW,
        pictures: Sequence[bytes] = (),
        prompt: str = "",
        language: str = "en",
        pdq: str = "",
        minutes: float = 0.0,
        **columns: Any,
    ) -> str:
        """A request with its brief and pictures; returns its id."""
        self.numbers += 1
        request_id, at = new_id(), now() - dt.timedelta(minutes=minutes)
        async with self.db.session() as session:
            session.add(
                Request(
                    id=request_id, person_id=who, identity_id=who, community_id=community,
                    platform="discord", event_id=str(self.numbers), address={}, wish=wish,
                    language=language, state=state, created_at=at, **columns,
                )
            )  # fmt: skip
            await session.flush()
            await self._illustrate(session, request_id, who, prompt, wish, pictures, pdq)
        return request_id

    async def _illustrate(
        self,
        session: AsyncSession,
        request_id: str,
        who: str,
        prompt: str,
        wish: str,
        pictures: Sequence[bytes],
        pdq: str,
    ) -> None:
        if prompt:
            added = [{"start": len(wish), "end": len(prompt)}]
            session.add(
                Brief(request_id=request_id, round=1, brief={"prompt": prompt, "added": added})
            )
        for index, data in enumerate(pictures):
            width, height = Image.open(io.BytesIO(data)).size
            session.add(
                Picture(
                    request_id=request_id, person_id=who, round=1, index=index, seed=index,
                    width=width, height=height, sha256=self.keep(data), pdq=pdq,
                )
            )  # fmt: skip

    async def case(
        self,
        wish: str = "a knight with a sword",
        *,
        stage: str = "picture",
        kind: str = "review",
        category: str = "violence",
        minutes: float = 5.0,
        community: str = "club",
        findings: Sequence[Finding] = (),
        pictures: Sequence[bytes] | None = None,
        request_id: str | None = None,
        **asked: Any,
    ) -> str:
        """A case that waits since ``minutes`` ago; returns its id."""
        if pictures is None:
            pictures = [picture()] if stage == "picture" else []
        request_id = request_id or await self.ask(
            wish, pictures=pictures, community=community, minutes=minutes + 1, **asked
        )
        told = tuple(findings) or (found(Category(category)),)
        async with self.db.session() as session:
            verdict = Verdict(decision=Decision.REVIEW, findings=told, policy="2026-11-1")
            if kind == "review":
                session.add(
                    VerdictRow(
                        request_id=request_id, round=1, stage=stage, decision="review",
                        verdict=verdict.to_row(), policy=verdict.policy,
                    )
                )  # fmt: skip
                await session.flush()
            case = await cases.open_case(
                session, request_id=request_id, community_id=community, round=1, stage=stage,
                category=category, kind=kind,
            )  # fmt: skip
            case.created_at = now() - dt.timedelta(minutes=minutes)
            return case.id

    async def upload(self, data: bytes, who: str = "lin") -> str:
        """A picture somebody sent; returns its hash, for ``reference_sha256``."""
        sha256 = self.keep(data)
        async with self.db.session() as session:
            session.add(
                Blob(
                    sha256=sha256, size_bytes=len(data), media_type="image/png",
                    owner_kind="upload", owner_id=who,
                )
            )  # fmt: skip
        return sha256

    async def link(self, who: str) -> str:
        """The secret of a link for somebody."""
        async with self.db.session() as session:
            return await sessions.new_link(session, who)

    async def decide(self, who: str, case_id: str, decision: Any, reason: str) -> None:
        """Somebody decides, wherever they are."""
        async with self.db.session() as session:
            bench = cases.Bench(
                session=session, log=self.log, person_id=who, undo_seconds=self.undo_seconds
            )
            await bench.decide(case_id, decision, reason)
