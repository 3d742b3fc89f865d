"""Which message shows what: written when a chat has posted a card with a receipt.

A receipt is ``what:request id``, where it shows several with a comma between them, or
``case:case id:version``. Knows no chat.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import insert_once
from store.tables import Case, Delivery, Request, RequestState, new_id, now

from .chat import Event
from .messages import elsewhere

PROGRESS = "progress"  # the one message that tells how far a request is
SHOWN = "grid"  # a result shown once more
CASE = "case"  # something for a moderator to decide
IN_DOUBT = ("sending", "resending")  # under the request's lock: sent, or about to be
IN_PROGRESS = (RequestState.PREPARING, RequestState.PAINTING, RequestState.PRESENTING)


def progress(request_id: str) -> str:
    """Of the message that tells how far a request is."""
    return f"{PROGRESS}:{request_id}"


def shown(*request_ids: str) -> str:
    """Of a message that shows results once more, or pictures of them."""
    return f"{SHOWN}:{','.join(dict.fromkeys(request_ids))}"


def of_case(case: Case) -> str:
    """Of a message that shows a case as it is now."""
    return f"{CASE}:{case.id}:{case.version}"


def is_of_case(receipt: str) -> bool:
    """True where it is about a case, not a request."""
    return receipt.startswith(f"{CASE}:")


def case_of(receipt: str) -> tuple[str, int]:
    """The case it is about, and the version shown."""
    _, case_id, version = receipt.split(":")
    return case_id, int(version)


def request_of(receipt: str) -> str:
    """The request it is about, or the first of them."""
    return receipt.partition(":")[2].partition(",")[0]


async def is_late(session: AsyncSession, receipt: str) -> bool:
    """True for word of a progress that is over, and of which the end was told already."""
    what, _, request_id = receipt.partition(":")
    request = await session.get(Request, request_id)
    if what != PROGRESS or request is None or request.state in IN_PROGRESS:
        return False
    told = select(Delivery.id).where(
        Delivery.request_id == request_id,
        Delivery.what.endswith(f":{request.round}"),
        Delivery.state.in_(("sent", *IN_DOUBT)),
    )
    return await session.scalar(told.limit(1)) is not None


async def keep(session: AsyncSession, event: Event, receipt: str, message_id: str) -> None:
    """The message that now shows it; of progress there is one, the newest."""
    what, _, request_ids = receipt.partition(":")
    for request_id in request_ids.split(","):
        request = await session.get(Request, request_id)
        if request is not None:  # else it was deleted in this very moment
            await _keep(session, event, request, what, message_id)


async def _keep(
    session: AsyncSession, event: Event, request: Request, what: str, message_id: str
) -> None:
    is_elsewhere = dict(event.address) != request.address
    known = {
        "message_id": message_id,
        "address": elsewhere(event) if is_elsewhere else None,
        "state": "sent",
        "sent_at": now(),
    }
    name = PROGRESS if what == PROGRESS else f"{what}:shown:{new_id()}"
    is_new = await insert_once(
        session,
        Delivery,
        id=new_id(),
        request_id=request.id,
        what=name,
        attempts=1,
        nonce="",
        **known,
    )
    if not is_new:
        mine = update(Delivery).where(Delivery.request_id == request.id, Delivery.what == name)
        await session.execute(mine.values(**known))
