"""Something that is read from files and read again within seconds of a change. Knows no format."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from .errors import ModerationError

RELOAD_SECONDS = 2.0

Thing = TypeVar("Thing")

logger = logging.getLogger(__name__)


class Reloading(Generic[Thing]):
    """What ``read`` made last. Any thread may ask.

    What is wrong with the files from the first is raised; what is wrong with a change is logged,
    and what was in force stays.
    """

    def __init__(
        self,
        read: Callable[[], Thing],
        stamp: Callable[[], object],
        *,
        every_seconds: float = RELOAD_SECONDS,
    ) -> None:
        """``stamp``: something that is another after a change, such as the files' times."""
        self._read, self._stamp = read, stamp
        self._every_seconds = every_seconds
        self._made: tuple[Thing, object] | None = None
        self._looked_at = -math.inf  # monotonic seconds
        self._lock = Lock()

    def get(self) -> Thing:
        """The newest that can be read."""
        with self._lock:
            if self._made is None:
                self._made = self._fresh()
            elif monotonic() - self._looked_at >= self._every_seconds:
                self._made = self._renewed(self._made)
            return self._made[0]

    def look_again(self) -> None:
        """The next ``get`` looks at the files, however lately they were looked at."""
        self._looked_at = -math.inf

    def _fresh(self) -> tuple[Thing, object]:
        stamp = self._stamp()
        made = self._read()
        self._looked_at = monotonic()
        return made, stamp

    def _renewed(self, made: tuple[Thing, object]) -> tuple[Thing, object]:
        self._looked_at = monotonic()
        try:
            return made if self._stamp() == made[1] else self._fresh()
        except (ModerationError, OSError, UnicodeDecodeError) as error:
            logger.warning("not reloaded, what was in force stays: %s", error)
            return made
