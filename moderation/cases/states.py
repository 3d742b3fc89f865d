"""The words of cases: states, kinds, reasons, and how many must agree. Knows no database."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from moderation.errors import CaseError
from moderation.policy import Category

UNDO_SECONDS = 60.0

Decided = Literal["approve", "reject"]


class CaseState(StrEnum):
    OPEN = "open"  # waits for a decision, claimed or not, or for a second one
    DECIDED = "decided"  # may be undone until it acts
    CLOSED = "closed"  # the decision has been carried out, or there is nothing left to decide


class CaseKind(StrEnum):
    REVIEW = "review"  # a filter was unsure
    APPEAL = "appeal"  # a person objects; never decided by whoever decided before
    REPORT = "report"  # a person complains about what was delivered
    TAKEDOWN = "takedown"  # a moderator takes away what was delivered


class Reason(StrEnum):
    """Why a moderator decided so; the statement of reasons names it (``decision-…`` sentences)."""

    WITHIN_RULES = "within_rules"
    FALSE_ALARM = "false_alarm"
    ART_OR_EDUCATION = "art_or_education"
    SEXUAL = "sexual"
    CHILD_SAFETY = "child_safety"
    VIOLENCE = "violence"
    HATE = "hate"
    SELF_HARM = "self_harm"
    ILLICIT = "illicit"
    REAL_PERSON = "real_person"
    BROKEN = "broken"
    COMMUNITY_RULES = "community_rules"


REASONS_TO_APPROVE = (Reason.WITHIN_RULES, Reason.FALSE_ALARM, Reason.ART_OR_EDUCATION)
REASONS_TO_REJECT = tuple(reason for reason in Reason if reason not in REASONS_TO_APPROVE)

# How many different moderators must agree before a case of that category acts; others: one.
NUM_EYES = {Category.CHILD_SAFETY: 2, Category.SELF_HARM: 2}

# Taking away what everybody can see waits for nobody; leaving it there does.
_ACTS_ALONE = frozenset({CaseKind.REPORT, CaseKind.TAKEDOWN})


def num_eyes(category: str) -> int:
    """How many moderators must agree in that category."""
    return NUM_EYES.get(Category(category), 1) if category in set(Category) else 1


def kinds_decided_alone(decision: Decided) -> frozenset[CaseKind]:
    """Kinds of case in which one moderator is enough for that decision, whatever the category."""
    return _ACTS_ALONE if decision == "reject" else frozenset()


def checked_reason(decision: Decided, reason: str) -> str:
    """The reason, if it fits the decision; raises ``CaseError``."""
    allowed = REASONS_TO_APPROVE if decision == "approve" else REASONS_TO_REJECT
    if reason not in allowed:
        raise CaseError("case-error-reason", reasons=", ".join(allowed))
    return reason
