"""People, their platform accounts, the places they meet, what they agreed to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .columns import HasId, Table, refers_to


class Person(HasId, Table):
    """A human. May own several identities."""

    __tablename__ = "people"

    language: Mapped[str | None]  # "en" or "zh-CN"; None: follow the platform's locale
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # their defaults
    is_operator: Mapped[bool] = mapped_column(default=False)


class Identity(HasId, Table):
    """One platform account of a person."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    person_id: Mapped[str] = refers_to("people.id")
    platform: Mapped[str]  # "discord", "telegram", "terminal"
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str | None]


class Community(HasId, Table):
    """A Discord guild or a Telegram group; a private chat is a community of one."""

    __tablename__ = "communities"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    is_private: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Moderator(HasId, Table):
    """A person who may look after a community's cases; ``community_id`` None means all of them."""

    __tablename__ = "moderators"
    __table_args__ = (
        UniqueConstraint("person_id", "community_id"),
        Index(  # NULLs are distinct to a unique constraint
            "uq_moderators_everywhere",
            "person_id",
            unique=True,
            sqlite_where=text("community_id IS NULL"),
            postgresql_where=text("community_id IS NULL"),
        ),
    )

    person_id: Mapped[str] = refers_to("people.id", index=False)
    community_id: Mapped[str | None] = refers_to("communities.id", nullable=True)
    role: Mapped[str] = mapped_column(default="moderator")  # see moderation.cases.roles


class Consent(HasId, Table):
    """A person's answer to something they were asked to agree to; the newest row counts."""

    __tablename__ = "consents"

    person_id: Mapped[str] = refers_to("people.id")
    kind: Mapped[str]  # "terms", "learning"
    version: Mapped[str]
    is_given: Mapped[bool]
    how: Mapped[str] = mapped_column(default="")  # the platform event that said so


class Sanction(HasId, Table):
    """A strike, or what strikes led to."""

    __tablename__ = "sanctions"

    person_id: Mapped[str] = refers_to("people.id")
    community_id: Mapped[str | None] = refers_to("communities.id", nullable=True)
    # A strike outlives the request it was given for: deleting one's data lifts no sanction.
    request_id: Mapped[str | None] = refers_to("requests.id", ondelete="SET NULL", nullable=True)
    kind: Mapped[str]  # "strike", "warning", "pause", "ban"
    category: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # a moderator's code, where one imposed it
    is_local: Mapped[bool] = mapped_column(default=False)  # holds in its community alone
    expires_at: Mapped[dt.datetime | None]  # None: never
    lifted_at: Mapped[dt.datetime | None]  # set when overturned


class Pause(HasId, Table):
    """Nothing is made for a community (None: for anybody) from ``created_at`` to ``ended_at``."""

    __tablename__ = "pauses"

    community_id: Mapped[str | None] = refers_to("communities.id", nullable=True)
    moderator_id: Mapped[str | None] = refers_to("people.id", ondelete="SET NULL", nullable=True)
    reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[dt.datetime | None]
