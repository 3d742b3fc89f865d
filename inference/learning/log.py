"""Writes down what learning needs and nothing can reconstruct later; knows no chat and no model.

A grid is logged as it was shown: which pictures at which places, with what probability in this
order and by this arm, and whether the requester let us learn from it. A vote is logged with the
place pressed, the time it took and the voter's own consent. Votes are only ever added.

A grid of best-of-n or of two releases is only worth something with these probabilities (Joachims
et al. 2017, arXiv 1608.04468); order must be random, or the first place wins by being first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import insert_new, insert_once
from store.tables import Grid, Request, Slot, Vote, new_id, now

CHAMPION = "champion"


class VoteKind(StrEnum):
    """What a person can say of a grid."""

    PICK = "pick"  # the best of those shown
    TIE = "tie"  # they are equally good
    ALL_BAD = "all_bad"  # none will do
    LIKE = "like"  # this one is good
    DISLIKE = "dislike"  # this one is bad
    LARGER = "larger"  # give me this one larger
    VARY = "vary"  # more like this one
    SHARE = "share"  # show this one to others
    DOWNLOAD = "download"  # give me this one's original
    AGAIN = "again"  # the same wish once more


CHOICES = frozenset({VoteKind.PICK, VoteKind.TIE, VoteKind.ALL_BAD})  # one excludes the others
OF_A_WHOLE_GRID = frozenset({VoteKind.TIE, VoteKind.ALL_BAD, VoteKind.AGAIN})


class LearningError(Exception):
    """What cannot be logged or exported. ``key`` and ``args_`` name a Fluent sentence."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(f"{key} {args}" if args else key)
        self.key = key
        self.args_: Mapping[str, Any] = args


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Which release served a grid, how likely that was, and what it was chosen from."""

    arm: str = CHAMPION
    arm_probability: float = 1.0  # of this arm for this request, above 0 and at most 1
    arms: tuple[str, ...] = ()  # of each picture in the order shown, where they differ
    num_candidates: int | None = None  # before any choice of which to show; None: all were shown
    versions: Mapping[str, Any] = field(default_factory=dict)  # model, LoRA, reward model


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """A vote as cast.

    One on a picture names it by ``position`` (its place as shown, from 1) or ``picture_id``; one
    on the whole grid names neither.
    """

    grid_id: str
    person_id: str
    kind: VoteKind | str
    platform: str
    event_id: str  # the platform's event; a second vote with it is a duplicate
    may_learn: bool  # the voter's consent now
    position: int | None = None
    picture_id: str | None = None
    at: dt.datetime = field(default_factory=now)


async def record_grid(
    session: AsyncSession,
    *,
    request_id: str,
    round: int,
    picture_ids: Sequence[str],
    order_probability: float,
    may_learn: bool,
    serving: Serving | None = None,
) -> str:
    """Log a grid before it is shown and return its id; repeats return the first one's.

    ``picture_ids`` in the order shown; ``order_probability`` of this order among those that
    could have been drawn (1/n! where it is uniformly random); ``may_learn``: the requester's
    consent now. A repeat may have drawn another order: show what is logged, not what was drawn.
    """
    serving = serving or Serving()
    num_candidates = serving.num_candidates or len(picture_ids)
    arms = serving.arms or (serving.arm,) * len(picture_ids)
    _check_grid(picture_ids, arms, num_candidates, order_probability, serving.arm_probability)
    grid_id = new_id()
    is_new = await insert_once(
        session,
        Grid,
        id=grid_id,
        request_id=request_id,
        round=round,
        arm=serving.arm,
        arm_probability=serving.arm_probability,
        order_probability=order_probability,
        num_candidates=num_candidates,
        may_learn=may_learn,
        versions=dict(serving.versions),
    )
    if not is_new:
        first = select(Grid.id).where(Grid.request_id == request_id, Grid.round == round)
        return (await session.scalars(first)).one()
    slots = [
        {"grid_id": grid_id, "picture_id": picture_id, "position": position, "arm": painter}
        for position, (picture_id, painter) in enumerate(
            zip(picture_ids, arms, strict=True), start=1
        )
    ]
    await insert_new(session, Slot, slots)
    return grid_id


async def record_shown(
    session: AsyncSession, grid_id: str, *, at: dt.datetime | None = None
) -> None:
    """Log when the grid could first be seen; the first time counts."""
    await session.execute(_SHOWN, {"this_id": grid_id, "shown_at": at or now()})


_SHOWN = (
    update(Grid)
    .where(Grid.id == bindparam("this_id"), Grid.shown_at.is_(None))
    .values(shown_at=bindparam("shown_at"))
    .execution_options(synchronize_session=False)
)


async def record_vote(session: AsyncSession, ballot: Ballot) -> bool:
    """Log a vote; False where its event was logged before. Raises ``LearningError``."""
    kind = _known_kind(ballot.kind)
    grid = await session.get(Grid, ballot.grid_id)
    if grid is None:
        raise LearningError("vote-grid-gone")
    slot = None if kind in OF_A_WHOLE_GRID else await _slot(session, ballot)
    asked_by = await session.scalar(select(Request.person_id).where(Request.id == grid.request_id))
    since_shown = ballot.at - (grid.shown_at or grid.created_at)
    return await insert_once(
        session,
        Vote,
        created_at=ballot.at,
        grid_id=ballot.grid_id,
        person_id=ballot.person_id,
        picture_id=slot.picture_id if slot else None,
        kind=kind.value,
        position=slot.position if slot else None,
        seconds_to_vote=max(0.0, since_shown.total_seconds()),
        may_learn=ballot.may_learn,
        is_requester=asked_by == ballot.person_id,
        platform=ballot.platform,
        event_id=ballot.event_id,
    )


def newest_votes(votes: Sequence[Vote]) -> list[Vote]:
    """The votes that count: the newest of those by one person on one grid that exclude each other.

    A pick, a tie and "all bad" exclude each other; liking and disliking a picture do; any other
    kind counts once for a picture.
    """
    latest: dict[tuple[str, ...], Vote] = {}
    for vote in sorted(votes, key=lambda vote: (vote.created_at, vote.id)):
        latest[(vote.grid_id, vote.person_id, *_what_it_excludes(vote))] = vote
    return list(latest.values())


def _what_it_excludes(vote: Vote) -> tuple[str, ...]:
    if vote.kind in CHOICES:
        return ("choice",)
    if vote.kind in (VoteKind.LIKE, VoteKind.DISLIKE):
        return ("liking", vote.picture_id or "")
    return (vote.kind, vote.picture_id or "")


def _known_kind(kind: VoteKind | str) -> VoteKind:
    try:
        return VoteKind(kind)
    except ValueError:
        raise LearningError("vote-unknown-kind", kind=kind) from None


async def _slot(session: AsyncSession, ballot: Ballot) -> Slot:
    slots = select(Slot).where(Slot.grid_id == ballot.grid_id)
    if ballot.position is not None:
        slots = slots.where(Slot.position == ballot.position)
    if ballot.picture_id is not None:
        slots = slots.where(Slot.picture_id == ballot.picture_id)
    is_named = ballot.position is not None or ballot.picture_id is not None
    slot = await session.scalar(slots) if is_named else None
    if slot is None:
        raise LearningError("vote-not-in-grid")
    return slot


def _check_grid(
    picture_ids: Sequence[str],
    arms: Sequence[str],
    num_candidates: int,
    order_probability: float,
    arm_probability: float,
) -> None:
    """Refuse what would make the log useless: these are mistakes of ours, not of a person."""
    if not picture_ids or len(set(picture_ids)) != len(picture_ids):
        raise ValueError("a grid shows at least one picture, and none of them twice")
    if len(arms) != len(picture_ids):
        raise ValueError("every picture of a grid has its arm")
    if num_candidates < len(picture_ids):
        raise ValueError("a grid cannot show more pictures than there were candidates")
    if not (0.0 < order_probability <= 1.0 and 0.0 < arm_probability <= 1.0):
        raise ValueError("a grid that was shown had a probability above 0 and at most 1")
