"""The table of commands fits what the platforms take, and everything in it is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.asks import Ask
from bot.command_desk import HANDLERS
from bot.commands import (
    COMMANDS,
    GROUPS,
    Command,
    Kind,
    command,
    group_description,
    group_name,
    typed_names,
)
from bot.forms import FORMS, form
from bot.help_cards import help_card
from bot.styles import OFFERED
from bot.texts import LANGUAGES

from .chat_stage import acting
from .path_fakes import settle

NAME = re.compile(r"[-_\w]{1,32}")  # Discord's, for names in any script
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_COMMAND = pytest.mark.parametrize("each", COMMANDS, ids=lambda each: each.name)


def is_name(words: str) -> bool:
    """One word, lower case, not too long."""
    return bool(NAME.fullmatch(words)) and words == words.lower()


@EVERY_COMMAND
@EVERY_LANGUAGE
def test_names_and_descriptions_fit(each: Command, language: str) -> None:
    """Names of 32 characters, descriptions of 100, choices of 100, at most 25 of each."""
    assert is_name(each.name_in(language))
    assert len(each.description_in(language)) <= 100
    assert len(each.options) <= 25
    for option in each.options:
        assert is_name(option.name_in(language))
        assert 0 < len(option.description_in(language)) <= 100
        assert len(option.choices) <= 25
        assert all(0 < len(option.choice_in(language, one)) <= 100 for one in option.choices)


@EVERY_LANGUAGE
def test_groups_fit(language: str) -> None:
    """The same for groups, and no two things at the top have one name."""
    assert all(is_name(group_name(language, group)) for group in GROUPS)
    assert all(len(group_description(language, group)) <= 100 for group in GROUPS)
    top = [each.name_in(language) for each in COMMANDS if len(each.path) == 1]
    top += [group_name(language, group) for group in GROUPS]
    assert len(top) == len(set(top))


@EVERY_COMMAND
def test_options_are_in_order_and_differ(each: Command) -> None:
    """What is required comes first; at most one option takes plain words; names differ in
    both languages."""
    required = [option.is_required for option in each.options]
    assert required == sorted(required, reverse=True)
    assert sum(option.is_main for option in each.options) <= 1
    for language in LANGUAGES:
        names = [option.name_in(language) for option in each.options]
        assert len(names) == len(set(names))
    for option in each.options:
        if option.kind in (Kind.INTEGER, Kind.NUMBER):
            assert option.least is not None
            assert option.most is not None


def test_every_command_does_something() -> None:
    """The table and its handlers name the same commands."""
    assert HANDLERS.keys() == {each.name for each in COMMANDS}


@EVERY_COMMAND
def test_commands_are_found_by_every_name(each: Command) -> None:
    """In each language, and with a hyphen for the space."""
    assert all(command(name) is each for name in typed_names(each))
    assert command(each.name.replace(" ", "-")) is each


@EVERY_LANGUAGE
def test_help_names_what_anyone_may_do(language: str) -> None:
    """One line each."""
    said = "\n".join(help_card(language).lines)
    assert all(each.description_in(language) in said for each in COMMANDS if each.who == "anyone")


@EVERY_LANGUAGE
@pytest.mark.parametrize("action", FORMS)
def test_forms_fit_a_modal(language: str, action: object) -> None:
    """Title and label of 45 characters, placeholder of 64."""
    asked = form(language, action)  # type: ignore[arg-type]
    assert len(asked.title) <= 45
    assert len(asked.label) <= 45
    assert len(asked.placeholder) <= 64


async def test_help_tells_more_to_those_who_may_more(tmp_path: Path) -> None:
    """Administrators and moderators read their commands, too."""
    async with acting(tmp_path) as stage:
        anyone = "\n".join((await stage.command("help")).card.lines)
        runs_it = "\n".join((await stage.command("help", is_administrator=True)).card.lines)
        assert "For administrators" in runs_it
        assert "For administrators" not in anyone
        assert "For moderators" not in runs_it


async def test_the_samples_of_styles_are_carried(tmp_path: Path) -> None:
    """One picture for each style that Sketchbook knows, and for the one that comes with it."""
    async with acting(tmp_path) as stage:
        card = (await stage.command("styles")).card
        assert len(card.images) == len(OFFERED) + 1
        for image in card.images:
            assert (await stage.app.load_blob(image.sha256)).startswith(b"\x89PNG")


async def test_a_message_names_its_request(tmp_path: Path) -> None:
    """A moderator points at what is to be withdrawn; others may not withdraw it."""
    async with acting(tmp_path) as stage:
        event = stage.event()
        reply = await stage.app.studio.imagine(event, Ask(text="vague cat"))
        await stage.app.studio.posted(event, reply.card, "message")
        await settle(stage.app, reply)
        refused = await stage.command("cancel", who="bob", message_id="message")
        assert refused.is_refused
        await stage.app.studio.appoint_operator(stage.event("bob"))
        done = await stage.command("cancel", who="bob", message_id="message")
        assert not done.is_refused


def test_help_names_commands_as_the_platform_lists_them() -> None:
    """Telegram's menu is English: what is explained in Chinese can still be tapped."""
    lines = help_card("zh-CN", names_in="en").lines
    assert "/imagine — 把您想看的画出来" in lines
    assert any(line.startswith("/mydata export — ") for line in lines)
    assert any(line.startswith("/画 — ") for line in help_card("zh-CN").lines)
