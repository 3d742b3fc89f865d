"""The scheduler: who takes the next step, proved on random schedules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.engine.scheduler import Lane, Room, Run, Scheduler

SMALL = Lane(model="m", height=8, width=8)
LARGE = Lane(model="m", height=16, width=16)


def make(max_rows: int = 8, room: Room | None = None) -> Scheduler[Run]:
    """An empty scheduler."""
    return Scheduler(max_rows=lambda _lane: max_rows, room=room)


def run(name: str, owner: str = "", steps: int = 4, rows: int = 2, lane: Lane = SMALL) -> Run:
    """A run whose owner is itself unless named."""
    held = rows * lane.area
    return Run(
        id=name, owner=owner or name, lane=lane, rows=rows, steps=steps, held_bytes=held
    )  # fmt: skip


rooms = st.builds(
    Room, num_runs=st.integers(1, 20), held_bytes=st.none() | st.integers(64, 2048)
)  # fmt: skip


runs = st.lists(
    st.tuples(
        st.sampled_from("abcde"),  # owner
        st.integers(1, 6),  # steps
        st.integers(1, 2),  # rows
        st.sampled_from([SMALL, LARGE]),
        st.integers(0, 12),  # tick of arrival
        st.integers(0, 30),  # tick of withdrawal; beyond the end: never
    ),
    min_size=1,
    max_size=14,
)


@given(wishes=runs, max_rows=st.integers(2, 9), room=rooms)
def test_every_step_is_taken_once_in_order_and_never_after_a_withdrawal(
    wishes: list[tuple[str, int, int, Lane, int, int]], max_rows: int, room: Room
) -> None:
    """Whatever arrives and leaves when, each run takes its steps once and in order, or leaves."""
    scheduler = make(max_rows, room)
    all_runs = [run(f"{n}", w[0], w[1], w[2], w[3]) for n, w in enumerate(wishes)]
    taken: dict[str, list[int]] = {r.id: [] for r in all_runs}
    for tick in range(200):
        for one, wish in zip(all_runs, wishes, strict=True):
            if wish[4] == tick:
                scheduler.add(one)
            if max(wish[5], wish[4]) == tick and wish[5] < 20:
                scheduler.remove(one)
                taken[one.id].append(-1)
        batch = scheduler.next_batch()
        assert len({r.lane for r in batch}) <= 1
        assert sum(r.rows for r in batch) <= max_rows
        assert bool(batch) == bool(len(scheduler))
        for one in batch:
            taken[one.id].append(one.step)
        scheduler.advance(batch)
        assert_held(scheduler, room)
    for one in all_runs:
        assert_steps(one, taken[one.id])


def assert_held(scheduler: Scheduler[Run], room: Room) -> None:
    """What has started keeps to the room, or is alone."""
    started = [r for r in scheduler if r.step > 0]
    if len(started) > 1:
        assert len(started) <= room.num_runs
        assert room.held_bytes is None or sum(r.held_bytes for r in started) <= room.held_bytes


def assert_steps(one: Run, steps: list[int]) -> None:
    """All steps, once and in order; after the mark of a withdrawal none."""
    expected = list(range(one.steps))
    if -1 in steps:
        assert steps[: steps.index(-1)] == expected[: steps.index(-1)]
        assert steps[steps.index(-1) + 1 :] == []
    else:
        assert steps == expected


@given(wishes=runs, room=rooms, ticks=st.integers(0, 6))
def test_nothing_starts_while_draining_and_what_runs_ends(
    wishes: list[tuple[str, int, int, Lane, int, int]], room: Room, ticks: int
) -> None:
    """What has begun when draining begins takes all its steps; the rest is handed back, unbegun."""
    scheduler = make(room=room)
    all_runs = [run(f"{n}", w[0], w[1], w[2], w[3]) for n, w in enumerate(wishes)]
    for one in all_runs:
        scheduler.add(one)
    for _ in range(ticks):
        scheduler.advance(scheduler.next_batch())
    begun = [one for one in all_runs if one.step > 0]
    never = scheduler.drain()
    while batch := scheduler.next_batch():
        scheduler.advance(batch)
    assert all(one.is_done for one in begun)
    assert all(one.step == 0 for one in never)
    assert {one.id for one in [*begun, *never]} == {one.id for one in all_runs}
    assert not len(scheduler)


@given(wishes=runs, room=rooms, ticks=st.integers(0, 4))
def test_the_order_of_starts_is_what_then_happens(
    wishes: list[tuple[str, int, int, Lane, int, int]], room: Room, ticks: int
) -> None:
    """Where nobody comes or goes, runs start in the very order that was told."""
    scheduler = make(max_rows=4, room=room)
    for number, wish in enumerate(wishes):
        scheduler.add(run(f"{number}", wish[0], wish[1], wish[2], wish[3]))
    for _ in range(ticks):
        scheduler.advance(scheduler.next_batch())
    foretold = scheduler.starts()
    happened = []
    while batch := scheduler.next_batch():
        happened += [one for one in batch if one.step == 0]
        scheduler.advance(batch)
    assert foretold == happened


def test_what_does_not_fit_yet_is_not_overtaken_for_good() -> None:
    """A large picture gets its memory though small ones keep coming."""
    scheduler = make(max_rows=8, room=Room(held_bytes=600))
    for number in range(4):
        scheduler.add(run(f"small{number}", steps=6))
    scheduler.advance(scheduler.next_batch())
    large = run("large", lane=LARGE, steps=1)  # 512 of the 600 bytes
    scheduler.add(large)
    for tick in range(60):
        scheduler.add(run(f"late{tick}", steps=6))
        scheduler.advance(scheduler.next_batch())
        if large.is_done:
            break
    assert large.is_done


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=2, max_size=6))
def test_nobody_starves(people: list[tuple[int, bool]]) -> None:
    """However much the others ask for, in either lane, nobody waits longer than a fair round."""
    scheduler = make(max_rows=4)
    for number, (count, is_large) in enumerate(people):
        for picture in range(count):
            lane = LARGE if is_large else SMALL
            scheduler.add(run(f"{number}/{picture}", str(number), steps=5, lane=lane))
    last = dict.fromkeys((str(number) for number in range(len(people))), 0)
    tick = 0
    while batch := scheduler.next_batch():
        tick += 1
        for one in batch:
            last[one.owner] = tick
        scheduler.advance(batch)
        waiting = {one.owner for one in scheduler}
        # A tick holds two runs; large ones cost four small ones, so a round is 8 turns each.
        assert all(tick - last[owner] <= 8 * len(people) for owner in waiting)


def test_a_newcomer_takes_the_very_next_step() -> None:
    """A person who had nothing running joins at the next step, though the call was full."""
    scheduler = make(max_rows=4)
    for number in range(6):
        scheduler.add(run(f"old{number}", steps=50))
    for _ in range(7):
        scheduler.advance(scheduler.next_batch())
    newcomer = run("new")
    scheduler.add(newcomer)
    assert newcomer in scheduler.next_batch()


def test_guided_and_unguided_runs_share_a_call() -> None:
    """Rows count, not runs: two guided and four unguided pictures fill eight rows."""
    scheduler = make(max_rows=8)
    for number in range(2):
        scheduler.add(run(f"guided{number}"))
    for number in range(4):
        scheduler.add(run(f"free{number}", rows=1))
    assert len(scheduler.next_batch()) == 6


def test_a_short_job_passes_a_long_queue_of_one_person() -> None:
    """Forty pictures of one person do not hold up one picture of another."""
    scheduler = make(max_rows=4)
    for number in range(40):
        scheduler.add(run(f"hog{number}", "hog", steps=50))
    scheduler.advance(scheduler.next_batch())
    short = run("short", "guest", steps=4)
    scheduler.add(short)
    ticks = 0
    while not short.is_done:
        scheduler.advance(scheduler.next_batch())
        ticks += 1
    assert ticks <= 8


def test_costs_decide_between_lanes() -> None:
    """Of two people alone in their lanes, the one whose steps cost four times gets a fifth."""
    scheduler = make(max_rows=2)
    scheduler.add(run("small", steps=1000))
    scheduler.add(run("large", steps=1000, lane=LARGE))
    turns = {"small": 0, "large": 0}
    for _ in range(500):
        batch = scheduler.next_batch()
        turns[batch[0].id] += 1
        scheduler.advance(batch)
    assert 3.5 <= turns["small"] / turns["large"] <= 4.5
