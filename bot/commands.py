"""Every command people can give, as one table that knows no platform and no database.

An adapter registers the table with its platform and hands what people chose to
``Studio.command``. Names and descriptions are Fluent sentences (``texts/commands.*.ftl``); those
in English are what a platform without localised names uses. A name of two words is a group and a
command in it: ``mydata export``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from inference.jobs import MAX_COUNT, MAX_GUIDANCE, MAX_STEPS

from .aspects import Aspect
from .texts import LANGUAGES, has_text, say

MAX_CHARACTERS = 2000  # of a wish
MAX_SHOWN_SEED = 2**31 - 1


class Kind(StrEnum):
    """What kind of value an option takes, and as what the core expects it."""

    TEXT = "text"  # str
    INTEGER = "integer"  # int
    NUMBER = "number"  # float
    SWITCH = "switch"  # bool
    CHOICE = "choice"  # str, one of ``choices``
    PICTURE = "picture"  # chat.Upload
    PERSON = "person"  # chat.Speaker: someone mentioned


class Who(StrEnum):
    """Who may give a command; the core checks it, a platform may hide the rest."""

    ANYONE = "anyone"
    MODERATOR = "moderator"
    READER = "reader"  # whoever has any role here: an auditor, too
    ADMINISTRATOR = "administrator"  # of the place, or the operator


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing to choose beside a command."""

    name: str
    kind: Kind = Kind.TEXT
    is_required: bool = False
    is_main: bool = False  # the words right after a command that is typed
    choices: tuple[str, ...] = ()  # values; what people read is ``choice_in``
    is_suggested: bool = False  # ``Studio.suggest`` knows good values; others are welcome
    least: float | None = None
    most: float | None = None
    max_characters: int | None = None

    def name_in(self, language: str) -> str:
        """At most 32 characters, lower case."""
        return say(language, f"option-{self.name}-name")

    def description_in(self, language: str) -> str:
        """At most 100 characters."""
        return say(language, f"option-{self.name}")

    def choice_in(self, language: str, value: str) -> str:
        """What people read for a choice."""
        key = f"choice-{self.name}-{value.lower()}"
        return say(language, key) if has_text(key) else value


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. ``is_private``: only the person sees what it answers."""

    name: str
    options: tuple[Option, ...] = ()
    who: Who = Who.ANYONE
    is_private: bool = True
    takes_message: bool = False  # also offered on a message; ``Event.message_id`` names it

    @property
    def path(self) -> tuple[str, ...]:
        """``("mydata", "export")``."""
        return tuple(self.name.split(" "))

    @property
    def key(self) -> str:
        return f"command-{self.name.replace(' ', '-')}"

    def name_in(self, language: str) -> str:
        """The last word of its name in that language: at most 32 characters, lower case."""
        return say(language, f"{self.key}-name")

    def description_in(self, language: str) -> str:
        """At most 100 characters."""
        return say(language, self.key)

    def option(self, name: str) -> Option | None:
        """By its name in any language."""
        for option in self.options:
            if name == option.name or any(name == option.name_in(each) for each in LANGUAGES):
                return option
        return None

    @property
    def main(self) -> Option | None:
        """The option that plain words after the command mean."""
        return next((option for option in self.options if option.is_main), None)


_REQUEST = Option(name="request", is_main=True, max_characters=40)
_COUNT = Option(name="count", kind=Kind.INTEGER, least=1, most=MAX_COUNT)
_STEPS = Option(name="steps", kind=Kind.INTEGER, least=1, most=MAX_STEPS)
_STYLE = Option(name="style", is_suggested=True, max_characters=60)
_ASPECT = Option(name="aspect", kind=Kind.CHOICE, choices=tuple(Aspect))
_EXPAND = Option(name="expand", kind=Kind.SWITCH)
_PRIVATE = Option(name="private", kind=Kind.SWITCH)
_LANGUAGE = Option(name="language", kind=Kind.CHOICE, choices=(*LANGUAGES, "auto"))
REPORT_REASONS = (
    "sexual",
    "violence",
    "hate",
    "self_harm",
    "child_safety",
    "real_person",
    "illicit",
)

COMMANDS: tuple[Command, ...] = (
    Command(
        name="imagine",
        options=(
            Option(name="prompt", is_main=True, max_characters=MAX_CHARACTERS),
            _STYLE,
            _ASPECT,
            _COUNT,
            Option(name="reference", kind=Kind.PICTURE),
            Option(name="strength", kind=Kind.NUMBER, least=0.05, most=1.0),
            Option(name="negative", max_characters=MAX_CHARACTERS),
            _STEPS,
            Option(name="seed", kind=Kind.INTEGER, least=0, most=MAX_SHOWN_SEED),
            Option(name="guidance", kind=Kind.NUMBER, least=0.0, most=MAX_GUIDANCE),
            Option(name="size", max_characters=12),
            _EXPAND,
            _PRIVATE,
        ),
        is_private=False,
    ),
    Command(name="queue"),
    Command(name="cancel", options=(_REQUEST,), takes_message=True),
    Command(name="history"),
    Command(name="show", options=(_REQUEST,), is_private=False),
    Command(name="styles"),
    Command(
        name="describe",
        options=(Option(name="picture", kind=Kind.PICTURE, is_required=True),),
        is_private=False,
        takes_message=True,
    ),
    Command(name="gallery", is_private=False),
    Command(
        name="settings me",
        options=(
            _LANGUAGE, _STYLE, _ASPECT, _COUNT, _STEPS, _EXPAND, _PRIVATE,
            Option(name="learning", kind=Kind.SWITCH),
        ),
    ),
    Command(
        name="settings here",
        options=(
            _LANGUAGE, _STYLE, _ASPECT, _COUNT, _STEPS, _EXPAND,
            Option(name="max-count", kind=Kind.INTEGER, least=1, most=MAX_COUNT),
            Option(name="max-steps", kind=Kind.INTEGER, least=1, most=MAX_STEPS),
            Option(name="styles", max_characters=400),
            Option(name="level", kind=Kind.CHOICE, choices=("strict", "standard", "relaxed")),
            Option(name="reviews", kind=Kind.CHOICE, choices=("here", "nowhere")),
            Option(name="shared", kind=Kind.CHOICE, choices=("here", "nowhere")),
        ),
        who=Who.ADMINISTRATOR,
    ),
    Command(
        name="settings reviewers",
        options=(
            Option(name="add", kind=Kind.PERSON),
            Option(name="role", kind=Kind.CHOICE, choices=("moderator", "administrator", "auditor")),
            Option(name="remove", kind=Kind.PERSON),
        ),
        who=Who.ADMINISTRATOR,
    ),
    Command(name="link", options=(Option(name="code", is_main=True, max_characters=20),)),
    Command(name="terms"),
    Command(name="mydata export"),
    Command(name="mydata delete"),
    Command(name="mydata forget-votes"),
    Command(
        name="report",
        options=(
            _REQUEST,
            Option(name="reason", kind=Kind.CHOICE, choices=REPORT_REASONS),
        ),
        takes_message=True,
    ),
    Command(name="appeal", options=(_REQUEST,)),
    Command(name="cases", who=Who.MODERATOR),
    Command(name="desk", who=Who.READER),
    Command(name="help"),
)  # fmt: skip
GROUPS = tuple(dict.fromkeys(c.path[0] for c in COMMANDS if len(c.path) > 1))


@cache
def every_name() -> dict[str, Command]:
    """Everything a command is called: its name, joined by a hyphen, and in every language."""
    named = {each.name: each for each in COMMANDS}
    named |= {each.name.replace(" ", "-"): each for each in COMMANDS}
    return named | {name: each for each in COMMANDS for name in typed_names(each)}


def typed_names(each: Command) -> list[str]:
    """What one types for it in each language, each once."""
    typed = []
    for language in LANGUAGES:
        group = [group_name(language, each.path[0])] if len(each.path) > 1 else []
        typed.append(" ".join([*group, each.name_in(language)]))
    return list(dict.fromkeys(typed))


def command(name: str) -> Command | None:
    """The command of that name in any language."""
    return every_name().get(name.strip().lower())


def group_of(name: str) -> Command | None:
    """The first command of a group, by the group's name in any language."""
    for each in COMMANDS:
        if len(each.path) > 1 and name in (
            each.path[0],
            *(group_name(language, each.path[0]) for language in LANGUAGES),
        ):
            return each
    return None


def group_name(language: str, group: str) -> str:
    """What a group is called; at most 32 characters, lower case."""
    return say(language, f"group-{group}-name")


def group_description(language: str, group: str) -> str:
    """What a group is for; at most 100 characters."""
    return say(language, f"group-{group}")
