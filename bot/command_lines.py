"""Reads a command that was typed: ``/imagine@bot a cat --count 2`` → a command and its options.

For platforms whose commands are lines of text. English and Chinese names of commands and options
mean the same. Pure: text in, plain values out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .chat import Upload
from .commands import COMMANDS, Command, Kind, Option, every_name, group_of
from .edge import WrongUsage

SLASHES = ("/", "／")
_OPTION = re.compile(r"(?:^|\s)(?:--|——|—)([^\W\d][\w-]*)(?:[ =:](?:\"([^\"]*)\"|(?!--|—)(\S+)))?")
_SIZE = re.compile(r"(\d{1,6})\s*[x×*]\s*(\d{1,6})", re.IGNORECASE)
_YES = frozenset({"", "on", "yes", "true", "1", "开", "是", "好"})
_NO = frozenset({"off", "no", "false", "0", "关", "否", "不"})
_FLAGS = {"own-words": ("expand", False), "原话": ("expand", False)}  # said by their opposite


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A command as it was typed."""

    command: Command
    options: Mapping[str, Any] = field(default_factory=dict)


def read_line(line: str, uploads: Sequence[Upload] = ()) -> Typed | None:
    """The command a line gives; None where it gives none. Raises ``WrongUsage``.

    A group alone ("/mydata") is taken for its first command, the harmless one.
    """
    line = line.strip()
    if not line.startswith(SLASHES):
        return None
    first, *rest = line[1:].split(None, 1) or [""]
    asked, words = first.partition("@")[0].lower(), "".join(rest)
    second, *further = words.split(None, 1) or [""]
    for name, after in ((f"{asked} {second.lower()}", "".join(further)), (asked, words)):
        found = every_name().get(name) or every_name().get(name.replace("_", " "))
        if found is not None:
            return Typed(command=found, options=read_options(found, after, uploads))
    found = group_of(asked)
    if found and words:
        within = ", ".join(each.path[1] for each in COMMANDS if each.path[0] == found.path[0])
        raise WrongUsage("usage-group", group=asked, word=second, commands=within)
    return Typed(command=found) if found else None


def read_options(command: Command, rest: str, uploads: Sequence[Upload] = ()) -> dict[str, Any]:
    """What stands behind a command: plain words first, then ``--name value``."""
    found = list(_OPTION.finditer(rest))
    words = (rest[: found[0].start()] if found else rest).strip()
    if words and command.main is None:
        raise _takes_no_words(command)
    chosen: dict[str, Any] = {command.main.name: words} if words and command.main else {}
    for each in found:
        value = each[2] if each[2] is not None else each[3] or ""
        chosen |= _read_option(command, each[1].lower(), value)
    pictures = [option for option in command.options if option.kind is Kind.PICTURE]
    return chosen | {option.name: up for option, up in zip(pictures, uploads, strict=False)}


def _takes_no_words(command: Command) -> WrongUsage:
    """What it does take."""
    if not command.options:
        return WrongUsage("usage-no-words", command=command.name)
    return WrongUsage("usage-only-options", command=command.name, options=_options_of(command))


def _options_of(command: Command) -> str:
    """Each as it is typed: with its choices where they are few enough to be told."""
    told = []
    for option in command.options:
        if not option.is_main:
            choices = f" {'|'.join(option.choices)}" if 0 < len(option.choices) <= 4 else ""
            told.append(f"--{option.name}{choices}")
    return ", ".join(told) or "-"


def _read_option(command: Command, name: str, value: str) -> dict[str, Any]:
    if name in _FLAGS and command.option(_FLAGS[name][0]):
        return dict([_FLAGS[name]])
    option = command.option(name)
    if option is None:
        raise WrongUsage("usage-option", option=name, options=_options_of(command))
    return {option.name: read_value(option, value)}


def read_value(option: Option, value: str) -> Any:
    """A typed value as the option's kind; raises ``WrongUsage``."""
    try:
        match option.kind:
            case Kind.INTEGER:
                return int(value)
            case Kind.NUMBER:
                return float(value)
    except ValueError:
        raise WrongUsage("usage-number", option=option.name, value=value) from None
    if option.kind is Kind.SWITCH:
        if value.lower() not in _YES | _NO:
            raise WrongUsage("usage-switch", option=option.name, value=value)
        return value.lower() in _YES
    return value


def parse_size(value: str) -> tuple[int, int]:
    """``64x48`` as (width, height) in pixels; raises ``WrongUsage``."""
    size = _SIZE.fullmatch(value.strip())
    if size is None:
        raise WrongUsage("usage-size", value=value)
    return int(size[1]), int(size[2])
