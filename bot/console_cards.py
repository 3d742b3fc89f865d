"""Writes a card as terminal text: the added words marked, the buttons numbered.

Knows no core and no pictures' bytes; colours are rich's, and without them the marks remain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    CardKind.PICTURE: "green",
    CardKind.MENU: "cyan",
}
ADDED_STYLE = "bold green underline"


def numbered(card: Card) -> dict[int, Button]:
    """The buttons by the number a person types, in reading order from 1; options of menus last."""
    buttons = [button for row in card.buttons for button in row]
    options = [option for menu in card.menus for option in menu.options]
    return dict(enumerate([*buttons, *options], start=1))


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


def lines_of(card: Card, width: int = 76) -> Iterator[Text]:
    """The card, line by line: sentences, brief, buttons; no button is broken over two lines."""
    from rich.text import Text

    for number, line in enumerate(card.lines):
        yield Text(line, style="bold" if number == 0 and len(card.lines) > 1 else "")
    if card.brief_line:
        yield brief_text(card)
    number = 0
    for row in card.buttons:
        yield from _row("", row, number, width)
        number += len(row)
    for menu in card.menus:
        yield from _row(menu.label, menu.options, number, width)
        number += len(menu.options)


def _row(label: str, row: Sequence[Button], before: int, width: int) -> Iterator[Text]:
    """Buttons with their numbers, on as many lines as they need."""
    from rich.text import Text

    shown = Text(label, style="dim")
    for number, button in enumerate(row, start=before + 1):
        words = "" if button.label == str(number) else f" {button.label}"
        one = Text.assemble((f"[{number}]", "bold cyan"), words)
        if shown and shown.cell_len + 3 + one.cell_len > width:
            yield shown
            shown = Text()
        shown = shown + Text("   ") + one if shown else one
    yield shown


def show(console: Console, card: Card) -> None:
    """Print ``card`` with a bar at its left that tells its kind."""
    from rich.text import Text

    colour = _BORDERS.get(card.kind, "blue")
    width = max(20, console.width - 4)
    for line in lines_of(card, width):
        for wrapped in line.wrap(console, width):
            wrapped.rstrip()
            console.print(Text("│ ", style=colour) + wrapped, soft_wrap=True, highlight=False)
