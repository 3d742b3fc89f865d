"""The only file that knows DBOS: queues, stages as durable workflows, and what became of them.

It knows nothing of pictures or people. A stage is named by ``Ref`` and carries ids only. Its rows
are its checkpoints: every step finds in the application's tables what it has already done, so a
stage that is begun again (after a crash, on another machine, under a newer version of the path)
repeats at most the step that was running. DBOS therefore keeps one record per stage, not one per
step, and begins nothing again by itself: ``bot.takeover`` decides that, in one way for every cause.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import Database, after_commit, open_engine

from .stages import LIGHT, PATH_VERSION, RENDERING, STAGES, Ref

_APPLICATION = "atelier"
_WAITING = ["ENQUEUED", "DELAYED"]
_RUNNING = "PENDING"
_FAILED = "ERROR"
_OVER = ["SUCCESS", "CANCELLED"]
LEAST_SECONDS_BETWEEN_ANSWERS = 0.1  # to the bell of one queue
_MOST_AT_ONCE = 1000  # workflows read or deleted in one statement


@dataclass(frozen=True, kw_only=True)
class Undone:
    """A stage that was enqueued and has not ended well."""

    ref: Ref
    workflow_id: str
    is_waiting: bool  # in a queue; else ``executor`` has begun it
    has_failed: bool  # ended in an error that could not be recorded on its request
    executor: str
    version: str


class Bell:
    """Wakes whoever looks into a queue as soon as this process has put something there.

    What another process puts there is found by looking now and then, as ever.
    """

    def __init__(self) -> None:
        self._is_rung = threading.Event()
        self._is_open = True
        self._answered_at = 0.0  # monotonic seconds

    def ring(self) -> None:
        """There is something; safe from any thread."""
        self._is_rung.set()

    def close(self) -> None:
        """Nobody need wait any more."""
        self._is_open = False
        self._is_rung.set()

    def wait(self, seconds: float) -> None:
        """Return when it rings or the time is over. When it rings all the time, one look finds
        many: it is not answered again before the last answer is a while ago."""
        if self._is_rung.wait(seconds):
            early = self._answered_at + LEAST_SECONDS_BETWEEN_ANSWERS - time.monotonic()
            if early > 0:
                time.sleep(early)
            self._answered_at = time.monotonic()
        if self._is_open:
            self._is_rung.clear()


class Outbox:
    """Enqueues stages inside the caller's own transaction. Needs no running service."""

    def __init__(self, db: Database) -> None:
        # It borrows the dialect of our own engine and never connects: every statement runs on
        # the connection of the session it is given.
        self._client = DBOSClient(
            system_database_engine=db.engine.sync_engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=_APPLICATION,
            lazy=True,
        )
        self.bells = {queue: Bell() for queue in (LIGHT, RENDERING)}

    async def put(
        self, session: AsyncSession, ref: Ref, *, priority: int = 0, delay_seconds: float = 0.0
    ) -> None:
        """Have ``ref`` executed once this transaction commits; a repeat changes nothing.

        ``priority``: lower first; only among stages of one queue.
        """
        stage = STAGES[ref.stage]
        options: EnqueueOptions = {
            "workflow_name": ref.stage,
            "queue_name": stage.queue,
            "workflow_id": ref.workflow_id,
            "app_version": PATH_VERSION,
            "priority": priority or stage.priority,
        }
        if delay_seconds > 0:
            options["delay_seconds"] = delay_seconds
        await session.run_sync(
            lambda sync: self._client.enqueue_in_transaction(sync, options, ref.workflow_id)
        )
        if delay_seconds <= 0:
            after_commit(session, partial(self._ring, self.bells[stage.queue]))

    async def _ring(self, bell: Bell, _db: Database) -> None:
        bell.ring()


class Executor:
    """Executes stages in this process: one per process, from ``start`` to ``stop``."""

    def __init__(
        self,
        db: Database,
        bells: Mapping[str, Bell],
        *,
        executor_id: str,
        roles: Collection[str],
        poll_seconds: float,
        num_renders_at_once: int,
        num_light_at_once: int = 16,
    ) -> None:
        self._db = db
        self._bells = {f"queue-worker-{queue}": bell for queue, bell in bells.items()}
        self._id = executor_id
        self._poll_seconds = poll_seconds
        self._sizes = {
            queue: size
            for queue, role, size in (
                (LIGHT, "chat", num_light_at_once),
                (RENDERING, "render", num_renders_at_once),
            )
            if role in roles
        }
        self._engine: Engine | None = None
        self._stages: set[asyncio.Task[Any]] = set()  # that run now
        self._is_stopping = False

    async def start(self, run: Callable[[Ref], Awaitable[None]]) -> None:
        """Take up stages and have ``run`` execute them on this event loop."""
        # A second DBOS in this process would be the first one; nobody may rely on that.
        DBOS.destroy(destroy_registry=True)
        self._engine = _open_for_dbos(self._db.sync_url)
        dbos = DBOS(config=self._config(self._engine))
        DBOS.listen_queues(list(self._sizes))
        for stage in STAGES:
            DBOS.workflow(name=stage, max_recovery_attempts=None)(self._workflow(run))
        DBOS.launch()
        for stop in getattr(dbos, "background_thread_stop_events", ()):
            stop.wait = partial(self._wait, stop, stop.wait)
        for queue, size in self._sizes.items():
            await DBOS.register_queue_async(
                queue, worker_concurrency=size, polling_interval_sec=self._poll_seconds
            )

    def _config(self, engine: Engine) -> DBOSConfig:
        return {
            "name": _APPLICATION,
            "system_database_engine": engine,
            "system_database_url": self._db.sync_url,
            "application_version": PATH_VERSION,
            "executor_id": self._id,
            "serializer": DBOSPortableJSONSerializer(),
            "use_listen_notify": False,  # nothing waits inside a workflow
            "log_level": "WARNING",
        }

    def _wait(
        self, stop: threading.Event, wait: Callable[..., bool], timeout: float | None = None
    ) -> bool:
        """What DBOS's threads wait with between two looks, so that a bell can wake them.

        It offers no way to say that a queue has got something; without this, or if its threads
        are called otherwise one day, they look every ``poll_seconds`` and that is all.
        """
        bell = self._bells.get(threading.current_thread().name)
        if bell is None or timeout is None:
            return wait(timeout)
        bell.wait(timeout)
        return stop.is_set()

    def _workflow(self, run: Callable[[Ref], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
        async def workflow(workflow_id: str) -> None:
            if self._is_stopping:  # claimed in the last moment: left to be taken over
                raise asyncio.CancelledError
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - we are in one
            self._stages.add(task)
            try:
                await run(Ref.parse(workflow_id))
            finally:
                self._stages.discard(task)

        return workflow

    async def stop(self, *, finish_seconds: float) -> None:
        """Take up nothing more, wait so long for what runs, leave the rest to be taken over."""
        self._is_stopping = True
        if self._stages:
            _, unfinished = await asyncio.wait(set(self._stages), timeout=finish_seconds)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        for bell in self._bells.values():
            bell.close()
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        # DBOS made its own pool this loop's default, and has just shut it down.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        if self._engine is not None:
            self._engine.dispose()

    async def holds(self, ref: Ref) -> bool:
        """True while this process is the one that runs the stage."""

        async def is_ours() -> bool:
            found = await DBOS.list_workflows_async(
                workflow_ids=[ref.workflow_id],
                status=_RUNNING,
                executor_id=self._id,
                load_input=False,
            )
            return bool(found)

        # Asked from within a stage, DBOS would write the answer down as one of its steps.
        asking = asyncio.get_running_loop().create_task(is_ours(), context=Context())
        return await asking

    async def begun(self) -> list[Undone]:
        """Every stage that runs somewhere, or ended in an error nobody could record."""
        return await self._undone([_RUNNING, _FAILED])

    async def waiting(self) -> list[Undone]:
        """Every stage that nobody has begun."""
        return await self._undone(_WAITING)

    async def _undone(self, statuses: list[str]) -> list[Undone]:
        found = await DBOS.list_workflows_async(
            name=list(STAGES), status=statuses, load_input=False, load_output=False
        )
        return [
            Undone(
                ref=Ref.parse(each.workflow_id),
                workflow_id=each.workflow_id,
                is_waiting=each.status in _WAITING,
                has_failed=each.status == _FAILED,
                executor=each.executor_id or "",
                version=each.app_version or "",
            )
            for each in found
        ]

    async def drop(self, stage: Undone) -> None:
        """Take a stage out of its queue, or from whoever still runs it, so that it never acts."""
        if stage.has_failed:
            await DBOS.delete_workflows_async([stage.workflow_id])
        else:
            await DBOS.cancel_workflows_async([stage.workflow_id])

    async def forget(self, *, older_than: dt.timedelta) -> int:
        """Delete the records of stages that are over; DBOS keeps them forever. Returns how many."""
        found = await DBOS.list_workflows_async(
            name=list(STAGES),
            status=_OVER,
            completed_before=(dt.datetime.now(dt.UTC) - older_than).isoformat(),
            limit=_MOST_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if found:
            await DBOS.delete_workflows_async([each.workflow_id for each in found])
        return len(found)


def _open_for_dbos(url: str) -> Engine:
    """An engine with our pragmas and, on SQLite, the one thing DBOS sets on engines of its own."""
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def begin_as_a_writer(connection: Any, _record: Any) -> None:
            connection.isolation_level = "IMMEDIATE"

    return engine
