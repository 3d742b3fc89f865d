"""The tamper-evident log of what moderators and the system did: a chain, anchored elsewhere."""

from .anchor import Anchor
from .chain import FIRST_MAC, Fact, Head, Report, append, digest, head, sealed, verify
from .log import AuditLog

__all__ = [
    "FIRST_MAC",
    "Anchor",
    "AuditLog",
    "Fact",
    "Head",
    "Report",
    "append",
    "digest",
    "head",
    "sealed",
    "verify",
]
