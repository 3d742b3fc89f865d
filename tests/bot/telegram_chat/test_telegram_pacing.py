"""How fast the bot writes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.telegram_chat.pacing import NoRoom, Pace, Rates, Urgency


@pytest.fixture(autouse=True)
def time_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``make_bot`` asks of the library."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


async def call(
    pace: Pace, chat_id: int | None, urgency: Urgency | None = None, waits: int = 0
) -> str:
    """A call that is told to wait ``waits`` times first."""
    left = [0.05] * waits

    async def callback() -> str:
        if left:
            raise RetryAfter(left.pop())
        return "done"

    data: dict[str, Any] = {} if chat_id is None else {"chat_id": chat_id}
    return str(await pace.process_request(callback, (), {}, "sendMessage", data, urgency))


async def took(coroutine: Any) -> float:
    """Event-loop seconds until it is done."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await coroutine
    return loop.time() - began


async def test_one_chat_waits_for_its_turn_and_others_do_not() -> None:
    """What one group may not have any more is still free for another."""
    pace = Pace(rates=Rates(group=(2, 1)))
    await call(pace, -1)
    await call(pace, -1)
    slow, quick = await asyncio.gather(took(call(pace, -1)), took(call(pace, -2)))
    assert slow > 0.3 > quick


async def test_a_wait_holds_up_its_chat_only() -> None:
    """Telegram's "retry after" for one chat leaves the others alone."""
    pace = Pace()
    first = asyncio.create_task(call(pace, -1, waits=2))
    await asyncio.sleep(0.01)
    assert await took(call(pace, 5)) < 0.04
    assert await first == "done"


async def test_progress_is_left_out_where_there_is_no_room() -> None:
    """Half of every limit stays free for what is due."""
    pace = Pace(rates=Rates(group=(4, 60)))
    for _ in range(2):
        assert await call(pace, -1, Urgency.SPARE) == "done"
    with pytest.raises(NoRoom):
        await call(pace, -1, Urgency.SPARE)
    assert [await call(pace, -1) for _ in range(2)] == ["done", "done"]


async def test_progress_does_not_wait_for_a_held_chat() -> None:
    """Told to wait, progress gives up at once, and so does the next while the chat is held."""
    pace = Pace()
    for _ in range(2):
        with pytest.raises(NoRoom):
            await call(pace, 7, Urgency.SPARE, waits=1)


async def test_a_chat_that_keeps_saying_wait_is_given_up() -> None:
    """After a few tries the error is the caller's."""
    with pytest.raises(RetryAfter):
        await call(Pace(rates=Rates(max_retries=2)), 7, waits=9)


async def test_what_names_no_chat_is_not_held_up() -> None:
    """The answer to a press goes out whatever the chats' pace."""
    pace = Pace(rates=Rates(overall=(1, 60)))
    await call(pace, 7)
    assert await took(call(pace, None)) < 0.1
