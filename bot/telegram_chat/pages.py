"""A card as Telegram shows it: marked-up text in pieces that fit, and the buttons below.

Pure: cards in, plain data out. Lengths are those Telegram counts, UTF-16 units after the marks are
taken out. Added words of a brief are underlined and bold, so that no colour is needed to see them.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.chat import Button, Card, CardKind, Menu

MAX_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
MAX_CAPTION = int(MessageLimit.CAPTION_LENGTH)
MAX_TOKEN_BYTES = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
MAX_TOAST = 200  # characters of an answer to a press
BUTTONS_IN_A_ROW = 4  # more do not fit a telephone
MENUS_IN_A_ROW = 2

logger = logging.getLogger(__name__)


class Run(NamedTuple):
    """Words with one kind of mark: "" for none, else the tags around them."""

    text: str
    tags: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A card, written out. ``pieces`` are HTML; the first fits where the card's picture or file
    needs it to, each following one fits a message of its own."""

    pieces: tuple[str, ...]
    keyboard: InlineKeyboardMarkup | None


def write(card: Card, carried: str = "") -> Page:
    """The card as text and buttons; ``carried`` is a link that no eye sees."""
    first = (MAX_CAPTION if card.images or card.files else MAX_TEXT) - bool(carried)
    head, *rest = _pieces(list(_runs(card)), first)
    return Page(pieces=(unseen(carried) + head, *rest), keyboard=keyboard(card))


def unseen(link: str) -> str:
    """A link behind a character without width."""
    return f'<a href="{html.escape(link)}">\u200b</a>' if link else ""


def toast(card: Card) -> str | None:
    """The card as a few words over the chat; None where it is more than that."""
    is_plain = not (card.images or card.files or card.buttons or card.menus or card.brief_line)
    words = "\n".join(card.lines)
    is_short = card.is_private and len(card.lines) == 1 and len(words) <= MAX_TOAST
    return words if is_plain and is_short else None


def keyboard(card: Card) -> InlineKeyboardMarkup | None:
    """The card's buttons; a menu is a button that opens it."""
    rows = [row[i : i + BUTTONS_IN_A_ROW] for row in card.buttons
            for i in range(0, len(row), BUTTONS_IN_A_ROW)]  # fmt: skip
    shown = [[one for button in row if (one := _button(button))] for row in rows]
    menus = [one for menu in card.menus if (one := _opening(menu))]
    shown += [menus[i : i + MENUS_IN_A_ROW] for i in range(0, len(menus), MENUS_IN_A_ROW)]
    return InlineKeyboardMarkup([row for row in shown if row]) if any(shown) else None


def escaped(words: str) -> str:
    """Words as they are, in HTML."""
    return html.escape(words, quote=False)


def units(text: str) -> int:
    """How long Telegram says that text is."""
    return len(text.encode("utf-16-le")) // 2


def _opening(menu: Menu) -> InlineKeyboardButton | None:
    """A button for a menu; with one option there is nothing to open."""
    if len(menu.options) == 1:
        return _button(menu.options[0])
    if not _fits(menu.token):
        return None
    return InlineKeyboardButton(f"{menu.label} ▾", callback_data=menu.token)


def _button(button: Button) -> InlineKeyboardButton | None:
    if not _fits(button.token):
        return None
    return InlineKeyboardButton(button.label or "·", callback_data=button.token)


def _fits(token: str) -> bool:
    """Telegram counts the bytes of a token; one too long would cost the whole message."""
    if len(token.encode()) <= MAX_TOKEN_BYTES:
        return True
    logger.error("a button's token is too long: %s", token.partition(":")[0])
    return False


def _runs(card: Card) -> Iterator[Run]:
    """The words of a card in order; the first line of several is a headline."""
    is_titled = len(card.lines) > 1 or card.kind in (CardKind.GRID, CardKind.CASE)
    for number, line in enumerate(card.lines):
        yield Run(line + "\n", "b" if is_titled and number == 0 else "")
    end = 0
    for start, stop in card.added:
        yield Run(card.brief_line[end:start], "i")
        yield Run(card.brief_line[start:stop], "bu")
        end = stop
    yield Run(card.brief_line[end:], "i")


def _pieces(runs: Sequence[Run], first: int) -> Iterator[str]:
    """HTML in pieces, cut between lines or words where that is possible. At least one."""
    room, piece, is_first = first, list[Run](), True
    left = [run for run in runs if run.text]
    while left:
        run = left.pop(0)
        if units(run.text.rstrip()) <= room:
            piece.append(run)
            room -= units(run.text)
            continue
        head, tail = _cut(run.text, room, must_cut=not piece)
        piece.append(Run(head, run.tags))
        left.insert(0, Run(tail, run.tags))
        yield _html(piece)
        room, piece, is_first = MAX_TEXT, [], False
    if piece or is_first:
        yield _html(piece)


def _cut(text: str, room: int, *, must_cut: bool) -> tuple[str, str]:
    """What fits, and the rest without leading space."""
    place = _fitting(text, room)
    for mark in ("\n", " "):
        if (found := text.rfind(mark, 0, place + 1)) > 0:
            return text[:found], text[found:].lstrip()
    return (text[:place], text[place:]) if must_cut else ("", text)


def _fitting(text: str, room: int) -> int:
    """How many characters take at most ``room`` units."""
    used = 0
    for place, character in enumerate(text):
        used += units(character)
        if used > room:
            return place
    return len(text)


def _html(runs: Sequence[Run]) -> str:
    """Marks around words, never around the line break at their end."""
    written = []
    for run in runs:
        words = escaped(run.text.rstrip("\n"))
        breaks = run.text[len(run.text.rstrip("\n")) :]
        for tag in reversed(run.tags) if words.strip() else ():
            words = f"<{tag}>{words}</{tag}>"
        written.append(words + breaks)
    return "".join(written).strip()


__all__ = ["MAX_CAPTION", "MAX_TEXT", "Page", "escaped", "keyboard", "toast", "units", "write"]
