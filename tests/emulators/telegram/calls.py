"""One call of the Bot API, the chat it is for and how much may be written there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tests.emulators.telegram.faults import BotError
from tests.emulators.telegram.world import Json, Room, World

MAX_UPLOAD_BYTES = 50 * 2**20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much the bot may write. 0: as much as it likes. Only the group's is documented."""

    group_messages_per_minute: int = 20
    messages_per_second: int = 30


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call, decoded."""

    world: World
    limits: Limits
    body: Json
    parts: dict[str, bytes]  # uploaded, by the name of the part

    def upload(self, value: Any) -> bytes:
        """The bytes that a parameter or ``attach://`` names, or those of a known file."""
        name = value["part"] if isinstance(value, dict) else str(value).removeprefix("attach://")
        data = self.parts.get(name) or self.world.files.get(name)
        if data is None:
            raise BotError(400, "Bad Request: wrong remote file identifier specified")
        return data


def room_of(call: Call) -> Room:
    """The chat a call names, where the bot may write."""
    room = call.world.rooms.get(call.body["chat_id"])
    if room is None:
        raise BotError(400, "Bad Request: chat not found")
    if room.is_closed:
        raise BotError(403, "Forbidden: bot was blocked by the user")
    return room


def check_flood(call: Call, room: Room, count: int = 1) -> None:
    """Count what is written; too much is refused."""
    now = time.monotonic()
    most = call.limits.group_messages_per_minute
    recent = [at for at in room.written_at if at > now - 60]
    if room.is_group and most and len(recent) + count > most:
        seconds = max(1, round(60 - (now - recent[0]))) if recent else 60
        raise BotError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    everywhere = [at for each in call.world.rooms.values() for at in each.written_at]
    second = sum(at > now - 1 for at in everywhere)
    # The real limit has slack for bursts; twice the documented rate in one second has none.
    if call.limits.messages_per_second and second >= 2 * call.limits.messages_per_second:
        raise BotError(429, "Too Many Requests: retry after 1", retry_after=1)
    room.written_at.extend([now] * count)
