"""The expander that needs no network: a word table and two small grammars, en and zh.

The same wish and seed give the same brief. It adds nothing to draw where the wish names
something; what it adds is marked. It knows no chat and no model but its name and size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from inference.expansion.brief import (
    Brief,
    Clarity,
    Constraints,
    Notice,
    ObjectWish,
    Question,
    Wish,
)
from inference.expansion.choices import Chooser
from inference.expansion.compose import Prompt
from inference.expansion.directives import size_for_ratio
from inference.expansion.lexicon.entries import Entry, listed
from inference.expansion.questions import find_doubt, merge_answer, question_of
from inference.expansion.reading import Reading, read
from inference.expansion.scene import Scene, article_for
from inference.expansion.tokens import find_style, style_phrase, taught_names
from inference.jobs import MAX_COUNT

MAX_OBJECTS: Final = 20
MAX_OBJECT_COUNT: Final = 20
MAX_NAMED: Final = 6  # words a notice names
MAX_WORD: Final = 40  # characters of each
_PREPOSITIONS: Final = frozenset(listed("at in on by under over for"))


class OfflineExpander:
    """Wish → brief by grammar. ``model`` and ``native_size`` (pixels) are the serving model's."""

    def __init__(
        self, *, model: str = "sketchbook", native_size: tuple[int, int] = (64, 64)
    ) -> None:
        self._model = model
        self._native_size = native_size

    async def expand(self, wish: Wish) -> Brief:
        """The brief of ``wish``; never raises for what it says."""
        return self.expand_now(wish)

    def expand_now(self, wish: Wish) -> Brief:
        """The same without an event loop."""
        reading, question = understand(wish)
        clarity = clarity_of(reading, wish)
        prompt, style = self._write(wish, reading, clarity)
        width, height = self._size(wish, reading)
        return Brief(
            wish=wish.text, language=reading.language, prompt=prompt.text, style=style,
            negative_prompt=_joined([wish.negative_prompt, *reading.negatives]),
            width=width, height=height, count=_num_pictures(reading), clarity=clarity,
            constraints=_constraints(reading), added=tuple(prompt.added),
            question=question,
            notices=tuple(self._notices(reading)), expander="offline",
        )  # fmt: skip

    def _write(self, wish: Wish, reading: Reading, clarity: Clarity) -> tuple[Prompt, str | None]:
        """The prompt and the style it has."""
        chooser = Chooser(wish.seed, self._model, reading.negatives)
        named, is_in_words = _named_style(wish, reading)
        if clarity is Clarity.NONE:
            return _surprise(chooser, named)
        prompt = Prompt()
        added = None
        if clarity is Clarity.DIRECTION:
            _write_open(prompt, reading, chooser)
            added = named or chooser.mood_style(reading.scene.moods)
        else:
            prompt.write(reading.own, is_added=False)
            if not named and reading.scene.moods and not reading.scene.is_detailed:
                added = chooser.mood_style(reading.scene.moods)
        if named and not is_in_words:
            prompt.write(style_phrase(named), is_added=False, between=", ")
        elif added and not named:
            prompt.write(style_phrase(added), is_added=True, between=", ")
        return prompt, named or added

    def _size(self, wish: Wish, reading: Reading) -> tuple[int | None, int | None]:
        """Pixels asked for by option, else in words."""
        found = reading.directives
        if wish.width or wish.height:
            return wish.width, wish.height
        if found.ratio and not found.width:
            return size_for_ratio(found.ratio, self._native_size)
        return found.width, found.height

    def _notices(self, reading: Reading) -> Iterator[Notice]:
        found = reading.directives
        if reading.untranslated:
            yield Notice(
                key="expansion-passed-through", args={"words": _named(reading.untranslated)}
            )
        if found.is_size_rounded and found.width and found.height:
            size = {"width": found.width, "height": found.height}
            yield Notice(key="expansion-size-rounded", args=dict(size))
        if (reading.num_pictures or 0) > MAX_COUNT:
            yield Notice(key="expansion-count-limited", args={"most": MAX_COUNT})
        if self._model == "sketchbook" and (unknown := _not_taught(reading)):
            yield Notice(key="expansion-not-taught", args={"words": _named(unknown)})


def understand(wish: Wish) -> tuple[Reading, Question | None]:
    """The wish, with the answer to an earlier question in it, and the question it leaves."""
    reading = read(wish.text, wish)
    doubt = find_doubt(reading)
    if wish.answer:
        return read(merge_answer(reading, doubt, wish.answer), wish), None
    return reading, question_of(doubt, reading) if wish.may_ask else None


def clarity_of(reading: Reading, wish: Wish) -> Clarity:
    """How clear the wish is."""
    scene = reading.scene
    is_named = scene.is_subject_named or bool(reading.directives.texts) or _is_logo(scene)
    if not scene.is_open:
        is_named |= bool(scene.views or scene.unknown)
    if not is_named or not (reading.own or scene.styles or wish.style):
        says = scene.styles or scene.moods or scene.colours or scene.looks or reading.rest
        return Clarity.DIRECTION if says or wish.style else Clarity.NONE
    has_look = bool(scene.colours) or scene.num_details >= 2
    has_setting = bool(scene.places or scene.times)
    is_complete = has_look and has_setting and bool(wish.style or scene.styles)
    return Clarity.COMPLETE if is_complete else Clarity.CONSTRAINTS


def _named_style(wish: Wish, reading: Reading) -> tuple[str | None, bool]:
    """The style the person asked for, and whether the words of the prompt name it already."""
    if reading.changed_style:
        return reading.changed_style, False
    if wish.style:
        return find_style(wish.style), False
    return next(iter(reading.scene.styles), None), reading.language == "en"


def _is_logo(scene: Scene) -> bool:
    return any(style == "logo" for style in scene.styles)


def _surprise(chooser: Chooser, style: str | None) -> tuple[Prompt, str]:
    """A whole picture nobody asked for in words: all of it is added but a chosen style."""
    prompt = Prompt()
    colour, thing = chooser.colour(), chooser.mood_thing(())
    prompt.write(f"{article_for(colour)} {colour} {thing} {chooser.setting()}", is_added=True)
    chosen = style or chooser.mood_style(())
    prompt.write(style_phrase(chosen), is_added=style is None, between=", ")
    return prompt, chosen


def _write_open(prompt: Prompt, reading: Reading, chooser: Chooser) -> None:
    """A thing the person left open, with the words they gave around it."""
    thing = chooser.mood_thing(reading.scene.moods)
    words = " ".join(dict.fromkeys(reading.adjectives))
    prompt.write(article_for(words or thing), is_added=True)
    prompt.write(words, is_added=False)
    prompt.write(thing, is_added=True)
    is_setting = reading.rest.partition(" ")[0].lower() in _PREPOSITIONS
    prompt.write(reading.rest, is_added=False, between=" " if is_setting else ", ")


def _constraints(reading: Reading) -> Constraints:
    scene = reading.scene
    objects = [
        ObjectWish(
            name=thing.name,
            count=min(thing.count, MAX_OBJECT_COUNT),
            position=thing.position,
            color=next((_plain(colour) for colour in thing.colours), None),
        )
        for thing in scene.things[:MAX_OBJECTS]
    ]
    palette = dict.fromkeys(_plain(colour) for colour in scene.colours)
    return Constraints(
        texts=reading.directives.texts, palette=tuple(palette), objects=tuple(objects)
    )


def _plain(colour: Entry) -> str:
    return colour.extra or colour.name


def _named(words: Sequence[str]) -> str:
    """Words for a notice: the first few, and of each no more than a glance takes in."""
    return ", ".join(word[:MAX_WORD] for word in words[:MAX_NAMED])


def _not_taught(reading: Reading) -> list[str]:
    """The person's words for the things the bundled model was never taught."""
    names = dict.fromkeys(t.name.partition(" of ")[0] for t in reading.scene.things if t.is_known)
    return [reading.spoken(name) for name in names if name not in taught_names()]


def _num_pictures(reading: Reading) -> int | None:
    return min(reading.num_pictures, MAX_COUNT) if reading.num_pictures else None


def _joined(negatives: list[str]) -> str:
    return ", ".join(dict.fromkeys(words.strip() for words in negatives if words.strip()))
