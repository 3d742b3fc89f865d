"""How much work a text can make: counted in calls, not in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random

import pytest

from moderation.policy import Decision
from moderation.words import LexiconFilter, load_list_filter
from moderation.words.filter import MAX_CHARACTERS

HOSTILE = {
    "single letters": "p o r n h e n t a i ",
    "words in pieces": "po rn hen tai ",
    "signs": "n*u|d3(p0rn)@$! ",
    "one long word": "hentaiporn",
    "long words": "sunsunsunsunsunsunsunsunsunsunsunsunsunsunnude ",
    "terms": "nude porn child gore ",
    "ages": "12 years old, yo yr age of ",
    "homophones": "涩情螺体",
    "Chinese terms": "色情裸体女孩",
    "Chinese and pinyin": "她se情luo体 ",
    "accents": "n\u0301u\u0308d\u0300e",
    "emoji": "🔞🔪👶",
    "brackets": "((nude)) ",
    "code": "%6e%75%64%65 bnVkZQ== ",
}
MAX_CALLS_A_CHARACTER = 60  # some thousandths of a millisecond


def num_calls(check: Callable[[str], object], text: str) -> int:
    """How many functions are called, ours and those of libraries."""
    num = 0

    def count(_frame: object, event: str, _of: object) -> None:
        nonlocal num
        num += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        check(text)
    finally:
        sys.setprofile(before)
    return num


@pytest.fixture
def judge() -> LexiconFilter:
    """A filter that remembers nothing yet, its tables read."""
    lists = load_list_filter()
    lists.check("a girl of nine, 色情, 🔞, n*de")
    return lists


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_length_and_no_faster(name: str, judge: LexiconFilter) -> None:
    """Twice the text is at most twice the work, and a little, however hostile."""
    half, whole = (
        (HOSTILE[name] * MAX_CHARACTERS)[:length]
        for length in (MAX_CHARACTERS // 2, MAX_CHARACTERS)
    )
    judge.check(whole)  # what is remembered costs nothing: both are met before they are counted
    judge.check(half)
    once, twice = num_calls(judge.check, half), num_calls(judge.check, whole)
    assert twice <= 2.3 * once + 2000
    assert twice <= MAX_CALLS_A_CHARACTER * MAX_CHARACTERS


def test_new_strange_words_are_read_up_to_a_number(judge: LexiconFilter) -> None:
    """What is strange beyond it is not read but left to a human, and costs little."""
    random = Random(1)
    words = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(500)]
    text = " ".join(words)
    assert num_calls(judge.check, text) <= MAX_CALLS_A_CHARACTER * len(text)
    verdict = judge.check(" ".join(reversed(words)) + " zzyzzx")
    assert verdict.decision is Decision.REVIEW
    assert "words-too-strange" in verdict.rule_ids


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hides_behind_a_mass_of_words(name: str, judge: LexiconFilter) -> None:
    """A denied term at the end of the longest text that is read is found, or a human looks."""
    text = (HOSTILE[name] * MAX_CHARACTERS)[: MAX_CHARACTERS - 10] + " gangbang"
    assert judge.check(text).decision is not Decision.ALLOW


def test_what_is_too_long_is_refused_unread(judge: LexiconFilter) -> None:
    """Cut text could say anything behind the cut."""
    assert judge.check("a" * (MAX_CHARACTERS + 1)).rule_ids == ("words-too-long",)
    assert num_calls(judge.check, "porn " * 4000) < 50


def test_a_long_wish_in_another_language_is_read(judge: LexiconFilter) -> None:
    """Words that no dictionary here knows do not make a wish suspicious by themselves."""
    wish = (
        "ein kleines Haus am Waldrand mit einem roten Dach, davor ein alter Apfelbaum und eine "
        "Bank, im Hintergrund verschneite Berge, weiches Morgenlicht, Nebel über der Wiese, sehr "
        "detailliert, im Stil einer Buchillustration, ruhige Stimmung"
    )
    assert judge.check(wish).decision is Decision.ALLOW
