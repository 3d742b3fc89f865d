"""Where to answer, as it is kept with a request, and the ids of messages. Pure.

A message in somebody's own chat may belong to a group (a menu opened there, for one). It carries
that place, and the button behind a question, in a link that no eye sees, so that nothing need be
remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from telegram import Message, MessageEntity, ReplyParameters

CARRIER = "https://t.me/"


@dataclass(frozen=True, kw_only=True)
class Address:
    """A chat, the person there, the topic and the message that is answered."""

    chat_id: int
    user_id: int | None = None  # None: nobody's; what is private in a place is posted there
    thread_id: int | None = None
    message_id: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Address:
        """As it was kept."""
        return cls(
            chat_id=int(row["chat"]),
            user_id=row.get("user"),
            thread_id=row.get("thread"),
            message_id=row.get("message"),
        )

    def row(self) -> dict[str, Any]:
        """As it is kept: what is not set is left out."""
        named = {
            "chat": self.chat_id, "user": self.user_id, "thread": self.thread_id,
            "message": self.message_id,
        }  # fmt: skip
        return {key: value for key, value in named.items() if value is not None}

    @property
    def is_group(self) -> bool:
        return self.chat_id < 0

    @property
    def answered(self) -> ReplyParameters | None:
        """The message that is answered; in a group people see by it who is meant."""
        if self.message_id is None or not self.is_group:
            return None
        return ReplyParameters(self.message_id, allow_sending_without_reply=True)

    def for_private(self) -> Address:
        """Where only the person reads; the same chat where that is so already."""
        if not self.is_group or self.user_id is None:
            return self
        return Address(chat_id=self.user_id, user_id=self.user_id)


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a message of ours carries."""

    token: str = ""  # the button behind a question
    home: Address | None = None  # where what is done with the message is done

    @property
    def link(self) -> str:
        """As an address; empty where there is nothing to carry."""
        home = self.home
        parts = (home.chat_id, home.thread_id or 0, home.message_id or 0) if home else ()
        known = {"asked": self.token, "home": ".".join(map(str, parts))}
        carried = {key: value for key, value in known.items() if value}
        return f"{CARRIER}?{urlencode(carried)}" if carried else ""


def carried_by(message: Message) -> Carried:
    """What a message carries. Only one of the bot's own may be asked: anybody can write links."""
    for entity in (*message.entities, *message.caption_entities):
        if entity.type == MessageEntity.TEXT_LINK and (entity.url or "").startswith(CARRIER):
            found = parse_qs(urlsplit(entity.url or "").query)
            token, home = found.get("asked", [""])[0], found.get("home", [""])[0]
            return Carried(token=token, home=_read_home(home))
    return Carried()


def _read_home(text: str) -> Address | None:
    try:
        chat_id, thread_id, message_id = map(int, text.split("."))
    except ValueError:
        return None
    return Address(chat_id=chat_id, thread_id=thread_id or None, message_id=message_id or None)


def place_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same place without the person: what is sent there is everybody's in it."""
    address = Address.of(row)
    return Address(chat_id=address.chat_id, thread_id=address.thread_id).row()


def message_id(chat_id: int, number: int) -> str:
    """Unique in all of Telegram: a message's number is only its chat's."""
    return f"{chat_id}:{number}"


def read_message_id(text: str) -> tuple[int, int]:
    """The chat and the number."""
    chat_id, _, number = text.rpartition(":")
    return int(chat_id), int(number)
