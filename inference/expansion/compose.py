"""Writes the prompt and remembers which parts of it are not the person's. Knows no words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from inference.expansion.brief import Brief, Span

_TIDY: Final = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+(?=[,;.!?，。；！？、])"), ""),
    (re.compile(r"([,;，；、])(?:\s?[,;.，。；、])+"), r"\1"),
    (re.compile(r"^[\s,;.!?，。；！？、:：]+|[\s,;.，。；、:：!?！？]+$"), ""),
)


@dataclass(kw_only=True)
class Prompt:
    """A prompt in the making."""

    text: str = ""
    added: list[Span] = field(default_factory=list)

    def write(self, words: str, *, is_added: bool, between: str = " ") -> None:
        """Append ``words``; ``between`` stands before them unless they come first."""
        if not words:
            return
        start = len(self.text) + (len(between) if self.text else 0)
        self.text += (between if self.text else "") + words
        if is_added:
            self._mark(Span(start=start, end=len(self.text)), between)

    def _mark(self, span: Span, between: str) -> None:
        """Additions that touch are one addition."""
        if self.added and self.added[-1].end + len(between) == span.start:
            span = Span(start=self.added.pop().start, end=span.end)
        self.added.append(span)


def tidy(text: str) -> str:
    """``text`` on one line, without the punctuation that cutting leaves behind."""
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    return text


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """``text`` with each half-open range replaced; a range inside an earlier one is ignored."""
    pieces, at = [], 0
    for start, end, words in sorted(edits):
        if end > at:
            pieces += [text[at : max(at, start)], words if start >= at else ""]
            at = end
    return "".join([*pieces, text[at:]])


def without(text: str, cuts: Iterable[tuple[int, int]]) -> str:
    """``text`` less the half-open ranges in ``cuts``."""
    return edited(text, ((start, end, "") for start, end in cuts))


def own_words(brief: Brief) -> str:
    """The prompt without what was added to it: what "undo" renders."""
    return tidy(without(brief.prompt, [(span.start, span.end) for span in brief.added]))
