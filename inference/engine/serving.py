"""What an operator may switch about how the engine serves; no torch, no model, no people."""

from __future__ import annotations

from dataclasses import dataclass, field

from inference.engine.pace import Limits
from inference.engine.scheduler import Room

_MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Every part can be turned off, so that a benchmark can say what it is worth."""

    limits: Limits = field(default_factory=Limits)  # of one call of the network
    room: Room = field(default_factory=Room)  # what all runs may hold
    preview_seconds: float | None = 1.0  # the least between two previews of a job; None: none
    repeat_bytes: int = 64 * _MIB  # of pictures kept for identical jobs; 0: none
    retries_broken: bool = True  # a black picture or no numbers: once more, with another seed
    splits_calls: bool = True  # where memory runs out or a call fails: halves, down to the culprit
    is_warmed_up: bool = True  # paints for nobody while idle, to learn the pace
    idle_seconds: float = 1.0  # of quiet before that
    grace_seconds: float = 10.0  # that running jobs have to finish when the engine is closed
