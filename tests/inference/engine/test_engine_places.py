"""Places in the queue are true, and cost the device thread little however many wait."""

from __future__ import annotations

import pytest

from inference.engine import places
from inference.engine.places import Places
from inference.engine.stepper import PictureRun
from inference.engine.ticket import Ticket
from tests.inference.engine.painter import LANE, job


def waiting(name: str) -> tuple[Ticket, PictureRun]:
    """A job that has not begun, and its one run."""
    wish = job(name)
    run = PictureRun(
        id=name, owner=name, lane=LANE, rows=2, steps=4, job=wish, index=0, seed=0
    )  # fmt: skip
    return Ticket(job=wish, reference=None, listener=None), run


def test_playing_ahead_keeps_to_a_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it takes a second, nobody plays ahead again for fifty, and then all is told."""
    now = [100.0]
    monkeypatch.setattr(places.time, "monotonic", lambda: now[0])
    order: list[PictureRun] = []
    told: list[tuple[str, int | None]] = []

    def starts() -> list[PictureRun]:
        now[0] += 1.0
        return order

    queue = Places(starts, lambda ticket: told.append((ticket.job.id, ticket.ahead)))
    (first, run), (second, other) = waiting("a"), waiting("b")
    order[:] = [run]
    queue.tell({"a": first})
    assert told == [("a", 0)]
    order[:] = [other, run]
    queue.tell({"a": first, "b": second})
    assert len(told) == 1
    now[0] += 51.0
    queue.tell({"a": first, "b": second})
    assert told[1:] == [("b", 0), ("a", 1)]
