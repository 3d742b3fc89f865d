"""The gateway of a small Discord: hello, identify, resume with replay, heartbeats, zlib-stream.

A session outlives its connection; what happens meanwhile is kept and replayed on resume.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from .judging import Judge
from .world import Json, blank, snowflake

MAX_FRAME_BYTES = 4096
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
SCHEMAS = {
    "READY": "GatewayReadyDispatchData", "GUILD_CREATE": "GatewayGuildCreateDispatchData",
    "INTERACTION_CREATE": "GatewayInteractionCreateDispatchData",
    "MESSAGE_CREATE": "GatewayMessageCreateDispatchData",
}  # fmt: skip


@dataclass(kw_only=True)
class Session:
    """What Discord remembers of a client between connections."""

    id: str = field(default_factory=snowflake)
    intents: int = 0
    shard: tuple[int, int] = (0, 1)
    sequence: int = 0
    sent: list[Json] = field(default_factory=list)  # dispatched, for replay
    line: Line | None = None

    async def dispatch(self, kind: str, data: Json) -> None:
        self.sequence += 1
        payload = {"op": 0, "t": kind, "s": self.sequence, "d": data}
        self.sent = [*self.sent[-500:], payload]
        if self.line is not None:
            await self.line.send(payload)


class Line:
    """One websocket; a compression context of its own."""

    def __init__(self, socket: web.WebSocketResponse, *, is_compressed: bool) -> None:
        self.socket = socket
        self._zlib = zlib.compressobj() if is_compressed else None

    async def send(self, payload: Json) -> None:
        text = json.dumps(payload, ensure_ascii=False).encode()
        try:
            if self._zlib is None:
                await self.socket.send_str(text.decode())
            else:
                data = self._zlib.compress(text) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)
        except (ConnectionError, RuntimeError):
            pass  # it is gone; the session keeps what it missed


class Gateway:
    """Every session and every open line."""

    def __init__(self, judge: Judge, *, token: str, num_shards: int, granted_intents: int) -> None:
        self.judge, self.token, self.num_shards = judge, token, num_shards
        self.granted_intents = granted_intents  # of the privileged ones
        self.sessions: dict[str, Session] = {}
        self.lines: set[Line] = set()
        self.heartbeat_seconds = 41.25
        self.acknowledges = True  # False: heartbeats are not answered
        self.num_identified = 0
        self.num_resumed = 0
        self.welcome: Any = None  # (session) -> list of (kind, data) to send after READY

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello to its end."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        compression = request.query.get("compress")
        if compression not in (None, "zlib-stream"):
            self.judge.note(f"gateway: compression {compression} is not implemented")
        line = Line(socket, is_compressed=compression == "zlib-stream")
        self.lines.add(line)
        hello: Json = {"op": 10, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}}
        hello |= {"s": None, "t": None}
        self.judge.payload("GatewayHello", hello)
        await line.send(hello)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._heard(line, message.data)
        finally:
            self.lines.discard(line)
            for session in self.sessions.values():
                if session.line is line:
                    session.line = None
        return socket

    async def _heard(self, line: Line, text: str) -> None:
        if len(text.encode()) > MAX_FRAME_BYTES:
            self.judge.note("gateway: a frame of more than 4096 bytes")
            await line.socket.close(code=4002)
            return
        payload = json.loads(text)
        match payload["op"]:
            case 1:
                if self.acknowledges:
                    await line.send({"op": 11, "d": None, "s": None, "t": None})
            case 2:
                await self._identify(line, payload["d"])
            case 6:
                await self._resume(line, payload["d"])
            case 3:
                self.judge.payload("GatewayPresenceUpdateData", payload["d"])
            case op:
                self.judge.note(f"gateway: op {op} is not implemented")

    async def _identify(self, line: Line, data: Json) -> None:
        self.judge.payload("GatewayIdentifyData", data)
        self.num_identified += 1
        if data["token"] != self.token:
            await line.socket.close(code=4004, message=b"Authentication failed.")
            return
        if data["intents"] & PRIVILEGED & ~self.granted_intents:
            await line.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        shard = data.get("shard") or [0, 1]
        session = Session(intents=data["intents"], shard=(shard[0], shard[1]), line=line)
        self.sessions[session.id] = session
        for kind, found in self.welcome(session):
            self.judge.payload(SCHEMAS[kind], found)
            await session.dispatch(kind, found)

    async def _resume(self, line: Line, data: Json) -> None:
        self.judge.payload("GatewayResumeData", data)
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self.token:
            await line.send({"op": 9, "d": False, "s": None, "t": None})
            return
        self.num_resumed += 1
        session.line = line
        for payload in [one for one in session.sent if one["s"] > data["seq"]]:
            await line.send(payload)
        await session.dispatch("RESUMED", {"_trace": []})

    async def dispatch(self, kind: str, data: Json, *, guild_id: str | None) -> None:
        """Send to the shard that serves the guild (direct messages: the first), where the
        session asked for such events."""
        self.judge.payload(SCHEMAS[kind], data)
        shard = (int(guild_id) >> 22) % self.num_shards if guild_id else 0
        wanted = GUILD_MESSAGES if guild_id else DIRECT_MESSAGES
        for session in list(self.sessions.values()):
            hears = kind != "MESSAGE_CREATE" or bool(session.intents & wanted)
            if session.shard[0] == shard and hears:
                await session.dispatch(kind, self._seen(kind, data, session))

    def _seen(self, kind: str, data: Json, session: Session) -> Json:
        """A message as this session may see it."""
        is_open = (
            kind != "MESSAGE_CREATE"
            or "guild_id" not in data
            or session.intents & MESSAGE_CONTENT
            or any(one.get("bot") for one in data["mentions"])
        )
        return data if is_open else blank(data)

    async def close(self, code: int) -> None:
        """Cut every line with a close code; sessions stay unless the code ends them."""
        for line in list(self.lines):
            await line.socket.close(code=code)

    async def ask_to_reconnect(self) -> None:
        """Op 7."""
        await self._broadcast({"op": 7, "d": None, "s": None, "t": None})

    async def invalidate(self, *, is_resumable: bool) -> None:
        """Op 9; a session that is not resumable is forgotten."""
        if not is_resumable:
            self.sessions.clear()
        await self._broadcast({"op": 9, "d": is_resumable, "s": None, "t": None})

    async def _broadcast(self, payload: Json) -> None:
        for line in list(self.lines):
            await line.send(payload)

    async def shut(self) -> None:
        """End of the world."""
        await asyncio.gather(*(line.socket.close(code=1001) for line in list(self.lines)))
