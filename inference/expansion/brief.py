"""The brief: a wish made precise, as data. Knows no model, no network and no chat.

A brief always keeps the person's own words (``wish``) and marks what was added to them, so
that the additions can be shown, judged separately and undone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["en", "zh"]


class Clarity(StrEnum):
    """How clear a wish is."""

    NONE = "none"  # no wish at all: "surprise me"
    DIRECTION = "direction"  # a mood or a direction, nothing to draw yet
    CONSTRAINTS = "constraints"  # something to draw, details left open
    COMPLETE = "complete"  # every detail that matters is named


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ObjectWish(_Data):
    """A thing that must be in the picture."""

    name: str  # in the model's language
    count: int = Field(default=1, ge=1, le=20)
    color: str | None = None
    position: str | None = None  # "left", "above the house", …


class Constraints(_Data):
    """What can be checked on the result."""

    texts: tuple[str, ...] = ()  # words that must be readable in the picture
    palette: tuple[str, ...] = ()  # colours asked for, in the model's language
    objects: tuple[ObjectWish, ...] = ()


class Span(_Data):
    """Half-open range of characters in ``Brief.prompt``."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Question(_Data):
    """The one thing worth asking, because the answer would change the picture."""

    text: str  # in the person's language
    options: tuple[str, ...] = Field(default=(), max_length=5)


class Notice(_Data):
    """A Fluent sentence the person should read beside the result."""

    key: str
    args: dict[str, str | int | float] = Field(default_factory=dict)


class Brief(_Data):
    """The structured wish."""

    wish: str  # the person's words, untouched
    language: Language  # the language they were written in
    prompt: str  # what the model reads, in the model's language
    negative_prompt: str = ""
    style: str | None = None
    width: int | None = None  # pixels; None: the model's own size
    height: int | None = None
    count: int | None = None  # pictures asked for in words; None: the person's default
    clarity: Clarity = Clarity.CONSTRAINTS
    constraints: Constraints = Constraints()
    added: tuple[Span, ...] = ()  # parts of ``prompt`` that are not the person's
    question: Question | None = None
    notices: tuple[Notice, ...] = ()
    expander: str = "offline"  # "none", "offline" or "llm:<model>"

    @property
    def added_words(self) -> tuple[str, ...]:
        """The added parts of the prompt, in order."""
        return tuple(self.prompt[span.start : span.end] for span in self.added)


class Wish(_Data):
    """What an expander is given. ``text`` is data, never instruction."""

    text: str
    language: Language | None = None  # the person's language where the words do not tell
    style: str | None = None  # chosen by option, not in words
    negative_prompt: str = ""
    width: int | None = None
    height: int | None = None
    seed: int = 0  # the same wish and seed give the same brief offline
    answer: str | None = None  # the answer to a question asked earlier
    may_ask: bool = True  # False: decide, do not ask


class Expander(Protocol):
    async def expand(self, wish: Wish) -> Brief:
        """Turn a wish into a brief. Never raises for what a person wrote or an LLM answered."""
