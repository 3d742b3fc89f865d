"""An ask filled in: option, words, person, community, operator, in this order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.admission import AskRefused
from bot.asks import Ask
from bot.aspects import LARGE_MULTIPLE, LARGE_SIDE, RATIOS, Aspect, size_of
from bot.preferences import fill, limits_of
from bot.settings import Settings
from bot.styles import names_a_style, offered_here, read_styles, suggest_styles
from inference.jobs import check_size

NATIVE = (64, 64)


def filled(ask: Ask, person: Any = None, community: Any = None, **choices: Any) -> Ask:
    """The ask as it is taken."""
    limits = limits_of(Settings(**choices), community or {})
    return fill(ask, person or {}, community or {}, limits, NATIVE)


def test_the_persons_default_comes_before_the_communitys() -> None:
    """Steps, and how many pictures where neither option nor words say."""
    here = {"steps": 10, "count": 2}
    assert filled(Ask(text="a cat"), {}, here).steps == 10
    assert filled(Ask(text="a cat"), {"steps": 7}, here).steps == 7
    assert filled(Ask(text="a cat", steps=3), {"steps": 7}, here).steps == 3
    assert filled(Ask(text="a cat"), {}, here).usual_count == 2
    assert filled(Ask(text="a cat"), {"count": 1}, here).usual_count == 1


def test_a_style_in_the_words_beats_a_default() -> None:
    """The words "watercolour cat" of someone who usually wants ink is a watercolour."""
    usual = {"style": "ink"}
    assert filled(Ask(text="a cat"), usual).style == "ink"
    assert filled(Ask(text="a cat, watercolour style"), usual).style is None
    assert filled(Ask(text="水彩风格的猫"), usual).style is None
    assert filled(Ask(text="a cat", style="neon"), usual).style == "neon"


def test_limits_are_the_strictest() -> None:
    """A community narrows what the operator allows, and never widens it."""
    settings = Settings(max_count=4, max_steps=30, default_count=4)
    narrow = limits_of(settings, {"max-count": 2, "max-steps": 10})
    assert (narrow.max_count, narrow.default_count, narrow.max_steps) == (2, 2, 10)
    wide = limits_of(settings, {"max-count": 8, "max-steps": 100, "count": 8})
    assert (wide.max_count, wide.default_count, wide.max_steps) == (4, 4, 30)


def test_switches_fall_back_to_what_was_chosen() -> None:
    """Private and "only my words" are remembered, and an option overrules them."""
    usual = {"private": True, "expand": False}
    quiet = filled(Ask(text="a cat"), usual)
    assert (quiet.is_private, quiet.may_expand) == (True, False)
    loud = filled(Ask(text="a cat", is_private=False, may_expand=True), usual)
    assert (loud.is_private, loud.may_expand) == (False, True)
    assert filled(Ask(text="a cat")).may_expand is True


def test_going_on_from_a_picture_keeps_its_numbers() -> None:
    """No default of anyone's changes an edit."""
    edit = filled(Ask(text="x", parent_picture_id="p"), {"steps": 7, "style": "ink"}, {})
    assert (edit.steps, edit.style, edit.usual_width) == (None, None, None)


def test_the_same_once_more_is_the_same() -> None:
    """Whoever presses "again" gets what the first one had, not their own defaults."""
    limits = limits_of(Settings(), {})
    again = fill(Ask(text="a cat"), {"steps": 7, "style": "ink"}, {}, limits, NATIVE, is_new=False)
    assert (again.steps, again.style) == (None, None)


def test_an_unknown_shape_is_refused() -> None:
    """In a sentence."""
    with pytest.raises(AskRefused, match="ask-unknown-aspect"):
        filled(Ask(text="x", aspect="round"))


@given(
    aspect=st.sampled_from(Aspect),
    side=st.sampled_from([64, 512, 768, 1024]),
    max_side=st.sampled_from([128, 512, 1024, 2048]),
)
def test_every_shape_can_be_painted(aspect: Aspect, side: int, max_side: int) -> None:
    """Sides are what the engine takes, within the limit, and as near the ratio as that allows."""
    width, height = size_of(aspect, (side, side), max_side)
    check_size(width, height)
    assert max(width, height) <= max_side
    assert side < LARGE_SIDE or (width % LARGE_MULTIPLE, height % LARGE_MULTIPLE) == (0, 0)
    if max_side >= 2 * side:
        assert abs(width / height - RATIOS[aspect]) / RATIOS[aspect] < 0.15


def test_styles_are_listed_and_suggested() -> None:
    """An administrator writes a list in either punctuation; what is typed narrows it."""
    community = {"styles": read_styles("ink, oil painting；水彩，ink")}
    assert offered_here(community) == ("ink", "oil painting", "水彩")
    assert suggest_styles(offered_here(community), "oi") == ("oil painting",)
    assert suggest_styles(offered_here({}), "") == offered_here({})
    assert not names_a_style("a bottle")
