"""A picture in any message as the reference of a wish: right click, Apps, and a form for the words.

The form carries which message was meant; ``pictures`` knows where that picture is.
"""

from __future__ import annotations

from bot.chat import Form
from bot.commands import MAX_CHARACTERS
from bot.texts import say

from .reading import Interaction, data_of
from .registration import MESSAGE, REFERENCE_NAME

TOKEN = "picture"  # noqa: S105 - what the form's id begins with; no action is called so


def is_asked(interaction: Interaction) -> bool:
    """True where somebody points at a message to start from its picture."""
    data = data_of(interaction)
    return data.get("type") == MESSAGE and data.get("name") == say("en", REFERENCE_NAME)


def carried(interaction: Interaction) -> str:
    """Which message was pointed at: ``channel:message``."""
    return f"{interaction.channel_id}:{data_of(interaction)['target_id']}"


def form(language: str) -> Form:
    """What to ask for."""
    return Form(
        title=say(language, REFERENCE_NAME),
        label=say(language, "discord-reference-label"),
        max_characters=MAX_CHARACTERS,
    )
