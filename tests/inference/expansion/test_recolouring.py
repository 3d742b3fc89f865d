"""Another colour asked for in a reply."""

from __future__ import annotations

import pytest

from inference.expansion.recolouring import recoloured


@pytest.mark.parametrize(
    ("wish", "change", "then"),
    [
        ("a red star above a house", "make it blue", "a blue star above a house"),
        ("A Red star", "Please turn it into violet!", "A violet star"),
        ("一只红色的猫", "把它变成蓝色", "一只蓝色的猫"),
        ("一颗红色的星星", "改成金色吧", "一颗金色的星星"),
        ("a red star", "把它变成蓝色", "a blue star"),
        ("一只红色的猫", "make it grey", "一只灰色的猫"),
        ("a cat", "paint it green", "a cat, green"),
        ("一只猫", "变成绿色的。", "一只猫，绿色"),
    ],
)
def test_the_colour_changes_and_nothing_else(wish: str, change: str, then: str) -> None:
    """The first colour of the wish is exchanged, in the wish's language; a wish without one gets
    it."""
    assert recoloured(wish, change) == then


@pytest.mark.parametrize(
    "change",
    ["make it blue and larger", "把猫变成狗", "blue", "make it blueish", "add a red hat", ""],
)
def test_what_asks_for_more_is_left_to_others(change: str) -> None:
    """Only a colour and nothing else is read here."""
    assert recoloured("a red cat", change) is None
