"""A small Discord on a real socket: REST v10 and the gateway. Imports nothing of the product.

``async with DiscordEmulator(specs) as discord:`` listens; ``discord.wires.connector()`` is what
the real client is given. Every request, answer and gateway payload is judged by the official
descriptions; an operation that is not implemented is a violation, never a silent yes.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .faults import Fault
from .gateway import Gateway, Session
from .judging import Judge
from .people import User
from .rest import NEEDS_NO_TOKEN, OPERATIONS, Call
from .rules import Refused
from .state import Limits, State, new_file
from .wires import Wires, authority, server_context
from .world import Account, Asked, Channel, File, Json, Message

LOOK_SECONDS = 0.005
CDN = "https://cdn.discordapp.com"
FILE_FIELD = re.compile(r"files\[(\d+)\]")
Handler = Callable[[Call], Awaitable[tuple[int, Any]]]


class DiscordEmulator:
    """The platform. ``violations`` holds whatever broke its description."""

    def __init__(
        self, specs: Path, *, limits: Limits | None = None, num_shards: int = 1,
        granted_intents: int = 0, token: str = "",
    ) -> None:  # fmt: skip
        self.judge = Judge(specs)
        self.state = State(limits=limits or Limits())
        self.token = token or f"{secrets.token_urlsafe(18)}.{'t' * 6}.{secrets.token_urlsafe(24)}"
        self.gateway = Gateway(
            self.judge, token=self.token, num_shards=num_shards, granted_intents=granted_intents
        )
        self.gateway.welcome = self._welcome
        self.faults: list[Fault] = []
        self.log: list[tuple[str, int]] = []  # operation and status, in order
        document = self.judge.rest.document["components"]["schemas"]["AvailableLocalesEnum"]
        self.locales = {one["const"] for one in document["oneOf"]}

    @property
    def violations(self) -> list[str]:
        return self.judge.violations

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        for (method, path), handler in OPERATIONS.items():
            app.router.add_route(method, f"/api/v10{path}", self._serve(method, path, handler))
        app.router.add_get("/attachments/{channel}/{file}/{name}", self._cdn)
        app.router.add_get("/", self.gateway.handle)
        app.router.add_route("*", "/{path:.*}", self._unknown)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=server_context())
        await site.start()
        pem = authority().cert_pem.bytes().decode()
        self.wires = Wires(port=self._runner.addresses[0][1], authority_pem=pem)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self.gateway.shut()
        await self._runner.cleanup()

    # What tests use

    def user(self, name: str, *, locale: str = "en-US", **facts: object) -> User:
        """Someone who can click and type here."""
        return User(self, self.state.person(name, locale=locale, **facts))

    async def until(self, is_so: Callable[[], Any], *, seconds: float = 10.0) -> Any:
        """Wait until ``is_so()``; its value."""
        async with asyncio.timeout(seconds):
            while True:
                if found := is_so():
                    return found
                await asyncio.sleep(LOOK_SECONDS)

    async def online(self, *, seconds: float = 10.0) -> None:
        """Wait until every shard is connected and the commands are there."""
        await self.until(
            lambda: len([one for one in self.gateway.sessions.values() if one.line])
            >= self.gateway.num_shards and self.state.commands,
            seconds=seconds,
        )  # fmt: skip

    async def happen(self, asked: Asked) -> None:
        """A person did something: the bot hears of it."""
        self.state.asked[asked.token] = asked
        payload = self._interaction(asked)
        await self.gateway.dispatch("INTERACTION_CREATE", payload, guild_id=asked.channel.guild_id)

    async def repeat(self, asked: Asked) -> None:
        """The same event once more, as Discord sometimes does."""
        await self.happen(asked)

    async def said(self, message: Message) -> None:
        """A message of a person's arrives."""
        self.state.messages[message.id] = message
        guild_id = message.channel.guild_id
        payload = message.payload(CDN)
        if guild_id:
            member = message.author.member()
            del member["user"], member["permissions"]
            payload |= {"guild_id": guild_id, "member": member}
        await self.gateway.dispatch("MESSAGE_CREATE", payload, guild_id=guild_id)

    # Serving

    def _serve(self, method: str, path: str, handler: Handler) -> Any:
        async def serve(request: web.Request) -> web.StreamResponse:
            operation = f"{method} {path}"
            faults = [one for one in self.faults if one.meets(operation)]
            for fault in faults:
                await asyncio.sleep(fault.delay_seconds)
                if fault.drop == "before":
                    return _cut(request, self.log, operation)
                if fault.status:
                    self.log.append((operation, fault.status))
                    return _json(fault.status, fault.body, fault.headers)
            status, body = await self._act(request, method, path, handler)
            self.log.append((operation, status))
            if any(fault.drop == "after" for fault in faults):
                return _cut(request, self.log, operation)
            self.judge.response(method, path, status, body)
            return _json(status, body, {})

        return serve

    async def _act(
        self, request: web.Request, method: str, path: str, handler: Handler
    ) -> tuple[int, Any]:
        is_free = path.startswith(NEEDS_NO_TOKEN)
        if not is_free and request.headers.get("Authorization") != f"Bot {self.token}":
            return 401, {"message": "401: Unauthorized", "code": 0}
        try:
            body, files = await _read(request)
            if (method, path) in WITH_BODY and self.judge.request(method, path, body):
                return 400, {"message": "Invalid Form Body", "code": 50035}
            call = Call(
                state=self.state, path=request.match_info, query=request.query, body=body,
                files=files, cdn=CDN, locales=self.locales, num_shards=self.gateway.num_shards,
                gateway_url="wss://gateway.discord.gg",
            )  # fmt: skip
            return await handler(call)
        except Refused as refusal:
            return refusal.status, refusal.body

    async def _cdn(self, request: web.Request) -> web.Response:
        file = self.state.files.get(request.match_info["file"])
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data, content_type=file.content_type)

    async def _unknown(self, request: web.Request) -> web.Response:
        self.judge.note(f"not implemented: {request.method} {request.path}")
        return _json(404, {"message": "404: Not Found", "code": 0}, {})

    # What the gateway says

    def _welcome(self, session: Session) -> list[tuple[str, Json]]:
        bot = self.state.bot
        mine = [
            guild for guild in self.state.guilds.values()
            if (int(guild.id) >> 22) % session.shard[1] == session.shard[0]
        ]  # fmt: skip
        ready = {
            "v": 10, "user": bot.payload(), "session_id": session.id,
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "resume_gateway_url": "wss://gateway.discord.gg", "shard": list(session.shard),
            "application": {"id": bot.id, "flags": 0, "flags_new": "0"},
        }  # fmt: skip
        return [("READY", ready), *(("GUILD_CREATE", guild.payload(bot)) for guild in mine)]

    def _interaction(self, asked: Asked) -> Json:
        channel, guild_id = asked.channel, asked.channel.guild_id
        found: Json = {
            "id": asked.id, "application_id": self.state.bot.id, "type": asked.kind,
            "token": asked.token, "version": 1, "channel_id": channel.id,
            "channel": {**channel.payload(), **({"permissions": "0"} if guild_id else {})},
            "locale": asked.locale, "entitlements": [], "app_permissions": "274878221376",
            "authorizing_integration_owners": {"0": guild_id or "0"},
            "context": 0 if guild_id else 1, "data": asked.data,
            "attachment_size_limit": self.state.limits.max_upload_bytes,
        }  # fmt: skip
        if guild_id:
            guild = self.state.guilds[guild_id]
            is_boss = asked.person.id in guild.administrators or asked.person is guild.owner
            found |= {
                "guild_id": guild_id, "guild_locale": "en-US",
                "guild": {"id": guild_id, "locale": "en-US", "features": []},
                "member": asked.person.member("8" if is_boss else "2147483648"),
            }  # fmt: skip
        else:
            found["user"] = asked.person.payload()
        if asked.message is not None:
            found["message"] = asked.message.payload(CDN)
        return found


WITH_BODY = {
    key for key in OPERATIONS if key[0] in ("POST", "PUT", "PATCH")
}  # fmt: skip


async def _read(request: web.Request) -> tuple[Any, dict[int, File]]:
    """The JSON body and the files beside it; https://docs.discord.com/developers/reference#uploading-files"""
    if not request.content_type.startswith("multipart/"):
        return (await request.json() if request.can_read_body else {}), {}
    body: Any = {}
    files: dict[int, File] = {}
    async for part in await request.multipart():
        data = bytes(await part.read())  # type: ignore[union-attr]
        name = part.name or ""  # type: ignore[union-attr]
        if name == "payload_json":
            body = json.loads(data)
        elif numbered := FILE_FIELD.fullmatch(name):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            kind = "image/png" if data.startswith(b"\x89PNG") else kind
            files[int(numbered[1])] = new_file(part.filename or "file", data, kind)  # type: ignore[union-attr]
        else:
            raise Refused(400, 50035, f"Invalid Form Body: unknown part {name}")
    return body, files


def _json(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    """Discord's content type has no charset, and the client insists."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json",
        headers=headers,
    )  # fmt: skip


def _cut(request: web.Request, log: list[tuple[str, int]], operation: str) -> web.Response:
    log.append((operation, 0))
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


__all__ = ["Account", "Channel", "DiscordEmulator", "Limits"]
