"""Cases: what a human must decide, who holds it, what was decided and when it takes effect.

Every change is one guarded UPDATE; where it finds no row the change is not possible now and a
``CaseError`` says why. Nothing here knows a chat or what a decision leads to; the caller's
transaction is the unit of work. Moderators act through a ``Bench``, which checks their role and
writes the audit log; the other functions do as they are told.
"""

from .bench import Bench
from .claims import claim, claim_next, hand_back
from .decisions import decide, due, mark_acted, undo
from .guards import LEASE_SECONDS, forget_leases
from .history import History, PastCase, PastSanction, history_of
from .judged import read_judged
from .notes import add_note, notes_of, opinions_of
from .opening import appeal, close_moot, open_case
from .pauses import is_paused, pause, pauses_now, resume
from .queue import Waiting, num_waiting, queue
from .roles import RIGHTS, Right, Role, may, may_moderate, places_of, role_in
from .similar import Similar, similar_to
from .statements import Restriction, exported, put_statement, reverse_statements
from .states import (
    NUM_EYES,
    REASONS_TO_APPROVE,
    REASONS_TO_REJECT,
    UNDO_SECONDS,
    CaseKind,
    CaseState,
    Reason,
)

__all__ = [
    "LEASE_SECONDS",
    "NUM_EYES",
    "REASONS_TO_APPROVE",
    "REASONS_TO_REJECT",
    "RIGHTS",
    "UNDO_SECONDS",
    "Bench",
    "CaseKind",
    "CaseState",
    "History",
    "PastCase",
    "PastSanction",
    "Reason",
    "Restriction",
    "Right",
    "Role",
    "Similar",
    "Waiting",
    "add_note",
    "appeal",
    "claim",
    "claim_next",
    "close_moot",
    "decide",
    "due",
    "exported",
    "forget_leases",
    "hand_back",
    "history_of",
    "is_paused",
    "mark_acted",
    "may",
    "may_moderate",
    "notes_of",
    "num_waiting",
    "open_case",
    "opinions_of",
    "pause",
    "pauses_now",
    "places_of",
    "put_statement",
    "queue",
    "read_judged",
    "resume",
    "reverse_statements",
    "role_in",
    "similar_to",
    "undo",
]
