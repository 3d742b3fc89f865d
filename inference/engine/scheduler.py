"""Which runs take the next denoising step together. Bookkeeping only: knows no torch.

A run is one picture on its way: ``rows`` inputs of the network per step (2 with classifier-free
guidance, else 1), for ``steps`` steps. Runs of one lane may share a call. Turns go round the
people who wait, by deficit round robin (Shreedhar & Varghese 1996) on the cost of what they used,
and a newcomer's first turn comes at once, as in fq_codel (RFC 8290). Seats left over in a call
are given to whoever can use them. Within one person the oldest run goes first.

Two limits admit: a run starts only where memory has room for what it will hold, and a call has
only as many rows as ``max_rows`` says, which is where the latency budget comes in (``pace.py``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from itertools import chain, count
from math import inf
from typing import Any, Generic, Self, TypeVar


@dataclass(frozen=True, kw_only=True)
class Lane:
    """What must be equal for two runs to share a call of the network."""

    model: str
    height: int  # latents
    width: int  # latents
    channels: int = 4  # of the network's input
    adapters: tuple[str, ...] = ()  # LoRA set
    control: str = ""  # kind of control network

    @property
    def area(self) -> int:
        """Latents per row: what one row costs, next to rows of other lanes."""
        return self.height * self.width


@dataclass(kw_only=True, eq=False)
class Run:
    """One picture on its way through its steps."""

    id: str
    owner: str  # the person it is for
    lane: Lane
    rows: int  # 2 with guidance, 1 without
    steps: int
    step: int = 0  # steps done
    held_bytes: int = 0  # of device memory, from its first step to its end

    @property
    def cost(self) -> int:
        """What one step costs."""
        return self.rows * self.lane.area

    @property
    def is_done(self) -> bool:
        return self.step >= self.steps

    def __deepcopy__(self, _known: dict[int, Any]) -> Self:
        """Of a run only the bookkeeping is copied, never what it paints with."""
        return copy(self)


R = TypeVar("R", bound=Run)


@dataclass(frozen=True, kw_only=True)
class Room:
    """What runs that have started may hold, all together."""

    num_runs: int = 64
    held_bytes: int | None = None  # None: as much as they like


class Scheduler(Generic[R]):
    """Picks the runs of each tick; the caller runs the step and reports it with ``advance``."""

    def __init__(self, *, max_rows: Callable[[Lane], int], room: Room | None = None) -> None:
        """``max_rows``: rows one call may hold; ``room``: for all runs that have started."""
        self._max_rows = max_rows
        self._room = room or Room()
        self._is_draining = False
        self._queues: dict[str, deque[R]] = {}  # per owner, oldest first
        self._turns: deque[str] = deque()  # owners, the next one first
        self._new: set[str] = set()  # owners who had no turn yet: the first of ``_turns``
        self._credit: dict[str, int] = {}
        self._num_added = count()
        self._arrivals: dict[R, int] = {}

    def __len__(self) -> int:
        return len(self._arrivals)

    def __iter__(self) -> Iterator[R]:
        return (run for queue in self._queues.values() for run in queue)

    def add(self, run: R) -> None:
        """Queue a run; an owner who had none is a newcomer and comes next, after other newcomers."""
        if run.owner not in self._queues:
            self._queues[run.owner] = deque()
            self._turns.insert(len(self._new), run.owner)
            self._new.add(run.owner)
            self._credit[run.owner] = run.cost
        self._queues[run.owner].append(run)
        self._arrivals[run] = next(self._num_added)

    def remove(self, run: R) -> None:
        """Forget a run that was cancelled, failed or finished; unknown runs are ignored."""
        if self._arrivals.pop(run, None) is None:
            return
        queue = self._queues[run.owner]
        queue.remove(run)
        if not queue:
            del self._queues[run.owner], self._credit[run.owner]
            self._turns.remove(run.owner)
            self._new.discard(run.owner)

    def drain(self) -> list[R]:
        """From now on nothing starts; removes and returns what has not, the rest runs on."""
        self._is_draining = True
        never = [run for run in self if run.step == 0]
        for run in never:
            self.remove(run)
        return never

    def next_batch(self) -> list[R]:
        """The runs that take the next step together, at least one unless nothing may run."""
        starting = self._may_start()
        waiting = {
            owner: [run for run in queue if run.step > 0 or run in starting]
            for owner, queue in self._queues.items()
        }
        able = [owner for owner in self._turns if waiting[owner]]
        if not able:
            return []
        self._top_up(able)
        head = next(owner for owner in able if self._credit[owner] > 0)
        lane = waiting[head][0].lane
        fitting = {o: deque(r for r in runs if r.lane == lane) for o, runs in waiting.items()}
        return self._seat([head, *(owner for owner in self._turns if owner != head)], fitting)

    def advance(self, batch: Iterable[R]) -> list[R]:
        """Count one step for each run of ``batch``, charge the owners; returns the finished."""
        spent: dict[str, int] = {}
        finished = []
        for run in batch:
            run.step += 1
            spent[run.owner] = spent.get(run.owner, 0) + run.cost
            if run.is_done:
                finished.append(run)
        for owner, cost in spent.items():
            self._charge(owner, cost)
        for run in finished:
            self.remove(run)
        return finished

    def starts(self, max_ticks: int = 1000) -> list[R]:
        """The runs that have not started, in the order in which they will.

        It is what will happen where nobody comes or goes and calls keep their size; runs that
        start beyond ``max_ticks`` are left out.
        """
        twin = deepcopy(self)
        originals = dict(zip(twin, self, strict=True))
        order: list[R] = []
        for _ in range(max_ticks):
            if len(order) == sum(run.step == 0 for run in self):
                break
            batch = twin.next_batch()
            order += [originals[run] for run in batch if run.step == 0]
            twin.advance(batch)
        return order

    def _may_start(self) -> set[R]:
        """The runs that have not started and may: as many as memory has room for.

        Everybody's first comes before anybody's second, then who came first; and what does not
        fit yet is not overtaken, or small pictures would keep a large one waiting for good.
        """
        if self._is_draining:
            return set()
        ranked = [
            (place, self._arrivals[run], run)
            for queue in self._queues.values()
            for place, run in enumerate(queue)
        ]
        num_started = sum(run.step > 0 for _, _, run in ranked)
        held = sum(run.held_bytes for _, _, run in ranked if run.step > 0)
        most = inf if self._room.held_bytes is None else self._room.held_bytes
        chosen: set[R] = set()
        for _, _, run in sorted((one for one in ranked if one[2].step == 0), key=_rank):
            held += run.held_bytes
            num = num_started + len(chosen)
            if num and (held > most or num >= self._room.num_runs):
                break
            chosen.add(run)
        return chosen

    def _top_up(self, owners: list[str]) -> None:
        """Give every owner the same credit until at least one of ``owners`` may go."""
        best = max(self._credit[owner] for owner in owners)
        if best > 0:
            return
        quantum = max(run.cost for run in self)
        rounds = -best // quantum + 1
        for owner in self._credit:
            self._credit[owner] += rounds * quantum

    def _seat(self, order: list[str], fitting: dict[str, deque[R]]) -> list[R]:
        """Fill one call: first the runs of who has credit, then whatever else fits."""
        batch: list[R] = []
        rows = 0
        left = dict(self._credit)
        paid = _in_turn(order, fitting, left, needs_credit=True)
        for run in chain(paid, _in_turn(order, fitting, left, needs_credit=False)):
            if batch and rows + run.rows > self._max_rows(run.lane):
                break
            batch.append(run)
            rows += run.rows
        return batch

    def _charge(self, owner: str, cost: int) -> None:
        """Take ``cost`` from the owner, who may go into debt for this one tick, not for more.

        Without that floor, seats left over by others would pile up a debt to starve on.
        """
        self._credit[owner] = max(self._credit[owner] - cost, -cost)
        self._new.discard(owner)
        if self._credit[owner] <= 0:
            self._turns.remove(owner)
            self._turns.append(owner)


def _rank(ranked: tuple[int, int, Run]) -> tuple[int, int]:
    return ranked[0], ranked[1]


def _in_turn(
    order: list[str], fitting: dict[str, deque[R]], credit: dict[str, int], *, needs_credit: bool
) -> Iterator[R]:
    """Take a run from each owner in turn, paying with ``credit``, until nobody has one."""
    has_more = True
    while has_more:
        has_more = False
        for owner in order:
            if fitting[owner] and (credit[owner] > 0 or not needs_credit):
                run = fitting[owner].popleft()
                credit[owner] -= run.cost
                has_more = True
                yield run
