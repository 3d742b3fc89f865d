"""The exceptions of this package: one family, each naming a Fluent sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ModerationError(Exception):
    """``key`` and ``args_`` name a Fluent sentence in ``moderation/texts``."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(f"{key} {args}" if args else key)
        self.key = key
        self.args_: Mapping[str, Any] = args


class ListError(ModerationError):
    """A word list or a list of combinations that cannot be used."""


class ConceptError(ModerationError):
    """A list of concepts, or the CLIP it needs, that cannot be used."""


class CaseError(ModerationError):
    """Something a moderator asked of a case that cannot be done now."""


class DeskError(ModerationError):
    """The web desk cannot be served as it is set up."""


class AuditError(ModerationError):
    """Something that must not be written to the audit log."""
