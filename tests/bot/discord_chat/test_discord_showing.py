"""A card as a Discord message: everything said, within every limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.asks import Reply
from bot.chat import Action, Button, Card, CardKind, File, Image, Menu
from bot.commands import COMMANDS
from bot.discord_chat.addresses import Address, MessageId
from bot.discord_chat.registration import payloads
from bot.discord_chat.showing import compose, cut, words
from tests.bot.discord_chat.conftest import Scene, Start, load_blob, plain
from tests.emulators.discord.rules import check_commands, num_characters
from tests.emulators.discord.world import Message

PICTURE = Image(sha256="a" * 64, media_type="image/png", alt_text="a cat on a mat")


def button(number: int, action: Action = Action.PICK) -> Button:
    """One of many."""
    return Button(label=f"Button {number}", action=action, argument=f"g:{number}")


async def show(scene: Scene, card: Card, name: str = "show") -> Message:
    """The message that Ann sees."""
    scene.studio.answers.append(Reply(card=card))
    asked = await scene.ann.slash(scene.room, name)
    await scene.discord.until(lambda: asked.original)
    await scene.quiet()
    assert asked.original is not None
    return asked.original


def test_added_words_are_underlined() -> None:
    """Marked without colour; what people wrote cannot format or break the message."""
    card = Card(
        kind=CardKind.GRID, lines=("You *said*: cat",), brief_line="a cat, fine_art, 4k",
        added=((5, 19),),
    )  # fmt: skip
    assert words(card) == "You \\*said\\*: cat\n> a cat__, fine\\_art, 4k__"


@pytest.mark.parametrize("length", [10, 2000, 5000])
async def test_long_words_fit(length: int) -> None:
    """Up to 2,000 characters as words, more as an embed, cut at the end of a line."""
    card = plain("\n".join(["x" * 99] * (length // 100 + 1)))
    parts = await compose(card, load_blob)
    assert len(parts.content) <= 2000
    assert len(parts.long_text) <= 4096
    assert bool(parts.long_text) == (length >= 2000)


def test_a_cut_ends_a_line() -> None:
    """Never in the middle of a sentence where that can be helped."""
    assert cut("one\ntwo\nthree", 11) == "one\ntwo\n…"


async def test_pictures_files_and_buttons(scene: Scene) -> None:
    """Alt texts, hidden pictures, files by their names, buttons and menus by their tokens."""
    card = Card(
        kind=CardKind.GRID, lines=("Here.",), images=(PICTURE, replace(PICTURE, is_spoiler=True)),
        files=(File(sha256="b" * 64, media_type="image/png", name="mine.png"),),
        buttons=((button(1), button(2)),),
        menus=(Menu(label="More", argument="x", options=(button(3), button(4)), chosen=1),),
    )  # fmt: skip
    message = await show(scene, card)
    assert [(file.name, file.is_spoiler) for file in message.files] == [
        ("1.png", False), ("SPOILER_2.png", True), ("mine.png", False),
    ]  # fmt: skip
    assert message.files[0].description == "a cat on a mat"
    row, menu = message.components
    assert [one["custom_id"] for one in row["components"]] == ["pick:g:1", "pick:g:2"]
    [select] = menu["components"]
    assert (select["custom_id"], select["options"][1]["default"]) == ("open:x", True)


async def test_too_many_buttons_are_closed_up(scene: Scene) -> None:
    """Five rows of five, and each menu takes a row; the double refuses anything else."""
    rows = tuple((button(2 * n), button(2 * n + 1)) for n in range(20))
    menu = Menu(label="More", argument="x", options=tuple(button(n) for n in range(40)))
    message = await show(
        scene,
        Card(
            kind=CardKind.GRID,
            lines=("x",),
            buttons=rows,
            menus=(menu, replace(menu, argument="y")),
        ),
    )
    assert [len(row["components"]) for row in message.components[:4]] == [5, 5, 5, 1]
    assert len(message.components) == 5


async def test_private_answers_are_seen_by_one(scene: Scene) -> None:
    """What is for Ann alone, Bob never sees; the rest he does."""
    bob = scene.discord.user("Bob")
    await show(scene, plain("for you", is_private=True))
    assert bob.sees(scene.room) == []
    await show(scene, plain("for all"))
    assert [one.content for one in bob.sees(scene.room)] == ["for all"]


@pytest.mark.parametrize("is_slow", [True, False])
async def test_a_private_answer_that_was_promised_in_the_open(start: Start, is_slow: bool) -> None:
    """A refusal of a public command: the open promise is taken back."""
    scene = await start(row_seconds=0.02)
    scene.studio.delay_seconds = 0.1 * is_slow
    scene.studio.answers = [Reply(card=plain("not today", is_private=True))]
    await scene.ann.slash(scene.room, "imagine", prompt="x")
    await scene.discord.until(lambda: "not today" in scene.words)
    await scene.quiet()
    assert scene.discord.user("Bob").sees(scene.room) == []
    assert scene.words == ["not today"]


@pytest.mark.parametrize("is_slow", [True, False])
async def test_an_update_takes_the_place_of_what_was_pressed(start: Start, is_slow: bool) -> None:
    """The pressed message changes, and nothing else appears; what comes besides follows it."""
    scene = await start(row_seconds=0.02)
    message = await show(
        scene, Card(kind=CardKind.CASE, lines=("A case",), images=(PICTURE,),
                    buttons=((button(1, Action.CLAIM),),)),
    )  # fmt: skip
    scene.studio.delay_seconds = 0.1 * is_slow
    also = (plain("besides", receipt="grid:r1"),)
    scene.studio.answers = [Reply(card=plain("Claimed."), is_update=True, also=also)]
    await scene.ann.click(message, "Button 1")
    await scene.discord.until(lambda: len(scene.words) == 2)
    assert scene.words == ["Claimed.", "besides"]
    assert (message.components, message.files) == ([], [])
    await scene.quiet()
    assert scene.studio.receipts == [
        ("grid:r1", f"{scene.room.id}:{scene.ann.sees(scene.room)[1].id}")
    ]


async def test_what_is_posted_in_a_place(scene: Scene) -> None:
    """A case sent to a review channel is posted plainly there, although it is private."""
    await show(scene, plain("reviews come here now", is_private=True))
    where = scene.chat.place(scene.studio.events[-1].address)
    await scene.chat.send(where, plain("a case", is_private=True), nonce="n1")
    assert [one.content for one in scene.discord.user("Bob").sees(scene.room)] == ["a case"]


async def test_nothing_is_remembered_of_messages(scene: Scene) -> None:
    """Buttons live in the messages: however many were shown, the client keeps none of them."""
    for _ in range(3):
        await show(scene, Card(kind=CardKind.GRID, lines=("x",), buttons=((button(1),),)))
    client = scene.chat._outgoing.client
    assert [*client.persistent_views, *client.cached_messages] == []


def test_the_commands_keep_discords_limits() -> None:
    """Names, descriptions and total lengths, in both languages, and every command is there."""
    found = payloads()
    check_commands(found, {"zh-CN", "zh-TW"})
    assert max(map(num_characters, found)) < 8000
    slash = {one["name"] for one in found if one["type"] == 1}
    assert slash == {command.path[0] for command in COMMANDS}
    for one in found:
        for option in one.get("options") or []:
            assert len(option["description"]) <= 100


def test_an_address_fits_a_row() -> None:
    """What is written to the database reads back the same; so does a message's id."""
    address = Address(channel=1, user=2, application=3, token="t", until=4.0)
    assert Address.from_row(address.to_row()) == address
    assert not address.is_live
    for private in (True, False):
        message = MessageId(channel=1, message=2, is_private=private)
        assert MessageId.read(str(message)) == message
