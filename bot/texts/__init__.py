"""Turns a key and its arguments into a sentence in a person's language; knows no platform.

Sentences are Fluent messages (projectfluent.org). Every package keeps those it owns in
``<package>/**/texts/en.ftl`` and ``zh-CN.ftl`` (or ``<topic>.en.ftl``); this module reads them
all. Names are unique over all packages, and both languages hold the same ones.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

Language = Literal["en", "zh-CN"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-CN")
_MOST = 1e15  # what a locale can still be asked to round
_MOST_WHOLE = 10**24  # the same for whole numbers; who asks for more reads of this one
PACKAGES = ("bot", "inference", "moderation", "store")


class TextWarning(UserWarning):
    """A sentence or one of its arguments is missing. An error wherever warnings are errors."""


def say(language: str, key: str, /, **args: Any) -> str:
    """The sentence ``key`` in ``language``; in English, or as its bare key, where it is missing."""
    for name in dict.fromkeys((known_language(language) or "en", "en")):
        bundle = _bundle(name)
        if bundle.has_message(key) and (pattern := bundle.get_message(key).value) is not None:
            sentence, errors = bundle.format_pattern(pattern, _speakable(args))
            if errors:
                warnings.warn(f"{key} in {name}: {errors[0]}", TextWarning, stacklevel=2)
            return str(sentence)
        warnings.warn(f"no sentence {key} in {name}", TextWarning, stacklevel=2)
    return key


def _speakable(args: dict[str, Any]) -> dict[str, Any]:
    """The arguments, with numbers that no language writes in digits (1e99, infinity) as words."""
    return {name: _speakable_number(value) for name, value in args.items()}


def _speakable_number(value: Any) -> Any:
    if isinstance(value, float) and not abs(value) < _MOST:
        return str(value)
    return max(-_MOST_WHOLE, min(value, _MOST_WHOLE)) if isinstance(value, int) else value


def has_text(key: str) -> bool:
    """True where ``key`` names a sentence."""
    return bool(_bundle("en").has_message(key))


def known_language(tag: str | None) -> Language | None:
    """The language we speak for a tag such as ``zh``, ``zh-Hant-TW`` or ``en_GB.UTF-8``."""
    primary = (tag or "").replace("_", "-").split("-")[0].split(".")[0].lower()
    return {"en": "en", "zh": "zh-CN"}.get(primary)  # type: ignore[return-value]


def pick_language(
    person: str | None, platform_locale: str | None = None, default: str = "en"
) -> Language:
    """What the person chose, else what their platform says, else the operator's default."""
    return (
        known_language(person) or known_language(platform_locale) or known_language(default) or "en"
    )


def text_files(language: Language) -> Iterator[Path]:
    """Every file of sentences in ``language``, in a stable order."""
    for package in PACKAGES:
        for folder in importlib.import_module(package).__path__:
            yield from sorted(
                path
                for path in Path(folder).glob("**/texts/*.ftl")
                if path.name == f"{language}.ftl" or path.name.endswith(f".{language}.ftl")
            )


@cache
def _bundle(language: Language) -> FluentBundle:
    from fluent.runtime import FluentBundle, FluentResource

    bundle = FluentBundle([language], use_isolating=False)
    for path in text_files(language):
        bundle.add_resource(FluentResource(path.read_text("utf-8")))
    return bundle
