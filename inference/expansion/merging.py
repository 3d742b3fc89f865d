"""Puts a checked draft into the offline brief: the model's words, our numbers.

Sizes, counts, texts and refusals stay what the wish said; what only the model could read (words
no table translates) is taken from it, as far as its own prompt bears it out.
"""

from __future__ import annotations

from typing import Any, Final

from inference.expansion.alignment import added_spans, persons_words, words_of
from inference.expansion.brief import Brief, Clarity, Constraints, ObjectWish, Question, Wish
from inference.expansion.checks import cleaned, is_about_a_picture
from inference.expansion.draft import Draft
from inference.expansion.folding import has_han
from inference.expansion.offline import MAX_OBJECT_COUNT, MAX_OBJECTS
from inference.expansion.reading import Reading
from inference.expansion.tokens import style_phrase

MAX_QUESTION, MAX_OPTIONS, MAX_OPTION = 200, 5, 60  # characters, options, characters
MAX_NEGATIVE: Final = 200  # characters
_TRANSLATED_NOTICE: Final = "expansion-passed-through"


def brief_from(draft: Draft, wish: Wish, base: Brief, reading: Reading, *, expander: str) -> Brief:
    """``base`` with the words of ``draft``, which has passed the checks."""
    prompt = cleaned(draft.prompt)
    style = _style_in(prompt, base)
    if style and not _has_words(prompt, style):
        prompt = f"{prompt}, {style_phrase(style)}"
    translation = cleaned(draft.translation) if reading.untranslated else ""
    own = persons_words(reading, translation, wish.style or "", _asked_style(base) or "")
    changes: dict[str, Any] = {
        "prompt": prompt, "style": style, "added": added_spans(prompt, own), "expander": expander,
        "question": base.question or _question(draft, wish, base),
    }  # fmt: skip
    if reading.untranslated:
        changes |= _translated(draft, base, prompt)
    return base.model_copy(update=changes)


def _asked_style(base: Brief) -> str | None:
    """The style the person asked for; one that was added for them is not."""
    is_added = base.style is not None and _has_words(" ".join(base.added_words), base.style)
    return None if is_added else base.style


def _style_in(prompt: str, base: Brief) -> str | None:
    asked = _asked_style(base)
    if asked or base.style is None:
        return asked
    return base.style if _has_words(prompt, base.style) else None


def _has_words(text: str, name: str) -> bool:
    return set(words_of(name)) <= set(words_of(text))


def _question(draft: Draft, wish: Wish, base: Brief) -> Question | None:
    """The model's question, where one may be asked and the wish is more than a mood."""
    text = cleaned(draft.question or "")
    is_open = base.clarity in (Clarity.NONE, Clarity.DIRECTION)
    if not text or len(text) > MAX_QUESTION or not wish.may_ask or wish.answer or is_open:
        return None
    if (
        not is_about_a_picture(text)
        or has_han(text) != (base.language == "zh")
        or not text.endswith(("?", "？"))
    ):
        return None
    options = [cleaned(option)[:MAX_OPTION] for option in draft.options[:MAX_OPTIONS]]
    return Question(text=text, options=tuple(filter(None, options)))


def _translated(draft: Draft, base: Brief, prompt: str) -> dict[str, Any]:
    """What the model could read and our tables could not."""
    words = set(words_of(prompt))
    objects = tuple(
        ObjectWish(
            name=wished.name,
            count=min(max(wished.count, 1), MAX_OBJECT_COUNT),
            color=wished.color,
            position=wished.position,
        )
        for wished in draft.objects[:MAX_OBJECTS]
        if wished.name and set(words_of(wished.name)) <= words
    )
    constraints = base.constraints.model_copy(update={"objects": objects})
    changes: dict[str, Any] = {
        "constraints": constraints if objects else Constraints(texts=base.constraints.texts),
        "clarity": draft.clarity,
        "notices": tuple(note for note in base.notices if note.key != _TRANSLATED_NOTICE),
    }
    if has_han(base.negative_prompt):
        changes["negative_prompt"] = cleaned(draft.negative_prompt)[:MAX_NEGATIVE]
    return changes
