"""Telegram both ways: the real client, an emulated service, a core that answers from a script."""

from __future__ import annotations

import asyncio

import pytest

from bot.asks import Reply
from bot.chat import Action, Card, CardKind, ChatRefused, File, Form, Image, PrivateClosed, Upload
from bot.commands import COMMANDS
from bot.telegram_chat.chat import TelegramChat
from tests.bot.telegram_chat.telegram_fakes import ScriptedStudio, Shelf, button, grid, plain, png
from tests.emulators.telegram.phones import Phone, in_group, private
from tests.emulators.telegram.server import TelegramEmulator

PROGRESS = Card(
    kind=CardKind.PROGRESS, lines=("On its way.",), receipt="progress:r1",
    buttons=((button("Cancel", Action.CANCEL, "r1"),),),
)  # fmt: skip


async def test_a_command_goes_to_the_core_and_its_answer_back(
    chat: TelegramChat, studio: ScriptedStudio, ann: Phone
) -> None:
    """The line as it was typed; the answer's message is reported with its receipt."""
    studio.answer = Reply(card=PROGRESS, request_id="r1")
    await ann.say("/imagine a cat --count 2")
    shown = await ann.sees("On its way")
    await ann.until(lambda: studio.shown)
    what, event, rest = studio.asked[0]
    assert (what, rest) == ("line", ("/imagine a cat --count 2", ()))
    assert event.speaker.locale == "en"
    assert studio.shown == [("progress:r1", f"11:{shown['message_id']}")]


async def test_a_result_takes_the_place_of_its_progress(
    chat: TelegramChat, studio: ScriptedStudio, shelf: Shelf, ann: Phone
) -> None:
    """One message from acknowledgement to grid; sent twice it still stands there once."""
    studio.answer = Reply(card=PROGRESS)
    await ann.say("/imagine a cat")
    await ann.until(lambda: studio.shown)
    address, shown = studio.asked[0][1].address, studio.shown[0][1]
    preview = Image(sha256=shelf.keep(png("grey")), media_type="image/png", alt_text="")
    await chat.edit(address, shown, Card(kind=CardKind.PROGRESS, lines=("1 of 4",)))
    await chat.edit(address, shown, Card(kind=CardKind.PROGRESS, lines=("2",), images=(preview,)))
    await chat.edit(address, shown, Card(kind=CardKind.PROGRESS, lines=("3 of 4",)))
    assert ann.find("3 of 4") is not None
    for _ in range(2):
        result = grid(shelf, "red", "green")
        assert await chat.send(address, result, nonce="n", replaces=shown) == shown
    last = ann.messages[-1]
    assert (len(ann.messages), last["caption"]) == (2, "Here it is.\na cat, fine")
    assert [each["text"] for each in ann.buttons(last)] == ["1", "2"]


async def test_what_is_not_pictures_takes_the_place_of_a_preview(
    chat: TelegramChat, shelf: Shelf, ann: Phone
) -> None:
    """A preview of what was refused does not stay under the refusal."""
    preview = grid(shelf, "grey")
    shown = await chat.send({"chat": 11, "user": 11}, preview, nonce="n")
    await chat.send({"chat": 11, "user": 11}, plain("Refused."), nonce="m", replaces=shown)
    assert [ann.words(each) for each in ann.messages] == ["Refused."]


async def test_a_press_is_answered_with_a_toast(
    chat: TelegramChat, studio: ScriptedStudio, shelf: Shelf, ann: Phone
) -> None:
    """A short private sentence shows over the chat and writes no message."""
    await chat.send({"chat": 11, "user": 11}, grid(shelf, "red"), nonce="n")
    studio.answer = Reply(card=plain("Counted.", is_private=True))
    await ann.press("pick:g:1")
    world = ann.telegram.world
    await ann.until(lambda: [each.words for each in world.moments if each.what == "toast"])
    assert [each.words for each in world.moments if each.what == "toast"] == ["Counted."]
    assert studio.asked[0][2] == (Action.PICK, "g:1", "")
    assert (len(ann.messages), world.open_queries) == (1, set())


async def test_a_slow_press_is_answered_before_its_work_is_done(
    chat: TelegramChat, studio: ScriptedStudio, shelf: Shelf, ann: Phone
) -> None:
    """The button stops waiting after a moment; the sentence comes as a message then."""
    await chat.send({"chat": 11, "user": 11}, grid(shelf, "red"), nonce="n")
    studio.seconds, studio.answer = 2.5, Reply(card=plain("Counted.", is_private=True))
    await ann.press("pick:g:1")
    await ann.until(lambda: not ann.telegram.world.open_queries)
    assert studio.asked == []
    await ann.sees("Counted.")


async def test_a_menu_takes_the_place_of_what_was_pressed(
    chat: TelegramChat, studio: ScriptedStudio, ann: Phone
) -> None:
    """An update changes the pressed message; what else there is to say follows it."""
    first = plain("Cases", buttons=((button("Claim", Action.CLAIM, "c"),),))
    await chat.send({"chat": 11, "user": 11}, first, nonce="n")
    studio.answer = Reply(card=plain("Claimed by Ann"), is_update=True, also=(plain("And this."),))
    await ann.press("Claim")
    await ann.sees("And this.")
    assert [ann.words(each) for each in ann.messages] == ["Claimed by Ann", "And this."]


async def test_a_press_that_needs_words_asks_for_them(
    chat: TelegramChat, studio: ScriptedStudio, shelf: Shelf, ann: Phone
) -> None:
    """A question with a forced reply; the reply makes the press, with its words."""
    await chat.send({"chat": 11, "user": 11}, grid(shelf, "red"), nonce="n")
    studio.asks_for = Form(title="Change a word", label="old > new", placeholder="cat > dog")
    await ann.press("pick:g:1")
    question = await ann.sees("Change a word")
    assert ann.seen[-1].message["force_reply"] is True
    studio.answer = Reply(card=plain("On its way."))
    await ann.say("cat > dog", reply_to=question)
    await ann.sees("On its way.")
    assert studio.asked[-1][2] == (Action.PICK, "g:1", "cat > dog")


async def test_private_answers_in_a_group_go_to_the_person(
    chat: TelegramChat, studio: ScriptedStudio, telegram: TelegramEmulator, ann: Phone
) -> None:
    """Where they never wrote to the bot, the group reads how to, and nothing else."""
    group = in_group(telegram, ann, "Painters")
    studio.answer = Reply(card=plain("Your settings", "secret", is_private=True))
    await group.say("/settings")
    await ann.sees("secret")
    stranger = private(telegram, 12, "Bob", "zh-hans")
    stranger.room.is_closed = True
    await in_group(telegram, stranger, "Painters").say("/settings")
    hint = await group.sees("打开")
    assert "secret" not in group.words(hint)
    assert ann.buttons(hint)[0]["url"] == "https://t.me/atelier_bot?start=hello"


async def test_a_private_result_goes_to_the_person_or_says_it_cannot(
    chat: TelegramChat, shelf: Shelf, telegram: TelegramEmulator, ann: Phone
) -> None:
    """From a group to their own chat; closed for good is told to the core."""
    group = in_group(telegram, ann, "Painters")
    shown = await chat.send({"chat": -1001, "user": 11}, plain("On its way."), nonce="n")
    private_grid = grid(shelf, "red", is_private=True)
    await chat.send({"chat": -1001, "user": 11}, private_grid, nonce="m", replaces=shown)
    assert (len(ann.messages), group.messages) == (1, [])
    ann.room.is_closed = True
    with pytest.raises(PrivateClosed):
        await chat.send({"chat": -1001, "user": 11}, private_grid, nonce="o")
    place = chat.place({"chat": -1001, "user": 11, "message": 3})
    await chat.send(place, private_grid, nonce="p")
    assert len(group.messages) == 1


async def test_cases_are_hidden_and_files_are_kept(
    chat: TelegramChat, shelf: Shelf, ann: Phone
) -> None:
    """A picture under review is spoilered; a file arrives byte for byte under its name."""
    image = Image(sha256=shelf.keep(png()), media_type="image/png", alt_text="", is_spoiler=True)
    await chat.send(
        {"chat": 11}, Card(kind=CardKind.CASE, lines=("A case",), images=(image,)), nonce="n"
    )
    assert ann.messages[0]["has_media_spoiler"] is True
    file = File(sha256=shelf.keep(png("red")), media_type="image/png", name="original.png")
    await chat.send({"chat": 11}, plain("Yours.", files=(file, file)), nonce="m")
    assert [each["document"]["file_name"] for each in ann.messages[1:]] == ["original.png"] * 2
    assert await ann.pictures(ann.messages[1]) == [png("red")]


async def test_long_captions_go_on_in_a_message(
    chat: TelegramChat, shelf: Shelf, ann: Phone
) -> None:
    """1,024 characters under the picture with its buttons, the rest after it."""
    long = Card(kind=CardKind.GRID, lines=("word " * 400,), images=grid(shelf, "red").images)
    sent = await chat.send({"chat": 11}, long, nonce="n")
    assert sent == "11:1"
    assert len(ann.messages[0]["caption"]) <= 1024
    assert len(ann.messages) == 2


async def test_pictures_people_send_reach_the_core(
    chat: TelegramChat, studio: ScriptedStudio, ann: Phone
) -> None:
    """With a command as its picture, with words to start from, alone to be described."""
    await ann.send_picture(png("red"), "/imagine like this")
    await ann.send_picture(png("green"), "more like this", as_file=True)
    await ann.send_picture(png("blue"))
    await ann.until(lambda: len(studio.asked) == 3)
    assert studio.asked[0][2] == (
        "/imagine like this",
        (Upload(data=png("red"), media_type="image/jpeg"),),
    )
    wish = {"prompt": "more like this", "reference": Upload(data=png("green"))}
    assert studio.asked[1][2] == ("imagine", wish)
    assert studio.asked[2][2][0] == "describe"


async def test_a_picture_that_is_too_large_is_not_fetched(
    chat: TelegramChat, studio: ScriptedStudio, ann: Phone
) -> None:
    """The limit is the operator's; one sentence names it."""
    await ann.send_picture(png() + bytes(11 * 2**20), "a cat", as_file=True)
    await ann.sees("larger than 10 MB")
    assert (studio.asked, ann.telegram.count("getFile")) == ([], 0)


async def test_groups_are_asked_who_runs_them_only_where_it_matters(
    chat: TelegramChat, studio: ScriptedStudio, telegram: TelegramEmulator, ann: Phone
) -> None:
    """For settings of a place; a person they name is found in the reply."""
    group = in_group(telegram, ann, "Painters")
    telegram.world.admins.add((-1001, 11))
    bob = private(telegram, 12, "Bob")
    his = await in_group(telegram, bob, "Painters").say("I would like to help")
    await group.say("/settings here --count 2")
    await group.say("/imagine a cat")
    await group.say("/settings reviewers --add", reply_to=his)
    await group.until(lambda: len(studio.asked) == 3)
    assert [event.is_administrator for _, event, _ in studio.asked] == [True, False, True]
    assert studio.asked[2][2][1]["add"].external_id == "12"


async def test_start_greets_and_shows_the_terms(
    chat: TelegramChat, studio: ScriptedStudio, ann: Phone
) -> None:
    """Whoever comes first reads both; a link with a code joins two accounts."""
    agree = (button("Agree", Action.ACCEPT_TERMS, "1"),)
    studio.answer = Reply(card=plain("Hello.", buttons=(agree,), is_private=True))
    await ann.say("/start")
    await ann.until(lambda: len(ann.messages) == 3)
    assert [rest[0] for _, _, rest in studio.asked] == ["help", "terms"]
    await ann.say("/start link-ABCD")
    await ann.until(lambda: len(studio.asked) == 3)
    assert studio.asked[2][2] == ("link", {"code": "ABCD"})


async def test_the_menu_lists_every_command_in_both_languages(
    chat: TelegramChat, telegram: TelegramEmulator, ann: Phone
) -> None:
    """English for everybody, Chinese for those who read it; moderators' for who runs a group."""
    await ann.until(lambda: len(telegram.world.commands) == 4)
    everyone = telegram.world.commands["default", ""]
    chinese = telegram.world.commands["default", "zh"]
    assert [each["command"] for each in everyone] == [each["command"] for each in chinese]
    assert all(e["description"] != c["description"] for e, c in zip(everyone, chinese, strict=True))
    whole = {each["command"] for each in telegram.world.commands["all_chat_administrators", ""]}
    assert whole == {each.path[0] for each in COMMANDS}
    assert "cases" not in {each["command"] for each in everyone}


async def test_what_is_gone_is_gone(chat: TelegramChat, ann: Phone) -> None:
    """Removing twice is fine; editing what is gone is told to the core."""
    shown = await chat.send({"chat": 11}, plain("Here."), nonce="n")
    await chat.delete({"chat": 11}, shown)
    await chat.delete({"chat": 11}, shown)
    with pytest.raises(ChatRefused):
        await chat.edit({"chat": 11}, shown, plain("There."))


async def test_a_duplicate_is_not_answered(
    chat: TelegramChat, studio: ScriptedStudio, telegram: TelegramEmulator, ann: Phone
) -> None:
    """The same update twice reaches the core once."""
    await ann.say("/help")
    await ann.sees("Hello.")
    update = {"update_id": max(telegram.world.receipts), "message": ann.messages[0]}
    await telegram.world.repeat(update)
    await ann.say("/help again")
    await ann.until(lambda: len(studio.asked) == 2)
    await asyncio.sleep(0.05)
    assert [rest[0] for _, _, rest in studio.asked] == ["/help", "/help again"]
