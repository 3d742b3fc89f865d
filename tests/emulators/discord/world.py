"""The people, places and messages of a small Discord, and how each looks on the wire.

Plain state and payload builders; knows no socket, no schema and no fault.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

EPOCH_MS = 1_420_070_400_000  # Discord's: the first second of 2015
Json = dict[str, Any]

_counter = itertools.count(1)


def snowflake() -> str:
    """A new id; its high bits are the time, as Discord's are."""
    milliseconds = int(time.time() * 1000) - EPOCH_MS
    return str((milliseconds << 22) | (next(_counter) & 0x3FFFFF))


def stamp() -> str:
    """Now, as ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat()


@dataclass(kw_only=True)
class Account:
    """A person or a bot. ``takes_dms``: whether messages from bots reach them."""

    name: str
    id: str = field(default_factory=snowflake)
    locale: str = "en-US"
    is_bot: bool = False
    takes_dms: bool = True

    def payload(self) -> Json:
        found: Json = {
            "id": self.id, "username": self.name.lower(), "global_name": self.name,
            "avatar": None, "discriminator": "0", "public_flags": 0, "flags": 0,
            "primary_guild": None,
        }  # fmt: skip
        return {**found, "bot": True} if self.is_bot else found

    def member(self, permissions: str = "2147483648") -> Json:
        return {
            "user": self.payload(), "nick": None, "avatar": None, "banner": None, "roles": [],
            "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
            "pending": False, "permissions": permissions, "premium_since": None,
            "communication_disabled_until": None,
        }  # fmt: skip


@dataclass(kw_only=True)
class Channel:
    """A text channel of a guild, or a direct one (``guild_id`` None)."""

    name: str = ""
    id: str = field(default_factory=snowflake)
    guild_id: str | None = None
    recipient: Account | None = None
    may_bot_send: bool = True

    def payload(self) -> Json:
        if self.recipient is not None:
            return {
                "id": self.id, "type": 1, "flags": 0, "last_message_id": None,
                "recipients": [self.recipient.payload()],
            }  # fmt: skip
        return {
            "id": self.id, "type": 0, "guild_id": self.guild_id, "name": self.name,
            "position": 0, "permission_overwrites": [], "nsfw": False, "topic": None,
            "rate_limit_per_user": 0, "parent_id": None, "last_message_id": None, "flags": 0,
        }  # fmt: skip


@dataclass(kw_only=True)
class File:
    """An uploaded file, kept for whoever looks."""

    id: str
    name: str
    data: bytes
    description: str | None = None
    content_type: str = "application/octet-stream"
    is_spoiler: bool = False


@dataclass(kw_only=True)
class Message:
    """One message. ``seen_by`` None means everyone in the channel."""

    channel: Channel
    author: Account
    content: str = ""
    id: str = field(default_factory=snowflake)
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    seen_by: Account | None = None
    nonce: str | int | None = None
    mentions: list[Account] = field(default_factory=list)
    reply_to: Message | None = None
    interaction_id: str | None = None
    asked_by: Account | None = None
    created_at: str = field(default_factory=stamp)
    edited_at: str | None = None
    is_deleted: bool = False
    shown_at: float | None = None  # when it first had a file, on the monotonic clock
    edits: list[str] = field(default_factory=list)  # earlier contents, oldest first

    @property
    def is_thinking(self) -> bool:
        """True for the answer that was only promised so far."""
        return bool(self.flags & 128)

    def payload(self, cdn: str) -> Json:
        found: Json = {
            "id": self.id, "type": 19 if self.reply_to else 0, "channel_id": self.channel.id,
            "author": self.author.payload(), "content": self.content,
            "timestamp": self.created_at, "edited_timestamp": self.edited_at, "tts": False,
            "mention_everyone": False, "mentions": [one.payload() for one in self.mentions],
            "mention_roles": [], "embeds": [{"type": "rich", **one} for one in self.embeds],
            "attachments": [attachment(one, self.channel, cdn) for one in self.files],
            "components": numbered(self.components), "pinned": False, "flags": self.flags,
        }  # fmt: skip
        if self.nonce is not None:
            found["nonce"] = self.nonce
        if self.reply_to is not None:
            found["message_reference"] = {
                "type": 0, "channel_id": self.channel.id, "message_id": self.reply_to.id,
            }  # fmt: skip
        return found


def blank(message: Json) -> Json:
    """A message as a program without the privileged intent reads it where it is not meant for it.

    https://docs.discord.com/developers/events/gateway#message-content-intent
    """
    return {**message, "content": "", "embeds": [], "attachments": [], "components": []}


def attachment(file: File, channel: Channel, cdn: str) -> Json:
    """A file as a message shows it."""
    url = f"{cdn}/attachments/{channel.id}/{file.id}/{file.name}"
    found: Json = {
        "id": file.id, "filename": file.name, "size": len(file.data), "url": url,
        "proxy_url": url, "content_type": file.content_type,
    }  # fmt: skip
    return {**found, "description": file.description} if file.description else found


def numbered(components: list[Json]) -> list[Json]:
    """Components as Discord gives them back: every one with a number, selects with limits."""
    ids = itertools.count(1)

    def visit(part: Json) -> Json:
        found = {**part, "id": part.get("id") or next(ids)}
        if "components" in part:
            found["components"] = [visit(one) for one in part["components"]]
        if part["type"] == 3:
            found = {"min_values": 1, "max_values": 1, **found}
        return found

    return [visit(part) for part in components]


@dataclass(kw_only=True)
class Asked:
    """An interaction: what a person did, and how it was answered so far."""

    person: Account
    channel: Channel
    kind: int  # 2 command, 3 component, 4 autocomplete, 5 modal
    data: Json
    locale: str
    id: str = field(default_factory=snowflake)
    token: str = ""
    message: Message | None = None  # the one that was clicked
    began: float = field(default_factory=time.monotonic)
    callback: Json | None = None  # the first answer
    answered_seconds: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    is_expired: bool = False  # set by a test: the token is dead

    @property
    def modal(self) -> Json | None:
        """The form that was opened for it."""
        return self.callback["data"] if self.callback and self.callback["type"] == 9 else None

    @property
    def choices(self) -> list[Json]:
        """What autocompletion offered."""
        is_offer = self.callback and self.callback["type"] == 8
        return self.callback["data"]["choices"] if is_offer and self.callback else []


@dataclass(kw_only=True)
class Guild:
    """A server with members and channels."""

    name: str
    owner: Account
    id: str = field(default_factory=snowflake)
    channels: list[Channel] = field(default_factory=list)
    members: list[Account] = field(default_factory=list)
    administrators: set[str] = field(default_factory=set)  # account ids
    bot_permissions: int = 274877975552

    def payload(self, bot: Account) -> Json:
        role = {
            "id": self.id, "name": "@everyone", "color": 0, "hoist": False, "position": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "permissions": "274877975552", "managed": False, "mentionable": False, "flags": 0,
        }  # fmt: skip
        member = {key: value for key, value in bot.member().items() if key != "permissions"}
        lists = (
            "emojis features guild_scheduled_events presences soundboard_sounds stage_instances "
            "threads voice_states stickers"
        )
        empty: Json = {key: [] for key in lists.split()}
        nothing: Json = dict.fromkeys(
            ("afk_channel_id", "application_id", "banner", "description", "discovery_splash",
             "hub_type", "icon", "incidents_data", "public_updates_channel_id",
             "rules_channel_id", "safety_alerts_channel_id", "splash", "system_channel_id",
             "vanity_url_code"),
        )  # fmt: skip
        return {
            **empty, **nothing, "id": self.id, "name": self.name, "owner_id": self.owner.id,
            "afk_timeout": 300, "default_message_notifications": 0, "explicit_content_filter": 0,
            "joined_at": "2024-01-01T00:00:00+00:00", "large": False, "mfa_level": 0,
            "member_count": len(self.members), "nsfw_level": 0, "preferred_locale": "en-US",
            "premium_progress_bar_enabled": False, "premium_tier": 0, "system_channel_flags": 0,
            "verification_level": 0, "roles": [role], "members": [member],
            "channels": [one.payload() for one in self.channels], "unavailable": False,
        }  # fmt: skip
