"""Everything a small Discord remembers, and the rules of who sees and may do what.

Knows no socket and no schema.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from .rules import EPHEMERAL, LOADING, Refused, check_message, check_parts, invalid
from .world import Account, Asked, Channel, File, Guild, Json, Message, snowflake, stamp

MESSAGE_CONTENT = 0b11 << 18  # flags of an application: the privileged intent, limited or not
MENTION = re.compile(r"<@!?(\d+)>")


@dataclass(kw_only=True)
class Limits:
    """Parameters of the platform; tests shorten them."""

    ack_seconds: float = 3.0
    token_seconds: float = 15 * 60.0
    max_upload_bytes: int = 10 * 2**20
    nonce_seconds: float = 300.0


@dataclass(kw_only=True)
class State:
    """The small world."""

    bot: Account = field(default_factory=lambda: Account(name="Atelier", is_bot=True))
    limits: Limits = field(default_factory=Limits)
    guilds: dict[str, Guild] = field(default_factory=dict)
    people: dict[str, Account] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)  # by token
    commands: list[Json] = field(default_factory=list)
    application: Json = field(default_factory=dict)  # what differs from an ordinary one
    nonces: dict[tuple[str, str], tuple[float, Message]] = field(default_factory=dict)

    # Places and people

    def add_guild(self, name: str = "Makers", *channel_names: str) -> Guild:
        """A server with an owner and channels."""
        owner = self.person(f"{name}-owner")
        guild = Guild(name=name, owner=owner, members=[owner])
        self.guilds[guild.id] = guild
        for channel_name in channel_names or ("pictures",):
            channel = Channel(name=channel_name, guild_id=guild.id)
            guild.channels.append(channel)
            self.channels[channel.id] = channel
        return guild

    def person(self, name: str, **facts: object) -> Account:
        """Someone new."""
        account = Account(name=name, **facts)  # type: ignore[arg-type]
        self.people[account.id] = account
        return account

    def direct(self, person: Account) -> Channel:
        """The private channel of a person and the bot."""
        for channel in self.channels.values():
            if channel.recipient is person:
                return channel
        channel = Channel(recipient=person)
        self.channels[channel.id] = channel
        return channel

    # Looking

    def seen_in(self, channel: Channel, by: Account | None = None) -> list[Message]:
        """What ``by`` sees in a channel, oldest first; ephemeral messages only their own."""
        return [
            one for one in self.messages.values()
            if one.channel is channel and not one.is_deleted and one.seen_by in (None, by)
        ]  # fmt: skip

    def message(self, channel_id: str, message_id: str) -> Message:
        """A message as the bot's own token reaches it: never an ephemeral one."""
        found = self.messages.get(message_id)
        if found is None or found.is_deleted or found.channel.id != channel_id or found.seen_by:
            raise Refused(404, 10008, "Unknown Message")
        return found

    def is_open(self, message: Message) -> bool:
        """True for a message whose words the bot may read without a privileged intent."""
        is_granted = int(self.application.get("flags") or 0) & MESSAGE_CONTENT
        is_direct = message.channel.recipient is not None
        is_for_bot = message.author is self.bot or self.bot in message.mentions
        return bool(is_granted or is_direct or is_for_bot)

    def channel(self, channel_id: str) -> Channel:
        if channel_id not in self.channels:
            raise Refused(404, 10003, "Unknown Channel")
        return self.channels[channel_id]

    def live(self, token: str) -> Asked:
        """The interaction of a token that has not run out."""
        asked = self.asked.get(token)
        if asked is None:
            raise Refused(404, 10015, "Unknown Webhook")
        is_old = time.monotonic() - asked.began > self.limits.token_seconds
        if asked.is_expired or is_old:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return asked

    # Writing

    def post(
        self, channel: Channel, body: Json, files: Mapping[int, File], *,
        seen_by: Account | None = None, asked: Asked | None = None,
    ) -> Message:  # fmt: skip
        """A new message of the bot; raises ``Refused``."""
        check_message(body, num_files=len(files))
        if asked is None:
            self._check_reach(channel)
        kept = self._keep_files(body, files, ())
        message = Message(
            channel=channel, author=self.bot, content=body.get("content") or "",
            embeds=body.get("embeds") or [], components=body.get("components") or [],
            files=kept, flags=body.get("flags") or 0, seen_by=seen_by, nonce=body.get("nonce"),
            mentions=self._mentioned(body), interaction_id=asked.id if asked else None,
            asked_by=asked.person if asked else None,
        )  # fmt: skip
        reference = body.get("message_reference")
        message.reply_to = self.messages.get(str(reference["message_id"])) if reference else None
        self.messages[message.id] = message
        return message

    def promise(self, asked: Asked, flags: int) -> Message:
        """The thinking dots, to be edited into the answer."""
        message = Message(
            channel=asked.channel, author=self.bot, flags=flags | LOADING,
            seen_by=asked.person if flags & EPHEMERAL else None, interaction_id=asked.id,
            asked_by=asked.person,
        )  # fmt: skip
        self.messages[message.id] = message
        return message

    def edit(self, message: Message, body: Json, files: Mapping[int, File]) -> None:
        """Change what ``body`` names; raises ``Refused``."""
        if message.author is not self.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        check_parts({**body, "flags": body.get("flags") or message.flags})
        message.edits.append(message.content)
        kept = self._keep_files(body, files, message.files)
        message.content = body["content"] or "" if "content" in body else message.content
        message.embeds = body["embeds"] or [] if "embeds" in body else message.embeds
        if "components" in body:
            message.components = body["components"] or []
        message.files = kept
        if kept and message.shown_at is None:
            message.shown_at = time.monotonic()
        message.flags &= ~LOADING
        message.edited_at = stamp()
        if not any((message.content, message.embeds, message.components, message.files)):
            raise Refused(400, 50006, "Cannot send an empty message")

    def repeated(self, channel: Channel, body: Json) -> Message | None:
        """The message this nonce made before, where the nonce is enforced."""
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        key = channel.id, str(body["nonce"])
        found = self.nonces.get(key)
        is_fresh = found and time.monotonic() - found[0] < self.limits.nonce_seconds
        return found[1] if found and is_fresh else None

    def _check_reach(self, channel: Channel) -> None:
        if channel.recipient is not None and not channel.recipient.takes_dms:
            raise Refused(403, 50007, "Cannot send messages to this user")
        if not channel.may_bot_send:
            raise Refused(403, 50001, "Missing Access")

    def _keep_files(
        self, body: Json, files: Mapping[int, File], held: tuple[File, ...] | list[File]
    ) -> list[File]:
        if any(len(file.data) > self.limits.max_upload_bytes for file in files.values()):
            raise Refused(413, 40005, "Request entity too large")
        named = body.get("attachments")
        if named is None:
            kept = [*held, *files.values()]
        else:
            by_id = {**{file.id: file for file in held},
                     **{str(index): file for index, file in files.items()}}  # fmt: skip
            if missing := [one["id"] for one in named if str(one["id"]) not in by_id]:
                raise invalid(f"attachments: {missing} are not there")
            kept = [_described(by_id[str(one["id"])], one) for one in named]
        if len(kept) > 10:
            raise invalid("attachments: more than 10")
        self.files |= {file.id: file for file in kept}
        return kept

    def _mentioned(self, body: Json) -> list[Account]:
        """Whom the words reach: those named and allowed."""
        allowed = body.get("allowed_mentions") or {"parse": ["users"]}
        named = [one for one in MENTION.findall(body.get("content") or "") if one in self.people]
        may_all = "users" in (allowed.get("parse") or ())
        some = {str(one) for one in allowed.get("users") or ()}
        return [self.people[one] for one in named if may_all or one in some]


def _described(file: File, told: Json) -> File:
    file.description = told.get("description") or file.description
    file.is_spoiler = file.name.startswith("SPOILER_") or bool(told.get("is_spoiler"))
    return file


def new_file(name: str, data: bytes, content_type: str) -> File:
    """A file with an id of its own."""
    return File(id=snowflake(), name=name, data=data, content_type=content_type)
