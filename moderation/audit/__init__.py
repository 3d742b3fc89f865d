"""The tamper-evident log of what moderators and the system did: a chain, anchored elsewhere."""

from .anchor import Anchor
from .chain import Fact, Head, Report, append, digest, head, verify
from .log import AuditLog

__all__ = [
    "Anchor",
    "AuditLog",
    "Fact",
    "Head",
    "Report",
    "append",
    "digest",
    "head",
    "verify",
]
