"""Pictures, their renditions, and who owns which bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .columns import HasId, Table, refers_to


class Blob(HasId, Table):
    """Bytes in the blob store. One row for an owner and a purpose: the count of its owners."""

    __tablename__ = "blobs"
    __table_args__ = (UniqueConstraint("sha256", "owner_kind", "owner_id"),)

    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    owner_kind: Mapped[str]  # "rendition", "upload", "preview"
    owner_id: Mapped[str] = mapped_column(String(64), index=True)  # an id, or a hash


class Picture(HasId, Table):
    """One result: the unlabelled master and how it was made."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("request_id", "round", "index"),)

    request_id: Mapped[str] = refers_to("requests.id", index=False)
    person_id: Mapped[str] = refers_to("people.id")
    round: Mapped[int]
    index: Mapped[int]  # 0, 1, … within the request
    seed: Mapped[int] = mapped_column(BigInteger)  # below 2**63
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))  # of the master's bytes
    pdq: Mapped[str] = mapped_column(String(64), default="")  # its PDQ hash; "" where none is taken
    how: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the job and what served it
    release: Mapped[str] = mapped_column(default="")  # the set of weights that made it


class Rendition(HasId, Table):
    """Bytes of a picture for a purpose."""

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("picture_id", "purpose"),)

    picture_id: Mapped[str] = refers_to("pictures.id", index=False)
    purpose: Mapped[str]  # "master", "labelled", "preview", "larger", "upscaled"
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(default="image/png")
    width: Mapped[int]
    height: Mapped[int]
