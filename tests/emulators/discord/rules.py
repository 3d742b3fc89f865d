"""What Discord refuses although its schemas allow it, each with the code it answers.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
Limits: .../interactions/application-commands, .../components/reference, .../resources/message
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from .world import Json

MAX_CONTENT = 2000
MAX_ROWS, MAX_BUTTONS, MAX_COMPONENTS, MAX_EMBED_TOTAL = 5, 5, 40, 6000
MAX_COMMAND_CHARACTERS = 8000
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
NAME = re.compile(r"[-_'\w]{1,32}")


class Refused(Exception):
    """An error answer: HTTP status, Discord's code, words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    @property
    def body(self) -> Json:
        return {"message": self.message, "code": self.code}


def invalid(message: str) -> Refused:
    """The form body was refused."""
    return Refused(400, 50035, f"Invalid Form Body: {message}")


def check_message(body: Json, *, num_files: int) -> None:
    """A new message must say something, and no more than fits."""
    if not any((body.get("content"), body.get("embeds"), body.get("components"), num_files)):
        raise Refused(400, 50006, "Cannot send an empty message")
    check_parts(body)


def check_parts(body: Json) -> None:
    """What an edit, too, must keep to."""
    if len(body.get("content") or "") > MAX_CONTENT:
        raise invalid(f"content: more than {MAX_CONTENT} characters")
    embeds = body.get("embeds") or []
    texts = [one.get(key) or "" for one in embeds for key in ("title", "description")]
    texts += [part.get("text", "") for one in embeds if (part := one.get("footer"))]
    if sum(map(len, texts)) > MAX_EMBED_TOTAL:
        raise invalid("embeds: more than 6000 characters in all")
    check_components(body.get("components") or [], body.get("flags") or 0)


def check_components(components: list[Json], flags: int) -> None:
    """Rows, buttons in a row, and custom ids that are told apart."""
    is_new = bool(flags & COMPONENTS_V2)
    everything = [part for top in components for part in walk(top)]
    if len(components) > MAX_ROWS and not is_new:
        raise invalid("components: more than 5 rows")
    if len(everything) > MAX_COMPONENTS:
        raise invalid("components: more than 40 in all")
    for row in (part for part in everything if part["type"] == 1):
        kinds = {part["type"] for part in row["components"]}
        if len(row["components"]) > MAX_BUTTONS or not row["components"]:
            raise invalid("components: a row holds 1 to 5 buttons")
        if kinds != {2} and len(row["components"]) > 1:
            raise invalid("components: a select fills its row")
    if not is_new and any(top["type"] != 1 for top in components):
        raise invalid("components: without the flag every component stands in a row")
    custom_ids = [part["custom_id"] for part in everything if part.get("custom_id")]
    if len(set(custom_ids)) < len(custom_ids):
        raise invalid("components: custom ids are not unique")
    for part in everything:
        check_component(part)


def check_component(part: Json) -> None:
    """One button or menu."""
    if part["type"] == 2:
        is_link = part["style"] == 5
        if is_link == bool(part.get("custom_id")) or is_link != bool(part.get("url")):
            raise invalid("components: a link has a URL, another button a custom id")
        if not part.get("label") and not part.get("emoji"):
            raise invalid("components: a button with neither label nor emoji")
    if part["type"] == 3:
        values = [option["value"] for option in part["options"]]
        if len(set(values)) < len(values):
            raise invalid("components: option values are not unique")


def walk(part: Json) -> list[Json]:
    """A component and everything inside it."""
    inside = [*part.get("components", ()), *filter(None, (part.get("component"),))]
    return [part, *itertools.chain.from_iterable(map(walk, inside))]


def check_commands(commands: list[Json], locales: set[str]) -> None:
    """Names, localisations, order of options and size of every command."""
    names = [(one.get("type") or 1, one["name"]) for one in commands]
    if len(set(names)) < len(names):
        raise invalid("commands: application command names must be unique")
    for one in commands:
        is_slash = (one.get("type") or 1) == 1
        check_named(one, locales, is_slash=is_slash)
        if is_slash != bool(one.get("description")):
            raise invalid(f"{one['name']}: only slash commands have a description, and must")
        check_options(one.get("options") or [], locales, one["name"])
        if num_characters(one) > MAX_COMMAND_CHARACTERS:
            raise invalid(f"{one['name']}: more than 8000 characters")


def check_options(options: list[Json], locales: set[str], where: str) -> None:
    """Required options come first; names are unique."""
    is_needed = [bool(one.get("required")) for one in options if one["type"] > 2]
    if is_needed != sorted(is_needed, reverse=True):
        raise invalid(f"{where}: required options must be placed before non-required options")
    if len({one["name"] for one in options}) < len(options):
        raise invalid(f"{where}: option names must be unique")
    for one in options:
        check_named(one, locales, is_slash=True)
        if one.get("choices") and one.get("autocomplete"):
            raise invalid(f"{where}: choices and autocomplete exclude each other")
        check_options(one.get("options") or [], locales, f"{where} {one['name']}")


def check_named(one: Json, locales: set[str], *, is_slash: bool) -> None:
    """A name and its localisations are lower case words; languages are Discord's."""
    named: dict[str, Any] = one.get("name_localizations") or {}
    told: dict[str, Any] = one.get("description_localizations") or {}
    for locale in (*named, *told):
        if locale not in locales:
            raise invalid(f"{one['name']}: {locale} is no locale of Discord's")
    for name in (one["name"], *named.values()):
        if is_slash and (not NAME.fullmatch(name) or name != name.lower()):
            raise invalid(f"{name}: command name is invalid")


def num_characters(one: Json) -> int:
    """How long a command is: names, descriptions and values, the longest language of each."""
    total = max(map(len, (one["name"], *(one.get("name_localizations") or {}).values())))
    told = (one.get("description_localizations") or {}).values()
    total += max(map(len, (one.get("description") or "", *told)))
    total += sum(len(str(choice["value"])) + num_characters(choice)
                 for choice in one.get("choices") or [])  # fmt: skip
    return total + sum(map(num_characters, one.get("options") or []))
