"""Asks the operator's own classifiers of words, on the render role, before anything is painted.

They need torch, which the chat role never loads. What the person wrote and what was added are
judged apart, as in ``prepare``: added words cost no strike. One that fails means a human looks.
"""

from __future__ import annotations

import asyncio
import contextlib

from moderation.policy import BY_A_MODERATOR, Decision, Stage, Verdict

from .judging import judge
from .orders import Order
from .records import keep_verdicts
from .wishes import added_words, own_words
from .workshop import Said, excusing

GUARD = "guard"  # the subject of its verdicts, beside those of the rules


async def ask_guard(order: Order) -> tuple[Stage, Verdict] | None:
    """Where the words must stop, and the verdict; None where they may go on."""
    guard = order.shop.word_guard
    if guard is None:
        return None
    with contextlib.suppress(Exception):  # asked below, it says again what is wrong, in time
        await asyncio.to_thread(guard.load)
    for stage, said in (
        (Stage.WISH, own_words(order)),
        (Stage.BRIEF, added_words(order, order.brief)),
    ):
        if said is not None and said.words:
            verdict = await _judged(order, stage, said)
            if verdict.decision is not Decision.ALLOW:
                return stage, verdict
    return None


async def _judged(order: Order, stage: Stage, said: Said) -> Verdict:
    """What is known of it, a moderator's word above all, or else what the guard says, kept."""
    ruled = order.verdicts.get((stage, ""))
    if ruled is not None and ruled.policy.startswith(BY_A_MODERATOR):
        return ruled
    known = order.verdicts.get((stage, GUARD))
    if known is not None:
        return known
    assert order.shop.word_guard is not None  # noqa: S101  (asked before)
    verdict = await judge(order.shop.word_guard.check, said.words, f"{stage}-unchecked")
    verdict = excusing(order.careful(verdict), order.allowed_categories)
    async with order.shop.db.session() as session:
        await keep_verdicts(session, order.request.id, order.ref.round, stage, {GUARD: verdict})
    order.verdicts[stage, GUARD] = verdict
    return verdict
