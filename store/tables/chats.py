"""What a chat must remember between two things a person does: a wish that waits for the terms,
a code that joins two accounts, a picture shared with a community."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .columns import HasId, Table, now, refers_to


class WaitingWish(Table):
    """The newest wish of someone who has not agreed to the terms yet; it runs once they do."""

    __tablename__ = "waiting_wishes"

    person_id: Mapped[str] = refers_to("people.id", primary_key=True, index=False)
    platform: Mapped[str]
    event_id: Mapped[str]  # of the wish: said twice, it still becomes one request
    kind: Mapped[str]
    ask: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class LinkCode(HasId, Table):
    """A code given to a person that joins another account to them, once and for a short while."""

    __tablename__ = "link_codes"

    person_id: Mapped[str] = refers_to("people.id")
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the code; it is not kept
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Share(HasId, Table):
    """A picture in a community's gallery."""

    __tablename__ = "shares"
    __table_args__ = (UniqueConstraint("picture_id", "community_id"),)

    picture_id: Mapped[str] = refers_to("pictures.id", index=False)
    community_id: Mapped[str] = refers_to("communities.id")
    person_id: Mapped[str] = refers_to("people.id")  # who shared it
