"""The edge: turns any exception into one sentence, an exit status and, where it was not
foreseen, a trace id and a line in the log. The only place besides durable stages with a broad
``except``; it knows no chat and no command.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .logs import log_file, open_logs
from .settings import Settings, SettingsError
from .texts import Language, has_text, known_language, pick_language, say

DONE, REFUSED, WRONG_USAGE = 0, 1, 2

logger = logging.getLogger(__name__)


class WrongUsage(Exception):
    """What was typed cannot be meant; ``key`` and ``args_`` name a Fluent sentence."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(f"{key} {args}" if args else key)
        self.key = key
        self.args_: Mapping[str, Any] = args


class Refused(Exception):
    """The studio said no, in a sentence of its own. ``facts`` go into ``--json``."""

    def __init__(self, sentence: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts: Mapping[str, Any] = facts or {}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a person is told of an exception."""

    sentence: str
    status: int = REFUSED
    trace: str = ""  # a short id, in the log too; empty where the cause was foreseen
    facts: Mapping[str, Any] = field(default_factory=dict)


def explain(error: Exception, language: str, settings: Settings | None = None) -> Problem:
    """One clear sentence for ``error``; what nobody foresaw is written to the log."""
    if isinstance(error, Refused):
        return Problem(sentence=error.sentence, facts=error.facts)
    if isinstance(error, SettingsError):
        sentence = say(language, error.key, **error.args_)
        return Problem(sentence=sentence, facts={"error": "settings"})
    error = _named(error)
    key = getattr(error, "key", None)
    if isinstance(key, str) and has_text(key):
        status = WRONG_USAGE if isinstance(error, WrongUsage) else REFUSED
        sentence = say(language, key, **getattr(error, "args_", {}))
        return Problem(sentence=sentence, status=status, facts={"error": key})
    trace = secrets.token_hex(4)
    log = _record(error, trace, settings)
    sentence = say(language, "edge-unexpected", trace=trace, log=str(log or "-"))
    return Problem(sentence=sentence, trace=trace, facts={"error": "unexpected", "trace": trace})


def _named(error: Exception) -> Exception:
    """A full or closed disk by its name in the store's family, wherever it was met."""
    if not isinstance(error, OSError) or isinstance(error, FileNotFoundError):
        return error
    from store.errors import kind_of_os_error

    kind = kind_of_os_error(error)
    return kind(place=str(error.filename or error.strerror)) if kind else error


def terminal_language(settings: Settings | None = None) -> Language:
    """The language of this terminal, else the operator's, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if known := known_language(os.environ.get(name)):
            return known
    # A setting may be what is wrong: then it is read where it may be right.
    chosen = settings.language if settings else os.environ.get("ATELIER_LANGUAGE")
    return pick_language(None, chosen)


def _record(error: Exception, trace: str, settings: Settings | None) -> Path | None:
    """Write the error's path through the code to the log; None where there can be no log."""
    from store.errors import StoreError

    if settings is None:
        return None
    try:
        open_logs(settings)
        logger.error("unforeseen, trace %s", trace, exc_info=error)
    except (OSError, StoreError):
        return None
    return log_file(settings)
