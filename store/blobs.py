"""Bytes by their SHA-256, on any fsspec filesystem, counted by owner in the ``blobs`` table.

It knows nothing of pictures or people. A blob is either whole under its name or not there: on
local disks it is written beside, flushed and renamed; object stores show only whole objects.
Putting the same bytes again is harmless, renews their age and heals a damaged copy.

Bytes go when their last owner goes, and only after that transaction is committed. Owning and
deleting the same bytes take turns on one lock of the database, and ``own`` looks for the bytes
while it holds it, so that no row ever owns what is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import logging
import os
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    bindparam,
    delete,
    false,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from .errors import BlobDamaged, BlobMissing, StoreError, named_os_errors
from .sessions import AfterCommit, Database, after_commit, insert_new
from .tables import Blob, now

SWEEP_GRACE_SECONDS = 24 * 3600.0  # far longer than any stage needs from put to own
_INCOMING = "incoming"  # unfinished local files; a shard is two digits, so they never meet
_SHA256 = re.compile(r"[0-9a-f]{64}")

logger = logging.getLogger(__name__)


class BlobStore:
    """A folder of blobs: ``ab/abcdef…`` below the root of ``url``."""

    def __init__(self, url: str) -> None:
        """``url`` is a path or an fsspec URL (``file://``, ``memory://``, ``s3://`` by extra)."""
        # Others put and delete too: a remembered listing would lie.
        self._files, root = fsspec.url_to_fs(url, use_listings_cache=False)
        self._root = root.rstrip("/")
        self._is_local = isinstance(self._files, LocalFileSystem)

    async def put(self, data: bytes) -> str:
        """Keep ``data`` and return its SHA-256; raises ``StoreFull``, ``StoreReadOnly``."""
        return await asyncio.to_thread(self._put, data)

    async def get(self, sha256: str) -> bytes:
        """The bytes, checked against their name; raises ``BlobMissing``, ``BlobDamaged``."""
        return await asyncio.to_thread(self._get, sha256)

    async def size(self, sha256: str) -> int:
        """How many bytes are kept under that hash; raises ``BlobMissing``."""
        return await asyncio.to_thread(self._size, sha256)

    async def own(
        self,
        session: AsyncSession,
        sha256: str,
        *,
        owner_kind: str,
        owner_id: str,
        media_type: str = "image/png",
    ) -> None:
        """Count an owner of bytes already put, in the caller's transaction; repeats are harmless.

        Raises ``BlobMissing`` where the bytes are not there: put them again.
        """
        owners = {owner_id: sha256}
        await self.own_all(session, owners, owner_kind=owner_kind, media_type=media_type)

    async def own_all(
        self,
        session: AsyncSession,
        owners: Mapping[str, str],
        *,
        owner_kind: str,
        media_type: str = "image/png",
    ) -> None:
        """The same for several at once: hashes by the id of who owns them."""
        await _take_turns(session, sorted(set(owners.values())))
        sizes = {sha256: await self._size_now(sha256) for sha256 in owners.values()}
        about = {"owner_kind": owner_kind, "media_type": media_type}
        rows = [
            {"sha256": sha256, "owner_id": owner_id, "size_bytes": sizes[sha256], **about}
            for owner_id, sha256 in owners.items()
        ]
        await insert_new(session, Blob, rows)

    async def _size_now(self, sha256: str) -> int:
        """A look at a local disk is over sooner than a thread has begun."""
        return self._size(sha256) if self._is_local else await self.size(sha256)

    async def disown(
        self, session: AsyncSession, *, owner_kind: str, owner_id: str, sha256: str | None = None
    ) -> None:
        """Drop an owner of one blob, or of all it owns; what nobody owns goes after the commit."""
        mine = [Blob.owner_kind == owner_kind, Blob.owner_id == owner_id]
        if sha256 is not None:
            mine.append(Blob.sha256 == sha256)
        await self._drop(session, *mine)

    async def disown_all(self, session: AsyncSession, owner_ids: Collection[str]) -> int:
        """Drop these owners of whatever they own; returns how many blobs lost one."""
        return await self._drop(session, Blob.owner_id.in_(owner_ids))

    async def _drop(self, session: AsyncSession, *which: ColumnElement[bool]) -> int:
        dropped = (await session.scalars(delete(Blob).where(*which).returning(Blob.sha256))).all()
        for sha256 in set(dropped):
            self.drop_unowned(session, sha256)
        return len(dropped)

    def drop_unowned(self, session: AsyncSession, sha256: str) -> None:
        """Delete bytes once this transaction is committed, unless someone owns them then."""
        after_commit(session, self._deleting(sha256))

    async def sweep(self, db: Database, *, grace_seconds: float = SWEEP_GRACE_SECONDS) -> int:
        """Delete what nobody owns and is older than the grace; returns how many blobs went."""
        oldest_kept = now() - dt.timedelta(seconds=grace_seconds)
        old = await asyncio.to_thread(self._older_than, oldest_kept)
        num_deleted = 0
        for sha256 in old:
            num_deleted += await self._delete_unowned(db, sha256)
        return num_deleted

    def _deleting(self, sha256: str) -> AfterCommit:
        async def act(db: Database) -> None:
            try:
                await self._delete_unowned(db, sha256)
            except (StoreError, OSError) as error:
                logger.warning("blob %s is left for the sweep: %s", sha256, type(error).__name__)

        return act

    async def _delete_unowned(self, db: Database, sha256: str) -> bool:
        async with db.session() as session:
            await _take_turns(session, [sha256])
            owner = await session.scalar(select(Blob.id).where(Blob.sha256 == sha256).limit(1))
            if owner is not None:
                return False
            await asyncio.to_thread(self._delete, sha256)
            return True

    # Everything below blocks and runs in a thread.

    def _put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        with named_os_errors(self._root):
            if self._is_local:
                self._write_and_rename(self._path(sha256), data)
            else:
                self._files.pipe_file(self._path(sha256), data)
        return sha256

    def _write_and_rename(self, path: str, data: bytes) -> None:
        beside = f"{self._root}/{_INCOMING}/{secrets.token_hex(16)}"
        folder = path.rpartition("/")[0]
        self._files.makedirs(beside.rpartition("/")[0], exist_ok=True)
        self._files.makedirs(folder, exist_ok=True)
        try:
            with self._files.open(beside, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(beside).unlink()
            raise
        _flush_folder(folder)

    def _get(self, sha256: str) -> bytes:
        path = self._path(sha256)
        try:
            with named_os_errors(self._root):
                data: bytes = self._files.cat_file(path)
        except FileNotFoundError as error:
            raise BlobMissing(sha256=sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobDamaged(sha256=sha256)
        return data

    def _size(self, sha256: str) -> int:
        try:
            with named_os_errors(self._root):
                return int(self._files.size(self._path(sha256)))
        except FileNotFoundError as error:
            raise BlobMissing(sha256=sha256) from error

    def _delete(self, sha256: str) -> None:
        with named_os_errors(self._root), contextlib.suppress(FileNotFoundError):
            self._files.rm_file(self._path(sha256))

    def _older_than(self, moment: dt.datetime) -> list[str]:
        """Hashes of blobs last put before ``moment``; unfinished files that old are removed."""
        found = []
        with named_os_errors(self._root):
            for path in self._files.find(self._root):
                try:
                    is_old = self._files.modified(path) < moment
                except FileNotFoundError:
                    continue  # renamed or deleted while we looked
                folder, _, name = path.rpartition("/")
                if is_old and _SHA256.fullmatch(name):
                    found.append(name)
                elif is_old and folder.endswith(f"/{_INCOMING}"):
                    self._files.rm_file(path)
        return found

    def _path(self, sha256: str) -> str:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("a blob is named by 64 lower-case hexadecimal digits")
        return f"{self._root}/{sha256[:2]}/{sha256}"


async def _take_turns(session: AsyncSession, hashes: Sequence[str]) -> None:
    """Until this transaction ends, nobody else owns or deletes these bytes. In order: two who
    want the same ones do not wait for each other."""
    if session.get_bind().dialect.name == "postgresql":
        numbers = [int.from_bytes(bytes.fromhex(each[:16]), signed=True) for each in hashes]
        await session.execute(_LOCK_ALL, {"numbers": numbers})
    else:
        # SQLite has one writer: a change that changes nothing waits to become it.
        await session.execute(_LOCK_FILE)


_LOCK_ALL = select(
    func.pg_advisory_xact_lock(func.unnest(bindparam("numbers", type_=ARRAY(BigInteger))))
)
_LOCK_FILE = update(Blob).where(false()).values(sha256="")


def _flush_folder(folder: str) -> None:
    """Make a rename outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
