"""Deletes what a person wants gone: themselves, a request, a picture, their votes.

Everything happens in the caller's transaction; the bytes of pictures go after it is committed,
and only those that nobody else owns. It follows every foreign key that says CASCADE, so a table
that is added later is covered by saying so. Knows neither who may do this nor how it is asked.

What stays, and why: the audit log holds opaque ids and its chain may not be broken; a sanction
that is in force stays with the bare account until it ends, or deleting one's data would lift it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Table as SchemaTable
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.blobs import BlobStore
from store.sessions import insert_new
from store.tables import (
    Identity,
    JobProgress,
    Person,
    Picture,
    Request,
    Sanction,
    Table,
    Tombstone,
    Verdict,
    Vote,
    now,
)

TOMBSTONED = ("grids", "pictures", "votes")  # what datasets are made of
_MOST_AT_ONCE = 500  # ids named in one statement

Thing = TypeVar("Thing")
Doomed = dict[str, set[str]]  # ids by the table's name


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What is gone and what stays."""

    number: str  # short, to quote; the tombstones bear it too
    rows: Mapping[str, int]  # by table, where there were any
    num_blobs: int  # blobs that lost this owner
    num_tombstones: int  # pictures, grids and votes that the next dataset finds gone
    num_sanctions_kept: int = 0


async def forget_person(session: AsyncSession, blobs: BlobStore, person_id: str) -> Receipt:
    """All that is known of a person. Raises ``LookupError`` for an unknown one."""
    await _find(session, Person, person_id)
    sanctions = await _in_force(session, person_id)
    doomed = await _reach(session, {"people": {person_id}})
    if not sanctions:
        return await _bury(session, blobs, doomed)
    kept = {"people": {person_id}, "sanctions": sanctions, "identities": doomed["identities"]}
    await session.execute(
        update(Person).where(Person.id == person_id).values(language=None, settings={})
    )
    await session.execute(
        update(Identity).where(Identity.person_id == person_id).values(name="", locale=None)
    )
    rest = {name: ids - kept.get(name, set()) for name, ids in doomed.items()}
    return await _bury(session, blobs, rest, num_sanctions_kept=len(sanctions))


async def forget_request(session: AsyncSession, blobs: BlobStore, request_id: str) -> Receipt:
    """A request and everything it led to. Raises ``LookupError`` for an unknown one."""
    await _find(session, Request, request_id)
    return await _bury(session, blobs, await _reach(session, {"requests": {request_id}}))


async def forget_picture(session: AsyncSession, blobs: BlobStore, picture_id: str) -> Receipt:
    """One picture; its grid stays with the others. Raises ``LookupError`` for an unknown one."""
    await _find(session, Picture, picture_id)
    await session.execute(delete(Verdict).where(Verdict.subject == picture_id))
    return await _bury(session, blobs, await _reach(session, {"pictures": {picture_id}}))


async def forget_votes(session: AsyncSession, person_id: str) -> Receipt:
    """Every vote of a person; what they voted on stays. Raises ``LookupError``."""
    await _find(session, Person, person_id)
    votes = await session.scalars(select(Vote.id).where(Vote.person_id == person_id))
    return await _bury(session, None, {"votes": set(votes)})


async def _find(session: AsyncSession, table: type[Table], id: str) -> None:
    if await session.get(table, id) is None:
        raise LookupError(id)


async def _in_force(session: AsyncSession, person_id: str) -> set[str]:
    is_lasting = or_(Sanction.expires_at.is_(None), Sanction.expires_at > now())
    found = select(Sanction.id).where(
        Sanction.person_id == person_id, Sanction.lifted_at.is_(None), is_lasting
    )
    return set(await session.scalars(found))


async def _reach(session: AsyncSession, roots: Doomed) -> Doomed:
    """The roots and every row that goes with them."""
    doomed: Doomed = {}
    ahead = list(roots.items())
    while ahead:
        name, ids = ahead.pop()
        fresh = ids - doomed.get(name, set())
        doomed.setdefault(name, set()).update(fresh)
        for table, column in _children(name):
            found = {
                each for few in _few(fresh) for each in await _ids(session, table, column, few)
            }
            if found:
                ahead.append((table.name, found))
    return doomed


def _children(name: str) -> Iterator[tuple[SchemaTable, Any]]:
    """Tables whose rows go with a row of that one, and the column that says so."""
    for table in Table.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name == name and key.ondelete == "CASCADE":
                yield table, key.parent


async def _ids(
    session: AsyncSession, table: SchemaTable, column: Any, parents: Collection[str]
) -> Iterable[str]:
    return await session.scalars(select(_key(table)).where(column.in_(parents)))


async def _bury(
    session: AsyncSession, blobs: BlobStore | None, doomed: Doomed, *, num_sanctions_kept: int = 0
) -> Receipt:
    """Tombstones, bytes, rows; children before their parents."""
    number = secrets.token_hex(4)
    stones = [
        {"id": each, "kind": name, "receipt": number}
        for name in TOMBSTONED
        for each in doomed.get(name, ())
    ]
    num_blobs = 0
    for some in _few(stones):
        await insert_new(session, Tombstone, some)
    if blobs is not None:
        num_blobs = await _disown(session, blobs, doomed)
    for table in reversed(Table.metadata.sorted_tables):
        for few_ids in _few(doomed.get(table.name, ())):
            await session.execute(delete(table).where(_key(table).in_(few_ids)))
    session.expire_all()
    return Receipt(
        number=number,
        rows={name: len(ids) for name, ids in sorted(doomed.items()) if ids},
        num_blobs=num_blobs,
        num_tombstones=len(stones),
        num_sanctions_kept=num_sanctions_kept,
    )


async def _disown(session: AsyncSession, blobs: BlobStore, doomed: Doomed) -> int:
    """What the rows own, whatever it is for; a preview is nobody's, and goes as well."""
    num_blobs = 0
    for few in _few({each for ids in doomed.values() for each in ids}):
        num_blobs += await blobs.disown_all(session, few)
    for few in _few(doomed.get("requests", ())):
        previews = select(JobProgress.preview_sha256).where(JobProgress.request_id.in_(few))
        for sha256 in await session.scalars(previews):
            if sha256 is not None:
                blobs.drop_unowned(session, sha256)
    return num_blobs


def _key(table: SchemaTable) -> Any:
    (column,) = cast("Any", table.primary_key)
    return column


def _few(things: Collection[Thing]) -> Iterator[list[Thing]]:
    """So many at a time as one statement may name."""
    every = list(things)
    return (every[at : at + _MOST_AT_ONCE] for at in range(0, len(every), _MOST_AT_ONCE))
