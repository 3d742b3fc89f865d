"""Composes the settings as they are now, with menus and buttons to change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .chat import Action, Button, Card, CardKind, Menu
from .commands import Command, Kind, Option, command
from .settings import Settings
from .styles import offered_here, style_name
from .texts import LANGUAGES, say

TOKEN_BYTES = 64
_MINE, _HERE = "settings me", "settings here"


def mine(
    language: str,
    chosen: Mapping[str, Any],
    community: Mapping[str, Any],
    limits: Settings,
    *,
    may_learn: bool,
) -> Card:
    """One's own choices; where nothing was chosen the community's or the operator's hold."""
    known = _command(_MINE)
    chosen = {"expand": True, "private": False, **chosen, "learning": may_learn}
    styles = offered_here(community, limits.styles_folder)
    counts = [str(number) for number in range(1, limits.max_count + 1)]
    menus = (
        _menu(language, known, "language", (*LANGUAGES, "auto"), chosen),
        _menu(language, known, "style", styles, chosen, may_clear=True),
        _menu(language, known, "aspect", _option(known, "aspect").choices, chosen, may_clear=True),
        _menu(language, known, "count", counts, chosen, may_clear=True),
    )
    switches = [
        _switch(language, known, name, chosen) for name in ("expand", "private", "learning")
    ]
    return Card(
        kind=CardKind.MENU,
        lines=(say(language, "settings-me-headline"), *_lines(language, known, chosen)),
        buttons=(tuple(switches),),
        menus=menus,
        is_private=True,
    )


def here(language: str, chosen: Mapping[str, Any], limits: Settings, levels: Sequence[str]) -> Card:
    """What holds for everybody here."""
    known = _command(_HERE)
    shown = {**chosen, "count": limits.default_count, "max-count": limits.max_count}
    shown |= {"max-steps": limits.max_steps, "level": chosen.get("level") or levels[0]}
    shown |= {name: "here" if chosen.get(name) else "nowhere" for name in ("reviews", "shared")}
    counts = [str(number) for number in range(1, 9)]
    menus = (
        _menu(language, known, "language", (*LANGUAGES, "auto"), shown),
        _menu(language, known, "level", levels, shown),
        _menu(language, known, "count", counts, shown),
        _menu(language, known, "max-count", counts, shown),
    )
    places = [
        _set(known, say(language, f"settings-{name}-{value}"), name, value)
        for name in ("reviews", "shared")
        for value in ("nowhere" if chosen.get(name) else "here",)
    ]
    return Card(
        kind=CardKind.MENU,
        lines=(say(language, "settings-here-headline"), *_lines(language, known, shown)),
        buttons=(tuple(places),),
        menus=menus,
        is_private=True,
    )


def reviewers(language: str, people: Sequence[tuple[str, str]], *, is_posted: bool) -> Card:
    """Who decides here: names, each with a role; and what to do so that cases are posted."""
    headline = say(language, "settings-reviewers-headline" if people else "settings-reviewers-none")
    lines = [
        say(language, "settings-reviewer", name=name, role=say(language, f"choice-role-{role}"))
        for name, role in people
    ]
    if people and not is_posted:
        lines.append(say(language, "settings-reviewers-unalerted"))
    return Card(kind=CardKind.PLAIN, lines=(headline, *lines), is_private=True)


def _lines(language: str, known: Command, chosen: Mapping[str, Any]) -> list[str]:
    """One line for each setting that has a value."""
    lines = []
    for option in known.options:
        value = chosen.get(option.name)
        if value is None or value == "":
            continue
        words = _words(language, option, value)
        lines.append(say(language, "settings-line", name=option.name_in(language), value=words))
    return lines


def _words(language: str, option: Option, value: Any) -> str:
    if option.kind is Kind.SWITCH:
        return say(language, "settings-on" if value else "settings-off")
    if option.name == "style":
        return style_name(language, str(value))
    if isinstance(value, list):
        return ", ".join(style_name(language, str(each)) for each in value)
    return option.choice_in(language, str(value))


def _menu(
    language: str,
    known: Command,
    name: str,
    values: Sequence[str],
    chosen: Mapping[str, Any],
    *,
    may_clear: bool = False,
) -> Menu:
    option = _option(known, name)
    offered = [(value, _words(language, option, value)) for value in values]
    if may_clear:
        offered.append(("-", say(language, "settings-clear")))
    options = tuple(
        one
        for value, words in offered
        if len((one := _set(known, words, name, value)).token.encode()) <= TOKEN_BYTES
    )
    now = str(chosen.get(name) or "-")
    holds = [place for place, one in enumerate(options) if one.argument.endswith(f":{now}")]
    scope = known.path[1]
    label = say(language, "settings-menu", name=option.name_in(language))
    return Menu(
        label=label,
        options=options,
        argument=f"{scope}-{name}:",
        chosen=holds[0] if holds else None,
    )


def _switch(language: str, known: Command, name: str, chosen: Mapping[str, Any]) -> Button:
    """A button that turns a switch to the other side; it says to which."""
    is_on = bool(chosen.get(name))
    return _set(
        known,
        say(language, f"settings-{name}-{'off' if is_on else 'on'}"),
        name,
        "off" if is_on else "on",
    )


def _set(known: Command, label: str, name: str, value: str) -> Button:
    return Button(label=label, action=Action.SET, argument=f"{known.path[1]}:{name}:{value}")


def _option(known: Command, name: str) -> Option:
    option = known.option(name)
    assert option is not None  # noqa: S101  (the table has it)
    return option


def _command(name: str) -> Command:
    known = command(name)
    assert known is not None  # noqa: S101  (the table has it)
    return known
