"""The path of one request, top to bottom: what happens to it, in order.

Three short stages. Each ends in an ``Outcome``: where the request stands now; handing it on to the
next stage is one transaction (``bot.execution``). A step loads, decides and returns; it never
retries and never swallows, and what its rows say is done it does not do again. Waiting for a
person ends a stage; the answer or the decision enqueues the next one. Whatever somebody must be
told of goes through ``present``: pictures, and no less a question, a review or a refusal.
"""

from __future__ import annotations

from typing import Any

from inference.expansion.brief import Brief
from moderation.pictures import tier
from moderation.policy import ALLOWED, Decision, Stage, Verdict
from store.tables import RequestState

from .deliveries import tell
from .errands import errand_of
from .guarding import ask_guard
from .orders import Order
from .painting import check_reference, paint_and_judge
from .records import Outcome
from .wishes import added_words, brief_and_job, own_words


async def prepare(order: Order) -> Outcome:
    """Chat role: from a wish to a brief that anyone may see."""
    if errand_of(order.request):
        return Outcome(state=RequestState.PAINTING)
    words = await check_words(order)
    if words.decision is not Decision.ALLOW:
        return stopped(Stage.WISH, words)
    brief = await expand(order)
    added = await check_brief(order, brief)
    if added.decision is not Decision.ALLOW:
        return stopped(Stage.BRIEF, added)
    return Outcome(state=RequestState.AWAITING_ANSWER if brief.question else RequestState.PAINTING)


async def paint(order: Order) -> Outcome:
    """Render role: from a brief to pictures that anyone may see."""
    upload = await check_uploads(order)
    if upload.decision is not Decision.ALLOW:
        return stopped(Stage.UPLOAD, upload)
    if errand := errand_of(order.request):
        await errand.run(order)
        return Outcome(state=RequestState.PRESENTING)
    if (doubt := await ask_guard(order)) is not None:
        return stopped(*doubt)
    await render(order)
    pictures = await check_pictures(order)
    if pictures.decision is not Decision.ALLOW:
        return stopped(Stage.PICTURE, pictures)
    return Outcome(state=RequestState.PRESENTING)


async def present(order: Order) -> Outcome:
    """Chat role: the grid, the question, or why there is none, to the person."""
    await deliver(order)
    state = RequestState(order.request.state)
    return Outcome(state=RequestState.DELIVERED if state == RequestState.PRESENTING else state)


# The steps, in the same order.


async def check_words(order: Order) -> Verdict:
    """The person's own words, before any language model sees them."""
    return await order.judged(Stage.WISH, order.shop.check_said, own_words(order))


async def expand(order: Order) -> Brief:
    """The wish made precise and numeric: visible, optional, undoable."""
    if not order.has_brief:
        await order.keep_brief(*await brief_and_job(order))
    return order.brief


async def check_brief(order: Order, brief: Brief) -> Verdict:
    """What was added to the person's words; it never costs them a strike."""
    added = added_words(order, brief)
    if added is None:
        return ALLOWED
    return await order.judged(Stage.BRIEF, order.shop.check_said, added, is_last=True)


async def check_uploads(order: Order) -> Verdict:
    """A picture the person sent: its size before it is decoded, then what it shows."""
    return await check_reference(order) if order.request.reference_sha256 else ALLOWED


async def render(order: Order) -> None:
    """The pictures. Each is judged before a byte of it is kept; progress flows back meanwhile."""
    if not order.is_painted:
        await order.keep_pictures(await paint_and_judge(order))


async def check_pictures(order: Order) -> Verdict:
    """What the model made: the strictest of the verdicts kept with the pictures."""
    return order.verdict_on_pictures


async def deliver(order: Order) -> None:
    """Say it once: ``sending`` is written before, the message's id after, with the new state."""
    await tell(order)


def stopped(stage: Stage, verdict: Verdict) -> Outcome:
    """A verdict other than allow: a moderator looks first, or the person is told why not."""
    is_review = verdict.decision is Decision.REVIEW
    category = verdict.categories[0] if verdict.categories else ""
    problem: dict[str, Any] = {"stage": stage, "category": category}
    if stage in (Stage.UPLOAD, Stage.PICTURE) and tier.is_forbidden(verdict):
        problem["may_appeal"] = False  # there is nothing that anyone could look at
    return Outcome(
        state=RequestState.AWAITING_REVIEW if is_review else RequestState.BLOCKED, problem=problem
    )
