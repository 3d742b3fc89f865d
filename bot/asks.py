"""What goes in and out of the front door, as plain data: an ask, a reply, where a request stands.

Knows no database, no chat client and no torch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from inference.jobs import Reference
from store.tables import FINAL_STATES, RequestState

from .chat import Card


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A wish and the numbers chosen beside it; None leaves a choice to the brief and settings."""

    text: str = ""  # no words at all mean "surprise me"
    style: str | None = None
    negative_prompt: str = ""
    count: int | None = None
    steps: int | None = None
    guidance: float | None = None
    seed: int | None = None  # None: drawn at random, and kept with the request
    width: int | None = None  # pixels
    height: int | None = None  # pixels
    reference: Reference | None = None  # an upload (``Studio.upload``) to start from
    parent_picture_id: str | None = None  # the picture this edits; its settings are kept
    may_expand: bool | None = None  # False: only the person's own words; None: their default
    is_private: bool | None = None  # only the person sees the result; None: their default
    aspect: str | None = None  # a shape by name, made into sides at the door
    usual_count: int | None = None  # where neither option nor words say how many
    usual_width: int | None = None  # pixels, where neither option nor words say how large
    usual_height: int | None = None  # pixels
    most_count: int | None = None  # more pictures than this are not made, whatever words say
    level: str | None = None  # how careful the community wants the filters to be

    def to_options(self) -> dict[str, Any]:
        """What ``Request.options`` keeps; ``text`` and the parent have columns of their own."""
        row = asdict(self)
        for name in ("text", "parent_picture_id", "is_private", "aspect"):
            del row[name]
        return row

    @classmethod
    def from_options(cls, text: str, options: Mapping[str, Any], parent: str | None) -> Ask:
        """The ask that a request's row was made from."""
        reference = options.get("reference")
        return cls(
            **{**options, "reference": Reference(**reference) if reference else None},
            text=text,
            parent_picture_id=parent,
        )


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What to show at once to the person who acted.

    ``request_id`` is set where a request was admitted (or was there already): its pictures,
    question or explanation follow later through ``Chat.send``. ``is_refused`` tells a command
    line to exit with 1. ``bot.chat`` says what an adapter does with the rest.
    """

    card: Card
    request_id: str | None = None
    is_refused: bool = False
    also: tuple[Card, ...] = ()  # messages of their own, after the first
    is_update: bool = False  # the card takes the place of the message that was pressed
    is_duplicate: bool = False  # this event was answered before


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a request stands, read from its rows."""

    request_id: str
    state: RequestState
    round: int
    ahead: int | None = None  # requests that will be begun before it; None: not waiting
    step: int = 0
    steps: int = 0  # 0: not known yet
    seconds_left: float | None = None  # until it is painted, as things go; None: not known
    preview_sha256: str | None = None
    problem: Mapping[str, Any] | None = None  # {"key", "args", "trace"} where it failed
    updated_at: dt.datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES

    @property
    def is_waiting_for_a_person(self) -> bool:
        """Nothing more happens until someone answers or a moderator decides."""
        return self.state in (RequestState.AWAITING_ANSWER, RequestState.AWAITING_REVIEW)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One picture of a request, for those who fetch results themselves."""

    picture_id: str
    position: int  # as shown, from 1
    seed: int
    width: int
    height: int
    sha256: str  # of the bytes to show
    prompt: str
    how: Mapping[str, Any] = field(default_factory=dict)
