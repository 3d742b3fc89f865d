"""A small chat-completions and moderations server on a real socket; imports nothing of the product.

What it answers is data: replies in order, or a persona that answers every request. Every
request it gets and every answer it sends is judged by the official document; what breaks it
is kept in ``violations``.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.emulators.openapi import Spec

PATH, MODERATIONS = "/chat/completions", "/moderations"
MODERATION_CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit",
    "illicit/violent", "self-harm", "self-harm/instructions", "self-harm/intent", "sexual",
    "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
Persona = Callable[[dict[str, Any]], "Reply"]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer, or one fault."""

    content: str | None = ""
    refusal: str | None = None
    finish_reason: str = "stop"
    tool_calls: tuple[dict[str, Any], ...] = ()
    status: int = 200
    error_code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw_body: str | None = None  # sent as it is, not judged: what a broken server says
    delay_seconds: float = 0.0
    is_dropped: bool = False  # the connection closes without an answer


class LlmEmulator:
    """``async with LlmEmulator(spec) as llm:`` listens on ``llm.base_url``."""

    def __init__(
        self, spec: Spec, *, api_key: str = "sk-test",
        formats: tuple[str, ...] = ("json_schema", "json_object", "text"),
    ) -> None:  # fmt: skip
        self.spec = spec
        self.replies: list[Reply] = []
        self.scores: dict[str, float] = {}  # what words are scored as, by category
        self.persona: Persona | None = None
        self.requests: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.base_url = ""
        self._api_key = api_key
        self._formats = formats
        self._ids = itertools.count(1)

    async def __aenter__(self) -> Self:
        self.spec.request_problems("post", PATH, {})  # compiled here, not in the first answer
        self.spec.response_problems("post", PATH, 200, {})
        app = web.Application()
        app.router.add_route("*", "/v1{path:/.*}", self._handle)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if (request.method, path) == ("POST", MODERATIONS):
            return await self._moderate(request)
        if (request.method, path) != ("POST", PATH):
            self.violations.append(f"not implemented: {request.method} {path}")
            return self._error(404, "unknown_url", judged=False)
        if request.headers.get("Authorization") != f"Bearer {self._api_key}":
            return self._error(401, "invalid_api_key", judged=False)
        body = await request.json()
        self.requests.append(body)
        problems = self.spec.request_problems("post", PATH, body) + strict_schema_problems(body)
        if problems:
            self.violations += [f"request: {problem}" for problem in problems]
            return self._error(400, "invalid_request_error", judged=False)
        if body.get("response_format", {"type": "text"})["type"] not in self._formats:
            return self._error(400, "unsupported_response_format", judged=False)
        return await self._answer(request, body)

    async def _moderate(self, request: web.Request) -> web.StreamResponse:
        """Judge words as scripted in ``scores``; a category above one half is flagged."""
        if request.headers.get("Authorization") != f"Bearer {self._api_key}":
            return self._error(401, "invalid_api_key", judged=False)
        body = await request.json()
        self.requests.append(body)
        problems = self.spec.request_problems("post", MODERATIONS, body)
        self.violations += [f"request: {problem}" for problem in problems]
        if self.replies:
            return await self._answer(request, body)
        scores = {name: self.scores.get(name, 0.0) for name in MODERATION_CATEGORIES}
        flags = {name: score > 0.5 for name, score in scores.items()}
        result = {
            "flagged": any(flags.values()), "categories": flags, "category_scores": scores,
            "category_applied_input_types": {name: ["text"] for name in scores},
        }  # fmt: skip
        answer = {"id": f"modr-{next(self._ids)}", "model": body["model"], "results": [result]}
        found = self.spec.response_problems("post", MODERATIONS, 200, answer)
        self.violations += [f"answer: {problem}" for problem in found]
        return web.json_response(answer)

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if self.persona is not None and not self.replies:
            reply = self.persona(body)
        elif self.replies:
            reply = self.replies.pop(0)
        else:
            self.violations.append("a request nobody expected")
            return self._error(500, "nothing_scripted", judged=False)
        await asyncio.sleep(reply.delay_seconds)
        if reply.is_dropped:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        if reply.raw_body is not None:
            return web.Response(
                status=reply.status, text=reply.raw_body, content_type="application/json"
            )
        if reply.status != 200:
            return self._error(reply.status, reply.error_code, headers=reply.headers)
        return self._completion(body, reply)

    def _completion(self, body: dict[str, Any], reply: Reply) -> web.Response:
        message: dict[str, Any] = {
            "role": "assistant", "content": reply.content, "refusal": reply.refusal,
        }  # fmt: skip
        if reply.tool_calls:
            message["tool_calls"] = list(reply.tool_calls)
        choice = {
            "index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish_reason,
        }  # fmt: skip
        answer = {
            "id": f"chatcmpl-{next(self._ids)}", "object": "chat.completion", "created": 1,
            "model": body["model"], "choices": [choice],
        }  # fmt: skip
        self._judge(200, answer)
        return web.json_response(answer)

    def _error(
        self, status: int, code: str | None, *, headers: dict[str, str] | None = None,
        judged: bool = True,
    ) -> web.Response:  # fmt: skip
        body = {"error": {"code": code, "message": "emulated", "param": None, "type": "emulated"}}
        if judged:
            problems = self.spec.schema_problems("ErrorResponse", body)
            self.violations += [f"answer: {problem}" for problem in problems]
        return web.json_response(body, status=status, headers=headers or {})

    def _judge(self, status: int, body: object) -> None:
        problems = self.spec.response_problems("post", PATH, status, body)
        self.violations += [f"answer: {problem}" for problem in problems]


def strict_schema_problems(body: dict[str, Any]) -> list[str]:
    """What the real service refuses in a strict schema, which its document only says in words.

    https://platform.openai.com/docs/guides/structured-outputs: every object lists all its
    properties as required and sets ``additionalProperties`` to false.
    """
    wanted = body.get("response_format", {}).get("json_schema", {})
    if not wanted.get("strict"):
        return []
    found: list[str] = []
    pending: list[Any] = [wanted.get("schema", {})]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            if part.get("type") == "object" and (
                part.get("additionalProperties") is not False
                or set(part.get("required", ())) != set(part.get("properties", {}))
            ):
                found.append(f"{part.get('title', 'an object')} is not strict")
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    return found


def user_data(body: dict[str, Any]) -> dict[str, Any]:
    """The JSON object in the first user message of a request."""
    first = next(message for message in body["messages"] if message["role"] == "user")
    data: dict[str, Any] = json.loads(first["content"])
    return data
