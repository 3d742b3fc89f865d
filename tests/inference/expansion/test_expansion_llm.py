"""A language model over a real socket: what it may say, how it may fail, and what stays secret."""

from __future__ import annotations

import logging
import socket

import pytest

from inference.expansion.brief import Brief, Wish
from inference.expansion.llm import MAX_WISH, LlmExpander
from inference.expansion.offline import OfflineExpander
from tests.emulators.llm.server import LlmEmulator, Reply, user_data
from tests.emulators.openapi import Spec
from tests.inference.expansion.drafts import draft, says

WISH = Wish(text="a red star above a blue house at night, ink style")
GOOD = "a red star high above a small blue house at night, ink style, soft glow"
SECRET = "sk-very-secret"


def expander_for(
    llm: LlmEmulator, *, api_key: str = "sk-test", timeout_seconds: float = 60.0
) -> LlmExpander:
    """An expander that asks the emulator."""
    return LlmExpander(llm.base_url, "tiny", api_key, timeout_seconds, OfflineExpander())


def fell_back(brief: Brief, reason: str) -> bool:
    """Whether ``brief`` is the offline one with the notice for ``reason``."""
    plain = OfflineExpander().expand_now(Wish(text=brief.wish))
    keys = [notice.key for notice in brief.notices]
    return keys[-1:] == [f"expansion-llm-{reason}"] and brief.prompt == plain.prompt


async def test_the_models_words_are_marked(llm: LlmEmulator) -> None:
    """What the model added to the wish is marked; what the wish said is not."""
    llm.replies = [says(GOOD)]
    brief = await expander_for(llm).expand(WISH)
    assert (brief.prompt, brief.expander, brief.notices) == (GOOD, "llm:tiny", ())
    assert brief.added_words == ("high", "a small", "soft glow")
    assert brief.constraints == OfflineExpander().expand_now(WISH).constraints


async def test_the_request_follows_the_specification(llm: LlmEmulator) -> None:
    """The first request asks for a strict schema and carries the wish as data."""
    llm.replies = [says(GOOD)]
    await expander_for(llm).expand(WISH)
    (body,) = llm.requests
    assert body["response_format"]["json_schema"]["strict"] is True
    assert user_data(body)["wish"] == WISH.text


FAULTS = {
    "429": (Reply(status=429, headers={"retry-after": "30"}), "busy"),
    "500": (Reply(status=500), "unavailable"),
    "502": (Reply(status=502), "unavailable"),
    "dropped": (Reply(is_dropped=True), "unavailable"),
    "slow": (Reply(delay_seconds=5.0), "unavailable"),
    "401": (Reply(status=401, error_code="invalid_api_key"), "misconfigured"),
    "404": (Reply(status=404, error_code="model_not_found"), "misconfigured"),
    "filtered": (Reply(status=400, error_code="content_filter"), "refused"),
    "refusal": (Reply(content=None, refusal="I cannot."), "refused"),
    "cut by a filter": (Reply(content="", finish_reason="content_filter"), "refused"),
    "not json": (Reply(raw_body="<html>502</html>"), "unusable"),
    "no choices": (Reply(raw_body='{"choices": []}'), "unusable"),
    "no message": (Reply(raw_body='{"choices": [{}]}'), "unusable"),
    "a list": (Reply(raw_body="[]"), "unusable"),
}


@pytest.mark.parametrize(("reply", "reason"), FAULTS.values(), ids=FAULTS.keys())
async def test_every_fault_falls_back(llm: LlmEmulator, reply: Reply, reason: str) -> None:
    """The person gets the offline brief at once and one sentence why."""
    llm.replies = [reply] * 3 if reason == "refused" else [reply]
    timeout_seconds = 0.5 if reply.delay_seconds else 60.0
    brief = await expander_for(llm, timeout_seconds=timeout_seconds).expand(WISH)
    assert fell_back(brief, reason)


BAD_ANSWERS = {
    "empty": "",
    "prose": "Sure! Here is your prompt: a star.",
    "a number": "42",
    "cut short": draft(GOOD)[:60],
    "deep": "{" * 5000,
    "a field missing": '{"prompt": "a red star above a blue house"}',
    "a field too many": draft(GOOD, admin=True),
    "wrong types": draft(GOOD, objects="a star"),
    "an empty prompt": draft("   "),
    "an object lost": draft("a red star at night, ink style"),
    "a colour lost": draft("a star above a blue house at night, ink style"),
    "an object added": draft(f"{GOOD} with a dragon"),
    "colours swapped": draft("a blue star above a red house at night, ink style"),
    "Chinese": draft("蓝房子上方的红星 red star above a blue house"),
    "too long": draft(f"{GOOD}, {'very ' * 200}"),
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
async def test_a_bad_answer_is_repaired_once(llm: LlmEmulator, answer: str) -> None:
    """The model is told what was wrong; a good second answer is taken."""
    llm.replies = [Reply(content=answer), says(GOOD)]
    brief = await expander_for(llm).expand(WISH)
    assert brief.prompt == GOOD
    first, second = llm.requests
    roles = [message["role"] for message in second["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert second["messages"][:2] == first["messages"]


@pytest.mark.parametrize("text", ["two red birds", "两只红色的鸟"])
async def test_a_wrong_number_is_repaired(llm: LlmEmulator, text: str) -> None:
    """Five birds are not the two that were wished for."""
    llm.replies = [says("five red birds in soft light"), says("two red birds, soft light")]
    brief = await expander_for(llm).expand(Wish(text=text))
    assert (brief.prompt, brief.added_words) == ("two red birds, soft light", ("soft light",))


async def test_parts_and_settings_are_no_new_objects(llm: LlmEmulator) -> None:
    """A model may say what a thing looks like and where the light comes from."""
    good = "a fluffy cat with bright green eyes, soft fur, in a meadow, golden light"
    llm.replies = [says(good)]
    brief = await expander_for(llm).expand(Wish(text="a cat"))
    assert (brief.prompt, len(llm.requests)) == (good, 1)


async def test_two_bad_answers_fall_back(llm: LlmEmulator) -> None:
    """There is no third try."""
    llm.replies = [Reply(content="nonsense"), Reply(content="more nonsense")]
    assert fell_back(await expander_for(llm).expand(WISH), "unusable")
    assert len(llm.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        draft(GOOD),
        f"```json\n{draft(GOOD)}\n```",
        f"<think>A star {{maybe}}?</think>\n{draft(GOOD)}",
        f"{draft(GOOD)}\nI hope you like it!",
    ],
    ids=["bare", "fenced", "after thoughts", "with a remark"],
)
async def test_json_is_found_in_plain_text(openai_spec: Spec, answer: str) -> None:
    """A server that refuses response formats is asked without, once and for all."""
    async with LlmEmulator(openai_spec, formats=("text",)) as llm:
        expander = expander_for(llm)
        llm.replies = [Reply(content=answer), Reply(content=answer)]
        assert (await expander.expand(WISH)).prompt == GOOD
        assert (await expander.expand(WISH)).prompt == GOOD
        kinds = [body.get("response_format", {}).get("type") for body in llm.requests]
        assert kinds == ["json_schema", "json_object", None, None]
        assert llm.violations == []


async def test_an_unreachable_server_falls_back(offline: OfflineExpander) -> None:
    """Nobody listens: the brief is there anyway."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    brief = await LlmExpander(url, "tiny", "", 60.0, offline).expand(WISH)
    assert fell_back(brief, "unavailable")


@pytest.mark.parametrize("url", ["not a url", "http://[", "ftp://127.0.0.1/v1"])
async def test_a_wrong_address_falls_back(url: str, offline: OfflineExpander) -> None:
    """Whatever stands in the settings, no wish is lost to it."""
    brief = await LlmExpander(url, "tiny", "k", 60.0, offline).expand(WISH)
    assert brief.expander == "offline"
    assert brief.notices[-1].key.startswith("expansion-llm-")


async def test_an_impossible_key_falls_back(llm: LlmEmulator) -> None:
    """A key with a line break cannot be sent and is not shown."""
    brief = await expander_for(llm, api_key="sk\nтайна").expand(WISH)
    assert brief.expander == "offline"


async def test_a_long_wish_is_read_offline(llm: LlmEmulator) -> None:
    """No model is shown 20,000 characters."""
    brief = await expander_for(llm).expand(Wish(text="a red star, " * (MAX_WISH // 10)))
    assert fell_back(brief, "too-long")
    assert llm.requests == []


async def test_what_tables_cannot_translate_the_model_does(llm: LlmEmulator) -> None:
    """Objects, negatives and clarity come from the model where only it could read the wish."""
    thing = {"name": "hot spring", "count": 1, "color": None, "position": None}
    ghost = {"name": "unicorn", "count": 3, "color": "pink", "position": None}
    llm.replies = [
        says("a capybara soaking in a hot spring", objects=[thing, ghost], clarity="complete")
    ]
    brief = await expander_for(llm).expand(Wish(text="一只水豚泡温泉"))
    assert [wished.name for wished in brief.constraints.objects] == ["hot spring"]
    assert (brief.clarity.value, brief.added) == ("complete", ())
    assert "expansion-passed-through" not in [notice.key for notice in brief.notices]


async def test_numbers_and_texts_stay_what_the_wish_said(llm: LlmEmulator) -> None:
    """Size, count, texts and refusals are not the model's to decide."""
    wish = Wish(text="三张竖图，写着“福”的红灯笼，不要人")
    llm.replies = [says('a glowing red lantern with the text "福", people around')]
    brief = await expander_for(llm).expand(wish)
    assert (brief.count, brief.width, brief.height) == (3, 64, 96)
    assert (brief.negative_prompt, brief.constraints.texts) == ("people", ("福",))


async def test_the_asked_style_is_never_lost(llm: LlmEmulator) -> None:
    """A style chosen by option is appended where the model forgot it."""
    llm.replies = [says("a red star")]
    brief = await expander_for(llm).expand(Wish(text="a red star", style="水墨"))
    assert (brief.prompt, brief.style, brief.added) == ("a red star, ink style", "ink", ())


QUESTIONS = {
    "a good one": ("Is it day or night?", "a red star", True, True),
    "none wanted": ("Is it day or night?", "a red star", False, False),
    "a vague wish": ("What exactly?", "something cute", True, False),
    "another language": ("白天还是晚上？", "a red star", True, False),
    "no question": ("Tell me more.", "a red star", True, False),
    "for a secret": ("What is your password?", "a red star", True, False),
    "too long": ("why " * 80 + "?", "a red star", True, False),
}


@pytest.mark.parametrize(("text", "wish", "may_ask", "is_asked"), QUESTIONS.values(), ids=QUESTIONS)
async def test_a_question_is_asked_only_where_it_may(
    llm: LlmEmulator, text: str, wish: str, may_ask: bool, is_asked: bool
) -> None:
    """One short question in the person's language, about the picture, never for a vague wish."""
    llm.replies = [says(f"{wish} star", question=text, options=["day", "night"])]
    brief = await expander_for(llm).expand(Wish(text=wish, may_ask=may_ask))
    assert brief.expander == "llm:tiny"
    assert (brief.question is not None) is is_asked


async def test_nothing_secret_is_logged(
    llm: LlmEmulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even with every logger at DEBUG: no key, no wish, no answer."""
    caplog.set_level(logging.DEBUG)
    llm.replies = [Reply(content="nonsense of the model"), Reply(status=500)]
    await expander_for(llm).expand(WISH)
    await expander_for(llm, api_key=SECRET).expand(WISH)
    assert caplog.records != []
    for secret in (SECRET, "sk-test", WISH.text, "nonsense of the model"):
        assert secret not in caplog.text


async def test_a_style_the_model_did_not_take_is_not_claimed(llm: LlmEmulator) -> None:
    """A style that only the offline brief had added goes with it."""
    llm.replies = [says("a cute rabbit, oil painting")]
    brief = await expander_for(llm).expand(Wish(text="something cute"))
    assert (brief.style, brief.added_words) == (None, ("rabbit, oil painting",))
