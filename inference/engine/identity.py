"""Which weights paint a job: a short name that changes when any byte of them may have changed.

Weights are gigabytes, so a file is known by its path, size and time of change, as build tools do;
small files by what they say. Knows no torch and opens no weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from inference.engine.lora_folder import find_lora
from inference.jobs import RenderJob

_SMALL = 64 * 1024  # bytes, read whole


class Identity:
    """Of one model and one folder of styles."""

    def __init__(self, model: Path, loras: Path | None) -> None:
        self._model = _name_of(sorted(path for path in model.rglob("*") if path.is_file()))
        self._loras = loras

    def of(self, job: RenderJob) -> str:
        """The weights that ``job`` is painted with; styles are looked at each time."""
        worn = [self._lora(lora.name) for lora in job.loras]
        return "/".join([self._model, *worn])

    def _lora(self, name: str) -> str:
        path = find_lora(self._loras, name) if self._loras is not None else None
        return _name_of([path] if path is not None else [])


def _name_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        now = path.stat()
        digest.update(f"{path.resolve()} {now.st_size} {now.st_mtime_ns}\n".encode())
        if now.st_size <= _SMALL:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
