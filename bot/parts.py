"""Which exchangeable part the settings name: expander, word filter, picture filter.

Each function builds one part; nothing is kept, and only the picture filter loads torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from inference.expansion.brief import Expander
    from moderation.policy import PictureFilter, WordFilter
    from moderation.words import WordRules


def make_expander(settings: Settings) -> Expander:
    """The expander that was chosen; ``auto`` is the LLM where a model is named."""
    if settings.expander == "none":
        from inference.expansion.plain import PlainExpander

        return PlainExpander()
    from inference.engine import native_size
    from inference.expansion.offline import OfflineExpander

    offline = OfflineExpander(model=settings.model, native_size=native_size(settings.model))
    if settings.expander == "offline" or (settings.expander == "auto" and not settings.llm_model):
        return offline
    if not settings.llm_model:
        raise SettingsError("settings-no-llm")
    from inference.expansion.llm import LlmExpander

    return LlmExpander(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout_seconds=settings.llm_timeout_seconds,
        fallback=offline,
    )


def make_word_filter(settings: Settings) -> WordFilter:
    """The word filter at the community's level."""
    return make_word_rules(settings)


def make_word_rules(settings: Settings) -> WordRules:
    """The same, which also knows communities; with the operator's lists and guard."""
    from moderation.words import load_word_filter

    return load_word_filter(
        settings.community_level, settings.word_lists, guards=_word_guards(settings)
    )


def _word_guards(settings: Settings) -> dict[str, WordFilter]:
    if settings.word_guard == "none":
        return {}
    from moderation.policy import Level
    from moderation.words.openai_guard import OpenAiGuard

    key = settings.word_guard_api_key or settings.llm_api_key
    guard = OpenAiGuard(
        key.get_secret_value(),
        base_url=settings.word_guard_url,
        timeout_seconds=settings.word_guard_timeout_seconds,
        level=Level(settings.community_level),
    )
    return {"openai": guard}


def make_picture_filter(settings: Settings) -> PictureFilter:
    """The concept filter with its CLIP. Loads torch."""
    from moderation.pictures import load_picture_filter

    return load_picture_filter(clip_folder(settings), settings.community_level)


def clip_folder(settings: Settings) -> Path:
    """The folder of the CLIP that the concept filter looks with."""
    if settings.clip_model != "sketchbook":
        return Path(settings.clip_model)
    from inference.sketchbook import clip_dir

    return clip_dir()
