"""Cuts a folded wish into known and unknown words. Knows the word tables, no grammar.

Longest match wins; the work is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from inference.expansion.folding import HAN, fold, has_han
from inference.expansion.inscriptions import Inscription
from inference.expansion.lexicon import actions, framing, looks, scenes, styles, things
from inference.expansion.lexicon.entries import Entry, Kind, plural_of
from inference.sketchbook import vocabulary

Span = tuple[int, int]

_MAX_HAN, _MAX_WORDS = 8, 6
_PIECE: Final = re.compile(
    rf"(?P<han>[{HAN}])|(?P<word>[^\W{HAN}_]+(?:['-][^\W{HAN}_]+)*)|(?P<other>\S)|(?P<line>\n)"
)
_NUMERAL: Final = re.compile("[一二两三四五六七八九十百]+")
_DIGITS: Final = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"两": 2}


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word, a punctuation mark or an unknown word of the wish, by its place in it."""

    kind: Kind
    start: int
    end: int
    text: str  # folded
    entry: Entry | None = None
    number: int | None = None
    is_plural: bool = False

    @property
    def name(self) -> str:
        """The English name of a Chinese word; an English or unknown word itself."""
        is_translated = self.entry and self.entry.english and has_han(self.text)
        return self.entry.name if self.entry and is_translated else self.text


@dataclass(frozen=True, kw_only=True)
class _Words:
    english: dict[str, tuple[Entry, bool]]  # words joined by one space → entry, is it a plural
    chinese: dict[str, Entry]


def all_entries() -> Iterator[Entry]:
    """Every entry, most specific table last: a later one wins a name that two claim."""
    yield from framing.FRAMES
    yield from framing.OPENS
    yield from _small_words()
    yield from framing.NUMBERS
    yield from actions.ACTIONS
    yield from looks.LOOKS
    yield from scenes.RELATIONS
    yield from scenes.TIMES
    yield from scenes.PLACES
    yield from things.THINGS
    yield from styles.STYLES
    yield Entry(kind=Kind.STYLE, english=(), chinese=styles.BARE_STYLES)
    yield from looks.MOODS
    yield from looks.COLOURS


def _small_words() -> Iterator[Entry]:
    for kind, names in (
        (Kind.MEASURE, framing.MEASURES_ZH), (Kind.NOT, framing.NOTS_ZH),
        (Kind.JOIN, framing.JOINS_ZH), (Kind.OF, framing.OF_ZH), (Kind.AT, framing.AT_ZH),
        (Kind.HAS, framing.HAS_ZH),
    ):  # fmt: skip
        yield Entry(kind=kind, english=(), chinese=tuple(names))
    for chinese, english in framing.MANY.items():
        yield Entry(kind=Kind.NUMBER, english=(english,), chinese=(chinese,), extra=english)


@lru_cache(maxsize=1)
def _words() -> _Words:
    english: dict[str, tuple[Entry, bool]] = {}
    chinese: dict[str, Entry] = {}
    for entry in all_entries():
        for name in entry.english:
            english[_joined(name)] = (entry, False)
        if entry.kind is Kind.THING and not entry.is_mass:
            for name in entry.english:
                english.setdefault(_joined(plural_of(name)), (entry, True))
        for name in entry.chinese:
            chinese[name] = entry
            if entry.kind is Kind.STYLE:
                chinese |= {f"{name}{suffix}": entry for suffix in styles.STYLE_SUFFIXES}
    return _Words(english=english, chinese=chinese)


def _joined(name: str) -> str:
    return " ".join(re.split(r"[\s-]+", name.lower()))


def find_entry(name: str) -> Entry | None:
    """The entry of an English name, singular or plural; None for an unknown one."""
    known = _words().english.get(_joined(name))
    return known[0] if known else None


def find_style(name: str) -> str:
    """The plain English name of a style given in either language, or ``name`` as it is."""
    folded = fold(name).strip()
    known = _words().english.get(_joined(folded))
    entry = known[0] if known else _words().chinese.get(folded)
    return (
        entry.name
        if entry and entry.kind is Kind.STYLE and entry.english
        else " ".join(name.split())
    )


def style_phrase(name: str) -> str:
    """How a style is named in a prompt: "ink style", but "pixel art"."""
    entry = find_entry(name)
    is_plain = name.endswith("style") or (entry is not None and "plain" in entry.extra)
    return name if is_plain else f"{name} style"


@lru_cache(maxsize=1)
def taught_names() -> frozenset[str]:
    """English names, singular and plural, of the things the bundled model was taught."""
    return frozenset(
        name for thing in vocabulary.OBJECTS for name in (*thing.english, *thing.plurals)
    )


def tokenize(
    folded: str, cuts: Iterable[Span], inscriptions: Iterable[Inscription]
) -> tuple[Token, ...]:
    """The words of ``folded`` in order; what lies in ``cuts`` is skipped.

    ``inscriptions`` are the words to be shown in the picture; each is one word of the wish.
    """
    shown = [
        Token(kind=Kind.TEXT, start=start, end=end, text=f'with the text "{words}"')
        for (start, end), words in ((found.span, found.words) for found in inscriptions)
    ]
    tokens = list(_scan(_blanked(folded, cuts, [(token.start, token.end) for token in shown])))
    tokens += shown
    tokens.sort(key=lambda token: token.start)
    return tuple(_merge_unknown(tokens))


def _blanked(folded: str, cuts: Iterable[Span], texts: Iterable[Span]) -> str:
    pieces, at = [], 0
    for start, end in sorted([*cuts, *texts]):
        if end > at:
            pieces += [folded[at : max(at, start)], " " * (end - max(at, start))]
            at = end
    return "".join(pieces) + folded[at:]


def _scan(text: str) -> Iterator[Token]:
    at = 0
    while piece := _PIECE.search(text, at):
        token = _known_han(text, piece.start())
        if token is None and piece["word"]:
            token = _known_english(text, piece.start(), piece.end())
        if token is None and piece["han"]:
            token = _numeral(text, piece.start())
        if token is None:
            kind = Kind.BREAK if piece["other"] or piece["line"] else Kind.UNKNOWN
            token = Token(kind=kind, start=piece.start(), end=piece.end(), text=piece[0])
        yield token
        at = token.end


def _known_han(text: str, at: int) -> Token | None:
    """The longest Chinese name at ``at``; a numeral longer than one sign comes elsewhere."""
    numeral = _NUMERAL.match(text, at)
    shortest = numeral.end() - at if numeral else 0
    for length in range(_MAX_HAN, max(0, shortest - 1), -1):
        word = text[at : at + length]
        entry = _words().chinese.get(word)
        if entry and has_han(word):
            number = int(entry.extra) if entry.extra.isdigit() else None
            return Token(
                kind=entry.kind, start=at, end=at + length, text=word, entry=entry, number=number
            )
    return None


def _numeral(text: str, at: int) -> Token | None:
    match = _NUMERAL.match(text, at)
    if match is None:
        return None
    return Token(
        kind=Kind.NUMBER, start=at, end=match.end(), text=match[0], number=_value(match[0])
    )


def _value(numeral: str) -> int:
    """The value of a numeral below a thousand: 二十五 → 25."""
    total, digit = 0, 0
    for char in numeral:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _known_english(text: str, start: int, end: int) -> Token | None:
    if text[start:end].isdecimal():
        digits = text[start:end]
        value = min(int(digits[:6]), 999)
        return Token(kind=Kind.NUMBER, start=start, end=end, text=digits, number=value)
    for stop in _word_ends(text, end):
        known = _words().english.get(_joined(text[start:stop]))
        if known:
            entry, is_plural = known
            number = int(entry.extra) if entry.extra.isdigit() else None
            return Token(
                kind=entry.kind, start=start, end=stop, text=text[start:stop], entry=entry,
                number=number, is_plural=is_plural,
            )  # fmt: skip
    return None


def _word_ends(text: str, end: int) -> list[int]:
    """Where one to six words end, longest first; the first ends at ``end``."""
    ends, at = [end], end
    while len(ends) < _MAX_WORDS and text[at : at + 1] in (" ", "\n"):
        following = _PIECE.match(text, at + 1)
        if following is None or not following["word"]:
            break
        at = following.end()
        ends.append(at)
    return ends[::-1]


_MERGED: Final = frozenset({Kind.THING, Kind.LOOK, Kind.MOOD, Kind.TIME, Kind.PLACE, Kind.FRAME})


def _merge_unknown(tokens: list[Token]) -> Iterator[Token]:
    """Unknown Chinese signs in a row become one word, with single known signs they touch.

    So 水 in an unknown compound does not become "water".
    """
    run: list[Token] = []
    for token in tokens:
        is_part = has_han(token.text) and (
            token.kind is Kind.UNKNOWN or (len(token.text) == 1 and token.kind in _MERGED)
        )
        if is_part and (not run or run[-1].end == token.start):
            run.append(token)
            continue
        yield from _as_one(run)
        run = [token] if is_part else []
        if not is_part:
            yield token
    yield from _as_one(run)


def _as_one(run: list[Token]) -> list[Token]:
    """One unknown word from ``run``, less framing signs at its ends; known ones stay known."""
    if all(token.kind is not Kind.UNKNOWN for token in run):
        return run
    first, last = 0, len(run)
    while run[first].kind is Kind.FRAME:
        first += 1
    while run[last - 1].kind is Kind.FRAME:
        last -= 1
    middle = run[first:last]
    word = Token(
        kind=Kind.UNKNOWN, start=middle[0].start, end=middle[-1].end,
        text="".join(token.text for token in middle),
    )  # fmt: skip
    return [*run[:first], word, *run[last:]]
