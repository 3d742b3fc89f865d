"""What updates mean, from the JSON that Telegram sends."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update, User

from bot.chat import Action
from bot.telegram_chat.addresses import Address, Carried
from bot.telegram_chat.hearing import Heard, hear

ME = User(id=7, is_bot=True, first_name="Atelier", username="atelier_bot")
ANN = {
    "id": 11,
    "is_bot": False,
    "first_name": "Ann",
    "last_name": "Lee",
    "language_code": "zh-hans",
}
HOME = {"id": 11, "type": "private", "first_name": "Ann"}
GROUP = {"id": -100, "type": "supergroup", "title": "Painters"}
MINE = {"message_id": 4, "from": ME.to_dict(), "chat": GROUP, "date": 1, "text": "here"}
PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "width": 9, "height": 9, "file_size": 90},
    {"file_id": "large", "file_unique_id": "l", "width": 99, "height": 99, "file_size": 900},
]


def said(text: str = "", chat: dict[str, Any] = HOME, **more: Any) -> Heard | None:
    """What a message means."""
    message = {"message_id": 5, "from": ANN, "chat": chat, "date": 1, **more}
    if text:
        message["text"] = text
    return hear(update(message=message), ME)


def update(**content: Any) -> Update:
    """An update as it comes."""
    return Update.de_json({"update_id": 1, **content}, None)


def test_who_and_where() -> None:
    """Ids are Telegram's; the language is the client's; the answer's place fits a row."""
    heard = said("/imagine a cat", GROUP, message_thread_id=3, is_topic_message=True)
    assert heard is not None
    event = heard.event
    assert (event.id, event.speaker.external_id, event.speaker.name) == ("-100:5", "11", "Ann Lee")
    assert (event.speaker.locale, event.place.external_id) == ("zh-hans", "-100")
    assert (event.place.name, event.place.is_private) == ("Painters", False)
    assert event.address == {"chat": -100, "user": 11, "thread": 3, "message": 5}
    assert not event.is_administrator


@pytest.mark.parametrize(
    ("words", "heard_as"),
    [
        ("/imagine@atelier_bot a", "/imagine@atelier_bot a"),
        ("/imagine a", "/imagine a"),
        ("/imagine@other_bot a", None),
        ("what a day", None),
        ("@atelier_bot a red cat", "a red cat"),
        ("paint, @Atelier_Bot", "paint,"),
    ],
)
def test_in_a_group_only_what_is_for_the_bot_is_heard(words: str, heard_as: str | None) -> None:
    """Commands, unless another bot's, and words that name it."""
    heard = said(words, GROUP)
    assert (heard.text if heard else None) == heard_as


def test_a_reply_names_the_message_it_answers() -> None:
    """By chat and number; in a group that makes it for the bot, whatever it says."""
    heard = said("more snow", GROUP, reply_to_message=MINE)
    assert heard is not None
    assert (heard.text, heard.event.message_id) == ("more snow", "-100:4")
    other = {**MINE, "from": ANN}
    assert said("more snow", GROUP, reply_to_message=other) is None


def test_pictures_come_in_their_largest_size() -> None:
    """A photo's largest, a file that is a picture, a photo that a command answers; no other file."""
    with_photo = said(photo=PHOTO, caption="/imagine like this")
    assert with_photo is not None
    assert (with_photo.pictures[0].file_id, with_photo.text) == ("large", "/imagine like this")
    file = {"file_id": "f", "file_unique_id": "u", "mime_type": "image/png", "file_size": 3}
    as_file = said(document=file)
    assert as_file is not None
    assert as_file.pictures[0].media_type == "image/png"
    answered = said(
        "/describe", reply_to_message={**MINE, "from": ANN, "chat": HOME, "photo": PHOTO}
    )
    assert answered is not None
    assert answered.pictures[0].file_id == "large"
    assert said(document={**file, "mime_type": "application/pdf"}) is None


def test_a_press_carries_its_token() -> None:
    """Action and argument; the message is the pressed one; its id is the press's own."""
    query = {"id": "q1", "from": ANN, "chat_instance": "c", "data": "pick:g:2", "message": MINE}
    heard = hear(update(callback_query=query), ME)
    assert heard is not None
    assert (heard.token, heard.query_id) == ((Action.PICK, "g:2"), "q1")
    assert (heard.event.id, heard.event.message_id) == ("press:q1", "-100:4")


@pytest.mark.parametrize("data", ["", "nothing", "fly:away"])
def test_a_press_that_is_none_of_ours_is_left(data: str) -> None:
    """Old or foreign data does nothing."""
    query = {"id": "q", "from": ANN, "chat_instance": "c", "data": data, "message": MINE}
    assert hear(update(callback_query=query), ME) is None


def test_the_answer_to_a_question_brings_its_button_back() -> None:
    """Without memory: the question itself carries the button."""
    link = Carried(token="word:g:1").link
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": link}
    question = {**MINE, "text": "\u200bChange a word", "entities": [entity]}
    heard = said("cat > dog", GROUP, reply_to_message=question)
    assert heard is not None
    assert (heard.token, heard.text, heard.query_id) == (
        (Action.CHANGE_WORD, "g:1"),
        "cat > dog",
        "",
    )


def test_a_persons_link_is_no_question() -> None:
    """Only a question of the bot's own is one; anybody could write such a link."""
    link = Carried(token="delete:g").link
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": link}
    mine = {**MINE, "from": ANN, "chat": HOME, "entities": [entity]}
    heard = said("yes", reply_to_message=mine)
    assert heard is not None
    assert heard.token is None


def test_what_is_done_privately_with_a_groups_message_counts_in_the_group() -> None:
    """A menu in somebody's own chat carries the place it belongs to."""
    home = Address(chat_id=-100, thread_id=3, message_id=4)
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": Carried(home=home).link}
    menu = {**MINE, "chat": HOME, "text": "\u200bMore", "entities": [entity]}
    query = {"id": "q1", "from": ANN, "chat_instance": "c", "data": "vary:p", "message": menu}
    heard = hear(update(callback_query=query), ME)
    assert heard is not None
    assert heard.event.place.external_id == "-100"
    assert heard.event.address == {"chat": -100, "user": 11, "thread": 3, "message": 4}
    assert (heard.here.chat_id, heard.event.message_id) == (11, "11:4")
    assert not heard.event.is_administrator


def test_what_nobody_said_is_left() -> None:
    """Other bots, channel posts and service messages are not for us."""
    assert said("hi", from_user=None, **{"from": {**ANN, "is_bot": True}}) is None
    assert said(new_chat_title="New") is None
    assert hear(update(channel_post=MINE), ME) is None
