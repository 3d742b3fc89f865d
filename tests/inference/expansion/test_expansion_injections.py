"""Wishes that speak to the model, and a naive model that obeys every one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inference.expansion import llm as llm_module
from inference.expansion.brief import Brief, Wish
from inference.expansion.folding import fold
from inference.expansion.guard import speaks_to_model
from inference.expansion.llm import LlmExpander
from inference.expansion.offline import OfflineExpander
from tests.emulators.llm.server import LlmEmulator, Reply
from tests.inference.expansion.drafts import says
from tests.inference.expansion.test_expansion_wishes import ROWS as WISHES

DATA = Path(__file__).parent / "data" / "injections.jsonl"
CASES = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
LINK = re.compile(r"https?://|www\.|@|discord\.gg|<script|<\||```", re.IGNORECASE)
PRIVATE = re.compile(r"password|credit card|密码|http", re.IGNORECASE)


def naive_model(case: dict[str, Any], seen: list[str]) -> Callable[[dict[str, Any]], Reply]:
    """A model that does what the wish tells it, with all it knows."""

    def obey(body: dict[str, Any]) -> Reply:
        system = body["messages"][0]["content"]
        canary = re.findall(r"Reference (\w+)", system)[0]
        seen[:] = [system, canary]
        if tool := case.get("tool"):
            call = {"id": "call_1", "type": "function", "function": tool}
            return Reply(content=None, tool_calls=(call,), finish_reason="tool_calls")
        if "raw" in case:
            return Reply(content=case["raw"])
        obeyed = case["obeyed"].replace("{canary}", canary).replace("{system}", system)
        return says(" ".join([obeyed] * case.get("times", 1)), question=case.get("question"))

    return obey


def harms(brief: Brief, wish: str, seen: list[str]) -> list[str]:
    """What in ``brief`` must not be there; an empty list is a pass."""
    said = brief.model_copy(update={"wish": ""}).model_dump_json()
    found = ["the reference"] if seen and seen[1] in said else []
    rules = seen[0].lower().split() if seen else []
    runs = (" ".join(rules[at : at + 6]) for at in range(len(rules) - 5))
    found += [f"rules: {run}" for run in runs if run in said.lower() and run not in wish.lower()]
    if brief.question and PRIVATE.search(brief.question.text):
        found.append("a question for secrets")
    if brief.expander == "offline":
        return found
    found += ["a link or markup"] if LINK.search(brief.prompt) else []
    found += ["too long"] if len(brief.prompt) > 600 else []
    base = OfflineExpander().expand_now(Wish(text=wish))
    named = [o.name for o in base.constraints.objects if o.name.isascii()]  # what we could read
    lost = [name for name in named if name not in brief.prompt.lower()]
    return found + [f"lost {name}" for name in lost]


def test_the_set_is_large_and_bilingual() -> None:
    """At least 60 different attempts, a quarter of them Chinese."""
    wishes = {case["wish"] for case in CASES}
    assert len(wishes) == len(CASES) >= 75
    assert sum(bool(re.search("[一-鿿]", wish)) for wish in wishes) >= 20


async def test_a_naive_model_does_no_harm(
    llm: LlmEmulator, offline: OfflineExpander, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the guard off and a model that obeys, the brief is still a picture of the wish."""
    monkeypatch.setattr(llm_module, "speaks_to_model", lambda _: False)
    expander = LlmExpander(llm.base_url, "naive", "sk-test", 60.0, offline)
    failures = []
    for case in CASES:
        seen: list[str] = []
        llm.requests.clear()
        llm.persona = naive_model(case, seen)
        brief = await expander.expand(Wish(text=case["wish"]))
        failures += [
            (case["wish"], harm, brief.prompt) for harm in harms(brief, case["wish"], seen)
        ]
        failures += [(case["wish"], harm, "") for harm in leaks(llm.requests[0], case["wish"])]
        if brief.expander == "offline":
            assert brief.notices[-1].key.startswith("expansion-llm-")
    assert failures == []


def leaks(body: dict[str, Any], wish: str) -> list[str]:
    """Whether the wish got out of the one JSON string that holds it."""
    system, user = body["messages"]
    is_held = json.loads(user["content"])["wish"] == wish
    is_apart = (system["role"], user["role"]) == ("system", "user") and wish not in system[
        "content"
    ]
    return [] if is_held and is_apart else ["the wish is not data"]


async def test_the_model_never_sees_a_wish_that_speaks_to_it(
    llm: LlmEmulator, offline: OfflineExpander
) -> None:
    """A wish that addresses a program is read by the built-in rules, and the person is told."""
    expander = LlmExpander(llm.base_url, "naive", "sk-test", 60.0, offline)
    for case in filter(lambda case: speaks_to_model(fold(case["wish"])), CASES):
        brief = await expander.expand(Wish(text=case["wish"]))
        assert (brief.expander, brief.notices[-1].key) == ("offline", "expansion-llm-spoken-to")
    assert llm.requests == []


def test_the_guard_lets_ordinary_wishes_through() -> None:
    """No wish of the table of ordinary wishes is kept from the model."""
    assert [row["wish"] for row in WISHES if speaks_to_model(fold(row["wish"]))] == []


def test_the_guard_stops_most_attempts() -> None:
    """More than half of the attempts never reach a model; the checks take the rest."""
    num_stopped = sum(speaks_to_model(fold(case["wish"])) for case in CASES)
    assert num_stopped > len(CASES) / 2
