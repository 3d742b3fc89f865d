"""A reading of a text, every character of which knows which characters of the original it stands for.

What was changed is worked out when somebody asks where a place came from, which most texts are
never asked: then by bisection, so that a place costs little however long the text is. Knows no
alphabet and no word list.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

Substitute = Callable[[re.Match[str]], str] | str
Ranges = tuple[list[int], list[int], list[int], list[int]]
Edit = tuple[int, int, int]  # half-open range of the text before, and how long what replaced it is
Spans = list[tuple[int, int, str]]  # ranges, in order and apart, and what they are read as


class View:
    """A text made from another by ``edits``, in order and apart; from none it is the original."""

    def __init__(
        self,
        text: str,
        parent: View | None = None,
        edits: Callable[[], Iterable[Edit]] = tuple,
        *,
        is_doubtful: bool = False,
        is_whole: bool = False,
    ) -> None:
        self.text = text
        self.is_doubtful = is_doubtful  # ordinary text reads so too: it may only ask a human
        self.is_whole = is_whole  # nothing was taken out: what touches here touched there
        self._parent = parent
        self._edits = edits

    @cached_property
    def _ranges(self) -> Ranges:
        """Where each edit starts and ends here, and where in the text before."""
        new_starts: list[int] = []
        new_ends: list[int] = []
        old_starts: list[int] = []
        old_ends: list[int] = []
        shift = 0
        for start, end, length in self._edits():
            new_starts.append(start + shift)
            new_ends.append(start + shift + length)
            old_starts.append(start)
            old_ends.append(end)
            shift += length - (end - start)
        return new_starts, new_ends, old_starts, old_ends

    @cached_property
    def _layers(self) -> tuple[Ranges, ...]:
        """The ranges of every text before that was changed, the nearest first."""
        above = self._parent._layers if self._parent else ()  # noqa: SLF001  (of its own class)
        return (self._ranges, *above) if self._ranges[0] else above

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original that ``text[start:end]`` stands for."""
        first, last = start, end - 1
        for new_starts, new_ends, old_starts, old_ends in self._layers:
            edit = bisect_right(new_starts, first) - 1
            if edit >= 0:
                is_inside = first < new_ends[edit]
                first = old_starts[edit] if is_inside else first - new_ends[edit] + old_ends[edit]
            edit = bisect_right(new_starts, last) - 1
            if edit >= 0:
                is_inside = last < new_ends[edit]
                last = old_ends[edit] - 1 if is_inside else last - new_ends[edit] + old_ends[edit]
        return first, last + 1

    def is_word_edge(self, position: int) -> bool:
        """True unless a Latin letter touches another there, in the view and in the original."""
        text = self.text
        if not 0 < position < len(text):
            return True
        if not ("a" <= text[position - 1] <= "z" and "a" <= text[position] <= "z"):
            return True
        if self.is_whole:
            return False
        return self.origin(position, position + 1)[0] > self.origin(position - 1, position)[1]

    def letter_for_letter(self, text: str) -> View:
        """Every character exchanged for one other."""
        parent = self if self._parent else None  # of the original it is as good as the original
        return View(text, parent, is_doubtful=self.is_doubtful, is_whole=self.is_whole)

    def in_doubt(self) -> View:
        """The same, of which ordinary text reads so too."""
        return View(self.text, self, is_doubtful=True)

    def replaced(
        self, pattern: re.Pattern[str], put: Substitute, *, is_whole: bool = False
    ) -> View:
        """What ``pattern`` finds replaced. ``is_whole``: by something that keeps words apart."""
        text, num_found = pattern.subn(put, self.text)
        if not num_found:
            return self
        return View(
            text,
            self,
            lambda: _edits(pattern.finditer(self.text), put),
            is_doubtful=self.is_doubtful,
            is_whole=self.is_whole and is_whole,
        )

    def replaced_inside(
        self, outer: re.Pattern[str], inner: re.Pattern[str], put: Substitute = ""
    ) -> View:
        """What ``inner`` finds replaced, only within what ``outer`` finds."""
        text, num_found = outer.subn(lambda run: inner.sub(put, run[0]), self.text)
        if not num_found:
            return self
        return View(
            text,
            self,
            lambda: _edits(_within(self.text, outer, inner), put),
            is_doubtful=self.is_doubtful,
        )

    def respelt(self, spans: Spans, *, is_doubtful: bool) -> View:
        """Some ranges read as other words."""
        pieces: list[str] = []
        position = 0
        for start, end, word in spans:
            pieces += (self.text[position:start], word)
            position = end
        text = "".join((*pieces, self.text[position:]))
        return View(
            text,
            self,
            lambda: ((start, end, len(word)) for start, end, word in spans),
            is_doubtful=is_doubtful,
        )


def _within(text: str, outer: re.Pattern[str], inner: re.Pattern[str]) -> Iterator[re.Match[str]]:
    return (found for run in outer.finditer(text) for found in inner.finditer(text, *run.span()))


def _edits(matches: Iterable[re.Match[str]], put: Substitute) -> Iterator[Edit]:
    for match in matches:
        yield *match.span(), len(put if isinstance(put, str) else put(match))
