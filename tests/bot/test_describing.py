"""A picture in words: what the bundled CLIP says, and what a language model may."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.attributes import Seen, see
from bot.chat import Action, Upload
from bot.describing import Describer, make_describer
from bot.doctor import Health, look_at_models
from bot.settings import Settings, SettingsError
from bot.texts import LANGUAGES
from inference.captioning import CaptioningFailed
from inference.expansion.llm_vision import MAX_SENTENCE, Onlooker
from inference.sketchbook.vocabulary import COLOURS, OBJECTS, SETTINGS, STYLES
from store.tables import Request, RequestState
from tests.emulators.llm.server import LlmEmulator, Reply
from tests.emulators.openapi import load_spec

from .chat_stage import Stage, acting
from .conversations.runner import flat_png
from .path_fakes import (
    FakeEyes,
    RecordingChat,
    make_app,
    make_parts,
    make_settings,
    make_tables,
    settle,
)


class Sharp:
    """Eyes that know one truth: a sentence is as near as the words it shares with it."""

    whole = np.ones((1, 1))

    def __init__(self, truth: str) -> None:
        self._truth = set(truth.replace(",", "").split())

    def read(self, sentences: list[str]) -> Any:
        words = [set(one.replace(",", "").split()) for one in sentences]
        return np.array([[len(each & self._truth) / len(each)] for each in words])

    def look(self, images: list[Image.Image]) -> Sharp:
        return self


@pytest.mark.parametrize("number", range(4))
def test_the_nearest_words_are_found(number: int) -> None:
    """Thing, colour, setting and style, each on its own."""
    truth = Seen(
        thing=OBJECTS[number], colour=COLOURS[number], style=STYLES[number],
        setting=SETTINGS[number],
    )  # fmt: skip
    assert see(Sharp(truth.prompt), Image.new("RGB", (8, 8))) == truth


def test_what_is_seen_is_said_in_both_languages() -> None:
    """The plainest name of each, and an English wish that asks for it."""
    seen = Seen(thing=OBJECTS[0], colour=COLOURS[1], style=STYLES[5], setting=SETTINGS[1])
    assert seen.prompt == "an orange star at night, ink style"
    assert seen.words("en") == ["orange", "star", "at night", "ink"]
    assert seen.words("zh-CN") == ["橙色", "星星", "夜晚", "水墨"]


def onlooker(server: LlmEmulator) -> Onlooker:
    """A client of the double."""
    return Onlooker(
        base_url=server.base_url, model="double-1", api_key="sk-test", timeout_seconds=5.0
    )


@pytest.fixture
async def server(specs_dir: Path) -> AsyncIterator[LlmEmulator]:
    """A service that speaks the chat-completions API, judged by its description."""
    async with LlmEmulator(load_spec(specs_dir / "openai-openapi.json")) as running:
        yield running
        assert running.violations == []


async def test_a_language_model_looks(server: LlmEmulator) -> None:
    """It is sent the picture and answers a sentence and a prompt."""
    told = {"sentence": "Eine grüne Fläche.", "prompt": "a green field"}
    server.replies = [Reply(content=f"```json\n{json.dumps(told)}\n```")]
    answer = await onlooker(server).describe(flat_png("green"), "en")
    assert answer is not None
    assert (answer.sentence, answer.prompt) == ("Eine grüne Fläche.", "a green field")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(content="I see a cat."),
        Reply(content=json.dumps({"sentence": "", "prompt": "x"})),
        Reply(content=json.dumps({"sentence": "x" * (MAX_SENTENCE + 1), "prompt": "x"})),
        Reply(content=json.dumps(["a", "b"])),
        Reply(status=500),
    ],
)
async def test_an_unusable_answer_is_none(server: LlmEmulator, reply: Reply) -> None:
    """Prose, nothing, too much, another shape, a failing service."""
    server.replies = [reply]
    assert await onlooker(server).describe(flat_png("green"), "en") is None


@pytest.mark.parametrize(
    ("sentence", "heard"), [("A calm garden.", True), ("Something forbidden.", False)]
)
async def test_what_a_model_says_is_checked(
    server: LlmEmulator, tmp_path: Path, sentence: str, heard: bool
) -> None:
    """Words that a filter does not allow are not shown: the bundled CLIP speaks instead."""
    server.replies = [Reply(content=json.dumps({"sentence": sentence, "prompt": "a garden"}))]
    settings = make_settings(tmp_path)
    make_tables(settings)
    describer = Describer(FakeEyes, onlooker(server))
    app = make_app(settings, replace(make_parts(), describer=describer))
    stage = Stage(app=app, chat=RecordingChat())
    app.join(stage.chat)
    await app.start()
    await app.studio.accept_terms(stage.event())
    reply = await stage.command("describe", {"picture": Upload(data=flat_png("green"))})
    standing = await settle(app, reply)
    await app.stop()
    assert standing.state == RequestState.DELIVERED
    (card,) = stage.chat.sent
    assert (sentence in card.lines) is heard


class FakeCaptioner:
    """Says one thing, or fails."""

    def __init__(self, words: str) -> None:
        self._words = words

    def caption(self, image: Image.Image) -> str:
        if not self._words:
            raise CaptioningFailed("nothing was said")
        return self._words


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("a quiet harbour", ["a quiet harbour", "A captioning model looked"]),
        ("something forbidden", ["I see: green, cat", "The bundled model looked"]),
        ("", ["I see: green, cat", "The bundled model looked"]),
    ],
)
async def test_a_captioner_looks(tmp_path: Path, words: str, lines: list[str]) -> None:
    """Its words are checked; where it fails or says what may not be said, the bundled CLIP speaks."""
    captioner: Any = FakeCaptioner(words)
    describer = Describer(FakeEyes, load_captioner=lambda: captioner)
    async with acting(tmp_path, replace(make_parts(), describer=describer)) as stage:
        reply = await stage.command("describe", {"picture": Upload(data=flat_png("green"))})
        await settle(stage.app, reply)
        (card,) = stage.chat.sent
    assert all(line in told for line, told in zip(lines, card.lines, strict=False))


@pytest.mark.parametrize(
    ("chosen", "has_llm", "has_captioner"),
    [
        ({}, False, False),
        ({"llm_model": "m"}, True, False),
        ({"llm_model": "m", "captioner": "c"}, True, True),
        ({"llm_model": "m", "expander": "offline"}, False, False),
        ({"llm_model": "m", "expander": "offline", "describer": "llm"}, True, False),
        ({"llm_model": "m", "captioner": "c", "describer": "captioner"}, False, True),
        ({"llm_model": "m", "captioner": "c", "describer": "clip"}, False, False),
    ],
)
def test_who_looks_is_a_setting(chosen: dict[str, str], has_llm: bool, has_captioner: bool) -> None:
    """The language model, a captioner, or the bundled CLIP alone, which the others fall back on."""
    made = make_describer(Settings(**chosen))  # type: ignore[arg-type]
    assert ((made.onlooker is not None), made.has_captioner) == (has_llm, has_captioner)


@pytest.mark.parametrize("describer", ["llm", "captioner"])
def test_one_that_is_chosen_must_be_named(describer: Any, tmp_path: Path) -> None:
    """At the start, and by the doctor."""
    settings = Settings(describer=describer, data_dir=tmp_path)
    with pytest.raises(SettingsError):
        make_describer(settings)
    assert {one.health for one in look_at_models(settings)} == {Health.BAD}


def test_the_doctor_looks_for_the_models(tmp_path: Path) -> None:
    """A folder that holds no such model is found before anybody asks for a picture."""
    settings = Settings(upscaler=tmp_path / "up", captioner=tmp_path / "say")
    assert [one.key for one in look_at_models(settings)] == ["no-upscaler", "no-captioner"]
    for name, kind in (("up", "swin2sr"), ("say", "blip")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps({"model_type": kind}))
        (tmp_path / name / "preprocessor_config.json").write_text("{}")
    found = list(look_at_models(settings))
    assert [one.key for one in found] == ["upscaler", "captioner"]
    assert all(one.sentence(language) for one in found for language in LANGUAGES)


async def test_words_to_a_description_are_added(tmp_path: Path) -> None:
    """A reply in plain words paints what was seen, changed so."""
    async with acting(tmp_path) as stage:
        reply = await stage.command("describe", {"picture": Upload(data=flat_png("green"))})
        described = await settle(stage.app, reply)
        painted = await stage.press(Action.EDIT, described.request_id, text="at night")
        (made,) = await stage.rows(Request, Request.id == painted.request_id)
        assert (made.kind, made.wish) == ("imagine", "a green cat at sea, ink style, at night")


async def test_a_description_can_be_painted(tmp_path: Path) -> None:
    """Its words become a wish of their own; the picture that was looked at is not kept to."""
    async with acting(tmp_path) as stage:
        reply = await stage.command("describe", {"picture": Upload(data=flat_png("green"))})
        described = await settle(stage.app, reply)
        painted = await stage.press(Action.AGAIN, described.request_id)
        await settle(stage.app, painted)
        (made,) = await stage.rows(Request, Request.id == painted.request_id)
        assert made.kind == "imagine"
        assert made.wish.startswith("a green cat")
        assert made.reference_sha256 is None
