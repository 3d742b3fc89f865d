"""The operations of a small Discord's REST API (v10), one function each.

They act on the state and return (status, body); judging and faults are the server's.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .rules import EPHEMERAL, Refused, check_commands, walk
from .state import State
from .world import Account, Asked, File, Json, Message, blank, snowflake, stamp

Answer = tuple[int, Any]


@dataclass(kw_only=True)
class Call:
    """One request, decoded."""

    state: State
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json = field(default_factory=dict)
    files: Mapping[int, File] = field(default_factory=dict)
    cdn: str = ""
    locales: set[str] = field(default_factory=set)
    num_shards: int = 1
    gateway_url: str = ""

    @property
    def asked(self) -> Asked:
        """The interaction whose token the path names."""
        return self.state.live(self.path["webhook_token"])


async def me(call: Call) -> Answer:
    """The bot's own account."""
    return 200, {**call.state.bot.payload(), "mfa_enabled": True, "locale": "en-US"}


async def application(call: Call) -> Answer:
    """The application behind the bot."""
    bot = call.state.bot
    return 200, {
        "id": bot.id, "name": bot.name, "icon": None, "description": "", "type": None,
        "verify_key": "0" * 64, "flags": 0, "flags_new": "0", "redirect_uris": [],
        "interactions_endpoint_url": None, "role_connections_verification_url": None,
        "owner": Account(name="operator").payload(), "approximate_guild_count": 1,
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0, "team": None, "eligible_oauth2_scopes": [],
        "bot_public": True, "bot_require_code_grant": False, "bot": bot.payload(),
        **call.state.application,
    }  # fmt: skip


async def my_guilds(call: Call) -> Answer:
    """The servers the bot is in, with what it may do there."""
    return 200, [
        {"id": one.id, "name": one.name, "icon": None, "banner": None, "owner": False,
         "permissions": str(one.bot_permissions), "features": []}
        for one in call.state.guilds.values()
    ]  # fmt: skip


async def gateway_bot(call: Call) -> Answer:
    """Where the gateway is and how many shards it wants."""
    limit = {"max_concurrency": 1, "remaining": 1000, "reset_after": 0, "total": 1000}
    return 200, {
        "url": call.gateway_url, "shards": call.num_shards, "session_start_limit": limit,
    }  # fmt: skip


async def set_commands(call: Call) -> Answer:
    """Replace every command of the application."""
    check_commands(call.body or [], call.locales)  # type: ignore[arg-type]
    app_id = call.state.bot.id
    call.state.commands = [
        {"default_member_permissions": None, "description": "", **one, "id": snowflake(),
         "version": snowflake(), "application_id": app_id, "type": one.get("type") or 1}
        for one in call.body or []
    ]  # fmt: skip
    return 200, [_told_command(one) for one in call.state.commands]


def _told_command(one: Json) -> Json:
    permissions = one["default_member_permissions"]
    return {**one, "default_member_permissions": None if permissions is None else str(permissions)}


async def get_commands(call: Call) -> Answer:
    """Every command of the application."""
    return 200, [_told_command(one) for one in call.state.commands]


async def callback(call: Call) -> Answer:
    """The first answer to an interaction: once, and within the limit."""
    asked = call.state.asked.get(call.path["interaction_token"])
    waited = time.monotonic() - asked.began if asked else 0.0
    if asked is None or asked.id != call.path["interaction_id"]:
        raise Refused(404, 10062, "Unknown interaction")
    if asked.callback is not None:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    if waited > call.state.limits.ack_seconds:
        raise Refused(404, 10062, "Unknown interaction")
    resource = _answer_first(call, asked, call.body["type"], call.body.get("data") or {})
    asked.callback, asked.answered_seconds = call.body, waited
    if call.query.get("with_response") != "true" and call.query.get("with_response") != "1":
        return 204, None
    about: Json = {"id": asked.id, "type": asked.kind}
    if asked.original is not None:
        about |= {
            "response_message_id": asked.original.id,
            "response_message_loading": asked.original.is_thinking,
            "response_message_ephemeral": bool(asked.original.flags & EPHEMERAL),
        }
    return 200, {"interaction": about, **({"resource": resource} if resource else {})}


def _answer_first(call: Call, asked: Asked, kind: int, data: Json) -> Json | None:
    state = call.state
    match kind:
        case 4:
            seen_by = asked.person if (data.get("flags") or 0) & EPHEMERAL else None
            asked.original = state.post(
                asked.channel, data, call.files, seen_by=seen_by, asked=asked
            )
            return {"type": 4, "message": asked.original.payload(call.cdn)}
        case 5:
            asked.original = state.promise(asked, data.get("flags") or 0)
            return None
        case 6 | 7 if asked.message is not None:
            asked.original = asked.message
            if kind == 6:
                return None
            state.edit(asked.message, data, call.files)
            return {"type": 7, "message": asked.message.payload(call.cdn)}
        case 8 if asked.kind == 4:
            return None
        case 9 if asked.kind in (2, 3):
            _check_modal(data)
            return None
    raise Refused(400, 50035, f"Invalid Form Body: type {kind} does not answer this")


def _check_modal(data: Json) -> None:
    parts = [part for top in data["components"] for part in walk(top)]
    custom_ids = [part["custom_id"] for part in parts if part.get("custom_id")]
    if not 1 <= len(data["components"]) <= 5 or len(set(custom_ids)) < len(custom_ids):
        raise Refused(400, 50035, "Invalid Form Body: a form has 1 to 5 different fields")


async def edit_original(call: Call) -> Answer:
    """Change the first answer, or give the promised one."""
    asked = call.asked
    if asked.original is None or asked.original.is_deleted:
        raise Refused(404, 10008, "Unknown Message")
    call.state.edit(asked.original, call.body, call.files)
    return 200, asked.original.payload(call.cdn)


async def get_original(call: Call) -> Answer:
    """The first answer."""
    asked = call.asked
    if asked.original is None or asked.original.is_deleted:
        raise Refused(404, 10008, "Unknown Message")
    return 200, asked.original.payload(call.cdn)


async def delete_original(call: Call) -> Answer:
    """Take the first answer back."""
    asked = call.asked
    if asked.original is None or asked.original.is_deleted:
        raise Refused(404, 10008, "Unknown Message")
    asked.original.is_deleted = True
    return 204, None


async def follow_up(call: Call) -> Answer:
    """One more message for an interaction, perhaps for its person only."""
    asked = call.asked
    if asked.callback is None:
        raise Refused(404, 10015, "Unknown Webhook")
    first = asked.original
    is_first = first and first.is_thinking and not first.is_deleted and asked.kind != 3
    if is_first and asked.original is not None:  # Discord fills the promised answer with it
        call.state.edit(asked.original, call.body, call.files)
        return 200, asked.original.payload(call.cdn)
    seen_by = asked.person if (call.body.get("flags") or 0) & EPHEMERAL else None
    message = call.state.post(asked.channel, call.body, call.files, seen_by=seen_by, asked=asked)
    asked.followups.append(message)
    return 200, message.payload(call.cdn)


async def edit_follow_up(call: Call) -> Answer:
    """Change a message of an interaction."""
    found = _mine(call)
    call.state.edit(found, call.body, call.files)
    return 200, found.payload(call.cdn)


async def delete_follow_up(call: Call) -> Answer:
    """Take a message of an interaction back."""
    _mine(call).is_deleted = True
    return 204, None


def _mine(call: Call) -> Message:
    """The message the path names, if it belongs to the interaction of the token."""
    asked = call.asked
    mine = [one for one in (asked.original, *asked.followups) if one and not one.is_deleted]
    found = next((one for one in mine if one.id == call.path["message_id"]), None)
    if found is None:
        raise Refused(404, 10008, "Unknown Message")
    return found


async def create_message(call: Call) -> Answer:
    """Post into a channel; an enforced nonce posts once."""
    channel = call.state.channel(call.path["channel_id"])
    repeated = call.state.repeated(channel, call.body)
    if repeated is not None:
        return 200, repeated.payload(call.cdn)
    message = call.state.post(channel, call.body, call.files)
    if message.nonce is not None:
        call.state.nonces[channel.id, str(message.nonce)] = (time.monotonic(), message)
    return 200, message.payload(call.cdn)


async def get_message(call: Call) -> Answer:
    """One message, blank where it is between other people."""
    found = call.state.message(call.path["channel_id"], call.path["message_id"])
    shown = found.payload(call.cdn)
    return 200, shown if call.state.is_open(found) else blank(shown)


async def edit_message(call: Call) -> Answer:
    """Change a message of the bot's."""
    found = call.state.message(call.path["channel_id"], call.path["message_id"])
    call.state.edit(found, call.body, call.files)
    return 200, found.payload(call.cdn)


async def delete_message(call: Call) -> Answer:
    """Remove a message of the bot's."""
    found = call.state.message(call.path["channel_id"], call.path["message_id"])
    if found.author is not call.state.bot:
        raise Refused(403, 50013, "Missing Permissions")
    found.is_deleted, found.edited_at = True, stamp()
    return 204, None


async def open_direct(call: Call) -> Answer:
    """The private channel with a person; opening it always works, sending may not."""
    person = call.state.people.get(str(call.body.get("recipient_id")))
    if person is None:
        raise Refused(400, 50033, "Invalid Recipient(s)")
    return 200, call.state.direct(person).payload()


async def get_channel(call: Call) -> Answer:
    """One direct channel."""
    channel = call.state.channel(call.path["channel_id"])
    return 200, channel.payload()


ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
OPERATIONS: dict[tuple[str, str], Callable[[Call], Awaitable[Answer]]] = {
    ("GET", "/users/@me"): me,
    ("GET", "/oauth2/applications/@me"): application,
    ("GET", "/users/@me/guilds"): my_guilds,
    ("GET", "/gateway/bot"): gateway_bot,
    ("PUT", "/applications/{application_id}/commands"): set_commands,
    ("GET", "/applications/{application_id}/commands"): get_commands,
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"): callback,
    ("GET", ORIGINAL): get_original,
    ("PATCH", ORIGINAL): edit_original,
    ("DELETE", ORIGINAL): delete_original,
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): follow_up,
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): edit_follow_up,
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): delete_follow_up,
    ("POST", "/channels/{channel_id}/messages"): create_message,
    ("GET", "/channels/{channel_id}/messages/{message_id}"): get_message,
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): edit_message,
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): delete_message,
    ("POST", "/users/@me/channels"): open_direct,
    ("GET", "/channels/{channel_id}"): get_channel,
}
NEEDS_NO_TOKEN = ("/interactions/", "/webhooks/")
