"""The render role's engine and eyes, and what flows while they work: progress in, cancels out.

The engine and the picture filter are loaded at most once, in a thread, when first needed or when
warmed up. Progress and cancels travel through the database, so that the chat may live elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from sqlalchemy import bindparam, select

from inference.jobs import Engine, Picture, Progress, RenderJob
from moderation.pictures import PictureRules, tier
from moderation.policy import Decision, PictureFilter, Verdict
from store.blobs import BlobStore
from store.sessions import Database
from store.tables import Request

from .judging import LocalPictureFilter, judge_async
from .progress import keep_progress

if TYPE_CHECKING:
    from PIL.Image import Image

TICK_SECONDS = 0.25  # how often progress is written and cancels are looked for
PREVIEW_SECONDS = 2.0  # a preview of one job at most so often

Thing = TypeVar("Thing")

logger = logging.getLogger(__name__)


class Lazy(Generic[Thing]):
    """Something heavy, made in a thread at most once; a failure is tried again next time."""

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._made: Thing | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> Thing:
        """The thing; raises whatever making it raises."""
        async with self._lock:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
            return self._made

    @property
    def made(self) -> Thing | None:
        return self._made


@runtime_checkable
class Forgetful(Protocol):
    """An engine that remembers pictures."""

    def forget(self) -> None:
        """Drop every picture that is remembered."""


@dataclass
class _Running:
    """A job on the easel. The device thread replaces ``latest``; the loop here reads it."""

    latest: Progress
    shown: Progress | None = None
    preview: bytes | None = None  # the one that was kept last
    preview_sha256: str | None = None
    previewed_at: float = field(default=-PREVIEW_SECONDS)  # monotonic seconds


class Easel:
    """One engine and one picture filter, with the loop that reports on them."""

    def __init__(
        self,
        db: Database,
        blobs: BlobStore,
        *,
        load_engine: Callable[[], Engine],
        load_filter: Callable[[], PictureFilter],
        has_tier: Callable[[], bool] = lambda: False,
    ) -> None:
        """``has_tier``: whether anything is of the child-safety tier, which may not be previewed."""
        self._db = db
        self._blobs = blobs
        self._engine = Lazy(load_engine)
        self._filter = Lazy(load_filter)
        self._has_tier = has_tier
        self._running: dict[str, _Running] = {}  # by request id
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Report on jobs from now on, and load what is heavy in the background."""
        self._tasks = [asyncio.create_task(self._report()), asyncio.create_task(self._warm_up())]

    async def stop(self) -> None:
        """Free the device; jobs that still run are dropped."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._engine.made is not None:
            await self._engine.made.close()

    async def render(
        self,
        request_id: str,
        job: RenderJob,
        *,
        reference: Image | None = None,
        mask: Image | None = None,
    ) -> list[Picture]:
        """Paint; raises ``RenderCancelled`` and ``RenderFailed``."""
        engine = await self._engine.get()
        running = _Running(latest=Progress(job=job.id, step=0, steps=0))
        self._running[request_id] = running

        def listen(progress: Progress) -> None:
            running.latest = progress

        try:
            return await engine.render(job, reference=reference, mask=mask, on_progress=listen)
        finally:
            self._running.pop(request_id, None)

    async def look(self, picture: bytes, community: str = "") -> Verdict:
        """Judge an encoded picture; may raise, which ``judge`` turns into a review."""
        eyes = await self._filter.get()
        here = eyes.within(community) if isinstance(eyes, LocalPictureFilter) else eyes
        return await asyncio.to_thread(here.check, picture)

    async def judge(self, picture: bytes, community: str, rule_id: str) -> Verdict:
        """The same; where it gives no verdict a human looks, unless nobody may (``tier``)."""

        async def look(data: bytes) -> Verdict:
            return await self.look(data, community)

        verdict = await judge_async(look, picture, rule_id)
        is_unknown = rule_id in verdict.rule_ids and await asyncio.to_thread(self._may_have_tier)
        return tier.unseen(rule_id) if is_unknown else verdict

    def _may_have_tier(self) -> bool:
        """Asked of the filter, or of the settings where it cannot be loaded."""
        eyes = self._filter.made
        return eyes.has_tier if isinstance(eyes, PictureRules) else self._has_tier()

    def forget(self) -> None:
        """Drop the pictures that the engine remembers for whoever asks for the same again."""
        engine: object = self._engine.made
        if isinstance(engine, Forgetful):
            engine.forget()

    async def _warm_up(self) -> None:
        for heavy in (self._engine, self._filter):
            try:
                await heavy.get()
            except Exception as error:  # noqa: BLE001 - the first request will say what is wrong
                logger.warning("could not be loaded in advance: %s", error)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if self._running:
                try:
                    await self._cancel_withdrawn()
                    await self._keep_news()
                except Exception as error:  # noqa: BLE001 - a report that is late harms nobody
                    logger.warning("progress could not be written: %s", type(error).__name__)

    async def _cancel_withdrawn(self) -> None:
        """Stop what its person has withdrawn, or deleted."""
        running = dict(self._running)
        async with self._db.statements() as session:
            wanted = set(await session.scalars(_WANTED, {"running": list(running)}))
        engine = self._engine.made
        for request_id in running.keys() - wanted:
            if engine is not None:
                engine.cancel(running[request_id].latest.job)

    async def _keep_news(self) -> None:
        """What has changed since the last time, of every job, in one statement."""
        news = {}
        for request_id, running in list(self._running.items()):
            latest = running.latest
            if latest is not running.shown:
                running.shown = latest
                await self._keep_preview(running, latest.preview_png)
                news[request_id] = (latest, running.preview_sha256)
        await keep_progress(self._db, news)

    async def _keep_preview(self, running: _Running, preview: bytes | None) -> None:
        is_due = time.monotonic() - running.previewed_at >= PREVIEW_SECONDS
        if preview is not None and preview is not running.preview and is_due:
            running.previewed_at = time.monotonic()
            running.preview = preview
            running.preview_sha256 = await self._put_preview(preview)

    async def _put_preview(self, preview: bytes) -> str | None:
        """A preview is looked at before it is written anywhere, like the finished picture. With a
        child-safety tier there are none: what a blur hides, a filter does not see."""
        with contextlib.suppress(Exception):  # no verdict, no preview
            if await asyncio.to_thread(self._may_have_tier):
                return None
            if (await self.look(preview)).decision is Decision.ALLOW:
                return await self._blobs.put(preview)
        return None


_WANTED = select(Request.id).where(
    Request.id.in_(bindparam("running", expanding=True)), Request.cancel_asked_at.is_(None)
)
