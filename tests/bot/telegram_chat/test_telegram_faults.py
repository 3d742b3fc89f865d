"""What goes wrong at Telegram or on the way loses nothing and delivers nothing twice.

The real client, core and path; only the painter is a stub.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bot.telegram_chat.telegram_fakes import emulated
from tests.bot.telegram_chat.telegram_house import agree, has_pick, open_house, result
from tests.emulators.telegram.calls import Limits
from tests.emulators.telegram.faults import Fault, flood
from tests.emulators.telegram.phones import Phone, in_group, private
from tests.emulators.telegram.server import TelegramEmulator

ACK, EDIT, TOAST, POLL = "sendMessage", "editMessageMedia", "answerCallbackQuery", "getUpdates"
BAD_GATEWAY = "Bad Gateway"

FAULTS = {
    "told to wait at the acknowledgement": [flood(ACK)],
    "told to wait at the result": [flood(EDIT)],
    "told to wait at everything": [flood("*", times=3)],
    **{
        f"{status} {times} times at {method}": [
            Fault(method=method, status=status, times=times, description=words)
        ]
        for status, words in ((500, "Internal Server Error"), (502, BAD_GATEWAY))
        for times in (1, 2, 5)
        for method in (ACK, EDIT)
    },
    "502 five times at polling": [Fault(method=POLL, status=502, times=5, description=BAD_GATEWAY)],
    "a poll's answer lost": [Fault(method=POLL, drop="after")],
    "a poll that never arrives": [Fault(method=POLL, drop="before", times=2)],
    "the acknowledgement lost on its way": [Fault(method=ACK, drop="before")],
    "the acknowledgement's answer lost": [Fault(method=ACK, drop="after")],
    "the result lost on its way": [Fault(method=EDIT, drop="before", times=2)],
    "the result's answer lost": [Fault(method=EDIT, drop="after", times=2)],
    "the result's answer lost for long": [Fault(method=EDIT, drop="after", times=7)],
    "the result too large at first": [
        Fault(method=EDIT, status=413, description="Request Entity Too Large")
    ],
    "a slow answer": [Fault(method=ACK, status=0, delay_seconds=1.0)],
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
async def test_a_wish_survives(specs_dir: Path, tmp_path: Path, faults: list[Fault]) -> None:
    """One wish, painted once, its result in the chat once."""
    async with emulated(specs_dir) as telegram, open_house(telegram, tmp_path) as house:
        ann = private(telegram, 11, "Ann")
        await agree(ann)
        telegram.fail(*faults)
        await ann.say("/imagine a cat")
        await result(ann)
        await ann.until(lambda: telegram.world.pending == [])
        await house.until_delivered()
        await settled(ann)
        assert len(house.engine.painted) == 1
        assert len([m for m in ann.messages if has_pick(ann, m)]) == 1
        assert telegram.faults.coming == []


async def settled(phone: Phone, seconds: float = 0.5) -> None:
    """Return once nothing was shown for a while."""
    seen = -1
    while seen != len(phone.seen):
        seen = len(phone.seen)
        await asyncio.sleep(seconds)


async def test_updates_that_come_again_are_done_once(specs_dir: Path, tmp_path: Path) -> None:
    """A wish and a vote, each three times, also by a process that was started anew."""
    async with emulated(specs_dir) as telegram:
        ann = private(telegram, 11, "Ann")
        async with open_house(telegram, tmp_path) as house:
            await agree(ann)
            await ann.say("/imagine a cat")
            update = telegram.world.pending[-1]
            await result(ann)
            for _ in range(2):
                await telegram.world.repeat(update)
                await ann.until(lambda: telegram.world.pending == [])
        async with open_house(telegram, tmp_path, is_new=False) as house:
            await telegram.world.repeat(update)
            await ann.until(lambda: telegram.world.pending == [])
            await settled(ann)
            await house.until_delivered()
            assert house.engine.painted == []
        assert len([m for m in ann.messages if has_pick(ann, m)]) == 1


async def test_two_pollers_do_each_wish_once(specs_dir: Path, tmp_path: Path) -> None:
    """Another program asks for the same updates; the bot goes on once it stops."""
    async with emulated(specs_dir) as telegram, open_house(telegram, tmp_path) as house:
        ann = private(telegram, 11, "Ann")
        await agree(ann)
        for _ in range(3):
            await telegram.poll_elsewhere()
        await ann.say("/imagine a cat")
        await result(ann, 30)
        await house.until_delivered()


async def test_a_webhook_left_over_is_removed(specs_dir: Path, tmp_path: Path) -> None:
    """Updates go to whoever asks for them again, none is dropped."""
    async with emulated(specs_dir) as telegram:
        telegram.webhook.url = "https://elsewhere.example/old"
        ann = private(telegram, 11, "Ann")
        await ann.say("/help")
        async with open_house(telegram, tmp_path):
            await ann.sees("/imagine")
        assert telegram.webhook.url == ""


async def test_blocked_meanwhile_ends_the_delivery(specs_dir: Path, tmp_path: Path) -> None:
    """A person who blocked the bot gets nothing, and others are served as before."""
    async with (
        emulated(specs_dir) as telegram,
        open_house(telegram, tmp_path, seconds=1.0) as house,
    ):
        ann, bob = private(telegram, 11, "Ann"), private(telegram, 12, "Bob")
        await agree(ann)
        await agree(bob)
        await ann.say("/imagine a cat")
        await ann.until(lambda: house.engine.painted)
        ann.room.is_closed = True
        await bob.say("/imagine a dog")
        await result(bob)
        assert not [m for m in ann.messages if has_pick(ann, m)]


async def test_a_progress_message_that_is_gone_is_not_missed(
    specs_dir: Path, tmp_path: Path
) -> None:
    """The person deleted it; the result comes as a message of its own."""
    async with (
        emulated(specs_dir) as telegram,
        open_house(telegram, tmp_path, seconds=1.0) as house,
    ):
        ann = private(telegram, 11, "Ann")
        await agree(ann)
        await ann.say("/imagine a cat")
        progress = await ann.until(lambda: ann.find("Cancel"))
        del ann.room.messages[progress["message_id"]]
        await result(ann)
        await house.until_delivered()


async def test_a_full_group_gets_every_result(specs_dir: Path, tmp_path: Path) -> None:
    """Six wishes in one group stay within its twenty messages a minute, with progress left out."""
    async with emulated(specs_dir, limits=Limits()) as telegram:
        async with open_house(telegram, tmp_path, seconds=0.5, rates=None, concurrent_requests=0):
            ann = private(telegram, 11, "Ann")
            await agree(ann)
            group = in_group(telegram, ann, "Painters")
            for number in range(6):
                await group.say(f"/imagine cat {number}")
            await group.until(lambda: len([m for m in group.messages if has_pick(group, m)]) == 6)
        assert not [status for _, _, status in telegram.calls if status == 429]


async def test_a_stranger_at_the_webhook_is_turned_away(specs_dir: Path, tmp_path: Path) -> None:
    """Without the secret nothing is done; with it updates are taken and answered."""
    async with emulated(specs_dir) as telegram, webhook_house(telegram, tmp_path) as house:
        ann = private(telegram, 11, "Ann")
        await ann.until(lambda: telegram.webhook.url)
        await agree(ann)
        forged = {"update_id": 1, "message": {**ann.messages[0], "text": "/imagine a trap"}}
        assert [await telegram.forge(forged, secret) for secret in ("", "wrong")] == [403, 403]
        await ann.say("/imagine a cat")
        await result(ann)
        await house.until_delivered()


def webhook_house(telegram: TelegramEmulator, folder: Path, **choices: object):
    """The service with a webhook behind a proxy."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    telegram.doors["https://studio.example"] = f"http://127.0.0.1:{port}"
    return open_house(
        telegram, folder, telegram_webhook_url="https://studio.example/telegram",
        telegram_webhook_port=port, **choices,
    )  # fmt: skip
