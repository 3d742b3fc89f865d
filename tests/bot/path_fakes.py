"""Stand-ins for the parts of the path, through the same ports: no torch, no platform, no network."""

from __future__ import annotations

import asyncio
import io
import os
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sqlalchemy import select

import migrations
from bot.app import App, Pace, Parts, build
from bot.asks import Reply, Standing
from bot.chat import Card, Event, Place, Speaker
from bot.describing import Describer
from bot.settings import Settings
from inference.expansion.brief import Brief, Question, Span, Wish
from inference.jobs import Picture, Progress, ProgressListener, RenderCancelled, RenderJob
from moderation.policy import ALLOWED, Category, Decision, Finding, Verdict
from store.tables import Delivery, RequestState

PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))  # a machine that is busy sets it higher
QUICK = Pace(
    dead_after_seconds=2.0 * PATIENCE, beat_seconds=0.4, sweep_seconds=0.3, rulings_seconds=0.1
)


class FakeWordFilter:
    """Blocks "forbidden", is unsure of "doubtful"."""

    def __init__(self, heard: list[str] | None = None) -> None:
        self.heard = heard if heard is not None else []

    def check(self, text: str) -> Verdict:
        self.heard.append(text)
        if "forbidden" in text:
            return verdict(Decision.BLOCK)
        return verdict(Decision.REVIEW) if "doubtful" in text else ALLOWED


class FakePictureFilter:
    """Judges by colour: red is blocked, blue needs a look, the rest is fine."""

    def check(self, picture: bytes) -> Verdict:
        red, _, blue = Image.open(io.BytesIO(picture)).convert("RGB").getpixel((0, 0))
        if red > 200:
            return verdict(Decision.BLOCK)
        return verdict(Decision.REVIEW) if blue > 200 else ALLOWED


class FakeEyes:
    """Sees a green cat in everything."""

    whole = np.ones((1, 1))

    def read(self, sentences: list[str]) -> Any:
        return np.array(
            [[("cat" in one) + ("green cat" in one) - len(one) / 999] for one in sentences]
        )

    def look(self, images: list[Image.Image]) -> FakeEyes:
        return self


def verdict(decision: Decision, category: Category = Category.VIOLENCE) -> Verdict:
    """A verdict with one finding."""
    finding = Finding(rule_id="fake", category=category, decision=decision)
    return Verdict(decision=decision, scores={category: 1.0}, findings=(finding,))


class FakeExpander:
    """Adds ", fine" to the wish; asks about "vague" wishes; adds what "sly" wishes hide."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []

    async def expand(self, wish: Wish) -> Brief:
        self.wishes.append(wish)
        added = ", doubtful" if "sly" in wish.text else ", fine"
        asks = "vague" in wish.text and wish.may_ask and wish.answer is None
        prompt = " ".join(part for part in (wish.text, wish.answer) if part)
        return Brief(
            wish=wish.text,
            language="en",
            prompt=prompt + added,
            added=(Span(start=len(prompt), end=len(prompt + added)),),
            question=Question(text="Cat or dog?", options=("cat", "dog")) if asks else None,
            expander="fake",
        )


COLORS = {"red": (255, 0, 0), "blue": (0, 0, 255)}


@dataclass
class FakeEngine:
    """Flat pictures in the colour the prompt names, after ``seconds``; counts what it painted."""

    seconds: float = 0.0
    painted: list[str] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def render(
        self,
        job: RenderJob,
        *,
        reference: Image.Image | None = None,
        mask: Image.Image | None = None,
        on_progress: ProgressListener | None = None,
    ) -> list[Picture]:
        self.painted.append(job.id)
        self.began.set()
        for step in range(1, 5):
            await asyncio.sleep(self.seconds / 4)
            if job.id in self.cancelled:
                self.stopped.set()
                raise RenderCancelled
            if on_progress:
                on_progress(Progress(job=job.id, step=step, steps=4, seconds_left=1.0))
        color = next((rgb for name, rgb in COLORS.items() if name in job.prompt), (10, 200, 10))
        size = (job.width, job.height)
        return [
            Picture(index=index, seed=job.seed + index, image=Image.new("RGB", size, color))
            for index in range(job.count)
        ]

    def cancel(self, job_id: str) -> None:
        self.cancelled.add(job_id)

    async def close(self) -> None:
        return


class RecordingChat:
    """Remembers what it was told; ``fail`` may raise before anything is sent."""

    def __init__(self, platform: str = "terminal") -> None:
        self.platform = platform
        self.sent: list[Card] = []
        self.addresses: list[Mapping[str, Any]] = []
        self.edits: list[tuple[str, Card]] = []  # message id and what it became
        self.replaced: list[str | None] = []
        self.deleted: list[str] = []
        self.edit_seconds = 0.0
        self.fail: Callable[[Card], None] = lambda _: None

    async def run(self) -> None:
        return

    async def send(
        self, address: Mapping[str, Any], card: Card, *, nonce: str, replaces: str | None = None
    ) -> str:
        self.fail(card)
        self.sent.append(card)
        self.addresses.append(address)
        self.replaced.append(replaces)
        return f"m{len(self.sent)}"

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        self.fail(card)
        self.edits.append((message_id, card))

    async def delete(self, address: Mapping[str, Any], message_id: str) -> None:
        self.deleted.append(message_id)

    def place(self, address: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"room": "here"}


def make_parts(engine: FakeEngine | None = None, expander: FakeExpander | None = None) -> Parts:
    """Every exchangeable part, as a fake."""
    painter = engine or FakeEngine()
    return Parts(
        word_filter=FakeWordFilter(),
        negative_filter=FakeWordFilter(),
        expander=expander or FakeExpander(),
        load_engine=lambda: painter,
        load_picture_filter=FakePictureFilter,
        native_size=(64, 64),
        describer=Describer(FakeEyes),
    )


def make_settings(folder: Path, url: str = "", **choices: Any) -> Settings:
    """Settings in more of a hurry, with one picture for a wish."""
    chosen = {"poll_seconds": 0.05, "undo_seconds": 0.0, "default_count": 1, **choices}
    return Settings(data_dir=folder, database_url=url, **chosen)


@cache
def _empty_sqlite() -> bytes:
    """A migrated SQLite file, made once: migrating takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "atelier.sqlite"
        migrations.upgrade(f"sqlite:///{path}")
        sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        return path.read_bytes()


def make_tables(settings: Settings) -> None:
    """The tables of an empty database."""
    if not settings.is_embedded:
        migrations.upgrade(settings.url)
        return
    path = Path(settings.url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_empty_sqlite())


def make_app(
    settings: Settings, parts: Parts | None = None, roles: tuple[str, ...] = ("chat", "render")
) -> App:
    """An app of fakes."""
    return build(settings, roles, parts=parts or make_parts(), pace=QUICK)


def event(id: str, who: str = "ann", *, address: Mapping[str, Any] | None = None) -> Event:
    """Something a person in a room does."""
    return Event(
        id=id,
        speaker=Speaker(platform="terminal", external_id=who, name=who, locale="en"),
        place=Place(platform="terminal", external_id="room"),
        address={"to": who} if address is None else address,
    )


async def settle(app: App, reply: Reply, *, round: int = 1, seconds: float = 20.0) -> Standing:
    """Where the request stands when nothing more happens by itself and all has been told.

    ``round``: wait for that round at least, which a decision begins.
    """
    assert reply.request_id is not None, reply.card.lines
    async with asyncio.timeout(seconds * PATIENCE):
        while True:
            standing = await app.studio.standing(reply.request_id)
            is_quiet = standing.is_final or standing.is_waiting_for_a_person
            if is_quiet and standing.round >= round and await _is_told(app, standing):
                return standing
            await asyncio.sleep(0.03)


async def _is_told(app: App, standing: Standing) -> bool:
    """True once a delivery of this round is over, or where none is due."""
    if standing.state == RequestState.CANCELLED:
        return True
    mine = select(Delivery.state).where(
        Delivery.request_id == standing.request_id, Delivery.what.endswith(f":{standing.round}")
    )
    async with app.db.session() as session:
        return await session.scalar(mine) in ("sent", "gave_up")
