"""The questions that some presses ask first: one text field each. Knows no platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .chat import Action, Form
from .texts import say

MAX_EDIT_CHARACTERS = 500


@dataclass(frozen=True, kw_only=True)
class _Sentences:
    title: str
    label: str
    placeholder: str
    max_characters: int = 200


FORMS: Mapping[Action, _Sentences] = {
    Action.CHANGE_WORD: _Sentences(
        title="form-word-title", label="form-word-label", placeholder="form-word-placeholder"
    ),
    Action.EDIT: _Sentences(
        title="form-edit-title",
        label="form-edit-label",
        placeholder="form-edit-placeholder",
        max_characters=MAX_EDIT_CHARACTERS,
    ),
}


def form(language: str, action: Action) -> Form:
    """The form of an action that has one."""
    asked = FORMS[action]
    return Form(
        title=say(language, asked.title),
        label=say(language, asked.label),
        placeholder=say(language, asked.placeholder),
        max_characters=asked.max_characters,
    )
