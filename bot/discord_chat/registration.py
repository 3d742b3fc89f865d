"""The table of commands as Discord wants it registered. Pure: the table in, payloads out.

https://docs.discord.com/developers/interactions/application-commands
"""

from __future__ import annotations

from typing import Any

from bot.commands import COMMANDS, GROUPS, Command, Kind, Option, group_description, group_name
from bot.texts import say

SLASH, MESSAGE = 1, 3
SUBCOMMAND = 1
REFERENCE_NAME = "discord-reference-name"
TYPES = {
    Kind.TEXT: 3, Kind.CHOICE: 3, Kind.INTEGER: 4, Kind.SWITCH: 5, Kind.PERSON: 6, Kind.NUMBER: 10,
    Kind.PICTURE: 11,
}  # fmt: skip
CHINESE = ("zh-CN", "zh-TW")  # Discord's locales that are served in Chinese
PLACES = {"integration_types": [0], "contexts": [0, 1]}  # guilds and the bot's own direct messages

Json = dict[str, Any]


def payloads() -> list[Json]:
    """Every slash command, group and message command."""
    single = [_slash(each) for each in COMMANDS if len(each.path) == 1]
    grouped = [_group(group) for group in GROUPS]
    on_messages = [_on_message(each) for each in COMMANDS if each.takes_message]
    return [*single, *grouped, *on_messages, _reference()]


def message_name(command: Command, language: str) -> str:
    """What a command is called in the menu of a message."""
    return command.name_in(language).capitalize()


def command_on_message(name: str) -> Command | None:
    """The command that a message command of that name gives."""
    found = (each for each in COMMANDS if each.takes_message and message_name(each, "en") == name)
    return next(found, None)


def _slash(command: Command) -> Json:
    return {"type": SLASH, **PLACES, **_body(command), "name": command.name}


def _group(group: str) -> Json:
    members = [each for each in COMMANDS if each.path[0] == group and len(each.path) > 1]
    return {
        "type": SLASH, **PLACES, "name": group,
        "name_localizations": dict.fromkeys(CHINESE, group_name("zh-CN", group)),
        "description": group_description("en", group),
        "description_localizations": dict.fromkeys(CHINESE, group_description("zh-CN", group)),
        "options": [{"type": SUBCOMMAND, **_body(each), "name": each.path[1]} for each in members],
    }  # fmt: skip


def _on_message(command: Command) -> Json:
    return {
        "type": MESSAGE, **PLACES, "name": message_name(command, "en"),
        "name_localizations": dict.fromkeys(CHINESE, message_name(command, "zh-CN")),
    }  # fmt: skip


def _reference() -> Json:
    """Discord's own: a picture in any message as the reference of a wish."""
    return {
        "type": MESSAGE, **PLACES, "name": say("en", REFERENCE_NAME),
        "name_localizations": dict.fromkeys(CHINESE, say("zh-CN", REFERENCE_NAME)),
    }  # fmt: skip


def _body(command: Command) -> Json:
    options = sorted(command.options, key=lambda option: not option.is_required)
    return {
        **_words(command), "options": [_option(option) for option in options],
    }  # fmt: skip


def _words(named: Command | Option) -> Json:
    """Descriptions in English, names and descriptions in Chinese."""
    return {
        "name_localizations": dict.fromkeys(CHINESE, named.name_in("zh-CN")),
        "description": named.description_in("en"),
        "description_localizations": dict.fromkeys(CHINESE, named.description_in("zh-CN")),
    }


def _option(option: Option) -> Json:
    found: Json = {
        "type": TYPES[option.kind], "name": option.name, **_words(option),
        "required": option.is_required,
    }  # fmt: skip
    if option.choices:
        found["choices"] = [_choice(option, value) for value in option.choices]
    if option.is_suggested:
        found["autocomplete"] = True
    if option.kind is Kind.TEXT and option.max_characters:
        found["max_length"] = option.max_characters
    if option.kind in (Kind.INTEGER, Kind.NUMBER):
        limits = {"min_value": option.least, "max_value": option.most}
        found |= {key: _number(option, value) for key, value in limits.items() if value is not None}
    return found


def _number(option: Option, value: float) -> float:
    return int(value) if option.kind is Kind.INTEGER else float(value)


def _choice(option: Option, value: str) -> Json:
    chinese = dict.fromkeys(CHINESE, option.choice_in("zh-CN", value))
    return {
        "name": option.choice_in("en", value), "value": value, "name_localizations": chinese,
    }  # fmt: skip
