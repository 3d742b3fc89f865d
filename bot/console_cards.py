"""Writes a card as terminal text: the added words marked, the buttons numbered.

Knows no core and no pictures' bytes; colours are rich's, and without them the marks remain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .chat import Button, Card, CardKind

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_BORDERS = {
    CardKind.BLOCKED: "red",
    CardKind.FAILED: "red",
    CardKind.REVIEW: "yellow",
    CardKind.CASE: "magenta",
    CardKind.QUESTION: "cyan",
    CardKind.GRID: "green",
}
ADDED_STYLE = "bold green underline"
NBSP = "\u00a0"


def numbered(card: Card) -> dict[int, Button]:
    """The buttons by the number a person types, in reading order from 1."""
    return dict(enumerate((button for row in card.buttons for button in row), start=1))


def brief_text(card: Card) -> Text:
    """The brief; added words stand in ``[+…+]`` and, where there are colours, stand out."""
    from rich.text import Text

    written, end = Text("  "), 0
    for start, stop in card.added:
        written.append(card.brief_line[end:start])
        written.append("[+" + card.brief_line[start:stop] + "+]", style=ADDED_STYLE)
        end = stop
    return written.append(card.brief_line[end:])


def marked_brief(card: Card) -> str:
    """The brief as plain text with its marks."""
    return brief_text(card).plain.strip()


def lines_of(card: Card) -> Iterator[Text]:
    """The card, line by line: sentences, brief, buttons."""
    from rich.text import Text

    for number, line in enumerate(card.lines):
        yield Text(line, style="bold" if number == 0 and len(card.lines) > 1 else "")
    if card.brief_line:
        yield brief_text(card)
    number = 0
    for row in card.buttons:
        shown = Text()
        for button in row:
            number += 1
            shown.append(f"[{number}]", style="bold cyan")
            if button.label != str(number):
                shown.append(NBSP + button.label.replace(" ", NBSP))  # a button is never broken
            shown.append("   ")
        yield shown


def show(console: Console, card: Card) -> None:
    """Print ``card`` with a bar at its left that tells its kind."""
    from rich.text import Text

    colour = _BORDERS.get(card.kind, "blue")
    width = max(20, console.width - 4)
    for line in lines_of(card):
        for wrapped in line.wrap(console, width):
            wrapped.rstrip()
            console.print(Text("│ ", style=colour) + wrapped, soft_wrap=True, highlight=False)
