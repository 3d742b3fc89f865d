"""Sees through disguises: text → the views in which words are looked for, with their origin.

A view is a text of lower-case words with single separators; every character of it knows which
characters of the original it stands for. Nothing here knows a word list.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from .characters import HAN, CharacterFolds
from .codes import TEXT_CODES

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")

# Syntax of diffusion prompts: <lora:name:0.8> keeps its name, (word:1.3) loses its weight.
_NETWORK = re.compile(r"<(?:lora|lyco|lycoris|hypernet|embedding|ti):([^<>:]*)(?::[^<>]*)?>")
_TAG = re.compile(r"<!--.{0,80}?-->|</?[a-z][a-z0-9]{0,9}(?: [^<>]{0,80})?/?>")
_WEIGHT = re.compile(r":\s*-?(?:\d+\.?\d*|\.\d+)\s*(?=[)\]}])")

_UNDERSCORE = re.compile("_")  # counts as a letter in patterns, and never is one here

# A phrase ends at a comma; words of one listed term never stand on both sides of one.
_PHRASE_END = re.compile(r"[.;:!?\n、。…]")
_MESSY = re.compile(r"[^\w ,]\W*|[ ,]\W+")  # anything but one space or one comma

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
_SOUNDS_LIKE = str.maketrans(  # other alphabets as they are read, not as they look
    "αβγδεζηθικλμνξοπρστυφχψωабвгдежзийклмнопрстуфхцчшщыэюя",
    "abgdezitiklmnxoprstufhpoabvgdejziiklmnoprstufhcccsyeua",
)

Substitute = Callable[[re.Match[str]], str] | str
Origins = tuple[list[int], list[int]]  # where each character starts and ends in the original


class View:
    """One reading of a text; where its characters came from is worked out when it is asked."""

    def __init__(
        self,
        text: str,
        trace: Callable[[], Origins],
        *,
        is_doubtful: bool = False,
        is_whole: bool = False,
    ) -> None:
        self.text = text
        self.is_doubtful = is_doubtful  # ordinary text reads so too: it may only ask a human
        self.is_whole = is_whole  # nothing was taken out: what touches here touched there
        self._trace = trace
        self._origins: Origins | None = None

    @property
    def origins(self) -> Origins:
        if self._origins is None:
            self._origins = self._trace()
        return self._origins

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original that ``text[start:end]`` stands for."""
        starts, ends = self.origins
        return starts[start], ends[end - 1]

    def is_word_edge(self, position: int) -> bool:
        """True unless a Latin letter touches another there, in the view and in the original."""
        before, after = self.text[position - 1 : position], self.text[position : position + 1]
        if not (_is_letter(before) and _is_letter(after)):
            return True
        if self.is_whole:
            return False
        starts, ends = self.origins
        return starts[position] > ends[position - 1]


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
        return _separate(_join(_replace(folded, _SPACED_HAN, "")))

    def views(self, folded: View) -> Iterator[View]:
        """Every regular reading of a folded text, the plain one first."""
        yield from _with_repeats(_separate(folded))
        joined = _join(folded)
        if joined is not folded:
            yield from _with_repeats(_separate(joined))
        if not folded.text.isascii() and _SPACED_HAN.search(folded.text):
            spaced = _separate(_replace(folded, _SPACED_HAN, ""))
            yield View(spaced.text, lambda: spaced.origins, is_doubtful=True)

    def doubtful_han(self, folded: View) -> Iterator[View]:
        """A folded Chinese text without what may stand between the characters of a word."""
        for outer, inner, put in (
            (_APART_HAN, _COMMAS, ""),
            (_DOUBLED_HAN, _TWIN_HAN, _once),
            (_PARTICLES, _PARTICLE, ""),
        ):
            if outer.search(folded.text):
                found = _separate(_replace_inside(folded, outer, inner, put))
                yield respelt(found, [], is_doubtful=True)

    def sounded(self, text: str) -> View | None:
        """A text in another alphabet as it is read; None where it has no such letters."""
        said = text.lower().translate(_SOUNDS_LIKE)
        if said == text.lower() or len(said) != len(text):
            return None
        start = _original(text)
        return self._folded(View(said, lambda: start.origins, is_doubtful=True, is_whole=True))

    def decoded(self, text: str) -> View | None:
        """The folded text with what is in code decoded; None where nothing is."""
        view = start = _original(text)
        for _ in range(_MAX_CODES):
            before = view
            for sign, pattern, decode in TEXT_CODES:
                if sign in view.text:
                    view = _replace(view, pattern, decode)
            if view.text == before.text:
                break
        return None if view.text == start.text else self._folded(view)

    def fold(self, text: str) -> View:
        """Lower-case letters for whatever looks like them; markup read as what it holds."""
        return self._folded(_original(text))

    def _folded(self, view: View) -> View:
        text = view.text
        if "&" in text:
            view = _replace(view, _ENTITY, lambda match: html.unescape(match[0]))
        view = self._fold_characters(view)
        view = _replace(view, _UNDERSCORE, "-")
        if "<" in view.text:
            view = _replace(view, _NETWORK, lambda match: f" {match[1]} ")
            view = _replace(view, _TAG, "")
        return _replace(view, _WEIGHT, "") if ":" in view.text else view

    def _fold_characters(self, view: View) -> View:
        if view.text.isascii():
            return View(view.text.lower(), lambda: view.origins, is_whole=view.is_whole)
        folds = self._folds
        return View(
            view.text.translate(folds),
            lambda: _spread(view.origins, [folds[ord(character)] for character in view.text]),
        )


def respelt(view: View, spans: list[tuple[int, int, str]], *, is_doubtful: bool) -> View:
    """``view`` with ranges, in order and apart, read as other words."""
    pieces: list[str] = []
    position = 0
    for start, end, word in spans:
        pieces += (view.text[position:start], word)
        position = end
    text = "".join((*pieces, view.text[position:]))
    return View(text, lambda: _respelt_origins(view.origins, spans), is_doubtful=is_doubtful)


def _respelt_origins(origins: Origins, spans: list[tuple[int, int, str]]) -> Origins:
    old_starts, old_ends = origins
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for start, end, word in spans:
        starts += old_starts[position:start] + [old_starts[start]] * len(word)
        ends += old_ends[position:start] + [old_ends[end - 1]] * len(word)
        position = end
    return starts + old_starts[position:], ends + old_ends[position:]


def _once(match: re.Match[str]) -> str:
    return match[1]


def _original(text: str) -> View:
    return View(
        text, lambda: (list(range(len(text))), list(range(1, len(text) + 1))), is_whole=True
    )


def _spread(origins: Origins, pieces: list[str]) -> Origins:
    """Origins after each character became a piece of zero or more."""
    starts, ends = origins
    return (
        [start for start, piece in zip(starts, pieces, strict=True) for _ in piece],
        [end for end, piece in zip(ends, pieces, strict=True) for _ in piece],
    )


def _is_letter(character: str) -> bool:
    return len(character) == 1 and "a" <= character <= "z"


def _separate(view: View) -> View:
    """Between words one space, or one comma where a phrase ends."""
    ended = _replace(view, _PHRASE_END, ",")
    return _replace(ended, _MESSY, _one_separator)


def _one_separator(match: re.Match[str]) -> str:
    return "," if "," in match[0] else " "


def _join(view: View) -> View:
    """Take out what was put between the letters of one word: n.u.d.e, n u d e, 裸*体."""
    if _TWO_LETTERS_ALONE.search(f" {view.text} "):
        view = _replace_inside(view, _SPELLED_OUT, _SEPARATORS)
    view = _replace(view, _INSIDE_WORD, "")
    if view.text.isascii():
        return view
    return _replace(_replace_inside(view, SPELLED_HAN, _SEPARATORS), _INSIDE_HAN, "")


def _with_repeats(view: View) -> Iterator[View]:
    """The view, and with letters said over and over cut to one and to two: nuuude, nnuuddee."""
    yield view
    if _LONG_RUN.search(view.text):
        yield _replace(view, _LONG_RUN, lambda match: match[1])
        yield _replace(view, _LONG_RUN, lambda match: match[1] * 2)
    if _ALL_DOUBLED.search(view.text):
        yield _replace_inside(view, _ALL_DOUBLED, _DOUBLE, lambda match: match[1])


def _replace(view: View, pattern: re.Pattern[str], substitute: Substitute) -> View:
    text, num_found = pattern.subn(substitute, view.text)
    if not num_found:
        return view
    return View(
        text,
        lambda: _retrace(view, list(pattern.finditer(view.text)), substitute),
        is_doubtful=view.is_doubtful,
        is_whole=view.is_whole and substitute in {",", "-", _one_separator},
    )


def _replace_inside(
    view: View, outer: re.Pattern[str], inner: re.Pattern[str], substitute: Substitute = ""
) -> View:
    """Replace ``inner`` only within the matches of ``outer``."""
    text, num_found = outer.subn(lambda run: inner.sub(substitute, run[0]), view.text)
    if not num_found:
        return view
    return View(
        text,
        lambda: _retrace(view, _within(view.text, outer, inner), substitute),
        is_doubtful=view.is_doubtful,
    )


def _within(text: str, outer: re.Pattern[str], inner: re.Pattern[str]) -> list[re.Match[str]]:
    return [found for run in outer.finditer(text) for found in inner.finditer(text, *run.span())]


def _retrace(view: View, matches: list[re.Match[str]], substitute: Substitute) -> Origins:
    """Origins after a replacement; what was put in stands for everything that was taken out."""
    old_starts, old_ends = view.origins
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in matches:
        start, end = match.span()
        put = substitute if isinstance(substitute, str) else substitute(match)
        starts += old_starts[position:start] + [old_starts[start]] * len(put)
        ends += old_ends[position:start] + [old_ends[end - 1]] * len(put)
        position = end
    return starts + old_starts[position:], ends + old_ends[position:]
