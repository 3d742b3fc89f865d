"""What can be typed into the terminal chat: commands, its own words, and buttons by name."""

from __future__ import annotations

from .chat import Card, CardKind
from .commands import COMMANDS, typed_names
from .console_commands import PRESSES, VERBS
from .texts import say


def help_card(language: str) -> Card:
    """What can be typed, in both languages' words."""
    commands = [
        f"/{' /'.join(typed_names(each))}  {each.description_in(language)}"
        for each in COMMANDS
        if each.name != "help"
    ]
    verbs = [
        f"/{' /'.join(names[:2])}  {say(language, f'console-help-{verb}')}"
        for verb, names in VERBS.items()
    ]
    presses = "  ".join(f"/{names[0]} /{names[1]}" for names in PRESSES.values())
    return Card(
        kind=CardKind.PLAIN,
        lines=(
            say(language, "console-help"),
            *commands,
            *verbs,
            say(language, "console-help-buttons"),
            presses,
        ),
    )
