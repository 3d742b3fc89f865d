"""Which exchangeable part the settings name: expander, word filter, picture filter.

Each function builds one part; nothing is kept, and only the picture filter loads torch.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from inference.expansion.brief import Expander
    from moderation.pictures import PictureRules
    from moderation.pictures.parts import Part
    from moderation.pictures.writing import Reader
    from moderation.policy import Verdict, WordFilter
    from moderation.words import WordRules
    from moderation.words.local_guard import LocalGuard


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


def make_local_guard(settings: Settings) -> LocalGuard | None:
    """The operator's classifiers of words; they load torch when first asked."""
    if settings.word_classifiers is None:
        return None
    from moderation.policy import Level
    from moderation.words.local_guard import LocalGuard

    return LocalGuard(settings.word_classifiers, level=Level(settings.community_level))


def make_picture_filter(settings: Settings, words: WordRules | None = None) -> PictureRules:
    """Known pictures, concepts, and what else the operator chose. Loads torch.

    ``words``: the filter of words, which also knows how strict a community is.
    """
    from moderation.lists import HashLists
    from moderation.pictures import load_picture_filter

    words = words or make_word_rules(settings)
    return load_picture_filter(
        clip_folder(settings),
        settings.concepts,
        lists=HashLists(settings.hash_folder),
        more=(*_classifiers(settings), *_writing(settings, words)),
        strictness_of=words.strictness,
    )


def _classifiers(settings: Settings) -> tuple[Part, ...]:
    if settings.picture_classifiers is None:
        return ()
    from moderation.pictures.classifiers import load_parts

    return load_parts(settings.picture_classifiers)


def _writing(settings: Settings, words: WordRules) -> tuple[Part, ...]:
    from moderation.pictures.addresses import NOWHERE, read_addresses
    from moderation.pictures.codes import Codes
    from moderation.pictures.lettering import Lettering
    from moderation.pictures.writing import Writing
    from moderation.reloading import Reloading

    readers: list[Reader] = []
    if settings.picture_text == "rapidocr":
        readers.append(Lettering())
    if settings.picture_codes:
        readers.append(Codes())
    if not readers:
        return ()
    path = settings.picture_addresses
    addresses = (
        Reloading(lambda: read_addresses(path), lambda: path.stat().st_mtime_ns)
        if path
        else Reloading(lambda: NOWHERE, lambda: None)
    )
    return (Writing(readers, words.within, addresses),)


def make_upload_check(settings: Settings) -> Callable[[bytes], Verdict]:
    """Limits before decoding, then the lists of known pictures: all that needs no torch."""
    from moderation.lists import HashLists
    from moderation.pictures.uploads import UploadCheck

    return UploadCheck(
        HashLists(settings.hash_folder),
        max_bytes=settings.max_upload_bytes,
        max_pixels=settings.max_upload_pixels,
    )


def has_safety_tier(settings: Settings) -> bool:
    """True where the operator has put anything into the child-safety tier, or that cannot be
    told. Loads no torch, so it can be asked where the filter itself cannot be loaded."""
    from moderation.errors import ModerationError
    from moderation.lists import read_lists
    from moderation.pictures.classifier_list import load_classifiers
    from moderation.pictures.concept_list import load_concepts
    from moderation.policy import Category

    try:
        categories = load_concepts(settings.concepts).categories
        categories |= read_lists(settings.hash_folder).categories
        if settings.picture_classifiers is not None:
            categories |= load_classifiers(settings.picture_classifiers).categories
    except (ModerationError, OSError):
        return True
    return Category.CHILD_SAFETY in categories


def clip_folder(settings: Settings) -> Path:
    """The folder of the CLIP that the concept filter looks with."""
    if settings.clip_model != "sketchbook":
        return Path(settings.clip_model)
    from inference.sketchbook import clip_dir

    return clip_dir()
