"""What the emulated Telegram knows: people, chats, messages, files, and updates not yet taken.

Everything is kept as the API writes it. Message ids count from one in every chat, as in real
groups, so that whoever forgets the chat finds the wrong message.
"""

from __future__ import annotations

import asyncio
import copy
import io
import itertools
import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

Json = dict[str, Any]
BOT: Json = {
    "id": 7001000, "is_bot": True, "first_name": "Atelier", "username": "atelier_bot",
    "can_join_groups": True, "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}  # fmt: skip
COMMAND = re.compile(r"/(\w+)(?:@(\w+))?")


@dataclass
class Room:
    """One chat."""

    chat: Json
    messages: dict[int, Json] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    is_closed: bool = False  # the person blocked the bot, or never wrote to it
    written_at: deque[float] = field(default_factory=lambda: deque(maxlen=64))

    @property
    def is_group(self) -> bool:
        return bool(self.chat["id"] < 0)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that could be seen, for transcripts and for tests."""

    what: str  # said, pressed, sent, edited, deleted, toast, action
    chat_id: int
    by: int  # a user's id
    message: Json = field(default_factory=dict)  # as it was then
    words: str = ""  # a button's label, a toast
    to: int = 0  # of a toast: whose
    at: float = field(default_factory=time.monotonic)


@dataclass
class Receipt:
    """When an update came about, was first handed over and was confirmed (monotonic seconds)."""

    posted_at: float
    fetched_at: float | None = None
    confirmed_at: float | None = None
    num_fetches: int = 0


class World:
    """One Telegram with one bot in it."""

    def __init__(self) -> None:
        self.bot = dict(BOT)
        self.users: dict[int, Json] = {}
        self.rooms: dict[int, Room] = {}
        self.admins: set[tuple[int, int]] = set()  # chat id, user id
        self.files: dict[str, bytes] = {}  # by file id
        self.pending: list[Json] = []  # updates nobody has confirmed
        self.newest: Json | None = None  # the update that came about last
        self.receipts: dict[int, Receipt] = {}
        self.open_queries: set[str] = set()  # callback queries that wait for their answer
        self.pressed_by: dict[str, tuple[int, int]] = {}  # by callback query: chat and user
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.moments: list[Moment] = []
        self.changed = asyncio.Condition()
        self._update_ids = itertools.count(9_000_001)
        self._file_ids = itertools.count(1)

    def enter(self, user: Json, *, has_started: bool = True) -> Room:
        """A person's private chat with the bot."""
        self.users[user["id"]] = user
        chat = {"id": user["id"], "type": "private", "first_name": user["first_name"]}
        room = self.rooms.setdefault(user["id"], Room(chat=chat))
        room.is_closed = not has_started
        return room

    def found(self, title: str, chat_id: int) -> Room:
        """A group the bot is in."""
        chat = {"id": chat_id, "type": "supergroup", "title": title}
        return self.rooms.setdefault(chat_id, Room(chat=chat))

    def write(self, room: Room, by: int, content: Json) -> Json:
        """A new message in a chat."""
        sender = self.bot if by == self.bot["id"] else self.users[by]
        seen = {
            key: value for key, value in sender.items()
            if key in ("id", "is_bot", "first_name", "username", "language_code")
        }  # fmt: skip
        message = {
            "message_id": next(room.numbers), "from": seen,
            "chat": room.chat, "date": int(time.time()), **content,
        }  # fmt: skip
        room.messages[message["message_id"]] = message
        return message

    def keep(self, data: bytes) -> str:
        """The id of a new file."""
        file_id = f"file{next(self._file_ids):05d}"
        self.files[file_id] = data
        return file_id

    def photo(self, data: bytes) -> list[Json]:
        """A picture as a message carries it: a small size and the full one."""
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            shrunk = picture.convert("RGB")
        shrunk.thumbnail((90, 90))
        written = io.BytesIO()
        shrunk.save(written, "JPEG")
        sizes = [(written.getvalue(), shrunk.size), (data, (width, height))]
        return [self._size(each, *dimensions) for each, dimensions in sizes]

    def _size(self, data: bytes, width: int, height: int) -> Json:
        file_id = self.keep(data)
        return {
            "file_id": file_id, "file_unique_id": f"u{file_id}",
            "width": width, "height": height, "file_size": len(data),
        }  # fmt: skip

    def document(self, data: bytes, name: str, media_type: str) -> Json:
        """A file as a message carries it."""
        file_id = self.keep(data)
        return {
            "file_id": file_id, "file_unique_id": f"u{file_id}",
            "file_name": name, "mime_type": media_type, "file_size": len(data),
        }  # fmt: skip

    async def post(self, **payload: Any) -> Json:
        """An update for the bot."""
        update = {"update_id": next(self._update_ids), **copy.deepcopy(payload)}
        self.receipts[update["update_id"]] = Receipt(posted_at=time.monotonic())
        self.pending.append(update)
        self.newest = update
        await self.notify()
        return update

    async def repeat(self, update: Json) -> None:
        """The same update once more, as after an answer that got lost."""
        self.pending.append(update)
        self.pending.sort(key=lambda each: each["update_id"])
        await self.notify()

    def confirm(self, offset: int) -> None:
        """Updates before ``offset`` are the bot's now."""
        for update in self.pending:
            if update["update_id"] < offset:
                receipt = self.receipts[update["update_id"]]
                receipt.confirmed_at = receipt.confirmed_at or time.monotonic()
        self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def reaches_bot(self, room: Room, message: Json) -> bool:
        """Privacy mode: in groups only commands for it and replies to it."""
        if not room.is_group or self.bot["can_read_all_group_messages"]:
            return True
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        if replied == self.bot["id"]:
            return True
        found = COMMAND.match(message.get("text") or message.get("caption") or "")
        return bool(found) and found[2] in (None, self.bot["username"])

    async def see(
        self, what: str, chat_id: int, by: int, message: Json, words: str = "", to: int = 0
    ) -> None:
        """Remember a moment and wake whoever waits for it."""
        seen = copy.deepcopy(message)
        self.moments.append(
            Moment(what=what, chat_id=chat_id, by=by, message=seen, words=words, to=to)
        )
        await self.notify()

    async def notify(self) -> None:
        """Wake whoever waits for a change."""
        async with self.changed:
            self.changed.notify_all()
