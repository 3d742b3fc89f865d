"""Every table, one import away; ``Table.metadata`` is what migrations are checked against."""

from .chats import LinkCode, Share, WaitingWish
from .columns import Table, new_id, now
from .judgement import AuditEntry, Case, Verdict
from .learning import Grid, Slot, Tombstone, Vote
from .people import Community, Consent, Identity, Moderator, Person, Sanction
from .pictures import Blob, Picture, Rendition
from .requests import (
    FINAL_STATES,
    Brief,
    Delivery,
    JobProgress,
    Request,
    RequestState,
    Worker,
)

__all__ = [
    "FINAL_STATES",
    "AuditEntry",
    "Blob",
    "Brief",
    "Case",
    "Community",
    "Consent",
    "Delivery",
    "Grid",
    "Identity",
    "JobProgress",
    "LinkCode",
    "Moderator",
    "Person",
    "Picture",
    "Rendition",
    "Request",
    "RequestState",
    "Sanction",
    "Share",
    "Slot",
    "Table",
    "Tombstone",
    "Verdict",
    "Vote",
    "WaitingWish",
    "Worker",
    "new_id",
    "now",
]
