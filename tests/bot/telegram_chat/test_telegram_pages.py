"""Cards as Telegram's text and buttons."""

from __future__ import annotations

import pytest

from bot.chat import Action, Button, Card, CardKind, File, Menu
from bot.telegram_chat.pages import MAX_CAPTION, MAX_TEXT, toast, units, write
from tests.bot.telegram_chat.telegram_fakes import Shelf, button, grid, plain
from tests.emulators.telegram.markup import parse_html


def test_words_are_escaped() -> None:
    """What looks like markup in a wish is shown as it was written."""
    page = write(plain("1 < 2 & <b>bold</b>"))
    assert parse_html(page.pieces[0]) == ("1 < 2 & <b>bold</b>", [])


def test_added_words_are_marked_without_colour() -> None:
    """The brief is slanted and what was added is bold and underlined as well."""
    words, marks = parse_html(write(grid(Shelf(), "teal")).pieces[0])
    assert words == "Here it is.\na cat, fine"
    kinds = {(mark["type"], words[mark["offset"] :][: mark["length"]]) for mark in marks}
    assert kinds == {
        ("bold", "Here it is."), ("italic", "a cat"), ("bold", ", fine"), ("underline", ", fine"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "word", ["cat ", "一只猫", "😀", "&<"], ids=["words", "han", "emoji", "marks"]
)
def test_long_texts_are_cut_into_messages(word: str) -> None:
    """Every piece fits as Telegram counts, the first under a picture, and no word is lost."""
    brief = (word * 3000)[:5000].strip()
    file = File(sha256="0" * 64, media_type="text/plain", name="a.txt")
    card = Card(kind=CardKind.PLAIN, lines=("Look.",), brief_line=brief, files=(file,))
    plain_pieces = [parse_html(piece)[0] for piece in write(card).pieces]
    assert units(plain_pieces[0]) <= MAX_CAPTION
    assert all(0 < units(piece) <= MAX_TEXT for piece in plain_pieces)
    assert "".join("".join(plain_pieces).split()) == "".join(f"Look.{brief}".split())


def test_a_text_that_fits_is_one_message() -> None:
    """Exactly as long as allowed is allowed."""
    assert len(write(plain("x" * MAX_TEXT)).pieces) == 1
    assert len(write(plain("x" * (MAX_TEXT + 1))).pieces) == 2


def test_buttons_keep_their_rows_and_menus_follow() -> None:
    """Rows as the core made them, four wide at most; a menu is a button that opens it."""
    row = tuple(button(str(n)) for n in range(6))
    menu = Menu(label="Vary", options=(button("1"), button("2")), argument="vary:g")
    shown = write(plain("x", buttons=(row,), menus=(menu, menu, menu))).keyboard
    assert shown is not None
    labels = [[one.text for one in line] for line in shown.inline_keyboard]
    assert labels == [["0", "1", "2", "3"], ["4", "5"], ["Vary ▾", "Vary ▾"], ["Vary ▾"]]
    assert shown.inline_keyboard[2][0].callback_data == "open:vary:g"


def test_a_token_that_is_too_long_costs_only_its_button(caplog: pytest.LogCaptureFixture) -> None:
    """64 bytes, not characters; the rest of the message still goes out."""
    wide = Button(label="wide", action=Action.PICK, argument="é" * 30)
    shown = write(plain("x", buttons=((wide, button("fine")),))).keyboard
    assert shown is not None
    assert [one.text for one in shown.inline_keyboard[0]] == ["fine"]
    assert "too long" in caplog.text


def test_only_a_short_private_sentence_is_a_toast() -> None:
    """What has buttons, is public, or is longer than a toast becomes a message."""
    assert toast(plain("Counted.", is_private=True)) == "Counted."
    for card in (
        plain("Counted."),
        plain("x" * 201, is_private=True),
        plain("one", "two", is_private=True),
        plain("Which?", is_private=True, buttons=((button("1"),),)),
    ):
        assert toast(card) is None
