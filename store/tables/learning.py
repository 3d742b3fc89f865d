"""What learning needs and nothing can reconstruct later: grids as they were shown, and votes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .columns import HasId, Table, now, refers_to


class Grid(HasId, Table):
    """A presentation of pictures to people."""

    __tablename__ = "grids"
    __table_args__ = (UniqueConstraint("request_id", "round"),)

    request_id: Mapped[str] = refers_to("requests.id", index=False)
    round: Mapped[int]
    arm: Mapped[str] = mapped_column(default="champion")  # which release painted it
    arm_probability: Mapped[float] = mapped_column(default=1.0)
    order_probability: Mapped[float]  # of this order, given the candidates
    num_candidates: Mapped[int]  # before any choice of which to show
    may_learn: Mapped[bool] = mapped_column(default=False)  # the requester's consent at the time
    versions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shown_at: Mapped[dt.datetime | None]  # when the person could first see it


class Slot(HasId, Table):
    """One place of a grid; ``position`` is the place as shown, from 1."""

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("grid_id", "position"),)

    grid_id: Mapped[str] = refers_to("grids.id", index=False)
    picture_id: Mapped[str] = refers_to("pictures.id")
    position: Mapped[int]
    arm: Mapped[str] = mapped_column(default="champion")


class Tombstone(Table):
    """A grid, picture or vote that a person had deleted: a dataset made before that still holds
    it must be made anew, and what was trained on it is named. Says nothing of the person."""

    __tablename__ = "tombstones"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # that of the row that is gone
    kind: Mapped[str] = mapped_column(String(16))  # the table it was in
    receipt: Mapped[str] = mapped_column(String(8), index=True)  # the number the person was given
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class Vote(HasId, Table):
    """What a person said of a grid. The newest of what exclude each other counts."""

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("platform", "event_id"),)

    grid_id: Mapped[str] = refers_to("grids.id")
    person_id: Mapped[str] = refers_to("people.id")
    picture_id: Mapped[str | None] = refers_to("pictures.id", nullable=True)
    kind: Mapped[str]  # see inference.learning.log.VoteKind
    position: Mapped[int | None]  # the slot pressed, as shown
    seconds_to_vote: Mapped[float | None]
    may_learn: Mapped[bool] = mapped_column(default=False)  # the voter's consent at the time
    is_requester: Mapped[bool] = mapped_column(default=False)
    platform: Mapped[str]
    event_id: Mapped[str]
