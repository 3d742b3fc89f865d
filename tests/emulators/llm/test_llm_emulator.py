"""The emulator itself: it must catch what the real service would refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.emulators.llm.server import LlmEmulator, Reply
from tests.emulators.openapi import load_spec

GOOD = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}, "required": []}


@pytest.fixture
async def emulator(specs_dir: Path) -> AsyncIterator[LlmEmulator]:
    """An emulator whose violations the test itself looks at."""
    async with LlmEmulator(load_spec(specs_dir / "openai-openapi.json")) as server:
        yield server


async def ask(
    emulator: LlmEmulator, body: Any, *, path: str = "/chat/completions", key: str = "sk-test"
) -> tuple[int, dict[str, Any]]:
    """The status and the body of the answer to one request."""
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(emulator.base_url + path, json=body) as response,
    ):
        return response.status, await response.json()


async def test_a_good_request_is_answered(emulator: LlmEmulator) -> None:
    """Scripted replies come in order, and an answer to specification is no violation."""
    emulator.replies = [Reply(content="one"), Reply(content="two")]
    said = [(await ask(emulator, GOOD))[1]["choices"][0]["message"]["content"] for _ in range(2)]
    assert (said, emulator.violations) == (["one", "two"], [])


@pytest.mark.parametrize(
    "change",
    [
        {"messages": None},
        {"messages": [{"role": "robot", "content": "x"}]},
        {"temperature": 9},
        {"response_format": {"type": "yaml"}},
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "n", "strict": True, "schema": LOOSE},
            }
        },
    ],
    ids=["no messages", "a strange role", "too hot", "a strange format", "a loose strict schema"],
)
async def test_a_bad_request_is_a_violation(emulator: LlmEmulator, change: dict[str, Any]) -> None:
    """What the official document forbids is refused and recorded."""
    status, _ = await ask(emulator, GOOD | change)
    assert status == 400
    assert emulator.violations != []


async def test_an_unknown_operation_is_a_violation(emulator: LlmEmulator) -> None:
    """What is not implemented is never a silent success."""
    status, _ = await ask(emulator, {}, path="/embeddings")
    assert status == 404
    assert emulator.violations == ["not implemented: POST /embeddings"]


async def test_an_unexpected_request_is_a_violation(emulator: LlmEmulator) -> None:
    """With nothing left in the script there is no answer to invent."""
    assert (await ask(emulator, GOOD))[0] == 500
    assert emulator.violations == ["a request nobody expected"]


async def test_an_answer_out_of_specification_is_a_violation(emulator: LlmEmulator) -> None:
    """The emulator judges itself as well."""
    emulator.replies = [Reply(content="x", finish_reason="tired")]
    await ask(emulator, GOOD)
    assert emulator.violations != []


async def test_a_wrong_key_is_refused(emulator: LlmEmulator) -> None:
    """As the real service does, before it reads the request."""
    assert (await ask(emulator, GOOD, key="wrong"))[0] == 401
    assert emulator.requests == []


async def test_faults_are_data(emulator: LlmEmulator) -> None:
    """A status with its headers, and a connection that just closes."""
    emulator.replies = [Reply(status=429, headers={"retry-after": "7"}), Reply(is_dropped=True)]
    status, body = await ask(emulator, GOOD)
    assert (status, body["error"]["type"]) == (429, "emulated")
    with pytest.raises(aiohttp.ClientError):
        await ask(emulator, GOOD)
    assert emulator.violations == []
