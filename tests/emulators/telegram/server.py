"""A small Telegram on a real socket: the Bot API, its files, long polling and webhooks.

It imports nothing of the product. Every request and every answer is judged by the API file; what
breaks it, and every method that is not emulated, is kept in ``violations``. How updates are handed
over (one poller at a time, a webhook or polling but not both, again until confirmed) is here; what
methods do is in ``methods``, what people do in ``phones``.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.emulators.telegram.botapi import BotApi
from tests.emulators.telegram.calls import MAX_UPLOAD_BYTES, Call, Limits
from tests.emulators.telegram.faults import BotError, Fault, Faults
from tests.emulators.telegram.methods import METHODS
from tests.emulators.telegram.world import Json, World

TOKEN = "7001000:AAE-emulated-token-of-35-characters"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Webhook:
    """Where updates go, once it is set."""

    url: str = ""
    secret: str = ""
    most_at_once: int = 40
    kinds: tuple[str, ...] = ()
    problem: str = ""
    under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict)


class TelegramEmulator:
    """``async with TelegramEmulator(api) as telegram:`` listens on ``telegram.url``.

    ``doors`` says which local address stands behind a public ``https://`` one, as the operator's
    reverse proxy would.
    """

    def __init__(
        self, api: BotApi, *, token: str = TOKEN, limits: Limits | None = None,
        retry_seconds: float = 0.2,
    ) -> None:  # fmt: skip
        self.api, self.token = api, token
        self.limits = limits or Limits()
        self.retry_seconds = retry_seconds  # until a webhook that failed is tried again
        self.world = World()
        self.faults = Faults()
        self.violations: list[str] = []
        self.allowed: Counter[str] = Counter()
        self.calls: list[tuple[str, Json, int]] = []  # method, parameters, status
        self.webhook = Webhook()
        self.doors: dict[str, str] = {}
        self.url = ""
        self._poller: object | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MAX_UPLOAD_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(
            app, handle_signals=False, shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self._session = aiohttp.ClientSession()
        self._pushing = asyncio.create_task(self._push())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._pushing.cancel()
        for task in [self._pushing, *self.webhook.under_way.values()]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._session.close()
        await self._runner.cleanup()

    def fail(self, *faults: Fault) -> None:
        """These go wrong from now on."""
        self.faults.coming += faults

    def count(self, method: str) -> int:
        """How often a method was called and succeeded."""
        return sum(name == method and status == 200 for name, _, status in self.calls)

    async def poll_elsewhere(self) -> None:
        """Another program asks for updates; whoever waits for some is told."""
        self._poller = object()
        await self.world.notify()

    async def forge(self, update: Json, secret: str) -> int:
        """A stranger's post to the webhook; the status it got."""
        headers = {SECRET_HEADER: secret} if secret else {}
        async with self._session.post(self._door(), json=update, headers=headers) as response:
            return response.status

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _json({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        fault = self.faults.meet(method)
        if fault is not None:
            await asyncio.sleep(fault.delay_seconds)
            if fault.drop == "before":
                return _drop(request)
            if not fault.drop and fault.status:
                self.calls.append((method, {}, fault.status))
                return _json(fault.body, fault.status)
        try:
            result = await self._do(method, request)
        except BotError as error:
            self.calls.append((method, {}, error.status))
            return _json(error.body, error.status)
        if fault is not None and fault.drop == "after":
            return _drop(request)
        return _json({"ok": True, "result": result}, 200)

    async def _do(self, method: str, request: web.Request) -> Any:
        if not self.api.has_method(method):
            self.violations.append(f"no such method: {method}")
            raise BotError(404, "Not Found")
        try:
            body, parts = await self._read(method, request)
        except web.HTTPRequestEntityTooLarge:
            raise BotError(413, "Request Entity Too Large") from None
        if method in METHODS:
            call = Call(world=self.world, limits=self.limits, body=body, parts=parts)
            result = await METHODS[method](call)
        elif own := getattr(self, f"_{method}", None):
            result = await own(body)
        else:
            self.violations.append(f"not emulated: {method}")
            raise BotError(404, "Not Found: method is not emulated")
        self.calls.append((method, body, 200))
        self._judge(self.api.answer_problems(method, result))
        return result

    async def _read(self, method: str, request: web.Request) -> tuple[Json, dict[str, bytes]]:
        """The decoded parameters and the uploaded parts; what breaks the API is refused."""
        parameters, uploads, parts = dict(request.query), {}, {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                parts[name] = value.file.read()
                uploads[name] = {
                    "part": name, "file_name": value.filename, "size": len(parts[name]),
                    "content_type": value.content_type,
                }  # fmt: skip
            else:
                parameters[name] = str(value)
        body, problems = self.api.decode(method, parameters, uploads)
        problems += self.api.request_problems(method, body)
        self._judge(problems)
        if problems:
            raise BotError(400, f"Bad Request: {problems[0][:200]}")
        return body, parts

    def _judge(self, problems: list[str]) -> None:
        self.violations += problems

    async def _file(self, request: web.Request) -> web.StreamResponse:
        data = self.world.files.get(request.match_info["path"].rpartition("/")[2])
        if data is None or request.match_info["token"] != self.token:
            return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return web.Response(body=data, content_type="application/octet-stream")

    async def _getUpdates(self, body: Json) -> list[Json]:  # noqa: N802 - the API's name
        """Long polling. Whoever asks last is served; the one before is told so."""
        if self.webhook.url:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to "
            raise BotError(409, f"Conflict: {words}delete the webhook first")
        me = self._poller = object()
        self.world.confirm(body.get("offset", 0))
        await self.world.notify()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(body.get("timeout", 0)), self.world.changed:
                await self.world.changed.wait_for(
                    lambda: self._wanted(body) or self._poller is not me
                )
        if self._poller is not me:
            words = "terminated by other getUpdates request; make sure that only one bot instance"
            raise BotError(409, f"Conflict: {words} is running")
        self._poller = None
        updates = self._wanted(body)[: body.get("limit", 100)]
        for update in updates:
            self._hand_over(update)
        return updates

    def _wanted(self, body: Json) -> list[Json]:
        kinds = body.get("allowed_updates")
        return [each for each in self.world.pending if not kinds or kinds_of(each) & set(kinds)]

    def _hand_over(self, update: Json) -> None:
        self._judge(self.api.problems("Update", update))
        receipt = self.world.receipts[update["update_id"]]
        receipt.fetched_at = receipt.fetched_at or time.monotonic()
        receipt.num_fetches += 1

    async def _setWebhook(self, body: Json) -> bool:  # noqa: N802
        if body["url"] and not body["url"].startswith("https://"):
            words = "bad webhook: An HTTPS URL must be provided for webhook"
            raise BotError(400, f"Bad Request: {words}")
        self.webhook = Webhook(
            url=body["url"],
            secret=body.get("secret_token", ""),
            most_at_once=body.get("max_connections", 40),
            kinds=tuple(body.get("allowed_updates", ())),
        )
        if body.get("drop_pending_updates"):
            self.world.pending.clear()
        await self.world.notify()
        return True

    async def _deleteWebhook(self, body: Json) -> bool:  # noqa: N802
        return await self._setWebhook({"url": "", **body})

    async def _getWebhookInfo(self, body: Json) -> Json:  # noqa: N802
        info = {
            "url": self.webhook.url, "has_custom_certificate": False,
            "pending_update_count": len(self.world.pending),
        }  # fmt: skip
        if self.webhook.problem:
            info |= {
                "last_error_message": self.webhook.problem, "last_error_date": int(time.time()),
            }  # fmt: skip
        return info

    def _door(self) -> str:
        for public, local in self.doors.items():
            if self.webhook.url.startswith(public):
                return self.webhook.url.replace(public, local, 1)
        return self.webhook.url

    async def _push(self) -> None:
        """Post what is pending to the webhook, so many at once, each until it is taken."""
        while True:
            async with self.world.changed:
                await self.world.changed.wait_for(self._next_to_push)
            while update := self._next_to_push():
                hook = self.webhook
                task = asyncio.create_task(self._deliver(hook, update))
                hook.under_way[update["update_id"]] = task

    def _next_to_push(self) -> Json | None:
        hook = self.webhook
        if not hook.url or len(hook.under_way) >= hook.most_at_once:
            return None
        wanted = self._wanted({"allowed_updates": hook.kinds})
        return next((each for each in wanted if each["update_id"] not in hook.under_way), None)

    async def _deliver(self, hook: Webhook, update: Json) -> None:
        self._hand_over(update)
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with self._session.post(self._door(), json=update, headers=headers) as response:
                is_taken = 200 <= response.status < 300
                hook.problem = (
                    "" if is_taken else f"Wrong response from the webhook: {response.status}"
                )
        except aiohttp.ClientError as error:
            is_taken, hook.problem = False, f"Connection failed: {type(error).__name__}"
        if is_taken:
            receipt = self.world.receipts[update["update_id"]]
            receipt.confirmed_at = receipt.confirmed_at or time.monotonic()
            self.world.pending = [each for each in self.world.pending if each is not update]
        else:
            await asyncio.sleep(self.retry_seconds)
        del hook.under_way[update["update_id"]]
        await self.world.notify()


def kinds_of(update: Json) -> set[str]:
    """What an update carries."""
    return set(update) - {"update_id"}


def _json(body: Json, status: int) -> web.Response:
    return web.json_response(body, status=status)


def _drop(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()
