"""What commands print: results on stdout, everything else on stderr, JSON as one document."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.edge import Problem, terminal_language
from bot.settings import Settings, SettingsError, read_settings
from bot.texts import say

if TYPE_CHECKING:
    from rich.console import Console


class Output:
    """Where one command's words go. With ``is_json`` stdout holds exactly one JSON document."""

    def __init__(self, language: str, *, is_json: bool = False) -> None:
        self.language, self.is_json = language, is_json
        self._has_document = False

    def text(self, line: str = "") -> None:
        """A line of the result; nothing where the result is JSON."""
        if not self.is_json:
            sys.stdout.write(line + "\n")

    def say(self, key: str, **args: Any) -> None:
        """A sentence of the result."""
        self.text(say(self.language, key, **args))

    def sentence(self, key: str, **args: Any) -> None:
        """A sentence beside the result."""
        self.aside(say(self.language, key, **args))

    def aside(self, line: str) -> None:
        """A line beside the result, such as why there is none."""
        sys.stderr.write(line + "\n")

    def document(self, facts: Mapping[str, Any] | Sequence[Any]) -> None:
        """The one JSON document; nothing where the result is text."""
        if self.is_json and not self._has_document:
            self._has_document = True
            sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n")

    def problem(self, problem: Problem) -> None:
        """Why there is no result: a sentence, and its facts where a program reads."""
        self.aside(problem.sentence)
        self.document({**problem.facts, "sentence": problem.sentence})

    def console(self, *, is_aside: bool = False) -> Console:
        """A rich console on stdout, or on stderr for what is beside the result."""
        from rich.console import Console

        return Console(file=sys.stderr if is_aside else sys.stdout, highlight=False)


def opened(*, is_json: bool = False, **overrides: object) -> tuple[Settings, Output]:
    """The settings and the output of a command. Raises ``SettingsError``."""
    settings = read_settings(**overrides)
    return settings, Output(terminal_language(settings), is_json=is_json)


def settings_or_none() -> Settings | None:
    """The settings, where they can be read at all."""
    try:
        return read_settings()
    except SettingsError:
        return None
