"""Reads a wish once: its language, what it says about the picture, what it names.

It decides nothing; it knows both grammars and the directives and leaves the prompt to others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from inference.expansion.brief import Language, Wish
from inference.expansion.compose import edited, tidy
from inference.expansion.directives import Directives, find_directives
from inference.expansion.folding import (
    detect_language,
    fold,
    foreign_words,
    has_han,
    readable,
    spelled_out,
)
from inference.expansion.grammar_en import STOPWORDS, is_style_here, read_english
from inference.expansion.grammar_zh import read_chinese
from inference.expansion.lexicon.entries import Kind
from inference.expansion.lexicon.styles import STYLE_NOUNS
from inference.expansion.scene import Scene, article_for
from inference.expansion.tokens import Span, Token, tokenize

_FRAMING: Final = frozenset({Kind.FRAME, Kind.OPEN, Kind.BREAK})
_ADJECTIVES: Final = frozenset({Kind.COLOUR, Kind.LOOK, Kind.MOOD})
_NEEDED_MARKS: Final = frozenset("([{<>}])\"'“”「」『』")
_CHANGE_FRAMES: Final = frozenset(
    {
        "make it",
        "make it a",
        "make it more",
        "make this",
        "turn it into",
        "change it to",
        "add",
        "and add",
    }
)
_LEADING: Final = re.compile(
    r"^(?:(?:of|with|showing|and|just|only|that shows)\s+)+", re.IGNORECASE
)
_LOOK_BACK: Final = 30  # characters before a style in which it can be called a change
_CHANGES: Final = re.compile(
    r"\b(?:make|turn|change|convert|redo|redraw|do|render|draw|paint) (?:it|this|that|"
    r"the (?:picture|image|style))(?: (?:again|in|into|to|as|look like|more|an?))*\s$|"
    r"(?:改成|换成|变成|改为|换为|变为|画成)\s?$"
)
_ARTICLE: Final = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A wish, understood as far as the tables go."""

    text: str
    folded: str
    language: Language
    directives: Directives
    tokens: tuple[Token, ...]
    scene: Scene
    own: str  # the person's words that describe the picture, in the model's language
    adjectives: tuple[str, ...]  # where nothing to draw is named: how it should be
    rest: str  # ``own`` without ``adjectives``
    changed_style: str | None = None  # a style that replaces any other, said or chosen

    @property
    def negatives(self) -> list[str]:
        return [*self.directives.negatives, *self.scene.negatives]

    @property
    def num_pictures(self) -> int | None:
        return self.directives.count or self.scene.num_pictures

    def spoken(self, name: str) -> str:
        """The person's own word for what we call ``name``."""
        for token in self.tokens:
            if token.name == name:
                return self.text[token.start : token.end]
        return name

    @property
    def untranslated(self) -> tuple[str, ...]:
        """Words the model was not taught to read and no table translates, in order."""
        words = [w for w in (*self.scene.unknown, *self.scene.negatives) if has_han(w)]
        return tuple(dict.fromkeys([*words, *foreign_words(self.own)]))


def read(text: str, wish: Wish) -> Reading:
    """Everything ``text``, the words of ``wish`` with any answer, says."""
    text = spelled_out(readable(text))
    folded = fold(text)
    language = detect_language(text, wish.language)
    found = find_directives(text, folded)
    tokens = tokenize(folded, found.cuts, found.inscriptions)
    changes = _style_changes(folded, tokens)
    if language == "zh":
        reading = _read_chinese(text, folded, found, tokens)
    else:
        found.cuts += [span for span, _ in changes]
        is_styled = wish.style is not None or bool(changes)
        reading = _read_english(text, folded, found, tokens, is_styled=is_styled)
    return replace(reading, changed_style=changes[-1][1] if changes else None)


def _style_changes(folded: str, tokens: Sequence[Token]) -> list[tuple[Span, str]]:
    """Where the wish changes to a style, and to which: "…, make it *watercolour*", 改成*水彩*."""
    changes = []
    for token in tokens:
        start = max(0, token.start - _LOOK_BACK)
        match = _CHANGES.search(folded[start : token.start])
        if match and token.kind is Kind.STYLE and token.entry and token.entry.english:
            changes.append(((start + match.start(), token.end), token.entry.name))
    return changes


def _read_chinese(text: str, folded: str, found: Directives, tokens: tuple[Token, ...]) -> Reading:
    scene = read_chinese(tokens)
    subject = list(scene.clauses)
    is_view = not subject and not scene.is_open and bool(scene.views)
    if is_view:
        phrase, noun = next(iter(scene.views.items()))
        subject = [_with_looks(noun, scene.looks)]
        scene.places, scene.times = (
            [p for p in w if p != phrase] for w in (scene.places, scene.times)
        )
    where = " ".join(dict.fromkeys([*scene.places, *scene.times]))
    rest = f"{', '.join(dict.fromkeys(subject))} {where}".strip()
    rest = rest.removeprefix("with ")
    if scene.clauses and scene.looks:
        own = f"{rest}, {' and '.join(scene.looks)}"
    else:
        own = rest if is_view else " ".join([*scene.looks, rest]).strip()
    return Reading(
        text=text, folded=folded, language="zh", directives=found, tokens=tokens, scene=scene,
        own=own, adjectives=tuple(scene.looks), rest=rest,
    )  # fmt: skip


def _with_looks(noun: str, looks: list[str]) -> str:
    """Adjectives between the article of ``noun`` and its word."""
    article, _, word = (
        noun.partition(" ") if noun.startswith(("a ", "an ", "the ")) else ("", "", noun)
    )
    words = " ".join([*looks, word])
    if article in ("a", "an"):
        article = article_for(words)
    return f"{article} {words}".strip()


def _read_english(
    text: str, folded: str, found: Directives, tokens: tuple[Token, ...], *, is_styled: bool
) -> Reading:
    scene = read_english(tokens, folded)
    cuts = [*found.cuts, *_frames(tokens), *(_style_spans(tokens) if is_styled else [])]
    cuts += [(t.start, t.end) for t in tokens if t.text in _CHANGE_FRAMES]
    edits = [(start, end, " ") for start, end in cuts]
    edits += [(t.start, t.end, f" {t.name} ") for t in tokens if t.name != t.text]
    adjectives = [
        token
        for before, token in zip((None, *tokens), tokens, strict=False)
        if token.kind in _ADJECTIVES and not (before and before.text.endswith("'s"))
    ]
    own = _LEADING.sub("", tidy(edited(text, edits)))
    loose = [*adjectives, *(token for token in tokens if token.kind is Kind.OPEN)]
    rest = tidy(edited(text, [*edits, *((t.start, t.end, " ") for t in loose)]))
    rest = _ARTICLE.sub("", rest)
    return Reading(
        text=text, folded=folded, language="en", directives=found, tokens=tokens, scene=scene,
        own=own, rest=rest if has_content(rest) else "",
        adjectives=tuple(text[token.start : token.end] for token in adjectives),
    )  # fmt: skip


def has_content(text: str) -> bool:
    """Whether ``text`` holds a word that says something."""
    return any(word not in STOPWORDS for word in re.findall(r"[\w'-]+", text.lower()))


def _frames(tokens: Sequence[Token]) -> list[Span]:
    """The words at either end that only ask for a picture: "please draw me", "thanks"."""
    first, last = 0, len(tokens)
    while first < last and _is_frame(tokens[first]):
        first += 1
    while last > first and _is_frame(tokens[last - 1]):
        last -= 1
    return [(token.start, token.end) for token in (*tokens[:first], *tokens[last:])]


def _is_frame(token: Token) -> bool:
    return token.kind in _FRAMING and token.text not in _NEEDED_MARKS


def _style_spans(tokens: Sequence[Token]) -> list[Span]:
    """Styles named in words, which a style chosen by option replaces."""
    spans = []
    for index, token in enumerate(tokens):
        if token.kind is not Kind.STYLE or not is_style_here(tokens, index):
            continue
        start, end = token.start, token.end
        if index and tokens[index - 1].text == "in":
            start = tokens[index - 1].start
        if index + 1 < len(tokens) and tokens[index + 1].text in STYLE_NOUNS:
            end = tokens[index + 1].end
        spans.append((start, end))
    return spans
