"""People with a telephone: they write, reply, press buttons and see what comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.telegram.world import COMMAND, Json, Moment, Room

PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.01


@dataclass
class Phone:
    """One person in one chat."""

    telegram: TelegramEmulator
    user: Json
    room: Room

    @property
    def chat_id(self) -> int:
        return int(self.room.chat["id"])

    @property
    def messages(self) -> list[Json]:
        """What stands in the chat now, oldest first."""
        return list(self.room.messages.values())

    @property
    def seen(self) -> list[Moment]:
        """All that was ever sent or edited here by the bot, oldest first."""
        bot = self.telegram.world.bot["id"]
        return [
            moment for moment in self.telegram.world.moments
            if moment.chat_id == self.chat_id and moment.by == bot
        ]  # fmt: skip

    async def say(self, text: str, *, reply_to: Json | None = None, thread: int = 0) -> Json:
        """Write words; the message."""
        content: Json = {"text": text}
        if COMMAND.match(text):
            content["entities"] = [_command(text)]
        return await self._write(content, reply_to, thread)

    async def send_picture(
        self, data: bytes, caption: str = "", *, as_file: bool = False, reply_to: Json | None = None
    ) -> Json:
        """Send a picture, compressed or as a file; the message."""
        world = self.telegram.world
        content: Json = (
            {"document": world.document(data, "mine.png", "image/png")}
            if as_file
            else {"photo": world.photo(data)}
        )
        if caption:
            content["caption"] = caption
        if COMMAND.match(caption):
            content["caption_entities"] = [_command(caption)]
        return await self._write(content, reply_to, 0)

    async def press(self, label: str, message: Json | None = None) -> str:
        """Press the button whose label or data contains ``label``, on the newest message that has
        one; the id of the press."""
        found = self._button(label, message)
        world = self.telegram.world
        query = f"query{len(world.moments):05d}"
        world.open_queries.add(query)
        world.pressed_by[query] = (self.chat_id, self.user["id"])
        where, button = found
        await world.see("pressed", self.chat_id, self.user["id"], where, button["text"])
        await world.post(
            callback_query={
                "id": query, "from": self.user, "message": where,
                "chat_instance": str(self.chat_id), "data": button["callback_data"],
            }
        )  # fmt: skip
        return query

    def buttons(self, message: Json) -> list[Json]:
        """The buttons under a message, in reading order."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    async def until(
        self, is_met: Callable[[], Any], seconds: float = PATIENCE_SECONDS, what: str = ""
    ) -> Any:
        """What ``is_met`` returns once that is something; fails with what stands in the chat."""
        try:
            async with asyncio.timeout(seconds):
                while not (met := is_met()):  # noqa: ASYNC110 - polled, as a person would look
                    await asyncio.sleep(LOOK_SECONDS)
                return met
        except TimeoutError:
            shown = [self.words(message) for message in self.messages]
            raise AssertionError(f"waited for {what or is_met}; the chat shows {shown}") from None

    async def sees(self, words: str, seconds: float = PATIENCE_SECONDS) -> Json:
        """The newest message of the bot that holds ``words``, once there is one."""
        return await self.until(lambda: self.find(words), seconds, words)  # type: ignore[no-any-return]

    def find(self, words: str) -> Json | None:
        """The newest message of the bot whose words or buttons hold ``words``."""
        bot = self.telegram.world.bot["id"]
        mine = [each for each in self.messages if each["from"]["id"] == bot]
        return next((each for each in reversed(mine) if words in self.words(each)), None)

    def words(self, message: Json) -> str:
        """All that can be read of a message."""
        labels = [button["text"] for button in self.buttons(message)]
        return "\n".join([message.get("text") or message.get("caption") or "", *labels])

    async def pictures(self, message: Json) -> list[bytes]:
        """The full pictures or files of a message."""
        files = self.telegram.world.files
        if "photo" in message:
            return [files[message["photo"][-1]["file_id"]]]
        return [files[message["document"]["file_id"]]] if "document" in message else []

    async def _write(self, content: Json, reply_to: Json | None, thread: int) -> Json:
        world = self.telegram.world
        if thread:
            content |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            answered = self.room.messages.get(reply_to["message_id"], reply_to)
            inner = {key: value for key, value in answered.items() if key != "reply_to_message"}
            content["reply_to_message"] = inner
        if not self.room.is_group:
            self.room.is_closed = False
        message = world.write(self.room, self.user["id"], content)
        await world.see("said", self.chat_id, self.user["id"], message)
        if world.reaches_bot(self.room, message):
            await world.post(message=message)
        return message

    def _button(self, label: str, message: Json | None) -> tuple[Json, Json]:
        where = [message] if message is not None else list(reversed(self.messages))
        for each in where:
            current = self.room.messages.get(each["message_id"], each)
            for button in self.buttons(current):
                if label in button["text"] or label in button.get("callback_data", ""):
                    return current, button
        shown = [self.words(each) for each in where]
        raise AssertionError(f"no button {label!r} under any of {shown}")


def private(telegram: TelegramEmulator, user_id: int, name: str, language: str = "en") -> Phone:
    """A person in their own chat with the bot."""
    user = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language}
    return Phone(telegram=telegram, user=user, room=telegram.world.enter(user))


def in_group(telegram: TelegramEmulator, phone: Phone, title: str, chat_id: int = -1001) -> Phone:
    """The same person in a group the bot is in."""
    room = telegram.world.found(title, chat_id)
    return Phone(telegram=telegram, user=phone.user, room=room)


def _command(text: str) -> Json:
    found = COMMAND.match(text)
    assert found is not None
    return {"type": "bot_command", "offset": 0, "length": len(found[0])}
