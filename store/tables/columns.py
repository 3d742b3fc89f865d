"""Column types and mixins that every table shares."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


def now() -> dt.datetime:
    """The present, in UTC, aware."""
    return dt.datetime.now(dt.UTC)


def new_id() -> str:
    """32 hex digits that sort by creation time: 48 bits of milliseconds, then 80 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


class UtcTime(TypeDecorator[dt.datetime]):
    """Aware UTC datetimes on every database; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Table(DeclarativeBase):
    """Every table of ours; names follow one convention so that migrations can name constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: UtcTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        str: String(),
    }


class HasId:
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


def refers_to(column: str, *, ondelete: str = "CASCADE", late: bool = False, **options: Any) -> Any:
    """A foreign key with its index; ``column`` is ``table.column``, ``late`` breaks a cycle.

    ``index=False`` where a unique constraint or an index already begins with the column.
    """
    options.setdefault("index", True)
    key = ForeignKey(column, ondelete=ondelete, use_alter=late)
    return mapped_column(String(32), key, **options)
