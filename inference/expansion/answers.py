"""What a chat-completions server may answer, read defensively, and why an answer is no use.

Follows the response of ``POST /chat/completions``; fields we do not need may be missing.
"""

from __future__ import annotations

from enum import Enum

from pydantic import BaseModel, ValidationError


class Reason(Enum):
    """Why the offline brief was used; the value is the end of a Fluent key."""

    UNAVAILABLE = "unavailable"  # no answer: time, connection, 5xx
    BUSY = "busy"  # 429
    REFUSED = "refused"  # the model or a content filter declined
    UNUSABLE = "unusable"  # the answer failed the checks twice, or is no answer at all
    MISCONFIGURED = "misconfigured"  # wrong key, model or address
    SPOKEN_TO = "spoken-to"  # the wish addresses a program; no model is shown it
    TOO_LONG = "too-long"  # more words than a model is shown


class ExpansionFailed(Exception):
    """The language model was of no help."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Answer(BaseModel):
    choices: list[_Choice]


def content_of(body: str) -> str:
    """The text of the first choice, "" where it is empty; raises ``ExpansionFailed``."""
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError:
        raise ExpansionFailed(Reason.UNUSABLE) from None
    if not answer.choices:
        raise ExpansionFailed(Reason.UNUSABLE)
    choice = answer.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise ExpansionFailed(Reason.REFUSED)
    return choice.message.content or ""
