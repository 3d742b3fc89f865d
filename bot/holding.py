"""What waits for the end of a pause: a stage that comes up meanwhile is put by, and begun then.

It looks at rows over and over, so it makes no difference who ended the pause, or in which process.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import is_paused
from store.sessions import insert_once
from store.tables import HeldStage, Request

from .stages import Ref
from .workshop import Workshop

AT_ONCE = 100


async def hold(session: AsyncSession, ref: Ref) -> None:
    """Put a stage by; a request has one at a time."""
    values = {"request_id": ref.request_id, "workflow_id": ref.workflow_id}
    if not await insert_once(session, HeldStage, **values):
        (await session.get_one(HeldStage, ref.request_id)).workflow_id = ref.workflow_id


async def let_go(shop: Workshop) -> int:
    """Begin what waits where no pause lasts any more; returns how many stages."""
    over = (
        select(HeldStage.workflow_id, Request.turn)
        .join(Request, Request.id == HeldStage.request_id)
        .where(~is_paused(Request.community_id))
        .order_by(HeldStage.created_at)
        .limit(AT_ONCE)
    )
    async with shop.db.statements() as session:
        found = (await session.execute(over)).all()
    num_begun = 0
    for workflow_id, turn in found:
        async with shop.db.session() as session:
            num_begun += await _begin(session, shop, Ref.parse(workflow_id), turn)
    return num_begun


async def _begin(session: AsyncSession, shop: Workshop, ref: Ref, turn: int) -> bool:
    mine = delete(HeldStage).where(
        HeldStage.request_id == ref.request_id, HeldStage.workflow_id == ref.workflow_id
    )
    if await session.scalar(mine.returning(HeldStage.request_id)) is None:
        return False  # begun by another process in this very moment
    priority = turn if ref.stage == "paint" else 0
    await shop.outbox.put(session, ref.again(), priority=priority)
    return True
