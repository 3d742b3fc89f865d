"""What a CLIP sees in a picture, in words one can ask with: what, which colour, style, setting.

Style and setting are the nearest bare words, thing and colour the nearest sentence that names all
four (CLIP: arXiv 2103.00020), always among the words the bundled model was taught. It never sees
what is not in those words. Loads no torch itself: the eyes are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from inference.sketchbook.vocabulary import COLOURS, OBJECTS, SETTINGS, STYLES, Term

if TYPE_CHECKING:
    from PIL.Image import Image


class Eyes(Protocol):
    """A CLIP: sentences and pictures as vectors of length one."""

    def read(self, sentences: list[str]) -> Any:
        """N sentences → (N, D)."""

    def look(self, images: list[Image]) -> Any:
        """N pictures → something whose ``whole`` is (N, D)."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One word of each kind."""

    thing: Term
    colour: Term
    style: Term
    setting: Term

    @property
    def prompt(self) -> str:
        """A wish that asks for it, as captions of the bundled model are."""
        name = f"{self.colour.english[0]} {self.thing.english[0]}"
        article = "an" if name[0] in "aeiou" else "a"
        return f"{article} {name} {self.setting.english[0]}, {self.style.english[0]} style"

    def words(self, language: str) -> list[str]:
        """The plainest names, in the order colour, thing, setting, style."""
        terms = (self.colour, self.thing, self.setting, self.style)
        is_chinese = language.startswith("zh")
        return [(one.chinese if is_chinese else one.english)[0] for one in terms]


def see(eyes: Eyes, image: Image) -> Seen:
    """The nearest words; the picture is an RGB one of any size."""
    seen = eyes.look([image]).whole[0]  # (D,)

    def nearest(sentences: list[str]) -> int:
        scores: list[float] = (eyes.read(sentences) @ seen).tolist()
        return scores.index(max(scores))

    style = STYLES[nearest([term.english[0] for term in STYLES])]
    setting = SETTINGS[nearest([term.english[0] for term in SETTINGS])]
    every = [
        Seen(thing=thing, colour=colour, style=style, setting=setting)
        for thing in OBJECTS
        for colour in COLOURS
    ]
    return every[nearest([each.prompt for each in every])]
