"""Prepares the words of a Chinese wish: joins styles, takes out what it refuses, cuts clauses.

It knows words and their kinds, no phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from inference.expansion.lexicon.entries import Kind
from inference.expansion.scene import Scene
from inference.expansion.tokens import Token


def styled(tokens: Sequence[Token]) -> list[Token]:
    """Join a word with the bare 风格 after it into one style: 莫兰迪 + 风格."""
    joined: list[Token] = []
    for token in tokens:
        follows_style = joined and joined[-1].kind in _STYLED and joined[-1].end == token.start
        if follows_style and token.text in _STYLE_ENDINGS:
            continue
        if token.kind is Kind.STYLE and token.entry and not token.entry.english:
            if joined and joined[-1].end == token.start and joined[-1].kind not in _NOT_STYLE:
                last = joined.pop()
                if last.kind is Kind.STYLE:
                    joined.append(last)
                else:
                    joined.append(
                        Token(kind=Kind.STYLE, start=last.start, end=token.end, text=last.name)
                    )
            continue
        joined.append(token)
    return joined


_STYLED: Final = frozenset({Kind.STYLE, Kind.MOOD, Kind.LOOK})
_STYLE_ENDINGS: Final = frozenset({"风", "系", "感", "版", "画", "风的"})
_NOT_STYLE: Final = frozenset({Kind.BREAK, Kind.FRAME, Kind.OF, Kind.AT, Kind.NUMBER, Kind.NOT})


def without_negatives(scene: Scene, tokens: Sequence[Token]) -> list[Token]:
    """Move what follows 不要, 没有, … into ``scene.negatives``."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind is not Kind.NOT or not _negates(tokens, at):
            kept.append(tokens[at])
            at += 1
            continue
        at += 1
        first = at
        while at < len(tokens) and not _ends_negative(tokens, at, first):
            is_done_to = tokens[at].kind is Kind.ACTION and _next_kind(tokens, at) is Kind.THING
            if tokens[at].kind in _NEGATABLE and not is_done_to:
                scene.negatives.append(_negative_name(tokens[at]))
            elif tokens[at].text == "背景":
                scene.negatives.append("background")
            at += 1
        if at < len(tokens) and tokens[at].kind is Kind.OF:
            at += 1
    return kept


_NEGATABLE: Final = frozenset(
    {Kind.THING, Kind.LOOK, Kind.MOOD, Kind.COLOUR, Kind.STYLE, Kind.UNKNOWN, Kind.PLACE, Kind.TIME,
     Kind.ACTION}
)  # fmt: skip


def _negates(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word at ``at`` really says no; 别 and 无 alone also end other words."""
    if len(tokens[at].text) > 1:
        return True
    following = _next_kind(tokens, at)
    if tokens[at].text == "不":
        return following in (Kind.ACTION, Kind.LOOK, Kind.MOOD, Kind.COLOUR)
    is_first = at == 0 or tokens[at - 1].kind in (Kind.BREAK, Kind.FRAME)
    return is_first if tokens[at].text == "别" else following in (Kind.THING, Kind.FRAME)


def _next_kind(tokens: Sequence[Token], at: int) -> Kind | None:
    return tokens[at + 1].kind if at + 1 < len(tokens) else None


def _ends_negative(tokens: Sequence[Token], at: int, first: int) -> bool:
    token = tokens[at]
    if token.kind is Kind.BREAK:
        return token.text != "、"
    if token.kind is Kind.OF:
        return at > first and at + 1 < len(tokens) and tokens[at + 1].kind is not Kind.BREAK
    if token.kind is Kind.OPEN:  # 不要*任何*人 goes on, 除了猫*什么都行* does not
        return at > first
    return token.kind in (Kind.AT, Kind.HAS, Kind.NOT, Kind.TEXT) or token.text in (
        "但",
        "但是",
        "要",
        "而且",
    )


def _negative_name(token: Token) -> str:
    return "people" if token.name == "person" else token.name


def clauses(tokens: Sequence[Token]) -> Iterable[list[Token]]:
    """The wish cut at its punctuation; 、 joins."""
    clause: list[Token] = []
    for token in tokens:
        if token.kind is Kind.BREAK and token.text != "、":
            yield clause
            clause = []
        else:
            clause.append(token)
    yield clause
