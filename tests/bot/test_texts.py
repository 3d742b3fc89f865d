"""Sentences: both languages hold the same ones, and code names only those that exist."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.chat import Action
from bot.texts import LANGUAGES, PACKAGES, TextWarning, has_text, pick_language, say, text_files
from moderation.policy import Category, Stage
from store import errors

ROOT = Path(__file__).parents[2]
TAKES_A_KEY = {"say": 1, "plain": 1, "failed": 1, "_sentence": 1} | dict.fromkeys(
    (
        "Notice",
        "JobError",
        "RenderFailed",
        "CaseError",
        "StoreError",
        "AskRefused",
        "WrongUsage",
        "_at_most",
        "_within",
        "_sentence",
    ),
    0,
)


STORE_ERRORS = {
    name: one.key
    for name, one in vars(errors).items()
    if inspect.isclass(one) and issubclass(one, errors.StoreError)
}


class _Variables(Visitor):  # type: ignore[misc]
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def sentences(language: str) -> dict[str, set[str]]:
    """Every message and the names of its variables; fails on a name that is used twice."""
    found: dict[str, set[str]] = {}
    names: Counter[str] = Counter()
    for path in text_files(language):
        for entry in FluentParser().parse(path.read_text("utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{path}: {entry.content}"
            if isinstance(entry, ftl.Message):
                names[entry.id.name] += 1
                seen = _Variables()
                seen.visit(entry)
                found[entry.id.name] = seen.names
    assert [name for name, times in names.items() if times > 1] == []
    return found


def calls_with_keys() -> Iterator[tuple[str, set[str] | None]]:
    """Every key written out in our code, with the arguments given to it where they are plain."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    given = _arguments(node)
                    yield from ((key, given) for key in _keys_of(node))


def _keys_of(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in STORE_ERRORS:
        return {STORE_ERRORS[name]}
    place = TAKES_A_KEY.get(name)
    if place is None:
        return set()
    given = list(call.args[place : place + 1])
    given += [keyword.value for keyword in call.keywords if keyword.arg == "key"]
    choices = [part for value in given for part in _choices(value)]
    return {one.value for one in choices if isinstance(one, ast.Constant)}


def _choices(value: ast.expr) -> list[ast.expr]:
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]


def _arguments(call: ast.Call) -> set[str] | None:
    """The names given as keywords; None where they are put together elsewhere."""
    names = {keyword.arg for keyword in call.keywords}
    is_plain = None not in names and "args" not in names and len(call.args) <= 2
    is_helper = getattr(call.func, "id", "").startswith("_")
    return {name for name in names if name} if is_plain and not is_helper else None


def words_in_code() -> tuple[set[str], set[str]]:
    """Every string in our code, and how every f-string begins."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                    beginnings.add(str(node.values[0].value))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    whole.add(node.value)
    return whole, {one for one in beginnings if "-" in one and one[0].isalpha()}


def test_both_languages_hold_the_same_sentences() -> None:
    """English and Chinese have every message, and each uses only variables the other knows."""
    english, chinese = sentences("en"), sentences("zh-CN")
    assert english.keys() == chinese.keys()
    assert {name for name in english if english[name] != chinese[name]} == set()


def test_every_key_in_code_exists() -> None:
    """No code names a sentence that nobody wrote."""
    assert {key for key, _ in calls_with_keys()} - sentences("en").keys() == set()


def test_every_sentence_gets_what_it_needs() -> None:
    """Code that names a sentence gives it every variable."""
    needed = sentences("en")
    missing = {
        (key, name)
        for key, given in calls_with_keys()
        if given is not None
        for name in needed.get(key, set()) - given
    }
    assert missing == set()


def test_every_sentence_of_the_bot_is_said() -> None:
    """No sentence waits for code that is gone."""
    whole, beginnings = words_in_code()
    own = {
        entry.id.name
        for path in (ROOT / "bot" / "texts").glob("*.en.ftl")
        for entry in FluentParser().parse(path.read_text("utf-8")).body
        if isinstance(entry, ftl.Message)
    }
    unsaid = {key for key in own - whole if not key.startswith(tuple(beginnings))}
    assert unsaid == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_and_stage_has_its_words(language: str) -> None:
    """Whatever a filter finds, a person can be told where, what and what to do."""
    for category in Category:
        assert say(language, f"category-{category}")
        assert say(language, f"reason-{category}")
    for stage in Stage:
        assert say(language, f"stage-{stage}")
        assert say(language, f"blocked-do-{stage}")


def test_a_missing_sentence_is_a_warning_and_its_key() -> None:
    """In service a missing sentence shows its key; in tests it is an error."""
    with pytest.warns(TextWarning, match="no sentence no-such-key"):
        assert say("en", "no-such-key") == "no-such-key"
    assert not has_text("no-such-key")


def test_a_missing_argument_is_a_warning() -> None:
    """A sentence that was not given what it needs says so."""
    with pytest.warns(TextWarning, match="grid-wish"):
        say("en", "grid-wish")


@pytest.mark.parametrize(
    ("person", "locale", "default", "picked"),
    [
        ("zh-CN", "en-US", "en", "zh-CN"),
        (None, "zh-TW", "en", "zh-CN"),
        (None, "zh_CN.UTF-8", "en", "zh-CN"),
        (None, "de", "zh-CN", "zh-CN"),
        (None, None, "en", "en"),
        ("", "C", "en", "en"),
    ],
)
def test_whose_language_counts(
    person: str | None, locale: str | None, default: str, picked: str
) -> None:
    """The person's choice comes before the platform's locale, and that before the default."""
    assert pick_language(person, locale, default) == picked


def test_numbers_follow_the_language() -> None:
    """Plurals are right in English; Chinese needs none."""
    assert say("en", "progress-seconds", seconds=1) == "About one second left."
    assert say("en", "progress-seconds", seconds=12) == "About 12 seconds left."
    assert say("zh-CN", "progress-seconds", seconds=12) == "大约还需 12 秒。"


def test_every_action_is_listed_where_cards_are_made() -> None:
    """The table of button arguments names every action that is a button."""
    import bot.cards

    assert {a.name for a in Action} - {"DELETE", "EDIT"} <= set(
        (bot.cards.__doc__ or "").replace(",", " ").split()
    )
