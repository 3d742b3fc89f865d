"""Captions keep what can be painted and lose what reaches a person."""

from __future__ import annotations

import pytest

from inference.learning.scrub import scrub


@pytest.mark.parametrize(
    ("caption", "kept"),
    [
        ("a cat for <@123456789012345678> please", "a cat for please"),
        ("portrait of @somebody_else, ink", "portrait of , ink"),
        ("poster with me@example.com on it", "poster with on it"),
        ("like https://example.com/a?b=1 but red", "like but red"),
        ("画一只猫 加我 www.example.cn 谢谢", "画一只猫 加我 谢谢"),
        ("call +49 (30) 123-4567 now", "call now"),
        ("打 13800138000 找我", "打 找我"),
        ("a house, number 12, in 1984", "a house, number 12, in 1984"),
        ("two cats @ night, 16:9, 4k", "two cats @ night, 16:9, 4k"),
        ("红色的星星在蓝色的房子上面", "红色的星星在蓝色的房子上面"),
    ],
)
def test_what_reaches_a_person_is_removed(caption: str, kept: str) -> None:
    """Mentions, handles, addresses, links and long numbers go; everything else stays."""
    assert scrub(caption) == kept
