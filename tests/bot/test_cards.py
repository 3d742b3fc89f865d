"""Cards: what people read, composed from plain data."""

from __future__ import annotations

import pytest

from bot import cards, case_cards, result_cards
from bot.chat import Action, Card
from bot.texts import say
from inference.expansion.brief import Brief, Notice, Question, Span
from moderation.cases import REASONS_TO_REJECT
from moderation.policy import Category, Decision, Finding, Stage, Verdict
from moderation.words import load_word_filter
from store.tables import new_id

REQUEST, GRID, CASE = new_id(), new_id(), new_id()
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-CN"])


def a_brief(**changes: object) -> Brief:
    """A brief whose word "kitten" was added."""
    prompt = "a kitten, soft light"
    fields = {
        "wish": "画点可爱的",
        "language": "zh",
        "prompt": prompt,
        "added": (Span(start=2, end=8),),
    }
    return Brief.model_validate(fields | changes)


def some_pictures(count: int) -> list[result_cards.ShownPicture]:
    """``count`` pictures that differ."""
    return [
        result_cards.ShownPicture(picture_id=new_id(), sha256=f"{n:064x}") for n in range(count)
    ]


def visible(card: Card) -> list[Action]:
    """What can be pressed without opening anything."""
    return [button.action for row in card.buttons for button in row]


def actions(card: Card) -> list[Action]:
    """What a card offers, in reading order; the options of menus last."""
    return visible(card) + [option.action for menu in card.menus for option in menu.options]


def a_grid(language: str = "en", count: int = 4, brief: Brief | None = None) -> Card:
    """A grid card of one request."""
    return result_cards.grid(
        language,
        request_id=REQUEST,
        grid_id=GRID,
        brief=brief or a_brief(),
        pictures=some_pictures(count),
    )


@LANGUAGES
def test_the_grid_marks_the_added_words(language: str) -> None:
    """The brief is shown as used; the ranges cover exactly what was added."""
    card = a_grid(language)
    assert [card.brief_line[start:end] for start, end in card.added] == ["kitten"]
    assert any("画点可爱的" in line for line in card.lines)


def test_the_grid_offers_a_vote_for_every_picture() -> None:
    """Four pictures: four picks in order, tie, all bad, again, more; larger and vary as menus."""
    card = a_grid()
    picks = [b.argument for row in card.buttons for b in row if b.action is Action.PICK]
    assert picks == [f"{GRID}:{n}" for n in (1, 2, 3, 4)]
    assert actions(card).count(Action.VARY) == 8
    assert actions(card).count(Action.LARGER) == 4
    assert {Action.TIE, Action.ALL_BAD, Action.AGAIN, Action.MORE} <= set(actions(card))


def test_only_my_words_is_offered_where_something_was_added() -> None:
    """Nothing to undo, no button."""
    assert Action.OWN_WORDS in actions(a_grid())
    assert Action.OWN_WORDS not in actions(a_grid(brief=a_brief(added=())))


def test_one_picture_cannot_tie_with_itself() -> None:
    """A grid of one has no tie."""
    assert Action.TIE not in actions(a_grid(count=1))


@pytest.mark.parametrize("count", [1, 4, 8])
def test_buttons_fit_both_platforms(count: int) -> None:
    """Tokens fit Telegram's 64 bytes; rows fit Discord's five by five."""
    card = a_grid(count=count)
    options = [option for menu in card.menus for option in menu.options]
    assert all(len(b.token.encode()) <= 64 for b in options)
    assert all(len(b.token.encode()) <= 64 for row in card.buttons for b in row)
    assert len(card.buttons) + len(card.menus) <= 5
    assert all(len(menu.options) <= 25 for menu in card.menus)
    assert all(len(row) <= 5 for row in card.buttons)


@LANGUAGES
def test_every_picture_has_alt_text_from_the_brief(language: str) -> None:
    """Those who cannot see the picture read what it was meant to show."""
    card = a_grid(language)
    assert all("a kitten, soft light" in image.alt_text for image in card.images)
    assert len({image.alt_text for image in card.images}) == 4


def test_ranges_never_overlap_or_leave_the_prompt() -> None:
    """Whatever an expander marks, an adapter can cut the line at the ranges."""
    spans = (
        Span(start=5, end=99),
        Span(start=0, end=3),
        Span(start=2, end=6),
        Span(start=9, end=9),
    )
    assert cards.added_ranges(a_brief(prompt="0123456789", added=spans)) == ((0, 10),)


@LANGUAGES
@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("category", [*Category, None])
def test_a_refusal_says_where_what_and_what_next(
    language: str, stage: Stage, category: Category | None
) -> None:
    """Every stage and category, in both languages: both named, why, what to do, a wish that would
    be fine, no quota lost, and an appeal."""
    card = cards.blocked(language, request_id=REQUEST, stage=stage, category=category)
    headline, reason, advice, *others = card.lines
    assert say(language, f"stage-{stage}") in headline
    assert cards.category_name(language, category) in headline
    assert reason == say(language, f"reason-{category or Category.UNCHECKED}")
    assert advice == say(language, f"blocked-do-{stage}")
    assert say(language, "blocked-no-quota") in others
    assert others[-1] == say(language, "blocked-appeal")
    assert Action.APPEAL in actions(card)
    assert card.is_private
    is_about_words = category not in (None, Category.BROKEN, Category.UNCHECKED)
    wish = cards.safe_wish(language, category)
    assert bool(wish) is is_about_words
    assert wish in others[0]


@LANGUAGES
def test_what_is_offered_instead_is_fine(language: str) -> None:
    """Every wish that a refusal suggests passes the word filter."""
    judge = load_word_filter()
    for category in Category:
        assert judge.check(cards.safe_wish(language, category)).decision is Decision.ALLOW


def test_added_words_never_cost_a_strike() -> None:
    """Where the expander's words were refused, the person's own are offered and no warning."""
    card = cards.blocked(
        "en", request_id=REQUEST, stage=Stage.BRIEF, category=Category.VIOLENCE, strike_days=30
    )
    assert Action.OWN_WORDS in actions(card)
    assert not any("warning" in line for line in card.lines)


def test_a_question_can_be_answered_or_left_to_us() -> None:
    """Options are numbered from 1; 0 leaves the choice to the studio."""
    asked = Question(text="Day or night?", options=("day", "night"))
    card = cards.question("en", request_id=REQUEST, brief=a_brief(question=asked))
    answers = [b.argument for row in card.buttons for b in row if b.action is Action.ANSWER]
    assert answers == [f"{REQUEST}:1", f"{REQUEST}:2", f"{REQUEST}:0"]


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"ahead": 0}, "You are next."),
        ({"ahead": 1}, "One request is ahead of yours."),
        ({"step": 3, "steps": 8}, "Painting: 37 % done."),
        ({}, "I am thinking about your wish."),
        ({"step": 8, "steps": 8}, "The pictures are done; I am bringing them."),
    ],
)
def test_progress_tells_the_true_place(facts: dict[str, int], line: str) -> None:
    """A queue position while waiting, a step while painting; always a way to cancel."""
    card = cards.progress("en", request_id=REQUEST, **facts)
    assert card.lines[0] == line
    assert actions(card) == [Action.CANCEL]


def test_a_failure_gives_a_number_to_quote() -> None:
    """The short trace id is in the words and on the card."""
    card = cards.failed("en", trace="7f3a9c")
    assert card.trace == "7f3a9c"
    assert "7f3a9c" in card.lines[-1]


def test_notices_are_read_beside_the_result() -> None:
    """What the expander has to say becomes a sentence."""
    brief = a_brief(notices=(Notice(key="terms-needed"),))
    assert any("agree to the terms" in line for line in a_grid(brief=brief).lines)


def a_case(language: str = "en", **changes: object) -> Card:
    """A card for an open case about two pictures."""
    finding = Finding(
        rule_id="w.7", category=Category.VIOLENCE, decision=Decision.REVIEW, matched="x"
    )
    facts: dict[str, object] = {
        "case_id": CASE, "kind": "review", "stage": Stage.PICTURE, "category": Category.VIOLENCE,
        "wish": "a skull", "verdict": Verdict(decision=Decision.REVIEW, findings=(finding,)),
        "pictures": tuple(some_pictures(2)),
    }  # fmt: skip
    return case_cards.case(language, case_cards.CaseView(**facts | changes))  # type: ignore[arg-type]


@LANGUAGES
def test_a_case_hides_its_pictures_and_names_its_rule(language: str) -> None:
    """Moderators uncover pictures themselves and see the rule and the word."""
    card = a_case(language)
    assert all(image.is_spoiler for image in card.images)
    assert any("w.7" in line for line in card.lines)


def test_a_case_offers_what_can_be_done_now() -> None:
    """Open: claim or hand back, release, refuse. Decided: undo in time. Closed: nothing."""
    assert visible(a_case()) == [Action.CLAIM, Action.APPROVE, Action.REJECT]
    held = visible(a_case(claimed_by="Ada"))
    assert held == [Action.HAND_BACK, Action.APPROVE, Action.REJECT]
    decided = {"state": "decided", "decision": "approve", "decided_by": "Ada"}
    assert actions(a_case(**decided, seconds_to_undo=60)) == [Action.UNDO]
    assert actions(a_case(**decided)) == []
    assert actions(a_case(state="closed")) == []


@LANGUAGES
def test_a_refusal_names_its_reason(language: str) -> None:
    """Every reason there is, as the person will read it, in a token that fits."""
    (menu,) = a_case(language).menus
    assert len(menu.options) == len(REASONS_TO_REJECT) <= 25
    assert all(len(one.token.encode()) <= 64 for one in menu.options)
    assert all(len(one.label) <= 100 for one in menu.options)
