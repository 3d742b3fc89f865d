"""What a wish names, as data: things, how they stand to each other, and the look of it all.

It is what both grammars produce and what a brief is composed from. Knows no wish and no words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inference.expansion.lexicon.entries import Entry, listed, plural_of

_NUMBER_NAMES = (
    listed("zero one two three four five six seven eight nine ten eleven twelve")
)  # fmt: skip


@dataclass(kw_only=True)
class Thing:
    """Something to draw, with what the person said of it."""

    name: str  # singular; English where it is known
    count: int = 1
    quantity: str = ""  # "some", "a group of": more than one, not counted
    colours: list[Entry] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)  # adjectives in order, colours among them
    after: list[str] = field(default_factory=list)  # "wearing a hat", "above a blue house"
    position: str | None = None
    is_mass: bool = False
    is_known: bool = True

    def phrase(self) -> str:
        """The thing in English: "two red stars above a blue house"."""
        is_many = self.count > 1 or bool(self.quantity)
        noun = plural_of(self.name) if is_many and not self.is_mass and self.is_known else self.name
        words = " ".join([*self.looks, noun])
        return " ".join([*self._determiner(words), words, *self.after])

    def _determiner(self, words: str) -> list[str]:
        if self.quantity:
            return [self.quantity]
        if self.count > 1:
            is_named = self.count < len(_NUMBER_NAMES)
            return [_NUMBER_NAMES[self.count] if is_named else str(self.count)]
        return [] if self.is_mass else [article_for(words)]


def article_for(words: str) -> str:
    """The article, "a" or "an", for the words that follow."""
    is_vowel = words[:1].lower() in "aeiou" and not words.lower().startswith(
        ("uni", "eur", "one", "ufo")
    )
    return "an" if is_vowel or words.lower().startswith("hour") else "a"


@dataclass(kw_only=True)
class Scene:
    """Everything a wish names, in the order it was named."""

    things: list[Thing] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)  # the things' phrases, in English
    styles: list[str] = field(default_factory=list)  # the first is the style
    places: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    views: dict[str, str] = field(default_factory=dict)
    """Places and times that fill a picture by themselves: phrase → noun, "by the sea" → "the sea"."""
    colours: list[Entry] = field(default_factory=list)  # every colour, attached or not
    moods: list[Entry] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)  # adjectives that belong to no thing
    unknown: list[str] = field(default_factory=list)  # words no table holds
    negatives: list[str] = field(default_factory=list)
    num_pictures: int | None = None
    is_open: bool = False  # "something", "surprise me"
    is_subject_named: bool = False  # something to draw was named, known or not
    num_details: int = 0  # adjectives, actions and relations

    @property
    def is_detailed(self) -> bool:
        """Whether the person described enough that a style of our own would intrude."""
        return self.num_details > 2 or bool(self.places or self.times)
