"""The double of Discord: the real client talks to it unpatched, and its rules are kept."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from PIL import Image

from .faults import too_fast
from .server import DiscordEmulator, Limits
from .world import Message

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
ECHO = {
    "name": "echo", "description": "says it again", "type": 1,
    "options": [{"type": 3, "name": "text", "description": "what to say", "required": True}],
}  # fmt: skip


class Bot(discord.AutoShardedClient):
    """A client that does what the test says."""

    def __init__(self, emulator: DiscordEmulator, commands: list[dict[str, Any]]) -> None:
        super().__init__(
            intents=INTENTS, connector=emulator.wires.connector(), max_messages=None,
            guild_ready_timeout=0.05,
        )  # fmt: skip
        self.emulator = emulator
        self.commands = commands
        self.heard: list[discord.Interaction[Any]] = []
        self.messages: list[discord.Message] = []

    async def setup_hook(self) -> None:
        assert self.application_id is not None
        await self.http.bulk_upsert_global_commands(self.application_id, self.commands)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self.heard.append(interaction)

    async def on_message(self, message: discord.Message) -> None:
        self.messages.append(message)


@contextlib.asynccontextmanager
async def running(emulator: DiscordEmulator) -> AsyncIterator[Bot]:
    """The real client, logged in and connected."""
    bot = Bot(emulator, [ECHO])
    task = asyncio.create_task(bot.start(emulator.token))
    try:
        await emulator.online()
        yield bot
    finally:
        await bot.close()
        with contextlib.suppress(Exception):
            await task


@pytest.fixture
async def emulator(specs_dir: Path) -> AsyncIterator[DiscordEmulator]:
    """A small Discord."""
    async with DiscordEmulator(specs_dir) as found:
        yield found
        print(*found.violations, sep="\n")


async def heard(bot: Bot, number: int = 1) -> discord.Interaction[Any]:
    """The nth interaction the client was told of."""
    await bot.emulator.until(lambda: len(bot.heard) >= number)
    return bot.heard[number - 1]


def picture() -> bytes:
    """A red square."""
    held = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 0, 0)).save(held, "PNG")
    return held.getvalue()


async def test_the_real_client_answers_with_a_picture(emulator: DiscordEmulator) -> None:
    """Login, command, deferral, edit with a file and buttons, and not one violation."""
    guild = emulator.state.add_guild()
    ann = emulator.user("Ann", locale="zh-CN")
    async with running(emulator) as bot:
        asked = await ann.slash(guild.channels[0], "echo", text="hello")
        interaction = await heard(bot)
        await interaction.response.defer(thinking=True)
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="More", custom_id="more:1"))
        view.stop()
        file = discord.File(io.BytesIO(picture()), "a.png", description="a red square")
        await interaction.edit_original_response(content="hello", attachments=[file], view=view)
        shown = asked.original
        assert shown is not None
        assert shown.files[0].data == picture()
        assert shown.files[0].description == "a red square"
        await ann.click(shown, "More")
        clicked = await heard(bot, 2)
        assert clicked.data is not None
        assert clicked.data["custom_id"] == "more:1"
        assert str(clicked.locale) == "zh-CN"
    assert emulator.violations == [], "\n".join(emulator.violations)


async def test_what_is_not_implemented_is_a_violation(emulator: DiscordEmulator) -> None:
    """An operation nobody wrote is a 404 and is written down."""
    async with running(emulator) as bot:
        with pytest.raises(discord.NotFound):
            await bot.fetch_premium_sticker_packs()
    assert emulator.violations == ["not implemented: GET /api/v10/sticker-packs"]


async def test_a_misspelt_key_is_a_violation(emulator: DiscordEmulator) -> None:
    """The schemas forbid no more keys; the judge does."""
    found = emulator.judge.request("POST", "/channels/{channel_id}/messages", {"contnet": "x"})
    assert found == ["request POST /channels/{channel_id}/messages: : unknown key contnet"]


async def test_an_answer_comes_once_and_in_time(specs_dir: Path) -> None:
    """The second answer is 40060, the late one 10062."""
    async with DiscordEmulator(specs_dir, limits=Limits(ack_seconds=0.2)) as emulator:
        guild = emulator.state.add_guild()
        ann = emulator.user("Ann")
        async with running(emulator) as bot:
            asked = await ann.slash(guild.channels[0], "echo", text="one")
            await (await heard(bot)).response.send_message("one")
            await emulator.repeat(asked)
            with pytest.raises(discord.HTTPException) as again:
                await (await heard(bot, 2)).response.send_message("one")
            await ann.slash(guild.channels[0], "echo", text="two")
            late = await heard(bot, 3)
            await asyncio.sleep(0.25)
            with pytest.raises(discord.NotFound) as gone:
                await late.response.send_message("two")
    assert (again.value.code, gone.value.code) == (40060, 10062)
    assert emulator.violations == [], "\n".join(emulator.violations)


async def test_a_dead_token_and_a_closed_door(emulator: DiscordEmulator) -> None:
    """401 for a token that ran out; 403 for a person who takes no messages from bots."""
    guild = emulator.state.add_guild()
    ann = emulator.user("Ann", takes_dms=False)
    async with running(emulator) as bot:
        asked = await ann.slash(guild.channels[0], "echo", text="x")
        interaction = await heard(bot)
        await interaction.response.defer()
        asked.is_expired = True
        with pytest.raises(discord.HTTPException) as dead:
            await interaction.edit_original_response(content="late")
        with pytest.raises(discord.Forbidden) as closed:
            await interaction.user.send("psst")
    assert (dead.value.code, closed.value.code) == (50027, 50007)


async def test_an_enforced_nonce_posts_once(emulator: DiscordEmulator) -> None:
    """The second message with it is the first one."""
    guild = emulator.state.add_guild()
    async with running(emulator) as bot:
        channel = bot.get_partial_messageable(int(guild.channels[0].id))
        first = await channel.send("once", nonce="n1")
        assert (await channel.send("once", nonce="n1")).id == first.id
    assert len(emulator.state.seen_in(guild.channels[0])) == 1


async def test_words_of_strangers_are_blank(emulator: DiscordEmulator) -> None:
    """No privileged intent: only direct messages and what mentions the bot can be read."""
    guild = emulator.state.add_guild()
    ann = emulator.user("Ann")
    mine = Message(channel=guild.channels[0], author=emulator.state.bot, content="a picture")
    async with running(emulator) as bot:
        emulator.state.messages[mine.id] = mine
        await ann.says(guild.channels[0], "between us")
        await ann.says(guild.channels[0], "make it blue", reply_to=mine)
        await ann.says(guild.channels[0], "make it red", reply_to=mine, pings=False)
        await ann.says(ann.direct, "hello")
        await emulator.until(lambda: len(bot.messages) >= 4)
        assert [one.content for one in bot.messages] == ["", "make it blue", "", "hello"]
    assert emulator.violations == [], "\n".join(emulator.violations)


async def test_a_session_is_resumed_with_what_it_missed(emulator: DiscordEmulator) -> None:
    """The line drops, something happens, the client resumes and hears of it once."""
    guild = emulator.state.add_guild()
    ann = emulator.user("Ann")
    async with running(emulator) as bot:
        await emulator.gateway.close(4000)
        await ann.slash(guild.channels[0], "echo", text="while away")
        await heard(bot)
        assert emulator.gateway.num_resumed == 1
        assert len(bot.heard) == 1
    assert emulator.violations == [], "\n".join(emulator.violations)


async def test_a_rate_limit_needs_via_to_be_waited_for(emulator: DiscordEmulator) -> None:
    """The client repeats a 429 of Discord's, and gives up on one of Cloudflare's."""
    guild = emulator.state.add_guild()
    path = "POST /channels/{channel_id}/messages"
    emulator.faults.append(too_fast(path, retry_after=0.05))
    async with running(emulator) as bot:
        channel = bot.get_partial_messageable(int(guild.channels[0].id))
        await channel.send("hello")
        emulator.faults.append(too_fast(path, has_via=False))
        with pytest.raises(discord.HTTPException):
            await channel.send("hello")
    assert [status for one, status in emulator.log if one == path] == [429, 200, 429]


async def test_the_content_type_has_no_charset(emulator: DiscordEmulator) -> None:
    """With one, the client reads every answer as text and fails at login."""
    async with (
        aiohttp.ClientSession(connector=emulator.wires.connector()) as session,
        session.get(
            "https://discord.com/api/v10/users/@me",
            headers={"Authorization": f"Bot {emulator.token}"},
        ) as answer,
    ):
        assert answer.headers["Content-Type"] == "application/json"
        assert json.loads(await answer.read())["bot"] is True


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": "Echo"}, "command name is invalid"),
        ({"name_localizations": {"zh": "回声"}}, "no locale of Discord's"),
        ({"description": ""}, "have a description"),
    ],
)
async def test_bad_commands_are_refused(
    emulator: DiscordEmulator, change: dict[str, Any], why: str
) -> None:
    """Names, locales and descriptions as Discord wants them."""
    bot = Bot(emulator, [{**ECHO, **change}])
    with pytest.raises(discord.HTTPException, match=why):
        await bot.login(emulator.token)
    await bot.close()
