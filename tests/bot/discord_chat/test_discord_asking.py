"""What people do on Discord becomes calls of the core, word for word."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.asks import Reply
from bot.chat import Action, Button, Card, CardKind, Form, Menu, Speaker, Upload
from tests.bot.discord_chat.conftest import Scene, Start, load_blob, plain
from tests.emulators.discord.state import new_file
from tests.emulators.discord.world import Message

GRID = Card(
    kind=CardKind.GRID, lines=("Here.",),
    buttons=((Button(label="1", action=Action.PICK, argument="g1:1"),
              Button(label="Word", action=Action.CHANGE_WORD, argument="g1")),),
    menus=(Menu(label="Vary", argument="vary:r1", options=(
        Button(label="1 a little", action=Action.VARY, argument="p1:subtle"),
        Button(label="1 a lot", action=Action.VARY, argument="p1:strong"),)),),
)  # fmt: skip


async def calls(scene: Scene, number: int = 1) -> list[tuple[Any, ...]]:
    """Once the core was asked so often."""
    await scene.discord.until(lambda: len(scene.studio.calls) >= number)
    return scene.studio.calls


async def shown(scene: Scene, card: Card) -> Message:
    """A message that shows ``card``."""
    scene.studio.answers.append(Reply(card=card))
    asked = await scene.ann.slash(scene.room, "imagine", prompt="x")
    await scene.discord.until(lambda: asked.original)
    scene.studio.calls.clear()
    assert asked.original is not None
    return asked.original


async def test_a_command_with_its_options(scene: Scene) -> None:
    """Options arrive by their names, as their kinds."""
    await scene.ann.slash(
        scene.room, "imagine", prompt="a cat", count=2, strength=0.5, expand=False
    )
    assert await calls(scene) == [
        ("imagine", {"prompt": "a cat", "count": 2, "strength": 0.5, "expand": False})
    ]


async def test_a_command_of_a_group(scene: Scene) -> None:
    """A subcommand is a name of two words; a mentioned person is a speaker."""
    await scene.ann.slash(scene.room, "mydata export")
    assert await calls(scene) == [("mydata export", {})]


async def test_a_picture_is_fetched(scene: Scene) -> None:
    """An attachment arrives as bytes."""
    data = await load_blob("a")
    await scene.ann.slash(scene.room, "describe", picture=data)
    assert await calls(scene) == [
        ("describe", {"picture": Upload(data=data, media_type="image/png")})
    ]


async def test_a_picture_too_large_is_not_fetched(scene: Scene) -> None:
    """Its size is known before; the person is told what to do."""
    asked = await scene.ann.slash(scene.room, "describe", picture=b"x" * (11 * 2**20))
    await scene.discord.until(lambda: asked.original)
    assert scene.studio.calls == []
    assert "too large" in scene.words[-1]


async def test_who_and_where(scene: Scene) -> None:
    """The event names the person, their language, the place, and who runs it."""
    mei = scene.discord.user("Mei", locale="zh-CN")
    await mei.slash(scene.room, "queue")
    await mei.slash(mei.direct, "queue")
    await calls(scene, 2)
    here, alone = scene.studio.events
    assert here.speaker == Speaker(
        platform="discord", external_id=mei.account.id, name="Mei", locale="zh-CN"
    )
    assert (here.place.external_id, here.place.name) == (scene.room.guild_id, "Makers")
    assert (here.place.is_private, alone.place.is_private) == (False, True)
    assert not here.is_administrator


async def test_a_guilds_owner_is_its_administrator(scene: Scene) -> None:
    """Discord's permissions say who may change what holds for everybody."""
    guild = scene.discord.state.guilds[scene.room.guild_id or ""]
    guild.administrators.add(scene.ann.account.id)
    await scene.ann.slash(scene.room, "settings here", count=2)
    await calls(scene)
    assert scene.studio.events[0].is_administrator


async def test_buttons_and_menus(scene: Scene) -> None:
    """A press and a choice are tokens; the event names the message."""
    message = await shown(scene, GRID)
    await scene.ann.click(message, "1")
    await scene.ann.select(message, "a little")
    assert await calls(scene, 2) == [
        (Action.PICK, "g1:1", ""), (Action.VARY, "p1:subtle", ""),
    ]  # fmt: skip
    assert scene.studio.events[-1].message_id == f"{scene.room.id}:{message.id}"


async def test_a_form_asks_for_words(scene: Scene) -> None:
    """What is written into the modal goes with the press that opened it."""
    message = await shown(scene, GRID)
    scene.studio.forms[Action.CHANGE_WORD] = Form(title="Change", label="Which word?")
    opened = await scene.ann.click(message, "Word")
    await scene.discord.until(lambda: opened.modal)
    await scene.ann.submit(opened, text="cat > dog")
    assert await calls(scene) == [(Action.CHANGE_WORD, "g1", "cat > dog")]


async def test_buttons_of_another_life_are_understood(start: Start) -> None:
    """A message that an earlier process posted: nothing about it need be remembered."""
    scene = await start()
    row = {"type": 1, "components": [
        {"type": 2, "style": 1, "label": "1", "custom_id": "pick:g9:1"},
        {"type": 2, "style": 1, "label": "?", "custom_id": "what is this"}]}  # fmt: skip
    old = Message(
        channel=scene.room, author=scene.discord.state.bot, content="old", components=[row]
    )
    scene.discord.state.messages[old.id] = old
    await scene.ann.click(old, "1")
    assert await calls(scene) == [(Action.PICK, "g9:1", "")]
    strange = await scene.ann.click(old, "?")
    await scene.discord.until(lambda: strange.original)
    assert "does nothing here" in scene.words[-1]


async def test_words_half_typed_are_completed(scene: Scene) -> None:
    """Autocompletion offers what the core knows."""
    asked = await scene.ann.types(scene.room, "imagine", "style", "wa")
    await scene.discord.until(lambda: asked.callback)
    assert [choice["value"] for choice in asked.choices] == ["watercolour"]


async def test_a_command_on_a_message(scene: Scene) -> None:
    """Describe takes the first picture of the message pointed at."""
    picture = new_file("cat.png", await load_blob("a"), "image/png")
    message = await scene.ann.says(scene.room, "my cat", files=(picture,))
    await scene.ann.context("Describe", message)
    [(name, options)] = await calls(scene)
    assert (name, options["picture"].data) == ("describe", picture.data)
    assert scene.studio.events[0].message_id == f"{scene.room.id}:{message.id}"


async def test_a_picture_pointed_at_becomes_a_reference(scene: Scene) -> None:
    """The form asks what shall become of it; the picture is fetched when it comes back."""
    picture = new_file("cat.png", await load_blob("a"), "image/png")
    message = await scene.ann.says(scene.room, "my cat", files=(picture,))
    opened = await scene.ann.context("Use as reference", message)
    await scene.discord.until(lambda: opened.modal)
    await scene.ann.submit(opened, text="a tiger")
    upload = Upload(data=picture.data, media_type="image/png")
    assert await calls(scene) == [("imagine", {"prompt": "a tiger", "reference": upload})]
    plain_words = await scene.ann.says(scene.room, "no picture here")
    refused = await scene.ann.context("Use as reference", plain_words)
    await scene.discord.until(lambda: refused.original)
    assert "no picture in that message" in scene.words[-1]


async def test_a_picture_pointed_at_in_another_life_is_asked_for_anew(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What strangers post Discord shows once, with the pointing; the bot's own it gives again."""
    monkeypatch.setattr("bot.discord_chat.pictures.NUM_REMEMBERED", 0)
    picture = new_file("cat.png", await load_blob("a"), "image/png")
    theirs = await scene.ann.says(scene.room, "my cat", files=(picture,))
    bot = scene.discord.state.bot
    mine = Message(channel=scene.room, author=bot, content="yours", files=[picture])
    scene.discord.state.messages[mine.id] = mine
    for message in (theirs, mine):
        opened = await scene.ann.context("Use as reference", message)
        await scene.discord.until(lambda asked=opened: asked.modal)
        last = await scene.ann.submit(opened, text="a tiger")
        await scene.discord.until(lambda asked=last: asked.original)
    [(name, options)] = await calls(scene)
    assert (name, options["reference"].data) == ("imagine", picture.data)
    assert "once more" in scene.words[-2]


async def test_a_picture_behind_a_link(scene: Scene) -> None:
    """Discord's copy of what a link shows is a picture, too; nobody else's host is asked."""
    picture = new_file("cat.png", await load_blob("a"), "image/png")
    scene.discord.state.files[picture.id] = picture
    copy = f"https://cdn.discordapp.com/attachments/{scene.room.id}/{picture.id}/cat.png"
    for address in (copy, "https://169.254.169.254/secrets"):
        message = await scene.ann.says(scene.room, "https://example.com/cat.png")
        message.embeds = [{"type": "image", "url": "https://example.com/cat.png",
                           "thumbnail": {"url": address, "proxy_url": address}}]  # fmt: skip
        await scene.ann.context("Describe", message)
    gone = "Discord no longer gives me that picture; send it again."
    await scene.discord.until(lambda: {gone, "Yes."} <= set(scene.words))
    [(name, options)] = await calls(scene)
    assert (name, options["picture"].data) == ("describe", picture.data)


async def test_pictures_sent_to_the_bot(scene: Scene) -> None:
    """With words it is one to start from, alone one to describe; elsewhere it is not for us."""
    picture = new_file("cat.png", await load_blob("a"), "image/png")
    await scene.ann.says(scene.room, "look", files=(picture,))
    await scene.ann.says(scene.ann.direct, "as a tiger", files=(picture,))
    await scene.discord.until(lambda: len(scene.studio.calls) == 1)
    await scene.ann.says(scene.ann.direct, "", files=(picture,))
    upload = Upload(data=picture.data, media_type="image/png")
    assert await calls(scene, 2) == [
        ("imagine", {"prompt": "as a tiger", "reference": upload}),
        ("describe", {"picture": upload}),
    ]


async def test_words_that_reach_us(scene: Scene) -> None:
    """Direct messages and replies that call the bot; what others say is not for us."""
    mine = await shown(scene, GRID)
    await scene.ann.says(scene.room, "between us")
    await scene.ann.says(scene.room, "not for the bot", reply_to=mine, pings=False)
    await scene.ann.says(scene.room, "make it blue", reply_to=mine)
    await scene.ann.says(scene.ann.direct, "一只猫")
    assert await calls(scene, 2) == [("say", "make it blue"), ("say", "一只猫")]
    first, second = scene.studio.events[-2:]
    assert first.message_id == f"{scene.room.id}:{mine.id}"
    assert (second.speaker.locale, second.place.is_private) == ("zh-CN", True)


async def test_who_only_calls_us_is_told_what_can_be_said(scene: Scene) -> None:
    """A mention without words."""
    await scene.ann.says(scene.room, f"<@{scene.discord.state.bot.id}>")
    assert await calls(scene) == [("help", {})]


async def test_a_private_answer_where_direct_messages_are_closed(scene: Scene) -> None:
    """What it is stays private; that there is one is said where the words were said."""
    scene.ann.account.takes_dms = False
    scene.studio.answers = [Reply(card=plain("I stopped at your words.", is_private=True))]
    asked = await scene.ann.says(scene.room, f"<@{scene.discord.state.bot.id}> something")
    await scene.discord.until(lambda: len(scene.words) == 2)
    answer = scene.ann.sees(scene.room)[-1]
    assert "you take no direct messages" in answer.content
    assert (answer.reply_to, scene.studio.receipts) == (asked, [])


async def test_what_happens_twice_is_done_once(scene: Scene) -> None:
    """Discord may send the same interaction again; the core hears of it once."""
    asked = await scene.ann.slash(scene.room, "queue")
    await scene.discord.repeat(asked)
    await scene.discord.until(lambda: asked.original)
    await asyncio.sleep(0.1)
    assert len(scene.studio.calls) == 1


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW"])
async def test_commands_have_chinese_names(scene: Scene, locale: str) -> None:
    """Every command and option is named and described in both languages."""
    commands = scene.discord.state.commands
    assert len(commands) > 10
    for command in commands:
        assert command["name_localizations"][locale]
        if command["type"] == 1:
            assert command["description_localizations"][locale] != command["description"]


async def test_a_message_answered_in_reply(scene: Scene) -> None:
    """An answer to words is a reply to them; private words go to the person's own channel."""
    scene.studio.answers = [Reply(card=plain("In the open.", receipt="progress:r1")),
                            Reply(card=plain("For you.", is_private=True))]  # fmt: skip
    bot = f"<@{scene.discord.state.bot.id}>"
    asked = await scene.ann.says(scene.room, f"{bot} a cat")
    await scene.ann.says(scene.room, f"{bot} something forbidden")
    await scene.discord.until(lambda: len(scene.ann.sees(scene.ann.direct)) == 1)
    [answer] = [one for one in scene.ann.sees(scene.room) if one.author is scene.discord.state.bot]
    assert answer.reply_to is asked
    assert scene.studio.receipts == [("progress:r1", f"{scene.room.id}:{answer.id}")]
