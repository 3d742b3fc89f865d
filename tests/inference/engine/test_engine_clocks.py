"""How steps are timed on devices that work on their own, and how much memory is theirs to fill."""

from __future__ import annotations

from inference.engine.clocks import EventClock, WallClock, clock_of
from inference.engine.memory import free_bytes, room_on
from inference.engine.scheduler import Lane, Room

LANE = Lane(model="m", height=8, width=8)


class FakeGpu:
    """A device that takes orders and works later: each step takes it ten milliseconds."""

    def __init__(self) -> None:
        self.ordered = 0
        self.waits: list[int] = []

    def step(self) -> None:
        self.ordered += 1

    def event(self) -> FakeEvent:
        return FakeEvent(self)


class FakeEvent:
    """A mark in the device's queue of orders."""

    def __init__(self, gpu: FakeGpu) -> None:
        self._gpu = gpu
        self.place = -1

    def record(self) -> None:
        self.place = self._gpu.ordered

    def synchronize(self) -> None:
        self._gpu.waits.append(self._gpu.ordered - self.place)

    def elapsed_time(self, later: FakeEvent) -> float:
        return 10.0 * (later.place - self.place)  # milliseconds


def test_a_gpu_is_one_step_ahead_and_never_more() -> None:
    """Only a step before the newest is waited for, and each is timed by the device's own marks."""
    gpu = FakeGpu()
    clock = EventClock(gpu.event)
    measured = []
    for rows in (2, 4, 8):
        clock.time(LANE, rows, gpu.step)
        measured += list(clock.measured())
    assert measured == [(LANE, 2, 0.01), (LANE, 4, 0.01)]
    assert gpu.waits == [1, 1]


def test_a_cpu_step_is_over_when_it_returns() -> None:
    """Each step is measured once, with its rows."""
    clock = clock_of("cpu")
    assert isinstance(clock, WallClock)
    clock.time(LANE, 2, lambda: None)
    assert [(lane, rows) for lane, rows, _ in clock.measured()] == [(LANE, 2)]
    assert list(clock.measured()) == []


def test_room_is_a_share_of_what_is_free_unless_it_was_set() -> None:
    """An operator's limit stands; else a quarter of the free memory may be held."""
    free = free_bytes("cpu")
    assert room_on("cpu", Room(held_bytes=5)).held_bytes == 5
    chosen = room_on("cpu", Room(num_runs=3))
    assert chosen.num_runs == 3
    assert free is None or 0 < (chosen.held_bytes or 0) < free
