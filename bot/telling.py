"""Composes what there is to tell about a request in its present state, from its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.expansion.brief import Brief
from moderation.policy import Category, Stage
from store.tables import Grid, Picture, Request, RequestState, Slot

from . import cards, result_cards
from .chat import Card
from .texts import say

KIND_TOLD = {
    RequestState.PRESENTING: "grid",
    RequestState.DELIVERED: "grid",
    RequestState.AWAITING_ANSWER: "question",
    RequestState.AWAITING_REVIEW: "review",
    RequestState.BLOCKED: "blocked",
    RequestState.FAILED: "failed",
}


async def read_grid(session: AsyncSession, request_id: str) -> tuple[Grid, list[Picture]] | None:
    """The newest grid of a request and its pictures in the order shown."""
    grid = await session.scalar(
        select(Grid).where(Grid.request_id == request_id).order_by(Grid.round.desc()).limit(1)
    )
    if grid is None:
        return None
    shown = select(Picture).join(Slot, Slot.picture_id == Picture.id)
    slots = shown.where(Slot.grid_id == grid.id).order_by(Slot.position)
    return grid, list((await session.scalars(slots)).all())


def compose_grid(
    request: Request,
    brief: Brief,
    grid_id: str,
    shown: Sequence[Picture],
    language: str | None = None,
) -> Card:
    """The pictures in the order of the grid, in the requester's language or another."""
    return result_cards.grid(
        language or request.language,
        request_id=request.id,
        grid_id=grid_id,
        brief=brief,
        pictures=as_shown(shown),
        was_reviewed=bool(shown) and shown[0].round < request.round,
        is_private=request.is_private,
    )


def as_shown(pictures: Sequence[Picture]) -> list[result_cards.ShownPicture]:
    """Pictures as cards know them."""
    return [
        result_cards.ShownPicture(
            picture_id=one.id,
            sha256=one.sha256,
            seed=one.seed,
            notices=tuple((each["key"], each["args"]) for each in one.how.get("notices", ())),
        )
        for one in pictures
    ]


def compose_other(request: Request, brief: Brief | None) -> Card:
    """The question, the review notice, or why there is no picture."""
    problem = request.problem or {}
    language = request.language
    if request.state == RequestState.AWAITING_ANSWER and brief is not None:
        return cards.question(
            language, request_id=request.id, brief=brief, is_private=request.is_private
        )
    if request.state == RequestState.FAILED:
        return cards.failed(
            language,
            problem.get("key", "failed-generic"),
            problem.get("args"),
            request_id=request.id,
            trace=problem.get("trace", ""),
        )
    stage = Stage(problem.get("stage", Stage.WISH))
    category = Category(problem["category"]) if problem.get("category") else None
    if request.state == RequestState.BLOCKED:
        return cards.blocked(
            language,
            request_id=request.id,
            stage=stage,
            category=category,
            moderator_reason=problem.get("reason"),
            strike_days=problem.get("strike_days"),
            follows=_follows(language, problem),
            may_appeal=problem.get("may_appeal", True),
        )
    return cards.review(language, request_id=request.id, stage=stage, category=category)


def _follows(language: str, problem: Mapping[str, Any]) -> list[str]:
    """What a refusal led to beside the warning, and that it is the last word."""
    lines = []
    if kind := problem.get("sanction"):
        days = problem.get("sanction_days") or 0
        lines.append(say(language, "blocked-sanction", kind=kind, days=days))
    if problem.get("is_final"):
        lines.append(say(language, "blocked-final"))
    return lines
