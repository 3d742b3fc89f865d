"""What holds for any text at all."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inference.expansion.alignment import added_spans, words_of
from inference.expansion.brief import Brief, Clarity, Wish
from inference.expansion.compose import own_words
from inference.expansion.draft import DraftError, parse_draft
from inference.expansion.folding import fold
from inference.expansion.offline import OfflineExpander
from inference.expansion.tokens import all_entries
from inference.jobs import MAX_COUNT, check_size

TABLE = (
    "a red star above the blue house, at night ink style no text without people saying 'OPEN' four "
    "pictures 16:9 512x512 (cat:1.3) <lora:x:1> --no hat \n 一只 红色的 猫 在 房子 上方 不要 文字 "
    "写着“福” 来四张 竖图 水墨风 的 和 有 可爱 随便 或者 左边 🐱 は привет ' \" ( } ] ; 。 、"
)
WORDS = TABLE.split(" ")
ENTRIES = list(all_entries())
NAMES = sorted({name for entry in ENTRIES for name in (*entry.english, *entry.chinese)})
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(NAMES), max_size=12).map(" ".join),
    st.lists(st.sampled_from(NAMES + list("的在有和，不")), max_size=12).map("".join),
)  # fmt: skip
EXPANDER = OfflineExpander()


def pieces(brief: Brief) -> list[str]:
    """The parts of the prompt between the additions."""
    edges = [0, *(edge for span in brief.added for edge in (span.start, span.end))]
    edges.append(len(brief.prompt))
    return [brief.prompt[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


@given(text=TEXTS, seed=st.integers(0, 2**32), may_ask=st.booleans())
@settings(max_examples=300)
@example(text="", seed=0, may_ask=True)
@example(text='a sign saying "\x00\x01" \x1b[31m', seed=0, may_ask=True)
def test_any_text_gives_a_valid_brief(text: str, seed: int, may_ask: bool) -> None:
    """A prompt on one line, ordered spans inside it, a size and a count that can be rendered."""
    brief = EXPANDER.expand_now(Wish(text=text, seed=seed, may_ask=may_ask))
    assert brief.wish == text
    assert brief.prompt
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in brief.prompt)
    edges = [edge for span in brief.added for edge in (span.start, span.end)]
    assert edges == sorted(set(edges))
    assert not edges or edges[-1] <= len(brief.prompt)
    if brief.width and brief.height:
        check_size(brief.width, brief.height)
    assert brief.count is None or 1 <= brief.count <= MAX_COUNT
    assert may_ask or brief.question is None
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


@given(text=TEXTS, seed=st.integers(0, 2**32))
def test_the_same_wish_and_seed_give_the_same_brief(text: str, seed: int) -> None:
    """Offline nothing is left to chance."""
    wish = Wish(text=text, seed=seed)
    assert EXPANDER.expand_now(wish) == OfflineExpander().expand_now(wish)


@given(text=TEXTS, seed=st.integers(0, 2**32), other=st.integers(0, 2**32))
def test_without_the_additions_the_persons_content_is_left(
    text: str, seed: int, other: int
) -> None:
    """The seed changes additions only."""
    first = EXPANDER.expand_now(Wish(text=text, seed=seed))
    second = EXPANDER.expand_now(Wish(text=text, seed=other))
    assert own_words(first).removeprefix("an ") == own_words(second).removeprefix("an ")


@given(words=st.lists(st.sampled_from([w for w in WORDS if w.isascii()]), min_size=1, max_size=12))
def test_what_is_not_marked_was_said(words: list[str]) -> None:
    """Every English word outside the additions is one of the wish's own."""
    text = " ".join(words)
    brief = EXPANDER.expand_now(Wish(text=text))
    said = set(words_of(text))
    assert set(words_of(" ".join(pieces(brief)))) <= said


@given(text=TEXTS)
def test_folding_keeps_the_length(text: str) -> None:
    """Character i of the folded text is character i of the text."""
    assert len(fold(text)) == len(text)


@given(prompt=st.text(max_size=120), own=st.frozensets(st.sampled_from(["red", "star", "house"])))
def test_added_spans_are_ordered_and_inside(prompt: str, own: frozenset[str]) -> None:
    """Alignment marks ranges of the prompt, in order, never touching one another."""
    spans = added_spans(prompt, own)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(set(edges))
    assert all(edge <= len(prompt) for edge in edges)


@given(content=st.text(max_size=300))
def test_any_answer_is_a_draft_or_an_error_we_name(content: str) -> None:
    """Parsing an answer raises nothing but ``DraftError``."""
    with pytest.raises(DraftError):
        parse_draft(content)


LONG = {
    "words": "a red cat on a table, " * 900,
    "chinese": "一只红色的猫在桌子上，" * 1800,
    "one character": "的" * 20000,
    "lines": "\n" * 20000,
    "refusals": "no cat, " * 2500,
    "open quotes": "“" * 20000,
    "brackets": "(" * 20000,
    "relations": "在房子上方的" * 3300,
    "unknown signs": "魑魅魍魉" * 5000,
    "flags": "--no a " * 2800,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_twenty_thousand_characters_take_linear_time(text: str) -> None:
    """Ten times the text takes less than forty times the work, and a few seconds of it."""
    EXPANDER.expand_now(Wish(text=text[:2000]))
    short = -time.process_time()
    EXPANDER.expand_now(Wish(text=text[:2000]))
    short += time.process_time()
    long = -time.process_time()
    brief = EXPANDER.expand_now(Wish(text=text))
    long += time.process_time()
    assert long < max(40 * short, 0.5)
    assert brief.clarity in Clarity
