"""Every table, one import away; ``Table.metadata`` is what migrations are checked against."""

from .chats import LinkCode, Share, WaitingWish
from .columns import Table, new_id, now
from .desk import DeskLink, DeskSession
from .judgement import (
    AuditEntry,
    Case,
    CaseMessage,
    CaseNote,
    Opinion,
    SafetyReport,
    Statement,
    Verdict,
)
from .learning import Grid, Slot, Tombstone, Vote
from .people import Community, Consent, Identity, Moderator, Pause, Person, Sanction
from .pictures import Blob, Picture, Rendition
from .requests import (
    FINAL_STATES,
    Brief,
    Delivery,
    HeldStage,
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
    "CaseMessage",
    "CaseNote",
    "Community",
    "Consent",
    "Delivery",
    "DeskLink",
    "DeskSession",
    "Grid",
    "HeldStage",
    "Identity",
    "JobProgress",
    "LinkCode",
    "Moderator",
    "Opinion",
    "Pause",
    "Person",
    "Picture",
    "Rendition",
    "Request",
    "RequestState",
    "SafetyReport",
    "Sanction",
    "Share",
    "Slot",
    "Statement",
    "Table",
    "Tombstone",
    "Verdict",
    "Vote",
    "WaitingWish",
    "Worker",
    "new_id",
    "now",
]
