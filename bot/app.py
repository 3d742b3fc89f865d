"""Builds everything in one place, passes it in, and starts the roles of this process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import secrets
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

import migrations
from inference.engine import ModelLimits, Tuning, load_engine, model_limits, native_size
from inference.expansion.brief import Expander
from inference.expansion.plain import PlainExpander
from inference.jobs import Engine
from moderation.policy import PictureFilter, WordFilter
from moderation.words import load_negative_filter
from store.blobs import BlobStore
from store.errors import StoreOutOfDate

from .audit_files import open_audit_log
from .chat import Chat
from .courier import Courier
from .describing import Describer, make_describer
from .desk_house import make_desk
from .durable import Executor, Outbox
from .easel import Easel
from .embedded import open_database
from .enlarging import Enlarger, make_enlarger
from .execution import Execution
from .folder_lock import FolderLock
from .judging import HeavyWordFilter
from .parts import (
    has_safety_tier,
    make_expander,
    make_local_guard,
    make_picture_filter,
    make_upload_check,
    make_word_rules,
)
from .requests import Studio
from .settings import Settings
from .stages import Ref
from .takeover import Heart, Takeover
from .upkeep import Upkeep
from .workshop import Workshop

ROLES = ("chat", "render", "desk")
COLLECT_AFTER = (10_000, 20, 50)  # what a request makes is mostly gone with it
FINISH_SECONDS = 10  # what runs at a stop may take so long before it is left to be taken over

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The exchangeable parts, made from the settings; tests bring their own.

    What only the render role needs is made when it is first needed, in a thread.
    """

    word_filter: WordFilter
    negative_filter: WordFilter
    expander: Expander
    load_engine: Callable[[], Engine]
    load_picture_filter: Callable[[], PictureFilter]
    native_size: tuple[int, int]
    model_limits: ModelLimits = field(default_factory=ModelLimits)
    describer: Describer | None = None
    enlarger: Enlarger | None = None
    word_guard: HeavyWordFilter | None = None


def _tuning(settings: Settings) -> Tuning:
    """How the device is to compute."""
    return Tuning(
        precision=settings.precision,
        has_channels_last=settings.channels_last,
        has_fused_attention=settings.fused_attention,
        is_compiled=settings.compile_model,
        has_graphs=settings.cuda_graphs,
    )


def real_parts(settings: Settings) -> Parts:
    """What the operator chose; loads no torch."""
    words = make_word_rules(settings)
    return Parts(
        word_filter=words,
        negative_filter=load_negative_filter(settings.community_level),
        expander=make_expander(settings),
        load_engine=partial(
            load_engine,
            settings.model,
            settings.device,
            loras=settings.styles_folder,
            tuning=_tuning(settings),
        ),
        load_picture_filter=partial(make_picture_filter, settings, words),
        native_size=native_size(settings.model),
        model_limits=model_limits(settings.model),
        describer=make_describer(settings),
        enlarger=make_enlarger(settings),
        word_guard=make_local_guard(settings),
    )


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often what happens by itself happens, seconds. Tests are in more of a hurry."""

    dead_after_seconds: float = 10.0  # silence after which a process counts as dead
    beat_seconds: float = 2.0
    sweep_seconds: float = 2.0  # between looks for orphaned stages
    rulings_seconds: float = 0.5  # between looks for decisions that are due


class App:
    """One process of the service. With no roles it reads, admits and enqueues beside one."""

    def __init__(
        self, settings: Settings, roles: Collection[str], parts: Parts, pace: Pace
    ) -> None:
        self.settings = settings
        self.roles = frozenset(roles)
        self.chats: dict[str, Chat] = {}
        self.db = open_database(settings.url, is_embedded=settings.is_embedded)
        # A statement's parameters hold prompts, and errors quote their statement.
        self.db.engine.sync_engine.hide_parameters = not settings.log_prompts
        self.blobs = BlobStore(settings.blob_url or str(settings.data_dir / "blobs"))
        self.worker_id = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:64]
        self._pace = pace
        self._heart = Heart(
            self.db,
            worker_id=self.worker_id,
            roles=self.roles,
            dead_after_seconds=pace.dead_after_seconds,
        )
        self.easel = self._make_easel(parts) if "render" in self.roles else None
        self._outbox = Outbox(self.db)
        self.shop = self._make_shop(parts)
        self.studio = Studio(self.shop)
        self._desk = make_desk(self.shop) if "desk" in self.roles else None
        self._lock = FolderLock(settings.data_dir)
        self._upkeep: Upkeep | None = None
        self._courier = Courier(self.shop)
        self.executor: Executor | None = None

    def _make_easel(self, parts: Parts) -> Easel:
        return Easel(
            self.db,
            self.blobs,
            load_engine=parts.load_engine,
            load_filter=parts.load_picture_filter,
            has_tier=partial(has_safety_tier, self.settings),
        )

    def _make_shop(self, parts: Parts) -> Workshop:
        return Workshop(
            settings=self.settings,
            db=self.db,
            blobs=self.blobs,
            outbox=self._outbox,
            word_filter=parts.word_filter,
            negative_filter=parts.negative_filter,
            check_upload=make_upload_check(self.settings),
            expander=parts.expander,
            plain_expander=PlainExpander(),
            chats=self.chats,
            native_size=parts.native_size,
            model_limits=parts.model_limits,
            audit=open_audit_log(self.settings),
            easel=self.easel,
            describer=parts.describer if self.easel else None,
            enlarger=parts.enlarger if self.easel else None,
            word_guard=parts.word_guard if self.easel else None,
            still_holds=self._still_holds,
        )

    @property
    def is_executing(self) -> bool:
        """True where this process executes stages."""
        return bool(self.roles & {"chat", "render"})

    async def _still_holds(self, ref: Ref) -> bool:
        """True unless another process has taken that stage over, which takes a long silence."""
        if self.settings.is_embedded or self._heart.is_trusted() or self.executor is None:
            return True
        return await self.executor.holds(ref)

    async def load_blob(self, sha256: str) -> bytes:
        """The bytes of a blob, for those who show pictures."""
        return await self.blobs.get(sha256)

    def join(self, chat: Chat) -> None:
        """Have requests of ``chat.platform`` answered through ``chat``. Before ``start``."""
        self.chats[chat.platform] = chat

    async def start(self) -> None:
        """Open the tables (they must be current) and, with roles, take up work.

        Raises ``AlreadyServed`` where another process executes in this data folder, and
        ``StoreError``.
        """
        if not await asyncio.to_thread(migrations.is_current, self.settings.url):
            raise StoreOutOfDate(place=self.db.name)
        async with self.db.session() as session:
            await self.shop.audit.begin(session)
        if not self.is_executing:
            await self._open_desk()
            return
        if self.settings.is_embedded:
            self._lock.take()
            await self._heart.bury_all_others()
        await self._heart.beat()
        if self.easel is not None:
            self.easel.start()
        execution = Execution(self.shop)
        self.executor = Executor(
            self.db,
            self._outbox.bells,
            executor_id=self.worker_id,
            roles=self.roles,
            poll_seconds=self.settings.poll_seconds,
            num_renders_at_once=self.settings.num_renders_at_once,
        )
        await self.executor.start(execution.run)
        takeover = Takeover(
            self.db, self.shop.outbox, self.executor, self._heart, execution.give_up
        )
        self._upkeep = Upkeep(
            self.shop, self.executor, self._heart, takeover, self._pace, self.roles
        )
        await self._upkeep.start()
        if self.chats:
            self._courier.start()
        await self._open_desk()

    async def _open_desk(self) -> None:
        if self._desk is not None:
            await self._desk.start()

    def settle(self) -> None:
        """Have the collector leave alone what is loaded by now, for a process that is there to
        serve: word lists and tables stay, and going over them again and again costs a tenth."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)

    async def stop(self) -> None:
        """Take no more work, finish or leave what runs, close everything. Safe to repeat."""
        if self._desk is not None:
            await self._desk.stop()
        await self._courier.stop()
        if self._upkeep is not None:
            await self._upkeep.stop()
        if self.executor is not None:
            await self.executor.stop(finish_seconds=FINISH_SECONDS)
            self.executor = None
            with contextlib.suppress(Exception):  # a dead database must not keep us from ending
                await self._heart.stop()
        if self.easel is not None:
            await self.easel.stop()
        self._lock.release()
        await self.db.close()


def build(
    settings: Settings,
    roles: Collection[str] = (),
    *,
    parts: Parts | None = None,
    pace: Pace | None = None,
) -> App:
    """Everything, built and passed in. ``roles``: any of ``ROLES``; none makes a
    companion of a running service, which admits and enqueues beside it."""
    return App(settings, roles, parts or real_parts(settings), pace or Pace())


def is_served(settings: Settings) -> bool:
    """True where a process executes in this data folder now (embedded mode)."""
    return FolderLock(settings.data_dir).is_taken()
