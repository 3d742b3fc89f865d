"""Verdicts of filters, cases for humans, what was said of them, what people were told, the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, UniqueConstraint, text
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
        Index(  # whoever looks everywhere finds the oldest without sorting all of them
            "ix_cases_oldest",
            "created_at",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    request_id: Mapped[str] = refers_to("requests.id", index=False)
    community_id: Mapped[str] = refers_to("communities.id")
    round: Mapped[int]
    stage: Mapped[str]
    kind: Mapped[str] = mapped_column(default="review")  # "review", "appeal", "report"
    category: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="open")  # "open", "decided", "closed"
    num_eyes: Mapped[int] = mapped_column(default=1)  # moderators who must agree
    version: Mapped[int] = mapped_column(default=0)  # grows with every change of what is shown
    claimed_by: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    claimed_until: Mapped[dt.datetime | None]
    decision_number: Mapped[int] = mapped_column(default=0)  # grows with decide and undo
    decision: Mapped[str | None]  # "approve", "reject"
    decided_by: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    decided_at: Mapped[dt.datetime | None]
    acts_at: Mapped[dt.datetime | None]  # when the undo is over and the decision takes effect
    acted_number: Mapped[int] = mapped_column(default=0)  # the decision already carried out
    reason: Mapped[str] = mapped_column(default="")
    blocks_pictures: Mapped[bool] = mapped_column(default=False)  # put on the list of known ones


class Opinion(HasId, Table):
    """What one moderator said of a case; it is decided once as many agree as it needs."""

    __tablename__ = "opinions"

    case_id: Mapped[str] = refers_to("cases.id")
    moderator_id: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    decision: Mapped[str]  # "approve", "reject"
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    undo_until: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]


class CaseNote(HasId, Table):
    """Something moderators wrote down for each other."""

    __tablename__ = "case_notes"

    case_id: Mapped[str] = refers_to("cases.id")
    moderator_id: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    text: Mapped[str]


class CaseMessage(HasId, Table):
    """A message in a chat that shows a case, and the version of the case that it shows."""

    __tablename__ = "case_messages"
    __table_args__ = (
        UniqueConstraint("platform", "message_id", "case_id"),
        Index("ix_case_messages_live", "is_over", "case_id"),
    )

    case_id: Mapped[str] = refers_to("cases.id")
    platform: Mapped[str]
    address: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[str]
    language: Mapped[str]
    is_private: Mapped[bool] = mapped_column(default=False)  # only one person sees it
    shown_version: Mapped[int]
    is_over: Mapped[bool] = mapped_column(default=False)  # nothing more will change in it


class Statement(HasId, Table):
    """Why something was restricted, as its person was told (Art. 17 of the DSA); codes only.

    It stays, without the person, when they are forgotten.
    """

    __tablename__ = "statements"

    person_id: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    request_id: Mapped[str | None] = refers_to("requests.id", ondelete="SET NULL", nullable=True)
    community_id: Mapped[str | None] = refers_to(
        "communities.id", ondelete="SET NULL", nullable=True
    )
    case_id: Mapped[str | None] = refers_to("cases.id", ondelete="SET NULL", nullable=True)
    restriction: Mapped[str] = mapped_column(String(16))  # see moderation.cases.statements
    is_everywhere: Mapped[bool] = mapped_column(default=False)  # else in that community alone
    until: Mapped[dt.datetime | None]  # None: for good, or until it is lifted
    stage: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # the moderator's code
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # rules, policy version
    is_found_by_machine: Mapped[bool] = mapped_column(default=False)
    is_decided_by_machine: Mapped[bool] = mapped_column(default=False)
    ground: Mapped[str] = mapped_column(default="")  # "terms:" and their version
    may_appeal: Mapped[bool] = mapped_column(default=True)
    reversed_at: Mapped[dt.datetime | None]


class SafetyReport(HasId, Table):
    """What is handed to the operator's process for the safety of children: no bytes, ids only.

    It outlives the person and the request, so it refers to no row.
    """

    __tablename__ = "safety_reports"
    __table_args__ = (
        UniqueConstraint("request_id", "sha256"),
        Index("ix_safety_reports_due", "state", "next_at"),
    )

    request_id: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    community_id: Mapped[str | None] = mapped_column(String(32))
    stage: Mapped[str]
    rule_ids: Mapped[list[Any]] = mapped_column(JSON)
    policy: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    is_certain: Mapped[bool]
    # "waiting", "handed_over", "dead" (given up: an operator must act)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    num_tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime]
    last_error: Mapped[str] = mapped_column(default="")


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
