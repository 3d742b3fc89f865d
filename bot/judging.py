"""Asks filters, in threads and not for ever; one that fails gives no verdict, so a human looks.

Knows no filter, only what some of them can do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar, runtime_checkable

from moderation.policy import PictureFilter, Verdict, WordFilter, unchecked

CHECK_TIMEOUT_SECONDS = 30.0

Subject = TypeVar("Subject")

logger = logging.getLogger(__name__)


@runtime_checkable
class LocalWordFilter(WordFilter, Protocol):
    """A word filter that knows what each community wants beyond everyone's rules."""

    def within(self, community: str) -> WordFilter:
        """The filter of one community."""


@runtime_checkable
class LocalPictureFilter(PictureFilter, Protocol):
    """The same of pictures."""

    def within(self, community: str) -> PictureFilter:
        """The filter of one community."""


class HeavyWordFilter(WordFilter, Protocol):
    """A filter of words that has something to load first."""

    def load(self) -> None:
        """Load it; may raise."""


async def judge(check: Callable[[Subject], Verdict], subject: Subject, rule_id: str) -> Verdict:
    """What a filter says, asked in a thread; see ``judge_async``."""

    async def in_a_thread(asked: Subject) -> Verdict:
        return await asyncio.to_thread(check, asked)

    return await judge_async(in_a_thread, subject, rule_id)


async def judge_async(
    check: Callable[[Subject], Awaitable[Verdict]], subject: Subject, rule_id: str
) -> Verdict:
    """What a filter says; one that fails or hangs gives no verdict, so a human looks."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            return await check(subject)
    except Exception as error:  # noqa: BLE001 - fail closed: recorded as a finding, and in the log
        logger.warning("%s: the filter gave no verdict: %s", rule_id, type(error).__name__)
        return unchecked(rule_id, type(error).__name__)
