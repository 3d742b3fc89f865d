"""Looks for the mistakes people make with a Discord bot. Changes nothing and loads no client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp

API = "https://discord.com/api/v10"
LOOK_SECONDS = 5.0
MAX_GUILDS = 200  # as many as one page holds
NEEDED = {  # permission → bit; https://docs.discord.com/developers/topics/permissions
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
}
ADMINISTRATOR = 1 << 3
INVITED_WITH = sum(NEEDED.values())
# Flags of an application: a privileged intent, limited or granted
PRIVILEGED = {
    "Presence": 0b11 << 12,
    "Server Members": 0b11 << 14,
    "Message Content": 0b11 << 18,
}
Mistake = tuple[str, dict[str, Any]]  # how its sentence and health are called, and arguments


class _Refused(Exception):
    """Discord does not know the token."""


async def mistakes(
    token: str, *, connector: aiohttp.BaseConnector | None = None
) -> AsyncIterator[Mistake]:
    """Everything found: ``refused``, ``unreachable``, ``endpoint``, ``grant``, ``intents``,
    ``homeless``, ``permissions``."""
    timeout = aiohttp.ClientTimeout(total=LOOK_SECONDS)
    headers = {"Authorization": f"Bot {token}"}
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, headers=headers
    ) as session:
        try:
            application = await _ask(session, "/oauth2/applications/@me")
            guilds = await _ask(session, f"/users/@me/guilds?limit={MAX_GUILDS}")
        except _Refused:
            yield "refused", {}
            return
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            yield "unreachable", {}
            return
    for found in (*_of_application(application), *_of_guilds(application, guilds)):
        yield found


def invitation(application_id: str) -> str:
    """The address that adds the bot to a server with what it needs there."""
    scopes = "bot+applications.commands"
    asked = f"client_id={application_id}&scope={scopes}&permissions={INVITED_WITH}"
    return f"https://discord.com/oauth2/authorize?{asked}"


def _of_application(application: dict[str, Any]) -> list[Mistake]:
    found: list[Mistake] = []
    if url := application.get("interactions_endpoint_url"):
        found.append(("endpoint", {"url": url}))
    if application.get("bot_require_code_grant"):
        found.append(("grant", {}))
    flags = int(application.get("flags") or 0)
    if names := [name for name, bits in PRIVILEGED.items() if flags & bits]:
        found.append(("intents", {"names": ", ".join(names)}))
    return found


def _of_guilds(application: dict[str, Any], guilds: list[dict[str, Any]]) -> list[Mistake]:
    if not guilds:
        return [("homeless", {"url": invitation(application["id"])})]
    found: list[Mistake] = []
    for guild in guilds:
        may = int(guild.get("permissions") or 0)
        missing = [name for name, bit in NEEDED.items() if not may & (bit | ADMINISTRATOR)]
        if missing:
            found.append(("permissions", {"guild": guild["name"], "names": ", ".join(missing)}))
    return found


async def _ask(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(API + path) as answer:
        if answer.status in (401, 403):
            raise _Refused
        answer.raise_for_status()
        return await answer.json()
