"""Finds what an English wish names. It reads words in order and changes none of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from inference.expansion.lexicon.entries import Entry, Kind, listed, plural_of
from inference.expansion.lexicon.styles import STYLE_NOUNS
from inference.expansion.scene import Scene, Thing
from inference.expansion.tokens import Token

STOPWORDS: Final = frozenset(
    listed(
        "the a an and or with of in on at to for from by as is are be was were it its it's this that these those "
        "which who whose very really so too some any my your our their his her he she they we you i me us "
        "please just like than then there also but not can could would should will do does did have has had "
        "into onto over up down out off about while when where how what one more most much many lot bit kind "
        "sort i'm i'd make maybe perhaps want need feel feels looks look looking style styled art mood vibe "
        "vibes theme themed color colors colour colours tone tones palette picture image photo pic drawing "
        "painting illustration bit little feel feels feeling felt today tonight now am im ive don't doesn't isn't aren't won't can't "
        "cm mm inch inches px kg year years meter meters each didn't wasn't nothing everything someone somebody let lets let's got get"
    )
)
_DETERMINERS: Final = frozenset(listed("the my your our their his her some"))
_NOT_THINGS: Final = frozenset(
    listed(
        "left right top bottom middle center centre corner side sides scene portrait background foreground "
        "view close-up closeup version piece part front back way day time moment world morning evening different other "
        "another same new certain special nice good great row line pile bunch group flock herd pack swarm pair lot kind type number letter"
    )
)
"""Nouns that say where or how, not what."""
_LINKS: Final = frozenset(
    listed("is are that which sits stands sitting standing floating flying lying placed")
)
_MODIFIERS: Final = frozenset(
    {Kind.LOOK, Kind.MOOD, Kind.COLOUR, Kind.UNKNOWN, Kind.STYLE, Kind.THING}
)
_PLACED: Final = re.compile(
    r"\s*(?:is |are )?(?:on|to|at|in) (?:the )?(?:far |very )?"
    r"(left|right|top left|top right|bottom left|bottom right|upper left|upper right|lower left|"
    r"lower right|top|bottom|middle|center|centre|foreground|background|corner)"
    r"(?: side| corner)?\b(?! of (?!the (?:picture|image)))"
)
_STYLE_OF: Final = re.compile(r"\bin (?:the )?style of ([^,.;\n]{1,40})")


def read_english(tokens: Sequence[Token], folded: str) -> Scene:
    """The scene of an English wish; ``Scene.clauses`` stays empty, the wish is its own text."""
    scene = Scene(is_open=any(token.kind is Kind.OPEN for token in tokens))
    heads = [_thing_at(tokens, index) for index in range(len(tokens))]
    starts = {start: thing for thing, start in filter(None, heads)}
    taken: set[int] = set()
    for index, head in enumerate(heads):
        if head is None:
            continue
        thing, start = head
        taken.update(range(start, index + 1))
        scene.things.append(thing)
        thing.position = _position(tokens, index, starts, folded)
        _owner(scene, thing, tokens, index).colours += _predicate_colour(tokens, index)
        scene.num_details += len(thing.looks) + (thing.position is not None)
        scene.is_subject_named |= thing.is_known or not scene.is_open
    for index in range(len(tokens)):
        _note(scene, tokens, index, is_taken=index in taken)
    if match := _STYLE_OF.search(folded):
        scene.styles = scene.styles or [match[1].strip()]
    return scene


def _thing_at(tokens: Sequence[Token], index: int) -> tuple[Thing, int] | None:
    """The thing whose noun is at ``index`` and where its phrase starts."""
    token = tokens[index]
    is_head = (
        token.kind is Kind.THING
        or _is_orange_fruit(tokens, index)
        or (token.kind is Kind.UNKNOWN and token.text not in STOPWORDS)
    )
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if not is_head or (following and _continues(token, following)):
        return None
    start = index
    while start > 0 and index - start < 6 and _is_modifier(tokens[start - 1], token):
        start -= 1
    before = tokens[start - 1] if start > 0 else None
    is_determined = before is not None and (
        before.kind is Kind.NUMBER or before.text in _DETERMINERS
    )
    if token.text in _NOT_THINGS or (token.kind is Kind.UNKNOWN and not is_determined):
        return None
    thing = _thing(tokens[start:index], token)
    if before is not None and before.kind is Kind.NUMBER:
        thing.count = max(1, before.number or 1)
        start -= 1
    return thing, start


def _is_orange_fruit(tokens: Sequence[Token], index: int) -> bool:
    """Whether "an orange" is the fruit: no noun follows."""
    before = index - 1
    while before > 0 and tokens[before].kind in (Kind.COLOUR, Kind.LOOK):
        before -= 1
    if tokens[index].text != "orange" or before < 0 or tokens[before].kind is not Kind.NUMBER:
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is None or following.kind not in _MODIFIERS or following.text in STOPWORDS


def _continues(token: Token, following: Token) -> bool:
    """Whether the noun phrase goes on after ``token``: "cat house", "fluffy wombat"."""
    if following.start - token.end > 1 or token.is_plural:
        return False
    if token.kind is Kind.UNKNOWN and following.kind in (Kind.COLOUR, Kind.LOOK, Kind.MOOD):
        return True
    is_word = following.kind is Kind.THING or (
        following.kind is Kind.UNKNOWN and following.text not in STOPWORDS
    )
    return is_word and (token.kind is Kind.UNKNOWN or following.kind is Kind.THING)


def _is_modifier(token: Token, noun: Token) -> bool:
    """Whether ``token`` may stand in the phrase of ``noun``; a known noun makes no unknown one."""
    if token.kind not in _MODIFIERS or token.text in STOPWORDS or token.is_plural:
        return False
    return token.kind is not Kind.THING or noun.kind is Kind.THING


def _thing(modifiers: Sequence[Token], noun: Token) -> Thing:
    """A thing; plurals without a number count as one, since nobody said how many."""
    return Thing(
        name=_singular(noun),
        colours=[m.entry for m in modifiers if m.kind is Kind.COLOUR and m.entry],
        looks=[m.text for m in modifiers],
        is_known=noun.kind is not Kind.UNKNOWN,
    )


def _singular(noun: Token) -> str:
    if not noun.is_plural or noun.entry is None:
        return noun.text
    return next((n for n in noun.entry.english if plural_of(n) == noun.text), noun.entry.name)


def _position(
    tokens: Sequence[Token], index: int, starts: dict[int, Thing], folded: str
) -> str | None:
    """Where the thing at ``index`` is: "left", "above the house", or None."""
    if match := _PLACED.match(folded, tokens[index].end):
        return match[1]
    at = index + 1
    while at < len(tokens) and tokens[at].text in _LINKS:
        at += 1
    if at >= len(tokens) or tokens[at].kind is not Kind.RELATION:
        return None
    entry = tokens[at].entry
    relation = entry.name if entry else tokens[at].text
    for start in (at + 1, at + 2):
        if start in starts and (start == at + 1 or tokens[at + 1].text in _DETERMINERS):
            return f"{relation} the {starts[start].name}"
    return None


def _predicate_colour(tokens: Sequence[Token], index: int) -> list[Entry]:
    """The colour said after the noun: "a cat that is *red*"."""
    at = index + 1
    while at < len(tokens) and tokens[at].text in ("that", "which", "is", "are"):
        at += 1
    if at == index + 1 or at == len(tokens) or tokens[at].kind is not Kind.COLOUR:
        return []
    entry = tokens[at].entry
    return [entry] if entry and tokens[at - 1].text in ("is", "are") else []


def _owner(scene: Scene, thing: Thing, tokens: Sequence[Token], index: int) -> Thing:
    """Whose colour follows ``thing``: "the *cat* on the table is black"."""
    is_plain = index + 1 < len(tokens) and tokens[index + 1].text in ("is", "are")
    if is_plain and len(scene.things) > 1:
        earlier = scene.things[-2]
        if (earlier.position or "").endswith(f" the {thing.name}"):
            return earlier
    return thing


def _is_denied(tokens: Sequence[Token], index: int) -> bool:
    """Whether the adjective is refused: "not scary", "not too dark"."""
    before = [token.text for token in tokens[max(0, index - 2) : index]]
    return before[-1:] == ["not"] or (before[:1] == ["not"] and before[1] in ("too", "very", "so"))


def _note(scene: Scene, tokens: Sequence[Token], index: int, *, is_taken: bool) -> None:
    """Enter what one word says of the picture as a whole."""
    token = tokens[index]
    match token.kind:
        case Kind.MOOD | Kind.LOOK if _is_denied(tokens, index):
            scene.negatives.append(token.text)
        case Kind.COLOUR if token.entry:
            scene.colours.append(token.entry)
        case Kind.MOOD if token.entry:
            scene.moods.append(token.entry)
        case Kind.LOOK if not is_taken:
            scene.looks.append(token.text)
        case Kind.STYLE if is_style_here(tokens, index):
            scene.styles.append(token.entry.name if token.entry else token.name)
        case Kind.STYLE if not is_taken:
            scene.unknown.append(token.text)
        case Kind.PLACE | Kind.TIME:
            _note_setting(scene, token)
        case Kind.ACTION | Kind.RELATION:
            scene.num_details += 1
        case Kind.UNKNOWN if not is_taken and token.text not in STOPWORDS:
            scene.unknown.append(token.text)
        case _:
            pass


def _note_setting(scene: Scene, token: Token) -> None:
    (scene.places if token.kind is Kind.PLACE else scene.times).append(token.text)
    if token.entry and token.entry.extra:
        scene.views[token.text] = token.entry.extra


def is_style_here(tokens: Sequence[Token], index: int) -> bool:
    """Whether a style's word means the style: "ink style" does, "a bottle of ink" does not."""
    token = tokens[index]
    if token.entry is None or "weak" not in token.entry.extra or " " in token.text:
        return True
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is not None and after.start - token.end <= 1:
        first = after.text.split()[0]
        if first in STYLE_NOUNS or first == "of" or after.kind is Kind.STYLE:
            return True
    starts = (
        before is None or before.kind in (Kind.BREAK, Kind.OPEN, Kind.FRAME) or before.text == "in"
    )
    return (starts and (after is None or after.kind is Kind.BREAK)) or (
        before is not None and before.text == "in" and after is not None and after.text == "and"
    )
