"""What the rows say about the demo's requests; it only reads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from store.sessions import Database
from store.tables import FINAL_STATES, Case, Delivery, Grid, Request, Vote


class Ledger:
    """Look-ups beside the service, on a connection of their own."""

    def __init__(self, url: str) -> None:
        self._db = Database(url)

    async def unfinished(self) -> Sequence[Request]:
        """Requests that an earlier run left, oldest first."""
        async with self._db.session() as session:
            query = select(Request).where(Request.state.not_in(FINAL_STATES))
            return (await session.scalars(query.order_by(Request.created_at))).all()

    async def is_told(self, request_id: str, round_: int) -> bool:
        """True where the person has been told what that round came to."""
        async with self._db.session() as session:
            query = select(Delivery.id).where(
                Delivery.request_id == request_id,
                Delivery.what.endswith(f":{round_}"),
                Delivery.state.in_(("sent", "gave_up")),
            )
            return await session.scalar(query) is not None

    async def open_case(self, request_id: str) -> str | None:
        """The case about this request that waits for a decision."""
        async with self._db.session() as session:
            query = select(Case.id).where(Case.request_id == request_id, Case.state == "open")
            return await session.scalar(query)

    async def num_votes(self, request_id: str) -> int:
        """How many votes were cast on the request's grids."""
        async with self._db.session() as session:
            query = select(func.count(Vote.id)).join(Grid, Grid.id == Vote.grid_id)
            return await session.scalar(query.where(Grid.request_id == request_id)) or 0

    async def close(self) -> None:
        """Close the connection."""
        await self._db.close()
