"""``atelier doctor`` finds each mistake that docs/operating.md lists for Discord."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.discord_chat.checkup import INVITED_WITH
from bot.doctor import Health, look_at_discord
from bot.settings import Settings
from bot.texts import LANGUAGES
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


async def test_a_wrong_token(emulator: DiscordEmulator, tmp_path: Path) -> None:
    """Shaped like one, and nobody's."""
    wrong = f"{'a' * 24}.{'b' * 6}.{'c' * 32}"
    assert await found(emulator, tmp_path, wrong) == {"refused": Health.BAD}


@pytest.mark.parametrize(
    ("application", "key", "health"),
    [
        ({"interactions_endpoint_url": "https://x.example"}, "endpoint", Health.BAD),
        ({"bot_require_code_grant": True}, "grant", Health.BAD),
        ({"flags": 1 << 19}, "intents", Health.DOUBTFUL),
    ],
)
async def test_an_application_set_up_wrongly(
    emulator: DiscordEmulator, tmp_path: Path, application: dict[str, Any], key: str, health: Health
) -> None:
    """Commands that go elsewhere, a bot nobody can add, intents nobody asked for."""
    emulator.state.application = application
    emulator.state.add_guild().bot_permissions = INVITED_WITH
    assert await found(emulator, tmp_path) == {key: health}


async def test_servers(emulator: DiscordEmulator, tmp_path: Path) -> None:
    """In none yet; in one where it may not attach files."""
    assert await found(emulator, tmp_path) == {"homeless": Health.DOUBTFUL}
    emulator.state.add_guild().bot_permissions = INVITED_WITH & ~(1 << 15)
    assert await found(emulator, tmp_path) == {"permissions": Health.DOUBTFUL}


async def test_an_administrator_lacks_nothing(emulator: DiscordEmulator, tmp_path: Path) -> None:
    """Discord's highest permission holds every other."""
    emulator.state.add_guild().bot_permissions = 1 << 3
    assert await found(emulator, tmp_path) == {"good": Health.GOOD}


async def test_discord_away(specs_dir: Path, tmp_path: Path) -> None:
    """No answer is said as such."""
    async with DiscordEmulator(specs_dir) as gone:
        pass
    assert await found(gone, tmp_path) == {"unreachable": Health.DOUBTFUL}
