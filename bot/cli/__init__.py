"""The command line: one file for each group of commands, one edge around them all.

Commands translate arguments into a call and the answer into text or JSON; what they need they
import when they run, so that ``atelier --help`` costs nothing and only rendering loads torch.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from bot.edge import DONE, REFUSED, WRONG_USAGE, explain, terminal_language
from bot.texts import has_text, say

from . import audit, cases, desk, hash_lists, imagine, records, service, word_rules, words
from .output import Output, settings_or_none

INTERRUPTED = 128 + signal.SIGINT  # as shells count it


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit status. Nothing is ever raised from here."""
    is_json = "--json" in arguments
    if not logging.getLogger().handlers:  # what no log takes would be written to the terminal
        logging.getLogger().addHandler(logging.NullHandler())
    try:
        told = list(arguments) or ["--help"]
        status = command()(told, prog_name="atelier", standalone_mode=False)
        return status if isinstance(status, int) else DONE
    except typer.Abort:
        Output(terminal_language()).sentence("edge-stopped")
        return REFUSED
    except KeyboardInterrupt:
        Output(terminal_language(settings_or_none())).sentence("edge-interrupted")
        return INTERRUPTED
    except typer.TyperException as error:
        return _wrong_usage(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on
        return DONE
    except Exception as error:  # noqa: BLE001  (the edge: it is explained and recorded)
        settings = settings_or_none()
        problem = explain(error, terminal_language(settings), settings)
        output = Output(terminal_language(settings), is_json=is_json)
        output.problem(problem)
        return problem.status


def command() -> TyperGroup:
    """Every command, its help in the language of this terminal."""
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="help-atelier",
    )
    for group in (imagine, words, word_rules, hash_lists, service, cases, audit, desk, records):
        group.add_to(app)
    built = typer.main.get_group(app)
    translate(built, terminal_language(settings_or_none()))
    return built


def translate(one: Any, language: str) -> None:
    """Replace every help key of a command, its options and what is below it by its sentence."""
    if one.help and has_text(one.help):
        one.help = say(language, one.help)
    for parameter in one.params:
        words = getattr(parameter, "help", None)
        if words and has_text(words):
            parameter.help = say(language, words)
    if isinstance(one, TyperGroup):
        for below in one.commands.values():
            translate(below, language)


def _wrong_usage(error: typer.TyperException) -> int:
    """What typer could not read, in one sentence."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "atelier"
    language = terminal_language(settings_or_none())
    Output(language).sentence("edge-usage", message=_mistake(error, language), command=command)
    return WRONG_USAGE


def _mistake(error: typer.TyperException, language: str) -> str:
    """What was wrong, in our words where the kind is known, else in typer's."""
    parameter = getattr(error, "param", None)
    named = getattr(error, "option_name", "") or getattr(parameter, "opts", [""])[-1]
    key = f"edge-usage-{type(error).__name__}"
    if named and has_text(key):
        return say(language, key, name=named)
    message = getattr(error, "format_message", lambda: str(error))()
    return str(message).rstrip(".").replace("\n", " ")
