"""How long a person has to wait, in the words people use."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.admission import as_people_say
from bot.texts import say


@pytest.mark.parametrize(
    ("wait", "english", "chinese"),
    [
        (dt.timedelta(seconds=20), "one minute", "1 分钟"),
        (dt.timedelta(minutes=90), "90 minutes", "90 分钟"),
        (dt.timedelta(hours=23, minutes=30), "24 hours", "24 小时"),
        (dt.timedelta(days=7) - dt.timedelta(seconds=1), "7 days", "7 天"),
    ],
)
def test_a_pause_is_said_in_the_unit_that_fits(
    wait: dt.timedelta, english: str, chinese: str
) -> None:
    """Minutes up to two hours, hours up to two days, then days; rounded up."""
    number, unit = as_people_say(wait)
    assert english in say("en", "ask-paused", number=number, unit=unit)
    assert chinese in say("zh-CN", "ask-paused", number=number, unit=unit)
