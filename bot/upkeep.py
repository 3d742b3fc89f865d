"""What happens by itself, over and over: the heartbeat, takeovers, decisions that are due, and
forgetting what is over. Each in a loop of its own, so that none waits for another."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from .durable import Executor
from .handoff import send_due
from .holding import let_go
from .rulings import carry_out_due
from .takedowns import finish_takedowns
from .takeover import Heart, Takeover
from .terms import forget_old_wishes
from .withdrawing import withdraw_banned
from .workshop import Workshop

FORGET_AFTER = dt.timedelta(hours=1)  # the requests' rows tell the story; these only their stages
FORGET_SECONDS = 60.0
ADOPT_SECONDS = 20.0  # while an older version is still running beside this one
FORGET_WISHES_SECONDS = 3600.0
SWEEP_BLOBS_SECONDS = 6 * 3600.0

logger = logging.getLogger(__name__)


class Pace(Protocol):
    @property
    def beat_seconds(self) -> float: ...
    @property
    def sweep_seconds(self) -> float: ...
    @property
    def rulings_seconds(self) -> float: ...


class Upkeep:
    """The loops of one executing process."""

    def __init__(
        self,
        shop: Workshop,
        executor: Executor,
        heart: Heart,
        takeover: Takeover,
        pace: Pace,
        roles: Collection[str],
    ) -> None:
        self._shop = shop
        self._executor = executor
        self._heart = heart
        self._takeover = takeover
        self._pace = pace
        self._has_chats = "chat" in roles
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin again what was left, then keep everything going."""
        await self._takeover.sweep()
        await self._takeover.adopt()
        pace = self._pace
        loops: list[tuple[Callable[[], Awaitable[object]], float]] = [
            (self._heart.beat, pace.beat_seconds),
            (self._takeover.sweep, pace.sweep_seconds),
            (self._takeover.adopt, ADOPT_SECONDS),
            (lambda: self._executor.forget(older_than=FORGET_AFTER), FORGET_SECONDS),
            (lambda: self._shop.blobs.sweep(self._shop.db), SWEEP_BLOBS_SECONDS),
            (lambda: forget_old_wishes(self._shop.db), FORGET_WISHES_SECONDS),
        ]
        if self._has_chats:  # what is decided may have to be taken away where it was shown
            loops += [
                (lambda: carry_out_due(self._shop), pace.rulings_seconds),
                (lambda: let_go(self._shop), pace.rulings_seconds),
                (lambda: finish_takedowns(self._shop), pace.sweep_seconds),
                (lambda: withdraw_banned(self._shop), pace.sweep_seconds),
                (lambda: send_due(self._shop), pace.sweep_seconds),
            ]
        self._tasks = [asyncio.create_task(_over_and_over(act, each)) for act, each in loops]

    async def stop(self) -> None:
        """End every loop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []


async def _over_and_over(act: Callable[[], Awaitable[object]], every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await act()
        except Exception as error:  # noqa: BLE001 - recorded; it comes round again
            logger.warning("upkeep: %s", type(error).__name__)
