"""What the bot's own messages do to the world: sent, edited, deleted.

Error sentences are those the real service answers with; the real client reads some of them.
"""

from __future__ import annotations

import time
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from tests.emulators.telegram.calls import Call, check_flood, room_of
from tests.emulators.telegram.faults import BotError
from tests.emulators.telegram.world import Json, Room

MAX_PHOTO_BYTES = 10 * 2**20
MAX_SIDES = 10_000
MAX_RATIO = 20


async def send_message(call: Call) -> Json:
    """Words."""
    content = {"text": call.body["text"]}
    if "entities" in call.body:
        content["entities"] = call.body["entities"]
    return await _send(call, content)


async def send_photo(call: Call) -> Json:
    """A picture with a caption."""
    content = {"photo": call.world.photo(_checked_photo(call.upload(call.body["photo"])))}
    if call.body.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return await _send(call, content | _caption(call.body))


async def send_document(call: Call) -> Json:
    """A file, byte for byte."""
    part = call.body["document"]
    name = part["file_name"] if isinstance(part, dict) else "file"
    kind = part["content_type"] if isinstance(part, dict) else "application/octet-stream"
    content = {"document": call.world.document(call.upload(part), name, kind)}
    return await _send(call, content | _caption(call.body))


async def send_media_group(call: Call) -> list[Json]:
    """An album; each picture counts as a message."""
    room = room_of(call)
    check_flood(call, room, len(call.body["media"]))
    common = _reply(call, room)
    album = {"media_group_id": str(time.monotonic_ns())}
    sent = []
    for item in call.body["media"]:
        content = _media(call, item) | common | album
        sent.append(call.world.write(room, call.world.bot["id"], content))
        await call.world.see("sent", room.chat["id"], call.world.bot["id"], sent[-1])
    return sent


async def edit_text(call: Call) -> Json:
    """Other words in the same message."""
    room, message = _mine(call)
    if "text" not in message:
        raise BotError(400, "Bad Request: there is no text in the message to edit")
    after = {key: value for key, value in message.items() if key != "entities"}
    after["text"] = call.body["text"]
    if "entities" in call.body:
        after["entities"] = call.body["entities"]
    return await _edit(call, room, message, after)


async def edit_caption(call: Call) -> Json:
    """Other words under the same picture."""
    room, message = _mine(call)
    if "text" in message:
        raise BotError(400, "Bad Request: there is no caption in the message to edit")
    after = _without(message, "caption", "caption_entities") | _caption(call.body)
    return await _edit(call, room, message, after)


async def edit_media(call: Call) -> Json:
    """Another picture, or a picture in the place of words."""
    room, message = _mine(call)
    gone = ("text", "entities", "photo", "document", "caption", "caption_entities",
            "has_media_spoiler")  # fmt: skip
    after = _without(message, *gone) | _media(call, call.body["media"])
    return await _edit(call, room, message, after)


async def edit_markup(call: Call) -> Json:
    """Other buttons."""
    room, message = _mine(call)
    return await _edit(call, room, message, dict(message))


async def delete_message(call: Call) -> bool:
    """Take a message back."""
    room = room_of(call)
    message = room.messages.pop(call.body["message_id"], None)
    if message is None:
        raise BotError(400, "Bad Request: message to delete not found")
    await call.world.see("deleted", room.chat["id"], call.world.bot["id"], message)
    return True


async def _send(call: Call, content: Json) -> Json:
    room = room_of(call)
    common = _reply(call, room)
    check_flood(call, room)
    markup = call.body.get("reply_markup")
    if markup and "inline_keyboard" in markup:
        common["reply_markup"] = markup
    message = call.world.write(room, call.world.bot["id"], content | common)
    shown = message | ({"force_reply": True} if markup and "force_reply" in markup else {})
    await call.world.see("sent", room.chat["id"], call.world.bot["id"], shown)
    return message


def _reply(call: Call, room: Room) -> Json:
    """The thread and the message that is answered."""
    common: Json = {}
    if "message_thread_id" in call.body:
        common |= {"message_thread_id": call.body["message_thread_id"], "is_topic_message": True}
    wanted = call.body.get("reply_parameters")
    if wanted is None:
        return common
    answered = room.messages.get(wanted["message_id"])
    if answered is None and not wanted.get("allow_sending_without_reply"):
        raise BotError(400, "Bad Request: message to be replied not found")
    if answered is not None:
        common["reply_to_message"] = _without(answered, "reply_to_message")
    return common


def _mine(call: Call) -> tuple[Room, Json]:
    """The bot's own message that is to be edited."""
    room = room_of(call)
    message = room.messages.get(call.body["message_id"])
    if message is None:
        raise BotError(400, "Bad Request: message to edit not found")
    if message["from"]["id"] != call.world.bot["id"]:
        raise BotError(400, "Bad Request: message can't be edited")
    return room, message


async def _edit(call: Call, room: Room, before: Json, after: Json) -> Json:
    after = _without(after, "reply_markup", "edit_date")
    if call.body.get("reply_markup", {}).get("inline_keyboard"):
        after["reply_markup"] = call.body["reply_markup"]
    if after == _without(before, "edit_date"):
        words = (
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
        raise BotError(400, f"Bad Request: {words}")
    check_flood(call, room)
    after["edit_date"] = int(time.time())
    room.messages[after["message_id"]] = after
    await call.world.see("edited", room.chat["id"], call.world.bot["id"], after)
    return after


def _media(call: Call, item: Json) -> Json:
    data = call.upload(item["media"])
    if item["type"] == "photo":
        content: Json = {"photo": call.world.photo(_checked_photo(data))}
        if item.get("has_spoiler"):
            content["has_media_spoiler"] = True
    elif item["type"] == "document":
        content = {"document": call.world.document(data, "file", "application/octet-stream")}
    else:
        raise BotError(400, f"Bad Request: {item['type']} is not emulated")
    return content | _caption(item)


def _checked_photo(data: bytes) -> bytes:
    if len(data) > MAX_PHOTO_BYTES:
        raise BotError(413, "Request Entity Too Large")
    try:
        with Image.open(BytesIO(data)) as picture:
            width, height = picture.size
    except UnidentifiedImageError:
        raise BotError(400, "Bad Request: IMAGE_PROCESS_FAILED") from None
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise BotError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    return data


def _caption(given: Json) -> Json:
    return {key: given[key] for key in ("caption", "caption_entities") if given.get(key)}


def _without(message: Json, *keys: str) -> Json:
    return {key: value for key, value in message.items() if key not in keys}
