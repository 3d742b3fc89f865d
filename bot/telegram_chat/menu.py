"""The list of commands that Telegram shows, from the core's table, in every language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from telegram import BotCommand, BotCommandScopeAllChatAdministrators

from bot.commands import COMMANDS, Command, Who, group_description
from bot.texts import LANGUAGES, Language

from .client import Bot, patiently

CODES: dict[Language, str | None] = {"en": None, "zh-CN": "zh"}  # None: for everybody else too


async def announce(bot: Bot, *, pauses: tuple[float, ...]) -> None:
    """Set the lists: what anyone may ask, and for those who run a group the rest as well."""
    for language in LANGUAGES:
        for scope, commands in (
            (None, [each for each in COMMANDS if each.who is Who.ANYONE]),
            (BotCommandScopeAllChatAdministrators(), COMMANDS),
        ):
            setting = partial(
                bot.set_my_commands,
                list(listing(commands, language)),
                scope=scope,
                language_code=CODES[language],
            )
            await patiently(setting, pauses=pauses)


def listing(commands: Iterable[Command], language: Language) -> Iterator[BotCommand]:
    """Names stay English, for Telegram knows no others; a group of commands is one line."""
    seen = set[str]()
    for command in commands:
        name = command.path[0]
        if name in seen:
            continue
        seen.add(name)
        is_group = len(command.path) > 1
        words = group_description(language, name) if is_group else command.description_in(language)
        yield BotCommand(name, words)
