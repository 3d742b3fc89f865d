"""Which runs take the next denoising step together. Bookkeeping only: knows no torch.

A run is one picture on its way: ``rows`` inputs of the network per step (2 with classifier-free
guidance, else 1), for ``steps`` steps. Runs of one lane may share a call. Turns go round the
people who wait, by deficit round robin (Shreedhar & Varghese 1996) on the cost of what they used,
and a newcomer's first turn comes at once, as in fq_codel (RFC 8290). Seats left over in a call
are given to whoever can use them. Within one person the oldest run goes first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar


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

    @property
    def cost(self) -> int:
        """What one step costs."""
        return self.rows * self.lane.area

    @property
    def is_done(self) -> bool:
        return self.step >= self.steps


R = TypeVar("R", bound=Run)


class Scheduler(Generic[R]):
    """Picks the runs of each tick; the caller runs the step and reports it with ``advance``."""

    def __init__(self, *, max_rows: Callable[[Lane], int], max_started: int = 64) -> None:
        """``max_rows``: rows one call may hold; ``max_started``: runs that may hold memory."""
        self._max_rows = max_rows
        self._max_started = max_started
        self._queues: dict[str, deque[R]] = {}  # per owner, oldest first
        self._turns: deque[str] = deque()  # owners, the next one first
        self._credit: dict[str, int] = {}

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._queues.values())

    def __iter__(self) -> Iterator[R]:
        return (run for queue in self._queues.values() for run in queue)

    def add(self, run: R) -> None:
        """Queue a run; an owner who had none is a newcomer and comes next."""
        if run.owner not in self._queues:
            self._queues[run.owner] = deque()
            self._turns.appendleft(run.owner)
            self._credit[run.owner] = run.cost
        self._queues[run.owner].append(run)

    def remove(self, run: R) -> None:
        """Forget a run that was cancelled, failed or finished; unknown runs are ignored."""
        queue = self._queues.get(run.owner)
        if queue is None or run not in queue:
            return
        queue.remove(run)
        if not queue:
            del self._queues[run.owner], self._credit[run.owner]
            self._turns.remove(run.owner)

    def next_batch(self) -> list[R]:
        """The runs that take the next step together, at least one unless nothing waits."""
        may_start = self._max_started - sum(run.step > 0 for run in self)
        waiting = {owner: list(self._runnable(owner, may_start)) for owner in self._turns}
        if not any(waiting.values()):
            return []
        self._top_up([owner for owner in self._turns if waiting[owner]])
        head = next(o for o in self._turns if waiting[o] and self._credit[o] > 0)
        lane = waiting[head][0].lane
        fitting = {o: deque(r for r in runs if r.lane == lane) for o, runs in waiting.items()}
        return self._seat([head, *(o for o in self._turns if o != head)], fitting, may_start)

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

    def _runnable(self, owner: str, may_start: int) -> Iterator[R]:
        """The owner's runs that hold memory already or may begin to, oldest first."""
        for run in self._queues[owner]:
            if run.step > 0 or may_start > 0:
                yield run

    def _top_up(self, owners: list[str]) -> None:
        """Give every owner the same credit until at least one of ``owners`` may go."""
        best = max(self._credit[owner] for owner in owners)
        if best > 0:
            return
        quantum = max(run.cost for run in self)
        rounds = -best // quantum + 1
        for owner in self._credit:
            self._credit[owner] += rounds * quantum

    def _seat(self, order: list[str], fitting: dict[str, deque[R]], may_start: int) -> list[R]:
        """Fill one call: first the runs of who has credit, then whatever else fits."""
        batch: list[R] = []
        rows = 0
        left = dict(self._credit)
        paid = _in_turn(order, fitting, left, needs_credit=True)
        for run in chain(paid, _in_turn(order, fitting, left, needs_credit=False)):
            if run.step == 0 and may_start <= 0:
                continue
            if batch and rows + run.rows > self._max_rows(run.lane):
                break
            batch.append(run)
            rows += run.rows
            may_start -= run.step == 0
        return batch

    def _charge(self, owner: str, cost: int) -> None:
        """Take ``cost`` from the owner, who may go into debt for this one tick, not for more.

        Without that floor, seats left over by others would pile up a debt to starve on.
        """
        if owner not in self._credit:
            return
        self._credit[owner] = max(self._credit[owner] - cost, -cost)
        if self._credit[owner] <= 0:
            self._turns.remove(owner)
            self._turns.append(owner)


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
