"""Everything that is stored about a person, as archives: one JSON of rows, then the pictures.

It follows the keys of the tables, so a table that is added is exported too.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, or_, select

from store.blobs import BlobStore
from store.errors import BlobMissing
from store.tables import Blob, Picture, Rendition
from store.tables import Table as Tables

from .visits import Visit

PART_BYTES = 8 * 2**20  # an archive that every platform takes
# Whose row it is: the person's id, what they did as a moderator, or a request, grid or picture of
# theirs.
OWNERS = ("person_id", "moderator_id", "request_id", "grid_id", "picture_id")
# A code could be used; what a filter matched would teach to get round it; who decided, and what
# they noted for each other, is the moderators'.
SECRET = {
    ("link_codes", "digest"),
    ("desk_links", "digest"),
    ("desk_sessions", "digest"),
    ("verdicts", "verdict"),
    ("cases", "claimed_by"),
    ("cases", "decided_by"),
}


@dataclass(frozen=True, kw_only=True)
class Export:
    """What goes into the archives."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]  # by table
    pictures: Sequence[tuple[str, str]]  # names in the archive and hashes


async def collect(visit: Visit) -> Export:
    """Everything the tables say of a person, at one moment."""
    person_id = visit.visitor.person_id
    rows = {table.name: await _rows(visit, table, person_id) for table in _tables()}
    return Export(
        rows={name: found for name, found in rows.items() if found},
        pictures=await _pictures(visit, person_id),
    )


async def write(blobs: BlobStore, export: Export) -> list[str]:
    """Write the archives as blobs that nobody owns, which go by themselves; their SHA-256s."""
    parts: list[str] = []
    archive = _Archive()
    text = json.dumps(export.rows, ensure_ascii=False, indent=1, default=_plain)
    archive.add("data.json", text.encode())
    for name, sha256 in export.pictures:
        try:
            data = await blobs.get(sha256)
        except BlobMissing:
            continue  # deleted in this very moment
        if archive.size + len(data) > PART_BYTES and not archive.is_empty:
            parts.append(await blobs.put(await asyncio.to_thread(archive.close)))
            archive = _Archive()
        archive.add(name, data)
    parts.append(await blobs.put(await asyncio.to_thread(archive.close)))
    return parts


class _Archive:
    """A zip in memory, small enough for a chat."""

    def __init__(self) -> None:
        self._held = io.BytesIO()
        self._zip = zipfile.ZipFile(self._held, "w", zipfile.ZIP_DEFLATED)
        self.size = 0
        self.is_empty = True

    def add(self, name: str, data: bytes) -> None:
        self._zip.writestr(name, data)
        self.size += len(data)
        self.is_empty = False

    def close(self) -> bytes:
        self._zip.close()
        return self._held.getvalue()


def _tables() -> Iterator[Table]:
    """Those that say something of a person, in a stable order."""
    for table in Tables.metadata.sorted_tables:
        if table.name == "people" or any(name in table.columns for name in OWNERS):
            yield table


async def _rows(visit: Visit, table: Table, person_id: str) -> list[dict[str, Any]]:
    found = (await visit.session.execute(_select(table, person_id))).mappings()
    return [
        {
            name: value
            for name, value in row.items()
            if (table.name, name) not in SECRET and value is not None
        }
        for row in found
    ]


def _select(table: Table, person_id: str) -> Select[Any]:
    columns = table.columns
    if table.name == "people":
        return select(table).where(columns["id"] == person_id)
    for own in ("person_id", "moderator_id"):
        if own in columns:
            return select(table).where(columns[own] == person_id)
    requests = Tables.metadata.tables["requests"]
    mine = select(requests.c.id).where(requests.c.person_id == person_id)
    if "request_id" in columns:
        return select(table).where(columns["request_id"].in_(mine))
    pictures = Tables.metadata.tables["pictures"]
    made = select(pictures.c.id).where(pictures.c.person_id == person_id)
    grids = Tables.metadata.tables["grids"]
    shown = select(grids.c.id).where(grids.c.request_id.in_(mine))
    ways = []
    if "picture_id" in columns:
        ways.append(columns["picture_id"].in_(made))
    if "grid_id" in columns:
        ways.append(columns["grid_id"].in_(shown))
    return select(table).where(or_(*ways))


async def _pictures(visit: Visit, person_id: str) -> Sequence[tuple[str, str]]:
    """Names in the archive and hashes: what was made for them, and what they sent."""
    made = await visit.session.execute(
        select(Picture.id, Rendition.purpose, Rendition.sha256)
        .join(Rendition, Rendition.picture_id == Picture.id)
        .where(Picture.person_id == person_id)
        .order_by(Picture.id, Rendition.purpose)
    )
    sent = await visit.session.scalars(
        select(Blob.sha256).where(Blob.owner_kind == "upload", Blob.owner_id == person_id)
    )
    named = [(f"pictures/{one}-{purpose}.png", sha256) for one, purpose, sha256 in made]
    return [*named, *((f"uploads/{sha256[:16]}", sha256) for sha256 in sent)]


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
