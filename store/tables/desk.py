"""How moderators come to the web desk: links that work once, and sessions of browsers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .columns import HasId, Table, now, refers_to


class DeskLink(HasId, Table):
    """A link that signs a person in at the desk, once and for a short while."""

    __tablename__ = "desk_links"

    person_id: Mapped[str] = refers_to("people.id")
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the link; it is not kept
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class DeskSession(HasId, Table):
    """A browser that is signed in. Only the digest of its cookie is kept."""

    __tablename__ = "desk_sessions"

    person_id: Mapped[str] = refers_to("people.id")
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    how: Mapped[str] = mapped_column(String(16))  # "link", "discord"
    expires_at: Mapped[dt.datetime]  # whatever is done until then
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)  # too long ago: it is over
