"""A folder belongs to one training: what it was begun with is written down in it.

Otherwise going on would mix two of them, or take the other's result for its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

FILE: Final = "begun-with.json"


class Claimed(Exception):
    """A folder that another training has begun in; the message says what to do."""


def _read(path: Path) -> dict[str, str | int]:
    """What is written there; nothing where it cannot be read."""
    with suppress(ValueError):
        found = json.loads(path.read_text("utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def claim(folder: Path, begun_with: Mapping[str, str | int]) -> None:
    """Makes the folder, or finds that it was begun with the very same. Raises `Claimed`."""
    path, wanted = folder / FILE, dict(begun_with)
    if path.exists():
        found = _read(path)
        if found != wanted:
            told = ", ".join(f"{name} {value}" for name, value in found.items()) or "something else"
            raise Claimed(f"{folder} was begun with {told}: go on with that, or name another")
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(wanted, indent=1) + "\n", "utf-8")
