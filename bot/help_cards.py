"""What can be done here, from the table of commands."""

from __future__ import annotations

from collections.abc import Collection

from .chat import Card, CardKind
from .commands import COMMANDS, Who, group_name
from .texts import say


def help_card(language: str, may: Collection[Who] = (Who.ANYONE,), names_in: str = "") -> Card:
    """One line for each command that these may give, then what works without one. ``names_in``:
    the language of the names, where a platform lists them in one only."""
    named = names_in or language
    lines = [
        f"/{_name(named, each.path, each.name_in(named))} — {each.description_in(language)}"
        for each in COMMANDS
        if each.who in may
    ]
    return Card(
        kind=CardKind.PLAIN,
        lines=(say(language, "help-headline"), *lines, say(language, "help-replies")),
        is_private=True,
    )


def _name(language: str, path: tuple[str, ...], last: str) -> str:
    return f"{group_name(language, path[0])} {last}" if len(path) > 1 else last
