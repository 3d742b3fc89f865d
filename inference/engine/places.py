"""Tells whoever waits how many jobs begin before theirs, whenever that changes. No torch.

To know it the turns are played ahead, which takes longer the more people wait; so it is done only
as often as costs the device thread a small share of its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from inference.engine.stepper import PictureRun
from inference.engine.ticket import Ticket

_MAX_SHARE = 0.02  # of the time, for playing ahead


class Places:
    """In the queue of one engine; called from the device thread only."""

    def __init__(
        self, starts: Callable[[], Iterable[PictureRun]], tell: Callable[[Ticket], None]
    ) -> None:
        """``starts``: the runs that wait, in the order in which they will begin."""
        self._starts = starts
        self._tell = tell
        self._told: frozenset[Ticket] = frozenset()  # who waited when places were last told
        self._next_at = 0.0  # monotonic seconds

    def tell(self, tickets: Mapping[str, Ticket]) -> None:
        """``tickets`` by the ids of their runs; each that waits hears its place where it is new."""
        waiting = frozenset(one for one in tickets.values() if not one.has_begun)
        began = time.monotonic()
        if waiting == self._told or began < self._next_at:
            return
        self._told = waiting
        order = dict.fromkeys(tickets[run.id] for run in self._starts())
        for place, ticket in enumerate(one for one in order if one in waiting):
            if ticket.ahead != place:
                ticket.ahead = place
                self._tell(ticket)
        ended = time.monotonic()
        self._next_at = ended + (ended - began) / _MAX_SHARE
