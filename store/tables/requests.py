"""Requests, their briefs, what is known while they run, and what was told to whom."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .columns import HasId, Table, now, refers_to


class RequestState(StrEnum):
    """Where a request stands. A change of state is one guarded UPDATE."""

    PREPARING = "preparing"  # its words are being checked and turned into a brief
    AWAITING_ANSWER = "awaiting_answer"  # one question was asked; the answer goes on from here
    AWAITING_REVIEW = "awaiting_review"  # a moderator must decide; the decision goes on from here
    PAINTING = "painting"  # in the queue of the renderers, or being rendered
    PRESENTING = "presenting"  # pictures are made and judged; they are being delivered
    DELIVERED = "delivered"  # the person has their pictures
    BLOCKED = "blocked"  # refused; the person is told why and how to appeal
    CANCELLED = "cancelled"  # withdrawn by the person, a moderator or a ban
    FAILED = "failed"  # could not be done; the person is told so


FINAL_STATES = frozenset(
    {RequestState.DELIVERED, RequestState.BLOCKED, RequestState.CANCELLED, RequestState.FAILED}
)


class Request(HasId, Table):
    """What a person asked for, platform-neutral and durable."""

    __tablename__ = "requests"
    __table_args__ = (
        UniqueConstraint("platform", "event_id"),
        Index("ix_requests_person_state", "person_id", "state"),
        Index("ix_requests_person_created_at", "person_id", "created_at"),
        Index("ix_requests_state_created_at", "state", "created_at"),
    )

    person_id: Mapped[str] = refers_to("people.id", index=False)
    identity_id: Mapped[str] = refers_to("identities.id")
    community_id: Mapped[str] = refers_to("communities.id")
    platform: Mapped[str]
    event_id: Mapped[str]  # the platform's event; a second one with this id is a duplicate
    address: Mapped[dict[str, Any]] = mapped_column(JSON)  # where answers go, the adapter's own
    language: Mapped[str]  # the person's, "en" or "zh-CN"
    kind: Mapped[str] = mapped_column(default="imagine")  # "imagine", "vary", "change", "again"
    wish: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # numbers, style, private
    reference_sha256: Mapped[str | None] = mapped_column(String(64))
    parent_picture_id: Mapped[str | None] = refers_to(
        "pictures.id", ondelete="SET NULL", late=True, nullable=True
    )
    state: Mapped[RequestState] = mapped_column(String(24), default=RequestState.PREPARING)
    turn: Mapped[int] = mapped_column(default=0)  # its place in the renderers' queue, lower first
    round: Mapped[int] = mapped_column(default=1)  # grows with every answer and decision
    answer: Mapped[str | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # Fluent key
    is_private: Mapped[bool] = mapped_column(default=False)
    cancel_asked_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[dt.datetime | None]


class Brief(HasId, Table):
    """The structured wish of one round of a request, and the numbers it became."""

    __tablename__ = "briefs"
    __table_args__ = (UniqueConstraint("request_id", "round"),)

    request_id: Mapped[str] = refers_to("requests.id", index=False)
    round: Mapped[int]
    brief: Mapped[dict[str, Any]] = mapped_column(JSON)
    job: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class JobProgress(Table):
    """How far a render is: written by the render role, read by the chat role."""

    __tablename__ = "job_progress"

    request_id: Mapped[str] = refers_to("requests.id", primary_key=True, index=False)
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    ahead: Mapped[int | None]  # jobs the engine begins before it; None once it is begun
    seconds_left: Mapped[float | None]
    preview_sha256: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)


class Delivery(HasId, Table):
    """One thing told to a person about a request; the key makes telling it twice impossible."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("request_id", "what"),
        Index(  # few at any time
            "ix_deliveries_leaving",
            "created_at",
            sqlite_where=text("state = 'leaving'"),
            postgresql_where=text("state = 'leaving'"),
        ),
    )

    request_id: Mapped[str] = refers_to("requests.id", index=False)
    what: Mapped[str]  # "question:1", "review:1", "blocked:1", "grid:2", …
    # "sending", "waiting" (certainly not sent), "resending" (in doubt), "sent", "gave_up";
    # "leaving" (to be taken away), "gone"
    state: Mapped[str] = mapped_column(default="sending")
    nonce: Mapped[str] = mapped_column(default="")
    message_id: Mapped[str | None]
    address: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # if another
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None]


class HeldStage(Table):
    """A stage that waits until its community's pause is over; then it is enqueued once more."""

    __tablename__ = "held_stages"

    request_id: Mapped[str] = refers_to("requests.id", primary_key=True, index=False)
    workflow_id: Mapped[str]  # of the stage that was held
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class Worker(Table):
    """A process that executes stages; a heartbeat too old means another takes over its work."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    roles: Mapped[str]
    host: Mapped[str]
    started_at: Mapped[dt.datetime] = mapped_column(default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=now, index=True)
