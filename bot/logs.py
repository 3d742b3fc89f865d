"""Where logs go: one file in the data folder. Prompts and secrets stay out of it.

An exception's message may hold what a person wrote or a password, so only its kind and its path
through the code are written, unless the operator asked for prompts in logs.
"""

from __future__ import annotations

import logging
import logging.handlers
import traceback
from pathlib import Path
from typing import Any

from .settings import Settings

MAX_BYTES, NUM_OLD_FILES = 5 * 2**20, 3
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class DiscreetFormatter(logging.Formatter):
    """Writes an exception without its message, unless ``may_quote``."""

    def __init__(self, *, may_quote: bool) -> None:
        super().__init__(FORMAT)
        self._may_quote = may_quote

    def formatException(self, ei: Any) -> str:  # noqa: N802  (logging's own name)
        if self._may_quote:
            return super().formatException(ei)
        kind, _error, where = ei
        return f"{kind.__qualname__}\n{''.join(traceback.format_tb(where))}".rstrip()


def log_file(settings: Settings) -> Path:
    """The file that this installation logs to."""
    return settings.data_dir / "logs" / "atelier.log"


def open_logs(settings: Settings) -> None:
    """Send everything logged in this process, and every warning, to the file, and nowhere else."""
    from store.errors import make_folder

    path = log_file(settings)
    make_folder(path.parent)
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=MAX_BYTES, backupCount=NUM_OLD_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(DiscreetFormatter(may_quote=settings.log_prompts))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    durable = logging.getLogger("dbos")  # writes to the terminal unless it finds a handler
    durable.handlers, durable.propagate = [logging.NullHandler()], True
