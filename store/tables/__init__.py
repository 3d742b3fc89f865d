"""Every table, one import away; ``Table.metadata`` is what migrations are checked against."""

from .columns import Table, new_id, now
from .judgement import AuditEntry, Case, Verdict
from .learning import Grid, Slot, Vote
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
    "Moderator",
    "Person",
    "Picture",
    "Rendition",
    "Request",
    "RequestState",
    "Sanction",
    "Slot",
    "Table",
    "Verdict",
    "Vote",
    "Worker",
    "new_id",
    "now",
]
