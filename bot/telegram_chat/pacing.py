"""How fast this bot may write: Telegram's flood limits, by chat. Knows no card and no core.

Telegram asks for at most about 30 messages a second in all, 20 a minute in one group and one a
second in one private chat, where short bursts are fine (core.telegram.org/bots/faq). The library's
own limiter holds up everybody when one chat is told to wait, and lets what is nice to have use up
what is needed; here a "wait" holds up that chat only, and what can be spared is left out.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

MAX_CHATS = 2048  # whose pace is remembered; the one that was quiet longest is forgotten
SPARE_SHARE = 0.5  # what can be spared leaves this share of every limit free


class Urgency(StrEnum):
    """How much a call matters."""

    DUE = "due"  # waits for its turn
    SPARE = "spare"  # progress: left out where there is no room now


class NoRoom(Exception):
    """A call that can be spared was left out."""


@dataclass(frozen=True, kw_only=True)
class Rates:
    """How much Telegram takes. Each is (calls, seconds)."""

    overall: tuple[float, float] = (30, 1)
    group: tuple[float, float] = (20, 60)
    private: tuple[float, float] = (6, 5)
    max_retries: int = 4  # after a "wait"
    max_wait_seconds: float = 90.0  # a longer "wait" is for whoever called to keep


@dataclass
class _Lane:
    """One chat's pace."""

    limiter: AsyncLimiter
    opens_at: float = 0.0  # event loop time; Telegram said "wait" until then


@dataclass
class Pace(BaseRateLimiter[Urgency]):
    """The pace of one bot."""

    rates: Rates = field(default_factory=Rates)
    _lanes: OrderedDict[int, _Lane] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._overall = AsyncLimiter(*self.rates.overall)

    async def initialize(self) -> None:
        """Nothing is held."""

    async def shutdown(self) -> None:
        """Nothing is held."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: Mapping[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Any:
        """Make the call when it is its turn; raises ``NoRoom`` and the last ``RetryAfter``."""
        chat_id = data.get("chat_id")
        if not isinstance(chat_id, int):
            return await callback(*args, **kwargs)
        lane = self._lane(chat_id)
        if rate_limit_args is Urgency.SPARE:
            self._check_room(lane, self.rates.group if chat_id < 0 else self.rates.private)
        for attempt in range(self.rates.max_retries + 1):
            await self._turn(lane)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = _seconds(error)
                lane.opens_at = asyncio.get_running_loop().time() + seconds
                if rate_limit_args is Urgency.SPARE:
                    raise NoRoom from error
                if attempt == self.rates.max_retries or seconds > self.rates.max_wait_seconds:
                    raise
        raise AssertionError("unreachable")

    async def _turn(self, lane: _Lane) -> None:
        await lane.limiter.acquire()
        await self._overall.acquire()
        seconds = lane.opens_at - asyncio.get_running_loop().time()
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _check_room(self, lane: _Lane, rate: tuple[float, float]) -> None:
        is_held = lane.opens_at > asyncio.get_running_loop().time()
        has_room = _has_room(lane.limiter, rate) and _has_room(self._overall, self.rates.overall)
        if is_held or not has_room:
            raise NoRoom

    def _lane(self, chat_id: int) -> _Lane:
        if chat_id not in self._lanes:
            rate = self.rates.group if chat_id < 0 else self.rates.private
            self._lanes[chat_id] = _Lane(limiter=AsyncLimiter(*rate))
        self._lanes.move_to_end(chat_id)
        if len(self._lanes) > MAX_CHATS:
            self._lanes.popitem(last=False)
        return self._lanes[chat_id]


def _has_room(limiter: AsyncLimiter, rate: tuple[float, float]) -> bool:
    """True where one more call leaves free what is not to be used up."""
    return limiter.has_capacity(1 + rate[0] * SPARE_SHARE)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return (after if isinstance(after, int) else after.total_seconds()) + 0.1
