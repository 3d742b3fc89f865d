"""What the expansion's tests share: an expander, and a language model on a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from inference.expansion.offline import OfflineExpander
from tests.emulators.llm.server import LlmEmulator
from tests.emulators.openapi import Spec, load_spec


@pytest.fixture(scope="session")
def offline() -> OfflineExpander:
    """The expander that needs no network."""
    return OfflineExpander()


@pytest.fixture(scope="session")
def openai_spec(specs_dir: Path) -> Spec:
    """What the official document allows."""
    return load_spec(specs_dir / "openai-openapi.json")


@pytest.fixture
async def llm(openai_spec: Spec) -> AsyncIterator[LlmEmulator]:
    """A language model that answers as scripted; any violation fails the test."""
    async with LlmEmulator(openai_spec) as emulator:
        yield emulator
    assert emulator.violations == []
