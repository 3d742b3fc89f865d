"""Bytes by their hash: whole or not there, counted by owner, gone with the last one."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from store.blobs import BlobStore
from store.errors import BlobDamaged, BlobMissing, StoreFull, StoreReadOnly
from store.sessions import Database
from store.tables import Blob

A, B = b"one picture", b"another picture" * 1000


def sha(data: bytes) -> str:
    """The name of ``data``."""
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(params=["file", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    """An empty blob store on disk and one in memory."""
    place = {"file": f"file://{tmp_path / 'blobs'}", "memory": f"memory://{uuid.uuid4().hex}"}
    return BlobStore(place[request.param])


@pytest.fixture
def memory() -> BlobStore:
    """An empty blob store in memory."""
    return BlobStore(f"memory://{uuid.uuid4().hex}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where ``disk`` keeps its files."""
    return tmp_path / "blobs"


@pytest.fixture
def disk(folder: Path) -> BlobStore:
    """An empty blob store on disk, named by a plain path."""
    return BlobStore(str(folder))


def files_in(folder: Path) -> list[Path]:
    """Every file below, finished or not."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_is_put_is_found_by_its_hash(blobs: BlobStore) -> None:
    """Bytes come back as they went in, also empty ones, and know their size."""
    for data in (A, B, b""):
        name = await blobs.put(data)
        assert name == sha(data)
        assert await blobs.get(name) == data
        assert await blobs.size(name) == len(data)


async def test_putting_again_changes_nothing(disk: BlobStore, folder: Path) -> None:
    """The same bytes put twice, or by many at once, are kept once, with nothing beside them."""
    await asyncio.gather(*(disk.put(A) for _ in range(8)))
    assert files_in(folder) == [folder / sha(A)[:2] / sha(A)]


async def test_missing_bytes_are_named(blobs: BlobStore) -> None:
    """Asking for what was never put is a clear error that names it."""
    for ask in (blobs.get, blobs.size):
        with pytest.raises(BlobMissing) as caught:
            await ask(sha(A))
        assert caught.value.args_ == {"sha256": sha(A)}


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "a" * 63, "g" * 64])
async def test_only_a_hash_is_a_name(blobs: BlobStore, name: str) -> None:
    """Nothing else ever becomes a path."""
    with pytest.raises(ValueError, match="64 lower-case"):
        await blobs.get(name)


async def test_damage_is_noticed_and_healed(disk: BlobStore, folder: Path) -> None:
    """Bytes that rotted on disk are an error, never a picture; putting them again repairs it."""
    await disk.put(A)
    (folder / sha(A)[:2] / sha(A)).write_bytes(B)
    with pytest.raises(BlobDamaged):
        await disk.get(sha(A))
    await disk.put(A)
    assert await disk.get(sha(A)) == A


class FullDisk(LocalFileSystem):  # type: ignore[misc]
    """A disk that takes half of what is written and then has no space left."""

    protocol = "fulldisk"

    def open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        """A file whose ``write`` runs out of space halfway."""
        file = super().open(path, mode, **options)
        if "w" not in mode:
            return file

        def write(data: bytes) -> int:
            file.f.write(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        file.write = write
        return file


async def test_a_full_disk_leaves_nothing_half_written(folder: Path) -> None:
    """Running out of space is one clear error, and no file is left, finished or not."""
    fsspec.register_implementation("fulldisk", FullDisk, clobber=True)
    full = BlobStore(f"fulldisk://{folder}")
    with pytest.raises(StoreFull) as caught:
        await full.put(B)
    assert caught.value.args_ == {"place": str(folder)}
    assert files_in(folder) == []


async def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    """A place where nothing can be written is one clear error."""
    (tmp_path / "blobs").write_bytes(b"not a folder")
    with pytest.raises(StoreReadOnly):
        await BlobStore(str(tmp_path / "blobs")).put(A)


async def own(db: Database, blobs: BlobStore, name: str, owner: str) -> None:
    """Count one owner, in a transaction of its own."""
    async with db.session() as session:
        await blobs.own(session, name, owner_kind="rendition", owner_id=owner)


async def disown(db: Database, blobs: BlobStore, owner: str) -> None:
    """Drop one owner, in a transaction of its own."""
    async with db.session() as session:
        await blobs.disown(session, owner_kind="rendition", owner_id=owner)


async def is_kept(blobs: BlobStore, name: str) -> bool:
    """True where the bytes are there."""
    try:
        await blobs.get(name)
    except BlobMissing:
        return False
    return True


async def test_deleting_mine_never_deletes_yours(db: Database, memory: BlobStore) -> None:
    """Bytes stay while anyone owns them, however often each said so, and go with the last."""
    await memory.put(A)
    for owner in ("mine", "mine", "yours"):
        await own(db, memory, sha(A), owner)
    await disown(db, memory, "mine")
    assert await is_kept(memory, sha(A))
    await disown(db, memory, "yours")
    assert not await is_kept(memory, sha(A))


async def test_bytes_go_only_after_the_commit(db: Database, memory: BlobStore) -> None:
    """A disowning that is rolled back deletes nothing."""
    await memory.put(A)
    await own(db, memory, sha(A), "mine")

    async def fail() -> None:
        async with db.session() as session:
            await memory.disown(session, owner_kind="rendition", owner_id="mine")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await is_kept(memory, sha(A))


async def test_one_blob_of_many_can_be_disowned(db: Database, memory: BlobStore) -> None:
    """An owner may give up one blob and keep its others."""
    for data in (A, B):
        await own(db, memory, await memory.put(data), "mine")
    async with db.session() as session:
        await memory.disown(session, owner_kind="rendition", owner_id="mine", sha256=sha(A))
    assert [await is_kept(memory, sha(data)) for data in (A, B)] == [False, True]


async def test_nobody_owns_what_is_not_there(db: Database, memory: BlobStore) -> None:
    """A row for missing bytes is refused: they must be put first."""
    with pytest.raises(BlobMissing):
        await own(db, memory, sha(A), "mine")


async def test_a_new_owner_arriving_during_a_deletion_keeps_the_bytes(
    db: Database, memory: BlobStore
) -> None:
    """Owning and deleting take turns: whoever owns first still finds the bytes afterwards."""
    await memory.put(A)
    await own(db, memory, sha(A), "mine")
    async with db.session() as session:
        await memory.own(session, sha(A), owner_kind="rendition", owner_id="yours")
        deletion = asyncio.create_task(disown(db, memory, "mine"))
        await asyncio.sleep(0.1)  # long enough for the deletion to wait for us
    await deletion
    assert await is_kept(memory, sha(A))


class SlowToDelete(BlobStore):
    """Long enough for a new owner to come in between."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.has_begun = threading.Event()

    def _delete(self, sha256: str) -> None:
        self.has_begun.set()
        time.sleep(0.2)
        super()._delete(sha256)


async def test_nobody_comes_to_own_what_is_being_deleted(db: Database) -> None:
    """Who comes during a deletion waits, and is told that the bytes are gone."""
    blobs = SlowToDelete(f"memory://{uuid.uuid4().hex}")
    await blobs.put(A)
    await own(db, blobs, sha(A), "mine")
    deletion = asyncio.create_task(disown(db, blobs, "mine"))
    await asyncio.to_thread(blobs.has_begun.wait, 60)
    with pytest.raises(BlobMissing):
        await own(db, blobs, sha(A), "yours")
    await deletion
    async with db.session() as session:
        assert await session.scalar(select(func.count(Blob.id))) == 0


async def test_the_sweep_takes_old_orphans_only(
    db: Database, disk: BlobStore, folder: Path
) -> None:
    """What nobody owns and is old goes, with unfinished files; new and owned bytes stay."""
    for data in (A, B, b"new"):
        await disk.put(data)
    await own(db, disk, sha(B), "mine")
    unfinished = folder / "incoming" / "0123"
    unfinished.write_bytes(b"half")
    for path in (*(folder / sha(data)[:2] / sha(data) for data in (A, B)), unfinished):
        os.utime(path, (0, 0))
    assert await disk.sweep(db) == 1
    assert {path.name for path in files_in(folder)} == {sha(B), sha(b"new")}


async def test_putting_again_protects_from_the_sweep(
    db: Database, disk: BlobStore, folder: Path
) -> None:
    """An old orphan that is put again counts as new."""
    await disk.put(A)
    os.utime(folder / sha(A)[:2] / sha(A), (0, 0))
    await disk.put(A)
    assert await disk.sweep(db) == 0


OWNERS = st.sampled_from(["a", "b", "c"])
ACTS = st.tuples(
    st.sampled_from(["own", "disown", "own and fail"]), OWNERS, st.sampled_from([A, B])
)


async def _check_counting(acts: list[tuple[str, str, bytes]], db: Database) -> None:
    blobs, owners = BlobStore(f"memory://{uuid.uuid4().hex}"), {A: set[str](), B: set[str]()}
    for act, owner, data in acts:
        await blobs.put(data)
        try:
            async with db.session() as session:
                of = {"owner_kind": "rendition", "owner_id": owner, "sha256": sha(data)}
                await (blobs.disown if act == "disown" else blobs.own)(session, **of)
                if act == "own and fail":
                    raise ZeroDivisionError
        except ZeroDivisionError:
            continue
        (owners[data].discard if act == "disown" else owners[data].add)(owner)
    await blobs.sweep(db, grace_seconds=0)
    assert {data: await is_kept(blobs, sha(data)) for data in owners} == {
        data: bool(names) for data, names in owners.items()
    }


@hypothesis_settings(max_examples=15)
@given(acts=st.lists(ACTS, max_size=10))
def test_bytes_are_kept_exactly_while_owned(
    acts: list[tuple[str, str, bytes]],
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """After any history of owning and disowning, kept bytes are exactly the owned ones."""

    async def run() -> None:
        copy = tmp_path_factory.mktemp("counting") / "atelier.sqlite"
        shutil.copy(sqlite_template, copy)
        db = Database(f"sqlite:///{copy}")
        try:
            await _check_counting(acts, db)
        finally:
            await db.close()

    asyncio.run(run())
