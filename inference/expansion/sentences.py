"""Writes the questions this package asks, in the person's language. Knows only its own texts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

from fluent.runtime import FluentBundle, FluentResource

from inference.expansion.brief import Language

_LOCALES: Final = {"en": "en", "zh": "zh-CN"}


def sentence(language: Language, key: str, **args: Any) -> str:
    """The sentence ``key`` of ``texts/``; ``KeyError`` where there is none."""
    bundle = _bundle(language)
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise KeyError(key)
    return str(bundle.format_pattern(pattern, args)[0])


@cache
def _bundle(language: Language) -> FluentBundle:
    locale = _LOCALES[language]
    text = (files("inference.expansion") / "texts" / f"{locale}.ftl").read_text("utf-8")
    bundle = FluentBundle([locale], use_isolating=False)
    bundle.add_resource(FluentResource(text))
    return bundle
