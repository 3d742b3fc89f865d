"""The operator's lists of known pictures: files of hashes, with versions, re-read while running.

A folder of ``NAME.tsv``, each a list that may be kept by hand, taken from someone else or added to
by moderators; ``NAME.shadow.tsv`` is on trial. Seven columns parted by tabs, ``-`` where there is
nothing: id, category, decision, SHA-256, PDQ, crops (``pictures/fingerprints.py``), who added it.
Whoever writes holds a lock on the folder and replaces a list as a whole, so that readers and other
processes see it before or after, never between. Knows no picture: it never sees one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from .errors import ListError
from .policy import Category, Decision
from .reloading import RELOAD_SECONDS, Reloading

MODERATORS = "moderators"  # the list that decisions add to
_SHADOW = ".shadow"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_CROPS = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_ID = re.compile(r"[0-9a-f]{12}")
_WORD = re.compile(r"[A-Za-z0-9:._-]{0,80}")
_NOTHING = "-"
_HEADER = "# id\tcategory\tdecision\tsha256\tpdq\tcrops\tadded by\n"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One picture on a list. At least one of its hashes is there."""

    id: str = ""  # 12 hexadecimal digits, made from the hashes; empty: make it
    category: Category
    decision: Decision  # what follows when it is met: review or block
    sha256: str = ""
    pdq: str = ""
    crops: str = ""
    added_by: str = ""  # an opaque id or a word, never a name

    def __post_init__(self) -> None:
        first = self.sha256 or self.pdq or self.crops
        made = hashlib.sha256(first.encode()).hexdigest()[:12]
        object.__setattr__(self, "id", self.id or made)
        is_sound = (
            first
            and self.decision in (Decision.REVIEW, Decision.BLOCK)
            and all(not each or _HASH.fullmatch(each) for each in (self.sha256, self.pdq))
            and (not self.crops or _CROPS.fullmatch(self.crops))
            and _ID.fullmatch(self.id)
            and _WORD.fullmatch(self.added_by)
        )
        if not is_sound:
            raise ValueError("no picture can be known by this")


@dataclass(frozen=True, kw_only=True)
class PictureList:
    """A file of them."""

    name: str
    is_on_trial: bool  # met pictures are noted, nothing follows
    pictures: tuple[Listed, ...]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Every list at one time."""

    lists: tuple[PictureList, ...] = ()
    version: str = ""  # of what is in them; empty where there is none
    categories: frozenset[Category] = frozenset()  # of everything that has consequences


class HashLists:
    """The lists in ``folder``, which need not be there yet."""

    def __init__(self, folder: Path, *, reload_seconds: float = RELOAD_SECONDS) -> None:
        self._folder = folder
        self._lists = Reloading(
            lambda: read_lists(folder), lambda: _seen(folder), every_seconds=reload_seconds
        )

    @property
    def edition(self) -> Edition:
        """The lists as they are now; raises ``ListError`` where one is broken from the first."""
        return self._lists.get()

    def add(self, name: str, pictures: Iterable[Listed], *, is_on_trial: bool = False) -> int:
        """Put pictures on a list, which is made where it is new; how many were not on it."""

        def added(before: Sequence[Listed]) -> Sequence[Listed]:
            return tuple({**{each.id: each for each in pictures}, **_by_id(before)}.values())

        before, after = self._change(name, added, is_on_trial=is_on_trial)
        return len(after) - len(before)

    def remove(self, name: str, ids: Iterable[str]) -> int:
        """Take pictures off a list by their ids; how many were on it."""
        gone = set(ids)
        path = self._existing(name)
        before, after = self._change(
            name,
            lambda before: [each for each in before if each.id not in gone],
            is_on_trial=path.name.endswith(f"{_SHADOW}.tsv"),
        )
        return len(before) - len(after)

    def export(self, name: str) -> str:
        """A list as it stands in its file; raises ``ListError`` where there is none."""
        return self._existing(name).read_text("utf-8")

    def _existing(self, name: str) -> Path:
        for path in (self._path(name), self._path(name, is_on_trial=True)):
            if path.is_file():
                return path
        raise ListError("hash-list-unknown", name=name)

    def _path(self, name: str, *, is_on_trial: bool = False) -> Path:
        if not _NAME.fullmatch(name):
            raise ListError("hash-list-bad-name", name=name)
        return self._folder / f"{name}{_SHADOW if is_on_trial else ''}.tsv"

    def _change(
        self,
        name: str,
        change: Callable[[Sequence[Listed]], Sequence[Listed]],
        *,
        is_on_trial: bool,
    ) -> tuple[Sequence[Listed], Sequence[Listed]]:
        """Write a list anew; what was on it and what is."""
        path = self._path(name, is_on_trial=is_on_trial)
        with _locked(self._folder):
            before = read_list(path).pictures if path.is_file() else ()
            after = change(before)
            if list(after) != list(before):
                _write(path, after)
        self._lists.look_again()
        return before, after


def read_lists(folder: Path) -> Edition:
    """Every list in ``folder``; raises ``ListError`` for one that cannot be used."""
    digest = hashlib.sha256()
    lists = []
    for path in _files(folder):
        lists.append(read_list(path))
        digest.update(path.name.encode() + path.read_bytes())
    return Edition(
        lists=tuple(lists),
        version=digest.hexdigest()[:12] if lists else "",
        categories=frozenset(
            picture.category for each in lists for picture in each.pictures if not each.is_on_trial
        ),
    )


def read_list(path: Path) -> PictureList:
    """One file; raises ``ListError``, which names the line."""
    name = path.name.removesuffix(".tsv")
    try:
        pictures = tuple(_pictures(path))
    except UnicodeDecodeError as error:
        raise ListError("hash-list-bad-row", path=path.name, line=1) from error
    return PictureList(
        name=name.removesuffix(_SHADOW), is_on_trial=name.endswith(_SHADOW), pictures=pictures
    )


def from_hashes(
    lines: Iterable[str],
    *,
    kind: str,
    category: Category,
    decision: Decision,
    added_by: str = "",
) -> Iterator[Listed]:
    """Hashes of others, one a line (what follows a comma or a space is left out), as entries.

    ``kind``: ``sha256`` or ``pdq``, which look alike. Raises ``ListError``, which names the line.
    """
    for number, line in enumerate(lines, start=1):
        found = re.split(r"[,;\s]", line.strip().lower(), maxsplit=1)[0]
        if not found or found.startswith("#"):
            continue
        try:
            entry = Listed(category=category, decision=decision, added_by=added_by, sha256=found)
        except ValueError as error:
            raise ListError("hash-list-bad-hash", line=number) from error
        yield entry if kind == "sha256" else replace(entry, sha256="", pdq=found)


def _pictures(path: Path) -> Iterator[Listed]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        values = ["" if value == _NOTHING else value for value in line.strip().split("\t")]
        try:
            told = dict(zip(_COLUMNS, values, strict=True))
            category, decision = Category(told.pop("category")), Decision(told.pop("decision"))
            yield Listed(category=category, decision=decision, **told)
        except ValueError as error:
            raise ListError("hash-list-bad-row", path=path.name, line=number) from error


_COLUMNS = tuple(column.name for column in fields(Listed))


def _write(path: Path, pictures: Sequence[Listed]) -> None:
    """Beside it, flushed, then in its place."""
    rows = ("\t".join(str(value) or _NOTHING for value in astuple(each)) for each in pictures)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(_HEADER + "".join(f"{row}\n" for row in rows))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time, whatever process it is in."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[!.]*.tsv"))


def _seen(folder: Path) -> list[tuple[str, int, int]]:
    stats = ((path.name, path.stat()) for path in _files(folder))
    return [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]


def _by_id(pictures: Iterable[Listed]) -> dict[str, Listed]:
    return {each.id: each for each in pictures}
