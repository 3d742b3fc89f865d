"""Who is alive, and what becomes of the work of those who are not.

Every executing process writes a heartbeat. A stage whose process has been silent for too long, or
that waits under an older version of the path, or that ended in an error nobody could record, is
begun again from its rows under a new id, and its old self is dropped. One way for every cause:
a crash, a machine that is gone, an upgrade.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Awaitable, Callable, Collection
from socket import gethostname

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import Database, insert_once
from store.tables import Worker, now

from .durable import Executor, Undone
from .progress import forget_progress
from .stages import MAX_CRASHES, PATH_VERSION, Ref
from .workshop import Outbox

TRUSTED_SHARE = 0.7  # of that time a process trusts itself: it doubts before others do
_TAKEOVER_LOCK = 0x74_61_6B_65  # "take", for Postgres's advisory lock


class Heart:
    """The heartbeat of this process, and what it says of the others."""

    def __init__(
        self,
        db: Database,
        *,
        worker_id: str,
        roles: Collection[str],
        dead_after_seconds: float,
    ) -> None:
        self._db = db
        self._id = worker_id
        self._roles = ",".join(sorted(roles))
        self._dead_after_seconds = dead_after_seconds
        self._last_beat = 0.0  # monotonic seconds; it runs on while a process is stopped

    async def beat(self) -> None:
        """Say that this process is alive."""
        began = time.monotonic()
        mine = update(Worker).where(Worker.id == self._id).values(seen_at=now())
        async with self._db.session() as session:
            if not (await session.execute(mine.returning(Worker.id))).first():
                await insert_once(
                    session, Worker, id=self._id, roles=self._roles, host=gethostname()
                )
        self._last_beat = began

    def is_trusted(self) -> bool:
        """True while nobody can have taken this process for dead."""
        return time.monotonic() - self._last_beat < TRUSTED_SHARE * self._dead_after_seconds

    async def stop(self) -> None:
        """Leave in order: whatever was left undone may be taken over at once."""
        async with self._db.session() as session:
            await session.execute(delete(Worker).where(Worker.id == self._id))

    async def bury_all_others(self) -> None:
        """Where one process alone may execute and it is us, every other row is a dead one's."""
        async with self._db.session() as session:
            await session.execute(delete(Worker).where(Worker.id != self._id))

    async def alive(self, session: AsyncSession) -> set[str]:
        """Who has been heard of lately, and this process, however busy it was."""
        oldest = now() - dt.timedelta(seconds=self._dead_after_seconds)
        heard_of = await session.scalars(select(Worker.id).where(Worker.seen_at >= oldest))
        return {self._id, *heard_of}


class Takeover:
    """Begins again what nobody alive is doing."""

    def __init__(
        self,
        db: Database,
        outbox: Outbox,
        executor: Executor,
        heart: Heart,
        give_up: Callable[[Ref], Awaitable[None]],
    ) -> None:
        self._db = db
        self._outbox = outbox
        self._executor = executor
        self._heart = heart
        self._give_up = give_up

    async def sweep(self) -> int:
        """Take over what died while it ran; returns how many stages were begun again."""
        async with self._db.session() as session:
            alive = await self._heart.alive(session)
        orphans = [
            each
            for each in await self._executor.begun()
            if each.has_failed or each.executor not in alive
        ]
        for orphan in orphans:
            await self._begin_again(orphan)
        return len(orphans)

    async def adopt(self) -> int:
        """Take over what waits under another version of the path; returns how many."""
        strangers = [
            each for each in await self._executor.waiting() if each.version != PATH_VERSION
        ]
        for stranger in strangers:
            await self._begin_again(stranger)
        return len(strangers)

    async def _begin_again(self, stage: Undone) -> None:
        """The new one is enqueued before the old one is dropped, so a crash in between loses
        nothing; its id is the same whoever enqueues it, so two sweepers make one."""
        again = stage.ref.again(has_crashed=not stage.is_waiting)
        if again.crashes > MAX_CRASHES:
            await self._give_up(stage.ref)
        else:
            async with self._db.session() as session:
                if await _may_take(session):
                    is_paint = again.stage == "paint"
                    turn = await forget_progress(session, again.request_id) if is_paint else 0
                    await self._outbox.put(session, again, priority=turn)
                else:
                    return
        await self._executor.drop(stage)


async def _may_take(session: AsyncSession) -> bool:
    """One sweeper at a time on Postgres, until its transaction ends; alone on SQLite anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(_TAKEOVER_LOCK))))
