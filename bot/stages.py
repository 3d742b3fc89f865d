"""The three stages of a request as data: their queues, their names, what follows which state.

Knows no database and no engine; ``bot.fulfil`` says what a stage does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from store.tables import RequestState

PATH_VERSION = "1"  # raise it when a stage begun by older code must not be finished by newer code

LIGHT = "light"  # short stages, for the chat role
RENDERING = "gpu"  # everything that needs torch, for the render role

MAX_CRASHES = 3  # a stage that took its process down so often is given up, or it never ends


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a stage waits. ``priority``: lower first within its queue, at least 1."""

    queue: str
    priority: int = 1


STAGES = {
    "prepare": Stage(queue=LIGHT, priority=2),
    "paint": Stage(queue=RENDERING),
    "present": Stage(queue=LIGHT, priority=1),  # what is ready goes out before more comes in
}

NEXT_STAGE = {
    RequestState.PREPARING: "prepare",
    RequestState.PAINTING: "paint",
    # whatever these states call for, someone must be told
    RequestState.PRESENTING: "present",
    RequestState.AWAITING_ANSWER: "present",
    RequestState.AWAITING_REVIEW: "present",
    RequestState.BLOCKED: "present",
    RequestState.FAILED: "present",
}


@dataclass(frozen=True, kw_only=True)
class Ref:
    """One stage of one round of a request: all that a queue ever holds."""

    request_id: str
    stage: str
    round: int
    tries: int = 1  # how often it was enqueued
    crashes: int = 0  # how often it died with its process

    @property
    def workflow_id(self) -> str:
        """Deterministic, so that enqueueing the same stage twice makes one."""
        first = f"{self.request_id}:{self.stage}:{self.round}"
        return first if self.tries == 1 else f"{first}:{self.tries}.{self.crashes}"

    @classmethod
    def parse(cls, workflow_id: str) -> Ref:
        """The inverse of ``workflow_id``; raises ``ValueError`` for anything else."""
        request_id, stage, number, *later = workflow_id.split(":")
        tries, crashes = (int(part) for part in later[0].split(".")) if later else (1, 0)
        return cls(
            request_id=request_id, stage=stage, round=int(number), tries=tries, crashes=crashes
        )

    @property
    def is_first(self) -> bool:
        """True where no attempt at this stage of this round has been made before."""
        return self.tries == 1

    def again(self, *, has_crashed: bool = False) -> Ref:
        """The same stage, to be begun once more."""
        return replace(self, tries=self.tries + 1, crashes=self.crashes + has_crashed)

    def next(self, state: RequestState) -> Ref | None:
        """The stage that a request of this round goes on with in ``state``."""
        stage = NEXT_STAGE.get(state)
        return Ref(request_id=self.request_id, stage=stage, round=self.round) if stage else None
