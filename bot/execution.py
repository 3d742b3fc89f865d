"""The edge of the path: executes a stage, hands the request on, and records whatever goes wrong.

The one place where every exception ends. Knows the order of stages, not what they do.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from inference.jobs import JobError, RenderCancelled, RenderFailed, RenderStopped
from moderation.cases import open_case
from moderation.policy import Category
from moderation.policy import Stage as JudgedStage
from store.errors import StoreError, StoreLocked, StoreUnreachable
from store.tables import Request, RequestState

from . import fulfil
from .chat import ChatUnavailable
from .holding import hold
from .orders import FOUND_IN, Order, open_order
from .progress import forget_progress
from .records import Outcome, Superseded, move
from .restrictions import refused_by_a_filter
from .stages import Ref
from .workshop import Workshop

STAGE_WORK: Mapping[str, Callable[[Order], Awaitable[Outcome]]] = {
    "prepare": fulfil.prepare,
    "paint": fulfil.paint,
    "present": fulfil.present,
}
FIRST_DELAY_SECONDS = 2.0
MAX_TRIES = 12  # of sending: the last waits a good hour

logger = logging.getLogger(__name__)


class Execution:
    """Executes stages with the tools of this process."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def run(self, ref: Ref) -> None:
        """One stage, from its rows to its outcome. Raises only what could not be recorded."""
        try:
            await self._run(ref)
        except Superseded:
            return  # withdrawn, or done by another execution: there is nothing left to do
        except RenderCancelled:
            await self._end(ref, Outcome(state=RequestState.CANCELLED))
        except ChatUnavailable:
            await self._run_later(ref)
        except RenderStopped:
            await self._hand_back(ref)
        except (StoreLocked, StoreUnreachable):
            raise  # nothing can be recorded now; the stage is begun again
        except (JobError, RenderFailed, StoreError) as error:
            await self._fail(ref, error.key, error.args_, error)
        except Exception as error:  # noqa: BLE001 - the edge: recorded, told, nothing is lost
            await self._fail(ref, "failed-generic", {}, error)

    async def _run(self, ref: Ref) -> None:
        order = await open_order(self._shop, ref)
        if order.is_paused:
            async with self._shop.db.session() as session:
                await hold(session, ref)
            return
        outcome = await STAGE_WORK[ref.stage](order)
        async with self._shop.db.session() as session:
            await self.hand_on(session, order, outcome)

    async def hand_on(self, session: AsyncSession, order: Order, outcome: Outcome) -> None:
        """The last step's rows, the new state, what follows from a verdict, and the next stage:
        one transaction."""
        request, ref = order.request, order.ref
        for write in order.last_rows:
            await write(session)
        if outcome.state == request.state:
            return  # it was told; someone's answer or decision goes on from here
        if outcome.state == RequestState.DELIVERED:
            await move(session, ref, FOUND_IN[ref.stage], outcome)
            return
        judged = _judged(outcome)
        if judged and outcome.state == RequestState.BLOCKED:
            days = self._shop.settings.strike_days
            outcome = await refused_by_a_filter(session, request, outcome, *judged, days)
        turn = await move(session, ref, FOUND_IN[ref.stage], outcome)
        if judged and outcome.state == RequestState.AWAITING_REVIEW:
            await self._open_case(session, request, *judged)
        await self._put_next(session, ref, outcome.state, turn)

    async def _open_case(
        self, session: AsyncSession, request: Request, stage: JudgedStage, category: Category
    ) -> None:
        await open_case(
            session,
            request_id=request.id,
            community_id=request.community_id,
            round=request.round,
            stage=stage,
            category=category,
        )

    async def _put_next(
        self, session: AsyncSession, ref: Ref, state: RequestState, turn: int
    ) -> None:
        following = ref.next(state)
        if following is not None:
            priority = turn if state == RequestState.PAINTING else 0
            await self._shop.outbox.put(session, following, priority=priority)

    async def give_up(self, ref: Ref) -> None:
        """A stage that took its process down again and again is done with."""
        await self._fail(ref, "failed-crashed", {}, None)

    async def _run_later(self, ref: Ref) -> None:
        """The chat took nothing now: try again, later each time, and in the end give up."""
        if ref.tries >= MAX_TRIES:
            await self._fail(ref, "failed-undelivered", {}, None)
            return
        delay = FIRST_DELAY_SECONDS * 2 ** (ref.tries - 1)
        async with self._shop.db.session() as session:
            await self._shop.outbox.put(session, ref.again(), delay_seconds=delay)

    async def _hand_back(self, ref: Ref) -> None:
        """The engine is being stopped: someone else paints it, or this machine once it is back."""
        async with self._shop.db.session() as session:
            turn = await forget_progress(session, ref.request_id)
            put = self._shop.outbox.put
            await put(session, ref.again(), priority=turn, delay_seconds=FIRST_DELAY_SECONDS)

    async def _fail(
        self, ref: Ref, key: str, args: Mapping[str, object], error: Exception | None
    ) -> None:
        """Write down that it could not be done, and have the person told, with a trace to quote."""
        trace = secrets.token_hex(4)
        logger.error("stage %s failed, trace %s%s", ref.workflow_id, trace, self._told(error))
        problem = {"key": key, "args": dict(args), "trace": trace}
        await self._end(ref, Outcome(state=RequestState.FAILED, problem=problem))

    async def _end(self, ref: Ref, outcome: Outcome) -> None:
        """The end of a request, unless it has gone on without us."""
        with contextlib.suppress(Superseded):
            async with self._shop.db.session() as session:
                turn = await move(session, ref, FOUND_IN[ref.stage], outcome)
                if ref.stage != "present":  # what cannot be told cannot be told about either
                    await self._put_next(session, ref, outcome.state, turn)

    def _told(self, error: Exception | None) -> str:
        """Where it happened, for the log; its message may hold a prompt, so it stays out."""
        if error is None:
            return ""
        message = f": {error}" if self._shop.settings.log_prompts else ""
        frames = "".join(traceback.format_tb(error.__traceback__))
        return f"\n{type(error).__qualname__}{message}\n{frames}"


def _judged(outcome: Outcome) -> tuple[JudgedStage, Category] | None:
    """What a verdict was about, where a verdict decided the outcome."""
    problem = outcome.problem or {}
    if "stage" not in problem:
        return None
    return JudgedStage(problem["stage"]), Category(problem["category"] or Category.UNCHECKED)
