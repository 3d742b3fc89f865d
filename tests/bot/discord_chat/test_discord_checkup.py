"""``atelier doctor`` finds each mistake that docs/operating.md lists for Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.discord_chat.checkup import INVITED_WITH
from bot.doctor import Health, look_at_discord
from bot.settings import Settings
from bot.texts import LANGUAGES
from tests.bot.listed_mistakes import listed_mistakes
from tests.emulators.discord.server import DiscordEmulator


async def found(discord: DiscordEmulator, folder: Path, token: str = "") -> dict[str, Health]:
    """What the doctor says, by key; every sentence is there in both languages."""
    settings = Settings(data_dir=folder, discord_token=token or discord.token)
    looking = look_at_discord(settings, discord.wires.connector)
    findings = await asyncio.to_thread(lambda: list(looking))
    assert all(one.sentence(language) for one in findings for language in LANGUAGES)
    return {one.key: one.health for one in findings}


async def test_a_bot_that_is_well(emulator: DiscordEmulator, tmp_path: Path) -> None:
    """In a server, with what it needs, and no more."""
    emulator.state.add_guild().bot_permissions = INVITED_WITH
    assert await found(emulator, tmp_path) == {"good": Health.GOOD}


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """How a mistake is made here, and what the doctor calls it."""

    key: str
    token: str = ""
    application: Mapping[str, Any] = field(default_factory=dict)
    permissions: int | None = INVITED_WITH  # in its one server; None: it is in none


MISTAKES = {
    "the token is wrong, or was reset": Mistake(
        key="refused", token=f"{'a' * 24}.{'b' * 6}.{'c' * 32}"
    ),
    "an *Interactions Endpoint URL* is set": Mistake(
        key="endpoint", application={"interactions_endpoint_url": "https://x.example"}
    ),
    "*Requires OAuth2 Code Grant* is on": Mistake(
        key="grant", application={"bot_require_code_grant": True}
    ),
    "a privileged intent is on": Mistake(key="intents", application={"flags": 1 << 19}),
    "the bot is in no server": Mistake(key="homeless", permissions=None),
    "its role lacks a permission": Mistake(
        key="permissions", permissions=INVITED_WITH & ~(1 << 15)
    ),
}


def test_every_mistake_that_is_listed_is_made_here(checkout: Path) -> None:
    """A reader of docs/operating.md may rely on each line of its table."""
    assert set(listed_mistakes(checkout, "Discord")) == set(MISTAKES)


@pytest.mark.parametrize("named", MISTAKES)
async def test_a_listed_mistake_is_found(
    emulator: DiscordEmulator, tmp_path: Path, checkout: Path, named: str
) -> None:
    """It alone, and as bad as the page says."""
    made = MISTAKES[named]
    emulator.state.application = dict(made.application)
    if made.permissions is not None:
        emulator.state.add_guild().bot_permissions = made.permissions
    health = listed_mistakes(checkout, "Discord")[named]
    assert await found(emulator, tmp_path, made.token) == {made.key: health}


async def test_an_administrator_lacks_nothing(emulator: DiscordEmulator, tmp_path: Path) -> None:
    """Discord's highest permission holds every other."""
    emulator.state.add_guild().bot_permissions = 1 << 3
    assert await found(emulator, tmp_path) == {"good": Health.GOOD}


async def test_discord_away(specs_dir: Path, tmp_path: Path) -> None:
    """No answer is said as such."""
    async with DiscordEmulator(specs_dir) as gone:
        pass
    assert await found(gone, tmp_path) == {"unreachable": Health.DOUBTFUL}
