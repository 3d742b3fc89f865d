"""Verdicts of filters, cases for humans, their decisions, the audit chain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .columns import HasId, Table, now, refers_to


class Verdict(HasId, Table):
    """What the filters said at one stage of one round of a request."""

    __tablename__ = "verdicts"
    __table_args__ = (UniqueConstraint("request_id", "round", "stage", "subject"),)

    request_id: Mapped[str] = refers_to("requests.id", index=False)
    round: Mapped[int]
    stage: Mapped[str]  # "wish", "brief", "upload", "picture"
    subject: Mapped[str] = mapped_column(default="")  # the picture's id, where it is about one
    decision: Mapped[str]
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON)
    policy: Mapped[str]


class Case(HasId, Table):
    """Something a human must decide."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("request_id", "round", "stage", "kind"),
        Index("ix_cases_queue", "state", "community_id", "created_at"),
    )

    request_id: Mapped[str] = refers_to("requests.id", index=False)
    community_id: Mapped[str] = refers_to("communities.id")
    round: Mapped[int]
    stage: Mapped[str]
    kind: Mapped[str] = mapped_column(default="review")  # "review", "appeal", "report"
    category: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="open")  # "open", "decided", "closed"
    claimed_by: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    claimed_until: Mapped[dt.datetime | None]
    decision_number: Mapped[int] = mapped_column(default=0)  # grows with decide and undo
    decision: Mapped[str | None]  # "approve", "reject"
    decided_by: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    decided_at: Mapped[dt.datetime | None]
    acts_at: Mapped[dt.datetime | None]  # when the undo is over and the decision takes effect
    acted_number: Mapped[int] = mapped_column(default=0)  # the decision already carried out
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class AuditEntry(Table):
    """One link of the tamper-evident log; opaque ids and salted digests only."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(default=now)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
