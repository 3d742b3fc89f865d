"""The connection breaks in every way Discord breaks it; what people did meanwhile is heard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.chat import Card, CardKind, ChatMisconfigured, ChatUnavailable
from bot.discord_chat.chat import DiscordChat
from bot.settings import Settings
from tests.bot.discord_chat.conftest import FakeStudio, Scene, Start, load_blob
from tests.emulators.discord.server import DiscordEmulator

Break = Callable[[DiscordEmulator], Awaitable[None]]
RESUMED: dict[str, Break] = {
    "close 1012": lambda discord: discord.gateway.close(1012),
    "close 4000": lambda discord: discord.gateway.close(4000),
    "op 7": lambda discord: discord.gateway.ask_to_reconnect(),
    "op 9 true": lambda discord: discord.gateway.invalidate(is_resumable=True),
}


async def test_breaks_are_resumed(scene: Scene) -> None:
    """The session is resumed each time, and a command given in the gap is heard exactly once."""
    for number, (name, break_it) in enumerate(RESUMED.items(), start=1):
        await break_it(scene.discord)
        asked = await scene.ann.slash(scene.room, "imagine", prompt=name)
        await scene.discord.until(lambda asked=asked: asked.original)  # type: ignore[misc]
        assert scene.studio.calls[-1] == ("imagine", {"prompt": name})
        assert len(scene.studio.calls) == number
        assert scene.discord.gateway.num_resumed == number
    assert scene.discord.gateway.num_identified == 1


@pytest.mark.slow
async def test_a_lost_session_is_begun_anew(scene: Scene) -> None:
    """Op 9 without resume: a new login, which the library delays by five seconds."""
    await scene.discord.gateway.invalidate(is_resumable=False)
    await scene.discord.until(lambda: scene.discord.gateway.num_identified == 2, seconds=20)
    await scene.discord.online()
    asked = await scene.ann.slash(scene.room, "imagine", prompt="a cat")
    await scene.discord.until(lambda: asked.original)


@pytest.mark.slow
async def test_silence_is_noticed(start: Start, emulator: DiscordEmulator) -> None:
    """No answer to heartbeats: the client reconnects and resumes by itself."""
    emulator.gateway.heartbeat_seconds = 0.5
    scene = await start(heartbeat_timeout=2.0)
    emulator.gateway.acknowledges = False
    await emulator.until(lambda: emulator.gateway.num_resumed, seconds=30)
    emulator.gateway.acknowledges = True
    asked = await scene.ann.slash(scene.room, "imagine", prompt="a cat")
    await emulator.until(lambda: asked.original)


@pytest.mark.parametrize("how", ["at login", "while it runs"])
async def test_a_refused_token_is_one_sentence(
    emulator: DiscordEmulator, tmp_path: Path, how: str
) -> None:
    """Discord says 401, or closes with 4004: serving ends with what the operator should do."""
    settings = Settings(data_dir=tmp_path, discord_token=emulator.token)
    chat = DiscordChat(FakeStudio(), load_blob, settings, connector=emulator.wires.connector)  # type: ignore[arg-type]
    if how == "at login":
        emulator.token = "another"
    running = asyncio.create_task(chat.run())
    if how != "at login":
        await emulator.online()
        await emulator.gateway.close(4004)
    with pytest.raises(ChatMisconfigured) as refused:
        await asyncio.wait_for(running, 20)
    assert refused.value.key == "discord-token-refused"


async def test_discord_out_of_reach_is_waited_for(
    specs_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The service goes on; what is to be sent meanwhile is tried again later."""
    async with DiscordEmulator(specs_dir) as gone:
        wires = gone.wires
    settings = Settings(data_dir=tmp_path, discord_token="t")
    chat = DiscordChat(FakeStudio(), load_blob, settings, connector=wires.connector)  # type: ignore[arg-type]
    running = asyncio.create_task(chat.run())
    with caplog.at_level(logging.WARNING):
        await asyncio.sleep(0.3)
    card = Card(kind=CardKind.PLAIN, lines=("x",))
    with pytest.raises(ChatUnavailable):
        await chat.send({"channel": 1}, card, nonce="n")
    assert "Discord is out of reach" in caplog.text
    assert not running.done()
    running.cancel()


async def test_two_shards(specs_dir: Path, tmp_path: Path) -> None:
    """A large bot is served by several connections; each hears its guilds."""
    async with DiscordEmulator(specs_dir, num_shards=2) as discord:
        guilds = [discord.state.add_guild("One"), discord.state.add_guild("Two")]
        guilds[1].id = str(int(guilds[0].id) + (1 << 22))
        guilds[1].channels[0].guild_id = guilds[1].id
        discord.state.guilds = {guild.id: guild for guild in guilds}
        studio = FakeStudio()
        settings = Settings(data_dir=tmp_path, discord_token=discord.token)
        chat = DiscordChat(
            studio, load_blob, settings, connector=discord.wires.connector,
            options={"guild_ready_timeout": 0.05, "shard_count": 2},
        )  # type: ignore[arg-type]  # fmt: skip
        running = asyncio.create_task(chat.run())
        await discord.online(seconds=30)
        ann = discord.user("Ann")
        for guild in guilds:
            await ann.slash(guild.channels[0], "queue")
        await discord.until(lambda: len(studio.calls) == 2)
        running.cancel()
        assert discord.violations == []
