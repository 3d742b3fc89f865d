"""The expander that asks a language model over any OpenAI-style API, and checks what it says.

The model only writes words: sizes, counts, texts and refusals come from the offline reading,
and so does the whole brief when the model does not answer, refuses or answers nonsense. It
never raises for what a person wrote or a model answered, and logs neither.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Any, Final

import httpx2
import openai

from inference.expansion.answers import ExpansionFailed, Reason, content_of
from inference.expansion.brief import Brief, Expander, Notice, Wish
from inference.expansion.checks import find_problem
from inference.expansion.draft import Draft, DraftError, parse_draft, response_formats
from inference.expansion.folding import fold
from inference.expansion.guard import speaks_to_model
from inference.expansion.instructions import (
    answer_message,
    repair_message,
    system_message,
    wish_message,
)  # fmt: skip
from inference.expansion.merging import brief_from
from inference.expansion.offline import understand
from inference.expansion.reading import Reading

MAX_WISH: Final = 4000  # characters a language model is shown
MAX_TRIES: Final = 2  # the answer and one repair
_NO_KEY: Final = "none"  # local servers want a key but do not read it
_FORMATS: Final = response_formats()
_log = logging.getLogger(__name__)

_FILTER_CODES: Final = frozenset({"content_filter", "content_policy_violation"})


class LlmExpander:
    """Wish → brief through a chat-completions API, with ``fallback`` behind it."""

    def __init__(
        self, base_url: str, model: str, api_key: str, timeout_seconds: float, fallback: Expander
    ) -> None:
        self._base_url = base_url
        self._model = model
        self._api_key = api_key or _NO_KEY
        self._timeout_seconds = timeout_seconds
        self._fallback = fallback
        self._tls = httpx2.create_ssl_context()  # reading the certificates costs 0.2 s: once
        self._first_format = 0  # of ``response_formats``: those before it the server refused
        _keep_wishes_out_of_logs()

    async def expand(self, wish: Wish) -> Brief:
        """The brief of ``wish``, within ``timeout_seconds`` whatever the model does."""
        base = await self._fallback.expand(wish)
        reading, _ = understand(wish)
        try:
            draft = await self._draft(wish, base, reading)
        except ExpansionFailed as failed:
            _log.warning("expansion fell back to offline: %s", failed.reason.value)
            notice = Notice(key=f"expansion-llm-{failed.reason.value}")
            return base.model_copy(update={"notices": (*base.notices, notice)})
        return brief_from(draft, wish, base, reading, expander=f"llm:{self._model}")

    async def _draft(self, wish: Wish, base: Brief, reading: Reading) -> Draft:
        if len(wish.text) + len(wish.answer or "") > MAX_WISH:
            raise ExpansionFailed(Reason.TOO_LONG)
        if speaks_to_model(fold(f"{wish.text}\n{wish.answer or ''}")):
            raise ExpansionFailed(Reason.SPOKEN_TO)
        try:
            async with self._client() as client:
                client.chat.completions.with_raw_response  # noqa: B018 - loads what it needs now
                async with asyncio.timeout(self._timeout_seconds):
                    return await self._checked(client, wish, base, reading)
        except ExpansionFailed:
            raise
        except Exception as error:  # noqa: BLE001 - the edge: no wish is lost to its assistant
            _log.warning("the language model failed: %s", type(error).__name__)
            raise ExpansionFailed(_reason_of(error)) from None

    def _client(self) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._api_key,
            max_retries=0,
            timeout=self._timeout_seconds,
            http_client=openai.DefaultAsyncHttpxClient(verify=self._tls),
        )

    async def _checked(
        self, client: openai.AsyncOpenAI, wish: Wish, base: Brief, reading: Reading
    ) -> Draft:
        """A draft that passes the checks, at the second try at the latest."""
        canary = secrets.token_hex(8)
        messages = [system_message(canary), wish_message(wish, base)]
        for _ in range(MAX_TRIES):
            answer = await self._answer(client, messages)
            try:
                draft = parse_draft(answer)
                problem = find_problem(draft, reading, base, canary)
            except DraftError as error:
                problem = str(error)
            if not problem:
                return draft
            messages += [answer_message(answer), repair_message(problem)]
        raise ExpansionFailed(Reason.UNUSABLE)

    async def _answer(self, client: openai.AsyncOpenAI, messages: list[dict[str, str]]) -> str:
        """The model's text, asked for in the strictest format its server accepts."""
        for index in range(self._first_format, len(_FORMATS)):
            wanted: dict[str, Any] = {"model": self._model, "messages": messages}
            if _FORMATS[index] is not None:
                wanted["response_format"] = _FORMATS[index]
            try:
                raw = await client.chat.completions.with_raw_response.create(**wanted)
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if index + 1 == len(_FORMATS):
                    raise
                continue
            self._first_format = index
            return content_of(raw.http_response.text)
        raise ExpansionFailed(Reason.MISCONFIGURED)


def _reason_of(error: Exception) -> Reason:
    """Why, from what the SDK raised; anything it does not name comes from our settings."""
    match error:
        case openai.RateLimitError():
            return Reason.BUSY
        case openai.APIStatusError() if error.code in _FILTER_CODES:
            return Reason.REFUSED
        case openai.APIStatusError() if 400 <= error.status_code < 500:
            return Reason.MISCONFIGURED
        case openai.OpenAIError() | TimeoutError():
            return Reason.UNAVAILABLE
        case _:
            return Reason.MISCONFIGURED


def _keep_wishes_out_of_logs() -> None:
    """The SDK's debug lines hold whole requests; they are never written."""
    logger = logging.getLogger("openai")
    if logger.getEffectiveLevel() < logging.INFO or logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
