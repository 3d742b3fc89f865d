"""Processes that die, hang or are replaced, and what becomes of their work."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.asks import Ask, Reply
from bot.chat import CardKind
from bot.durable import Undone
from bot.execution import Execution
from bot.folder_lock import AlreadyServed
from bot.stages import Ref
from bot.takeover import Heart, Takeover
from store.tables import Request, RequestState

from .path_fakes import (
    PATIENCE,
    FakeEngine,
    RecordingChat,
    event,
    make_app,
    make_parts,
    make_settings,
    make_tables,
    settle,
)

HERE = Path(__file__).resolve().parent


class Fleet:
    """Processes of one service; every one that still lives is ended at the end."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.processes: list[subprocess.Popen[bytes]] = []

    async def launch(
        self, roles: str, *, seconds: float = 0.0, version: str = "1"
    ) -> subprocess.Popen[bytes]:
        """A process that has taken up work."""
        process = self._start(roles, str(seconds), version)
        await self.until(lambda notes: [str(process.pid), "started"] in notes)
        return process

    def _start(self, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "path_worker", str(self.folder), self.url, *options]
        folders = os.pathsep.join((str(HERE), str(HERE.parents[1])))
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": folders})
        self.processes.append(process)
        return process

    def notes(self) -> list[list[str]]:
        """What every process has noted: its id and what happened."""
        path = self.folder / "effects"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    async def until(self, happened: Callable[[list[list[str]]], bool]) -> None:
        """Return once it has happened."""
        async with asyncio.timeout(60 * PATIENCE):
            while not happened(self.notes()):  # noqa: ASYNC110 - other processes write it
                await asyncio.sleep(0.05)

    def count(self, what: str) -> int:
        """How often something happened, in all processes."""
        return sum(note[1] == what for note in self.notes())


@asynccontextmanager
async def fleet(folder: Path, url: str) -> AsyncIterator[tuple[Fleet, App]]:
    """A service of several processes, and a companion that asks and looks."""
    settings = make_settings(folder, url, concurrent_requests=0, daily_pictures=0)
    make_tables(settings)
    ships, companion = Fleet(folder, url), make_app(settings, roles=())
    await companion.start()
    try:
        await companion.studio.accept_terms(event("terms"))
        yield ships, companion
    finally:
        for process in ships.processes:
            process.kill()
            process.wait()
        await companion.stop()


async def ask(app: App, number: int) -> Reply:
    """One wish of one person."""
    return await app.studio.imagine(event(f"e{number}"), Ask(text=f"cat {number}"))


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.alone
async def test_the_work_of_a_dead_renderer_is_taken_over(tmp_path: Path, postgres_url: str) -> None:
    """A renderer killed for good loses nothing: another paints what it had begun, once each."""
    async with fleet(tmp_path, postgres_url) as (ships, app):
        await ships.launch("chat")
        first = await ships.launch("render", seconds=30.0)
        replies = [await ask(app, number) for number in range(4)]
        await ships.until(lambda notes: sum(note[1] == "begins" for note in notes) == 4)
        first.kill()
        await ships.launch("render", seconds=0.1)
        for reply in replies:
            assert (await settle(app, reply, seconds=60)).state == RequestState.DELIVERED
        assert (ships.count("begins"), ships.count("painted"), ships.count("told")) == (8, 4, 4)


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.alone
async def test_a_process_that_wakes_up_late_tells_nothing_twice(
    tmp_path: Path, postgres_url: str
) -> None:
    """Stopped while painting, taken for dead and woken again, it finds its work done."""
    async with fleet(tmp_path, postgres_url) as (ships, app):
        sleeper = await ships.launch("chat,render", seconds=2.0)
        reply = await ask(app, 1)
        await ships.until(lambda notes: any(note[1] == "begins" for note in notes))
        sleeper.send_signal(signal.SIGSTOP)
        await ships.launch("chat,render", seconds=0.1)
        assert (await settle(app, reply, seconds=60)).state == RequestState.DELIVERED
        sleeper.send_signal(signal.SIGCONT)
        await ships.until(lambda notes: [str(sleeper.pid), "painted"] in [n[:2] for n in notes])
        await asyncio.sleep(1.0)
        assert ships.count("told") == 1
        assert len(await app.studio.results(str(reply.request_id))) == 1


@pytest.mark.slow
@pytest.mark.alone
async def test_a_service_told_to_stop_leaves_its_work_to_the_next(tmp_path: Path) -> None:
    """SIGTERM finishes or leaves what runs; the next process begins it again at once."""
    async with fleet(tmp_path, "") as (ships, app):
        first = await ships.launch("chat,render", seconds=60.0)
        reply = await ask(app, 1)
        await ships.until(lambda notes: any(note[1] == "begins" for note in notes))
        first.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(first.wait, 30 * PATIENCE) == 0
        await ships.launch("chat,render")
        assert (await settle(app, reply, seconds=30)).state == RequestState.DELIVERED
        assert ships.count("told") == 1


@pytest.mark.slow
@pytest.mark.alone
async def test_a_newer_path_takes_requests_in_every_state(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older version of the path left anywhere is finished by the newer one."""
    url = "" if database_url.startswith("sqlite") else database_url
    async with fleet(tmp_path, url) as (ships, app):
        old_chat = await ships.launch("chat", version="0")
        wishes = ["red", "vague", "doubtful", *(f"cat {number}" for number in range(6))]
        replies = [
            await app.studio.imagine(event(f"e{number}"), Ask(text=wish))
            for number, wish in enumerate(wishes)
        ]
        await in_state(app, RequestState.PAINTING, 7)
        end(old_chat)
        old_render = await ships.launch("render", seconds=4.0, version="0")
        await ships.until(lambda notes: sum(note[1] == "begins" for note in notes) == 7)
        await in_state(app, RequestState.PRESENTING, 3)
        end(old_render)
        monkeypatch.setattr("bot.durable.PATH_VERSION", "0")
        replies.append(await ask(app, 99))
        await ships.launch("chat,render", seconds=0.05)
        states = [(await settle(app, reply, seconds=60)).state for reply in replies]
        assert states == [
            RequestState.BLOCKED,
            RequestState.AWAITING_ANSWER,
            RequestState.AWAITING_REVIEW,
            *[RequestState.DELIVERED] * 7,
        ]
        assert (ships.count("told"), ships.count("painted")) == (10, 8)


async def in_state(app: App, state: RequestState, num: int) -> None:
    """Return once so many requests stand there."""
    counted = select(func.count()).select_from(Request).where(Request.state == state)
    async with asyncio.timeout(60 * PATIENCE):
        while True:
            async with app.db.session() as session:
                if await session.scalar(counted) == num:
                    return
            await asyncio.sleep(0.05)


def end(process: subprocess.Popen[bytes]) -> None:
    """``kill -9``, and wait until it is gone."""
    process.kill()
    process.wait()


async def test_two_processes_never_execute_in_one_folder(tmp_path: Path) -> None:
    """The second is refused with one sentence; a companion may ask beside the first."""
    settings = make_settings(tmp_path)
    make_tables(settings)
    first, second = make_app(settings), make_app(settings)
    chat = RecordingChat()
    first.join(chat)
    await first.start()
    try:
        with pytest.raises(AlreadyServed) as refused:
            await second.start()
        assert refused.value.args_["folder"] == str(tmp_path)
        beside = make_app(settings, roles=())
        await beside.start()
        await beside.studio.accept_terms(event("terms"))
        reply = await ask(beside, 1)
        assert (await settle(beside, reply)).state == RequestState.DELIVERED
        assert len(chat.sent) == 1
        await beside.stop()
    finally:
        await first.stop()
        await second.stop()


class OneOrphan:
    """An executor that knows of one stage, which has died with its process again and again."""

    def __init__(self, ref: Ref) -> None:
        self.ref = ref
        self.dropped: list[str] = []

    async def begun(self) -> list[Undone]:
        return [
            Undone(
                ref=self.ref,
                workflow_id=self.ref.workflow_id,
                is_waiting=False,
                has_failed=False,
                executor="nobody",
                version="1",
            )
        ]

    async def drop(self, stage: Undone) -> None:
        self.dropped.append(stage.workflow_id)


async def test_a_stage_that_kills_its_process_is_given_up(tmp_path: Path) -> None:
    """After so many crashes the person is told; the studio does not die of it forever."""
    settings = make_settings(tmp_path)
    make_tables(settings)
    engine = FakeEngine(seconds=60.0)
    app, chat = make_app(settings, make_parts(engine)), RecordingChat()
    app.join(chat)
    await app.start()
    try:
        await app.studio.accept_terms(event("terms"))
        reply = await ask(app, 1)
        await asyncio.wait_for(engine.began.wait(), 20 * PATIENCE)
        deadly = Ref(request_id=str(reply.request_id), stage="paint", round=1, tries=4, crashes=3)
        orphan = OneOrphan(deadly)
        heart = Heart(app.db, worker_id="me", roles=(), dead_after_seconds=1.0)
        takeover = Takeover(
            app.db,
            app.shop.outbox,
            orphan,
            heart,
            Execution(app.shop).give_up,  # type: ignore[arg-type]
        )
        await takeover.sweep()
        assert (await settle(app, reply)).state == RequestState.FAILED
        assert chat.sent[0].kind is CardKind.FAILED
        assert orphan.dropped == [deadly.workflow_id]
    finally:
        engine.cancelled.add(f"{reply.request_id}:1")
        await app.stop()


async def test_forgetting_deletes_what_is_over_and_nothing_else(tmp_path: Path) -> None:
    """The records of finished stages go; running ones and every row of ours stay."""
    settings = make_settings(tmp_path)
    make_tables(settings)
    engine = FakeEngine(seconds=60.0)
    app = make_app(settings, make_parts(engine))
    app.join(RecordingChat())
    await app.start()
    try:
        await app.studio.accept_terms(event("terms"))
        done = await app.studio.imagine(event("e1"), Ask(text="forbidden"))
        await settle(app, done)
        running = await ask(app, 2)
        await asyncio.wait_for(engine.began.wait(), 20 * PATIENCE)
        executor = app.executor
        assert executor is not None
        assert await executor.forget(older_than=dt.timedelta(0)) == 3
        assert [each.ref.request_id for each in await executor.begun()] == [running.request_id]
        assert await executor.forget(older_than=dt.timedelta(0)) == 0
        assert await app.studio.told(str(done.request_id)) is not None
    finally:
        engine.cancelled.add(f"{running.request_id}:1")
        await app.stop()
