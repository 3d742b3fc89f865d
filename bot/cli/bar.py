"""Progress on stderr for what takes more than two seconds, in a terminal only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Self

from bot.texts import say

from .output import Output

if TYPE_CHECKING:
    from bot.asks import Standing

BAR_AFTER_SECONDS = 2.0


class Bar:
    """Shows where one request stands; a context that cleans up after itself."""

    def __init__(self, output: Output) -> None:
        self._console = output.console(is_aside=True)
        self._language = output.language
        self._started = time.monotonic()
        self._stack = ExitStack()
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def show(self, standing: Standing) -> None:
        """Show where the request stands, once it is worth a bar."""
        is_late = time.monotonic() - self._started > BAR_AFTER_SECONDS
        if not is_late or not self._console.is_terminal:
            return
        from bot.cards import progress

        if self._progress is None:
            self._open()
        card = progress(
            self._language,
            request_id=standing.request_id,
            ahead=standing.ahead,
            step=standing.step,
            steps=standing.steps,
            seconds_left=standing.seconds_left,
        )
        self._progress.update(
            self._task,
            description=" ".join(card.lines),
            completed=standing.step,
            total=standing.steps or None,
        )

    def _open(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = self._stack.enter_context(
            Progress(*columns, console=self._console, transient=True)
        )
        self._task = self._progress.add_task("", total=None)


@contextmanager
def counter(output: Output, key: str) -> Iterator[Callable[[int], None]]:
    """A line on stderr that counts, once it takes more than two seconds; hears the count."""
    console = output.console(is_aside=True)
    started = time.monotonic()
    with ExitStack() as stack:
        status: Any = None

        def count(number: int) -> None:
            nonlocal status
            if not console.is_terminal or time.monotonic() - started < BAR_AFTER_SECONDS:
                return
            words = say(output.language, key, number=number)
            if status is None:
                status = stack.enter_context(console.status(words))
            status.update(words)

        yield count
