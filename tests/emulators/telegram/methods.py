"""What each method of the Bot API does to the world. Only what the bot needs is here; anything
else is a violation in ``server``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.emulators.telegram import writing
from tests.emulators.telegram.calls import Call, room_of
from tests.emulators.telegram.faults import BotError
from tests.emulators.telegram.world import Json

MAX_DOWNLOAD_BYTES = 20 * 2**20


async def answer_callback_query(call: Call) -> bool:
    """The press was seen; a few words may show over the chat."""
    query = call.body["callback_query_id"]
    if query not in call.world.open_queries:
        words = "query is too old and response timeout expired or query ID is invalid"
        raise BotError(400, f"Bad Request: {words}")
    call.world.open_queries.discard(query)
    chat_id, user_id = call.world.pressed_by[query]
    words = call.body.get("text", "")
    await call.world.see("toast", chat_id, call.world.bot["id"], {}, words, to=user_id)
    return True


async def send_chat_action(call: Call) -> bool:
    """What shows under the bot's name for a few seconds, such as "sending a photo"."""
    room = room_of(call)
    await call.world.see("action", room.chat["id"], call.world.bot["id"], {}, call.body["action"])
    return True


async def get_me(call: Call) -> Json:
    """The bot itself."""
    return call.world.bot


async def set_my_commands(call: Call) -> bool:
    """The list under the menu button."""
    scope = call.body.get("scope", {"type": "default"})["type"]
    call.world.commands[scope, call.body.get("language_code", "")] = call.body["commands"]
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """The list as it was set."""
    scope = call.body.get("scope", {"type": "default"})["type"]
    return call.world.commands.get((scope, call.body.get("language_code", "")), [])


async def get_chat_member(call: Call) -> Json:
    """Whether somebody is an administrator."""
    user = call.world.users.get(call.body["user_id"])
    if user is None:
        raise BotError(400, "Bad Request: PARTICIPANT_ID_INVALID")
    seen = {key: value for key, value in user.items() if key != "phone"}
    is_admin = (call.body["chat_id"], user["id"]) in call.world.admins
    owner = {"status": "creator", "user": seen, "is_anonymous": False}
    return owner if is_admin else {"status": "member", "user": seen}


async def get_file(call: Call) -> Json:
    """Where a file may be fetched."""
    file_id = call.body["file_id"]
    data = call.world.files.get(file_id)
    if data is None:
        raise BotError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if len(data) > MAX_DOWNLOAD_BYTES:
        raise BotError(400, "Bad Request: file is too big")
    return {
        "file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data),
        "file_path": f"photos/{file_id}",
    }  # fmt: skip


METHODS: dict[str, Callable[[Call], Awaitable[Any]]] = {
    "sendMessage": writing.send_message,
    "sendPhoto": writing.send_photo,
    "sendDocument": writing.send_document,
    "sendMediaGroup": writing.send_media_group,
    "editMessageText": writing.edit_text,
    "editMessageCaption": writing.edit_caption,
    "editMessageMedia": writing.edit_media,
    "editMessageReplyMarkup": writing.edit_markup,
    "deleteMessage": writing.delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "getChatMember": get_chat_member,
    "getFile": get_file,
}
