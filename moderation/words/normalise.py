"""Sees through disguises: text → the views in which words are looked for, with their origin.

A text of lower-case words with single separators is what terms are looked for in. Nothing here
knows a word list.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from .characters import HAN, CharacterFolds
from .codes import TEXT_CODES
from .views import View

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")

# Syntax of diffusion prompts: <lora:name:0.8> keeps its name, (word:1.3) loses its weight.
NETWORK = re.compile(r"<(?:lora|lyco|lycoris|hypernet|embedding|ti):([^<>:]*)(?::[^<>]*)?>")
_TAG = re.compile(r"<!--.{0,80}?-->|</?[a-z][a-z0-9]{0,9}(?: [^<>]{0,80})?/?>")
_WEIGHT = re.compile(r":\s*-?(?:\d+\.?\d*|\.\d+)\s*(?=[)\]}])")

# A phrase ends at a comma; words of one listed term never stand on both sides of one.
_MESSY = re.compile(r"[^\w ,]\W*|[ ,]\W+")  # anything but one space or one comma
_COMMA_AND_BLANK = re.compile(", ")
_ENDS_A_PHRASE = re.compile(r"[,.;:!?\n、。…]")

_SEPARATORS = re.compile(r"\W+")
_TWO_LETTERS_ALONE = re.compile(r"\W[a-z]\W{1,3}[a-z]\W")  # cheap: most texts end here
_SPELLED_OUT = re.compile(r"(?<![a-z])(?:[a-z]\W{1,3}){2,}[a-z](?![a-z])")
_INSIDE_WORD = re.compile(r"[^\w\s,](?<=[a-z0-9].)[^\w\s,]*(?=[a-z0-9])")
SPELLED_HAN = re.compile(rf"(?<![{HAN}])(?:[{HAN}]\W{{1,3}})+[{HAN}](?![{HAN}])")
_INSIDE_HAN = re.compile(rf"[^\w\s,、。;:!?…](?<=[{HAN}].)[^\w\s,、。;:!?…]*(?=[{HAN}])")
_SPACED_HAN = re.compile(rf"\s(?<=[{HAN}]\s)\s*(?=[{HAN}])")

_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_ALL_DOUBLED = re.compile(r"(?<![a-z])(?:([a-z])\1){3,}(?![a-z])")
_DOUBLE = re.compile(r"([a-z])\1")

_MAX_CODES = 3  # of codes within codes
_APART_HAN = re.compile(rf"(?<![{HAN}])(?:[{HAN}][,，、]\s?)+[{HAN}](?![{HAN}])")
_COMMAS = re.compile(r"[,，、]\s?")
_DOUBLED_HAN = re.compile(rf"(?:([{HAN}])\1){{2,}}")
_TWIN_HAN = re.compile(rf"([{HAN}])\1")
_PARTICLES = re.compile(rf"[{HAN}](?:[之の][{HAN}])+")
_PARTICLE = re.compile("[之の]")
_HAS_OTHER_LETTERS = re.compile("[Α-ωА-я]")  # Greek, Cyrillic
_SOUNDS_LIKE = str.maketrans(  # other alphabets as they are read, not as they look
    "αβγδεζηθικλμνξοπρστυφχψωабвгдежзийклмнопрстуфхцчшщыэюя",
    "abgdezitiklmnxoprstufhpoabvgdejziiklmnoprstufhcccsyeua",
)


class Normaliser:
    """Turns a text into its views. Building one loads tables; using one does not."""

    def __init__(self) -> None:
        self._folds = CharacterFolds()

    def plain(self, text: str) -> str:
        """The first view's text: how terms of a word list are written down for matching."""
        return _separate(self.fold(text)).text.strip(" ,")

    def plain_view(self, folded: View) -> View:
        """Words of a folded text with single separators."""
        return _separate(folded)

    def together(self, folded: View) -> View:
        """A folded Chinese text with what parts its characters taken out, but for commas."""
        return _separate(_join(folded.replaced(_SPACED_HAN, "")))

    def views(self, folded: View) -> Iterator[View]:
        """Every regular reading of a folded text, the plain one first."""
        yield from _with_repeats(_separate(folded))
        joined = _join(folded)
        if joined is not folded:
            yield from _with_repeats(_separate(joined))
        if not folded.text.isascii() and _SPACED_HAN.search(folded.text):
            yield _separate(folded.replaced(_SPACED_HAN, "")).in_doubt()

    def doubtful_han(self, folded: View) -> Iterator[View]:
        """A folded Chinese text without what may stand between the characters of a word."""
        for outer, inner, put in (
            (_APART_HAN, _COMMAS, ""),
            (_DOUBLED_HAN, _TWIN_HAN, _once),
            (_PARTICLES, _PARTICLE, ""),
        ):
            if outer.search(folded.text):
                yield _separate(folded.replaced_inside(outer, inner, put)).in_doubt()

    def sounded(self, text: str) -> View | None:
        """A text in another alphabet as it is read; None where it has no such letters."""
        if not _HAS_OTHER_LETTERS.search(text):
            return None
        said = text.lower().translate(_SOUNDS_LIKE)
        if len(said) != len(text):
            return None
        return self._folded(View(said, is_doubtful=True, is_whole=True))

    def decoded(self, text: str) -> View | None:
        """The folded text with what is in code decoded; None where nothing is."""
        view = View(text, is_whole=True)
        for _ in range(_MAX_CODES):
            before = view
            for sign, pattern, decode in TEXT_CODES:
                if sign in view.text:
                    view = view.replaced(pattern, decode)
            if view.text == before.text:
                break
        return None if view.text == text else self._folded(view)

    def fold(self, text: str) -> View:
        """Lower-case letters for whatever looks like them; markup read as what it holds."""
        return self._folded(View(text, is_whole=True))

    def _folded(self, view: View) -> View:
        if "&" in view.text:
            view = view.replaced(_ENTITY, lambda match: html.unescape(match[0]))
        view = self._fold_characters(view)
        if "_" in view.text:  # counts as a letter in patterns, and never is one here
            view = view.letter_for_letter(view.text.replace("_", "-"))
        if "<" in view.text:
            view = view.replaced(NETWORK, lambda match: f" {match[1]} ")
            view = view.replaced(_TAG, "")
        return view.replaced(_WEIGHT, "") if ":" in view.text else view

    def _fold_characters(self, view: View) -> View:
        text, folds = view.text, self._folds
        if text.isascii():
            return view.letter_for_letter(text.lower())
        return View(
            text.translate(folds),
            view,
            lambda: (
                (place, place + 1, len(piece))
                for place, piece in enumerate(map(folds.__getitem__, map(ord, text)))
                if len(piece) != 1
            ),
        )


def _once(match: re.Match[str]) -> str:
    return str(match[1])


def _separate(view: View) -> View:
    """Between words one space, or one comma where a phrase ends."""
    if ", " in view.text:  # the most usual separator, taken without a call for each
        view = view.replaced(_COMMA_AND_BLANK, ",", is_whole=True)
    return view.replaced(_MESSY, _one_separator, is_whole=True)


def _one_separator(match: re.Match[str]) -> str:
    return "," if _ENDS_A_PHRASE.search(match[0]) else " "


def _join(view: View) -> View:
    """Take out what was put between the letters of one word: n.u.d.e, n u d e, 裸*体."""
    if _TWO_LETTERS_ALONE.search(f" {view.text} "):
        view = view.replaced_inside(_SPELLED_OUT, _SEPARATORS)
    view = view.replaced(_INSIDE_WORD, "")
    if view.text.isascii():
        return view
    return view.replaced_inside(SPELLED_HAN, _SEPARATORS).replaced(_INSIDE_HAN, "")


def _with_repeats(view: View) -> Iterator[View]:
    """The view, and with letters said over and over cut to one and to two: nuuude, nnuuddee."""
    yield view
    if _LONG_RUN.search(view.text):
        yield view.replaced(_LONG_RUN, _once)
        yield view.replaced(_LONG_RUN, lambda match: match[1] * 2)
    if _ALL_DOUBLED.search(view.text):
        yield view.replaced_inside(_ALL_DOUBLED, _DOUBLE, _once)
