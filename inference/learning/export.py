"""Writes the votes we may learn from into a folder a trainer reads; knows files and no model.

The folder holds ``grids.jsonl`` (whole grids and their votes), ``pairs.jsonl`` and ``pairs.csv``
(Pick-a-Pic's columns), ``images/`` (the unlabelled masters by SHA-256) and ``manifest.json``. It
appears whole or not at all. People, grids and places are numbers drawn from a salted hash: the
same person has the same number in every export with the same salt, and no number leads back.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from store.blobs import BlobStore
from store.errors import BlobDamaged, BlobMissing
from store.sessions import Database
from store.tables import Picture, Slot, Vote

from .consented import ConsentedGrid, consented_grids
from .log import LearningError
from .pairs import COLUMNS, CastVote, ShownPicture, WholeGrid, pairs_of
from .scrub import scrub

MANIFEST = "manifest.json"
SALT_FILE = "votes.salt"
_NUMBER_BITS = 52  # fits a float64, which some readers turn integers into
_ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp"}


@dataclass(frozen=True, kw_only=True)
class Export:
    """What was written; ``dataset_id`` is the same for the same log and salt."""

    dataset_id: str
    num_grids: int
    num_votes: int
    num_pairs: int
    num_people: int
    num_images: int

    def to_row(self) -> dict[str, Any]:
        """Plain JSON data."""
        return asdict(self)


async def export_votes(
    db: Database,
    blobs: BlobStore,
    directory: Path,
    *,
    salt: bytes,
    on_grid: Callable[[int], None] = lambda _num_grids: None,
) -> Export:
    """Write the dataset into ``directory``, in place of an earlier export.

    ``on_grid`` hears how many grids are done. Raises ``LearningError`` where the folder holds anything else or cannot be written.
    """
    number = Pseudonyms(salt)
    with _whole_folder(directory) as folder:
        (folder / "images").mkdir()
        grids: list[WholeGrid] = []
        async for found in consented_grids(db):
            grids.append(await _whole_grid(found, blobs, folder, number))
            on_grid(len(grids))
        return _write(folder, grids)


def read_salt(folder: Path) -> bytes:
    """The salt kept in a folder of the operator's; drawn at the first call, readable by them."""
    file = folder / SALT_FILE
    if not file.exists():
        drawn = folder / f".{SALT_FILE}.{secrets.token_hex(8)}"
        descriptor = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as new:
            new.write(secrets.token_bytes(32))
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(drawn)  # whoever is first decides, and nobody reads half a salt
        drawn.unlink()
    return file.read_bytes()


class Pseudonyms:
    """Numbers instead of ids, by HMAC-SHA256."""

    def __init__(self, salt: bytes) -> None:
        if len(salt) < 16:
            raise ValueError("a salt of fewer than 16 bytes can be guessed")
        self._salt = salt

    def __call__(self, kind: str, id: str) -> int:
        digest = hmac.digest(self._salt, f"{kind}:{id}".encode(), hashlib.sha256)
        return int.from_bytes(digest[:8]) >> (64 - _NUMBER_BITS)


async def _whole_grid(
    found: ConsentedGrid, blobs: BlobStore, folder: Path, number: Pseudonyms
) -> WholeGrid:
    grid = found.grid
    return WholeGrid(
        grid_id=number("grid", grid.id),
        community_id=number("community", found.request.community_id),
        caption=scrub(found.caption),
        arm=grid.arm,
        arm_probability=grid.arm_probability,
        order_probability=grid.order_probability,
        num_candidates=grid.num_candidates,
        versions=grid.versions,
        shown=tuple([await _copied(*each, blobs, folder) for each in found.shown]),
        votes=tuple(_cast(vote, number) for vote in found.votes),
    )


async def _copied(slot: Slot, picture: Picture, blobs: BlobStore, folder: Path) -> ShownPicture:
    """The picture, its bytes written beside the rows."""
    file: str | None = None
    try:
        data = await blobs.get(picture.sha256)
    except (BlobMissing, BlobDamaged):
        pass  # the grid still says what was shown; no pair is made of what cannot be seen
    else:
        ending = next((end for sign, end in _ENDINGS.items() if data.startswith(sign)), "bin")
        file = f"images/{picture.sha256}.{ending}"
        (folder / file).write_bytes(data)
    return ShownPicture(
        position=slot.position,
        uid=picture.sha256,
        file=file,
        arm=slot.arm,
        model=picture.release or str(picture.how.get("model", "")),
    )


def _cast(vote: Vote, number: Pseudonyms) -> CastVote:
    hour = vote.created_at.replace(minute=0, second=0, microsecond=0)
    return CastVote(
        ranking_id=number("vote", vote.id),
        user_id=number("person", vote.person_id),
        kind=vote.kind,
        position=vote.position,
        seconds_to_vote=vote.seconds_to_vote,
        is_requester=vote.is_requester,
        created_at=hour.isoformat(),
    )


def _write(folder: Path, grids: Sequence[WholeGrid]) -> Export:
    rows = [row for grid in grids for row in pairs_of(grid)]
    per_prompt = Counter(row["caption"] for row in rows)
    for row in rows:
        row["num_example_per_prompt"] = per_prompt[row["caption"]]
    pairs = [{column: row[column] for column in COLUMNS} for row in rows]
    _write_lines(folder / "grids.jsonl", [grid.to_row() for grid in grids])
    _write_lines(folder / "pairs.jsonl", pairs)
    with (folder / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(pairs)
    export = Export(
        dataset_id=_hash_of(folder / "grids.jsonl", folder / "pairs.jsonl"),
        num_grids=len(grids),
        num_votes=sum(len(grid.votes) for grid in grids),
        num_pairs=len(pairs),
        num_people=len({vote.user_id for grid in grids for vote in grid.votes}),
        num_images=len(list((folder / "images").iterdir())),
    )
    written_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    manifest = {"format": 1, "written_at": written_at, **export.to_row()}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return export


def _write_lines(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text("".join(lines), "utf-8")


def _hash_of(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@contextlib.contextmanager
def _whole_folder(directory: Path) -> Iterator[Path]:
    """A folder beside, which takes the place of ``directory`` once it is complete."""
    directory = directory.absolute()
    is_ours = not directory.exists() or (directory / MANIFEST).is_file()
    if not is_ours and (not directory.is_dir() or any(directory.iterdir())):
        raise LearningError("export-in-the-way", folder=str(directory))
    beside = directory.parent / f".{directory.name}.{secrets.token_hex(8)}"
    try:
        beside.mkdir(parents=True)
        yield beside
        _swap(beside, directory)
    except OSError as error:
        raise LearningError("export-failed", folder=str(directory)) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(new: Path, place: Path) -> None:
    if not place.exists():
        new.rename(place)
        return
    old = new.with_suffix(".old")
    place.rename(old)
    new.rename(place)
    shutil.rmtree(old)
