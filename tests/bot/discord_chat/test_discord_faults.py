"""Whatever goes wrong on the line: nothing is lost, and nothing is delivered twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.asks import Reply
from bot.chat import (
    Action,
    Button,
    Card,
    CardKind,
    ChatRefused,
    ChatUnavailable,
    Image,
    PrivateClosed,
)
from tests.bot.discord_chat.conftest import Scene, Start, plain
from tests.emulators.discord.faults import Fault, dropped, server_error, slow, too_fast
from tests.emulators.discord.world import Message

PROGRESS = Card(kind=CardKind.PROGRESS, lines=("Preparing…",), receipt="progress:r1")
GRID = Card(
    kind=CardKind.GRID, lines=("Your picture.",),
    images=(Image(sha256="a" * 64, media_type="image/png", alt_text="a cat"),),
    buttons=((Button(label="1", action=Action.PICK, argument="g1:1"),),),
)  # fmt: skip
ACK, EDIT, POST = "POST /interactions", "PATCH /webhooks", "POST /channels"
FAULTS = {
    "429": too_fast,
    "429 global": lambda where: too_fast(where, is_global=True),
    "429 without Via": lambda where: too_fast(where, has_via=False),
    "500": server_error,
    "502": lambda where: server_error(where, status=502),
    "cut before": lambda where: dropped(where, "before"),
    "cut after": lambda where: dropped(where, "after"),
    "slow": lambda where: slow(where, 0.5),
}
LONG_FAULTS = {
    "500 twice": lambda where: server_error(where, times=2),
    "502 five times": lambda where: server_error(where, times=5, status=502),
    "slow across the limit": lambda where: slow(where, 3.2),
}


async def deliver(scene: Scene, card: Card, *, num_tries: int = 4) -> str:
    """Send as the core does: with one nonce, again while the platform is unavailable."""
    held = scene.studio.receipts[-1][1] if scene.studio.receipts else None
    address = scene.studio.events[-1].address
    for _ in range(num_tries):
        try:
            return await scene.chat.send(address, card, nonce="n" * 24, replaces=held)
        except ChatUnavailable:
            await asyncio.sleep(0.05)
    raise AssertionError("never delivered")


async def wish(scene: Scene, card: Card = PROGRESS) -> None:
    """Ann asks for a picture and is told that it is on its way."""
    scene.studio.answers.append(Reply(card=card, request_id="r1"))
    await scene.ann.slash(scene.room, "imagine", prompt="a cat")
    await scene.discord.until(lambda: scene.studio.calls, seconds=60)
    await scene.quiet()


def pictures(scene: Scene) -> list[Message]:
    """The messages with a picture that Ann can see anywhere."""
    seen = [*scene.ann.sees(scene.room), *scene.ann.sees(scene.ann.direct)]
    return [one for one in seen if one.files]


def told(scene: Scene) -> tuple[int, int]:
    """How many results Ann has, and how many messages are left that wait for nothing."""
    waiting = [one for one in scene.ann.sees(scene.room) if "Preparing" in one.content]
    return len(pictures(scene)), len(waiting) + len(scene.lost)


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("where", [ACK, EDIT])
async def test_one_fault(scene: Scene, name: str, where: str) -> None:
    """On the acknowledgement or on the edit that brings the picture: it arrives, once."""
    scene.discord.faults.append(FAULTS[name](where))
    await wish(scene)
    await deliver(scene, GRID)
    assert told(scene) == (1, 0)
    assert len(scene.studio.calls) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG_FAULTS)
@pytest.mark.parametrize("where", [ACK, EDIT])
async def test_a_long_fault(scene: Scene, name: str, where: str) -> None:
    """Longer than Discord waits for an acknowledgement: the picture finds another way."""
    scene.discord.faults.append(LONG_FAULTS[name](where))
    await wish(scene)
    await deliver(scene, GRID)
    assert told(scene) == (1, 0)


@pytest.mark.parametrize("name", FAULTS)
async def test_faults_on_a_slow_core(start: Start, name: str) -> None:
    """Acknowledged before the core has answered; the promise is kept or another way found."""
    scene = await start(row_seconds=0.02)
    scene.studio.delay_seconds = 0.1
    scene.discord.faults.append(FAULTS[name](ACK))
    await wish(scene)
    await deliver(scene, GRID)
    assert told(scene) == (1, 0)


@pytest.mark.parametrize("name", ["cut after", "cut before", "500", "429"])
async def test_a_message_in_the_channel_is_sent_once(scene: Scene, name: str) -> None:
    """Without a token, the nonce sees to it."""
    await wish(scene)
    [asked] = scene.discord.state.asked.values()
    asked.is_expired = True
    scene.discord.faults.append(FAULTS[name](POST))
    await deliver(scene, GRID)
    [message] = pictures(scene)
    assert message.mentions == [scene.ann.account]
    assert told(scene) == (1, 0)


async def test_an_hour_later_it_is_a_message_that_calls(scene: Scene) -> None:
    """After fifteen minutes the token is dead: a new message, and the old one goes."""
    await wish(scene)
    event = scene.studio.events[-1]
    scene.studio.events[-1] = replace(event, address={**event.address, "until": 1.0})
    await deliver(scene, GRID)
    [message] = pictures(scene)
    assert message.content.startswith(f"<@{scene.ann.account.id}>")
    assert told(scene) == (1, 0)


@pytest.mark.parametrize("takes_dms", [True, False])
async def test_what_is_private_and_late(scene: Scene, takes_dms: bool) -> None:
    """It goes to the person's own channel, and where that is closed the core is told."""
    scene.ann.account.takes_dms = takes_dms
    await wish(scene, replace(PROGRESS, is_private=True))
    [asked] = scene.discord.state.asked.values()
    asked.is_expired = True
    private = replace(GRID, is_private=True)
    if takes_dms:
        await deliver(scene, private)
        assert len(scene.ann.sees(scene.ann.direct)) == 1
    else:
        with pytest.raises(PrivateClosed):
            await deliver(scene, private)
        hint = await deliver(scene, plain("It waits; use show."))
        assert hint.startswith(scene.room.id)
    assert [one for one in scene.discord.state.seen_in(scene.room) if one.files] == []


async def test_a_place_we_may_not_speak_in(scene: Scene) -> None:
    """A result that may not be posted finds the person."""
    await wish(scene)
    [asked] = scene.discord.state.asked.values()
    asked.is_expired = True
    scene.room.may_bot_send = False
    await deliver(scene, GRID)
    assert len(scene.ann.sees(scene.ann.direct)) == 1


async def test_a_picture_too_large_is_shown_smaller(scene: Scene) -> None:
    """Ten mebibytes are the limit; a larger picture becomes a smaller file of the same words."""
    await wish(scene)
    large = Image(sha256="f" * 64, media_type="image/png", alt_text="noise")
    await deliver(scene, replace(GRID, images=(large,)))
    [message] = pictures(scene)
    [file] = message.files
    assert len(file.data) < 10 * 2**20
    assert file.description == "noise"


async def test_a_server_with_a_lower_limit(scene: Scene) -> None:
    """Refused as too large, it is sent again, smaller."""
    scene.discord.state.limits.max_upload_bytes = 6 * 2**20
    await wish(scene)
    large = Image(sha256="f" * 64, media_type="image/png", alt_text="noise")
    await deliver(scene, replace(GRID, images=(large,)))
    assert told(scene) == (1, 0)


async def test_a_message_that_was_removed_is_refused(scene: Scene) -> None:
    """Progress that nobody can see any more is not tried again; the result still comes."""
    await wish(scene)
    held = scene.studio.receipts[-1][1]
    for message in scene.discord.state.messages.values():
        message.is_deleted = True
    with pytest.raises(ChatRefused):
        await scene.chat.edit(scene.studio.events[-1].address, held, PROGRESS)
    await deliver(scene, GRID)
    assert told(scene) == (1, 0)


async def test_removing_twice(scene: Scene) -> None:
    """What is gone is removed."""
    await wish(scene)
    held, address = scene.studio.receipts[-1][1], scene.studio.events[-1].address
    await scene.chat.delete(address, held)
    await scene.chat.delete(address, held)
    assert scene.words == []


async def test_a_fault_is_met(scene: Scene) -> None:
    """The faults of this file really strike."""
    fault = Fault(match=ACK, status=500, body={})
    scene.discord.faults.append(fault)
    await wish(scene)
    assert fault.num_met == 1
