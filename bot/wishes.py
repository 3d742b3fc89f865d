"""From a wish, or an edit of a picture, to a brief and a job; and which words are to be judged.

One edit operation serves every way to change a picture. With a parent picture the numbers are the
parent's, and ``Request.kind`` says what is new: nothing but the seed (vary, from the picture
itself), one word of the prompt (change), or words added to the wish (edit).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.expansion.brief import Brief, Span, Wish
from inference.expansion.recolouring import recoloured
from inference.jobs import RenderJob
from store.tables import Brief as BriefRow
from store.tables import Picture, Request

from .asks import Ask
from .orders import Order
from .planning import job_of, plan
from .records import read_brief
from .workshop import Said

EXPANDER_LANGUAGE = {"en": "en", "zh-CN": "zh"}


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The picture that is edited: the wish, brief and job it was made from."""

    wish: str
    brief: Brief
    job: RenderJob


def own_words(order: Order) -> Said:
    """All that the person wrote themselves."""
    request = order.request
    words = (request.wish, request.answer, request.options.get("style"))
    return Said(
        words="\n".join(part for part in words if part),
        negative=request.options.get("negative_prompt") or "",
        community=order.place,
    )


def added_words(order: Order, brief: Brief) -> Said | None:
    """What the model and the person will read beyond the person's own words."""
    words = [] if brief.prompt == order.request.wish else [brief.prompt]
    if brief.question:
        words += [brief.question.text, *brief.question.options]
    is_own = brief.negative_prompt == (order.request.options.get("negative_prompt") or "")
    negative = "" if is_own else brief.negative_prompt
    said = Said(words="\n".join(words), negative=negative, community=order.place)
    return said if said.words or said.negative else None


async def brief_and_job(order: Order) -> tuple[Brief, RenderJob]:
    """The brief of this round and its numbers; raises ``JobError``, and ``RenderFailed`` for what
    the model cannot paint, before anybody waits for it."""
    request = order.request
    ask = Ask.from_options(request.wish, request.options, request.parent_picture_id)
    parent = await _parent(order) if request.parent_picture_id else None
    if parent and request.kind == "vary":
        brief = parent.brief.model_copy(update={"question": None, "notices": ()})
    elif parent and request.kind == "change":
        brief = await _with_word_changed(order, ask, parent)
    else:
        brief = await _expanded(order, ask, request.wish, parent)
    job = plan(
        ask,
        brief,
        order.shop.settings,
        job_id=f"{request.id}:{request.round}",
        native_size=order.shop.native_size,
        parent=parent.job if parent else None,
    )
    order.shop.model_limits.check(job)
    return brief, job


async def _expanded(order: Order, ask: Ask, text: str, parent: Parent | None) -> Brief:
    request, shop = order.request, order.shop
    if parent:
        joined = ", ".join(part for part in (parent.wish, text) if part)
        text = recoloured(parent.wish, text) or joined
    wish = Wish(
        text=text,
        language=EXPANDER_LANGUAGE.get(request.language),
        style=ask.style or (parent.brief.style if parent else None),
        negative_prompt=ask.negative_prompt or (parent.job.negative_prompt if parent else ""),
        width=ask.width,
        height=ask.height,
        seed=ask.seed or 0,
        answer=request.answer,
        may_ask=ask.may_expand and parent is None and await _may_ask(order),
    )
    expander = shop.expander if ask.may_expand else shop.plain_expander
    return await expander.expand(wish)


async def _may_ask(order: Order) -> bool:
    """A question is asked at most once in a request, whatever became of the answer."""
    if order.ref.round == 1:
        return True
    asked = select(BriefRow.brief).where(BriefRow.request_id == order.request.id)
    async with order.shop.db.session() as session:
        briefs = (await session.scalars(asked)).all()
    return order.request.answer is None and not any(brief.get("question") for brief in briefs)


async def _with_word_changed(order: Order, ask: Ask, parent: Parent) -> Brief:
    """The parent's brief with one word replaced; in the wish where the prompt lacks the word."""
    old, new = (part.strip() for part in order.request.wish.split(">", 1))
    found = parent.brief.prompt.lower().find(old.lower())
    wish = _with(parent.wish, old, new)
    if found < 0:
        return await _expanded(order, ask, wish or parent.wish, None)
    prompt = _with(parent.brief.prompt, old, new) or ""
    return parent.brief.model_copy(
        update={
            "wish": wish or prompt,  # whoever edits it next finds the new word in it
            "prompt": prompt,
            "question": None,
            "notices": (),
            "added": tuple(
                moved
                for span in parent.brief.added
                if (moved := _moved(span, found, len(old), len(new)))
            ),
        }
    )


def _with(text: str, old: str, new: str) -> str | None:
    """``text`` with its first ``old`` replaced, however it is written; None where it has none."""
    found = text.lower().find(old.lower())
    return None if found < 0 else text[:found] + new + text[found + len(old) :]


def _moved(span: Span, at: int, num_old: int, num_new: int) -> Span | None:
    """Where an added part stands after ``num_old`` characters at ``at`` became ``num_new``."""
    if span.end <= at:
        return span
    if span.start >= at + num_old:
        shift = num_new - num_old
        return Span(start=span.start + shift, end=span.end + shift)
    return None  # the person has changed it: it is theirs now


async def _parent(order: Order) -> Parent | None:
    async with order.shop.db.session() as session:
        return await read_parent(session, str(order.request.parent_picture_id))


async def read_parent(session: AsyncSession, picture_id: str) -> Parent | None:
    """What a picture was made from; None where it is gone."""
    picture = await session.get(Picture, picture_id)
    request = await session.get(Request, picture.request_id) if picture else None
    if picture is None or request is None:
        return None
    found = await read_brief(session, request.id, picture.round)
    job = job_of(picture.how) or (found.job if found else None)
    if found is None or job is None:
        return None
    return Parent(wish=found.brief.wish, brief=found.brief, job=job)
