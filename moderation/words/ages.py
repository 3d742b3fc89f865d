"""Ages said in words or digits, in English and Chinese: where a text speaks of a minor.

Knows people from things only by a short list: "an 8 year old oak tree" is no child.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ADULT_YEARS = 18

_ENGLISH = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twenty"
)
_ENGLISH_NUMBERS = {word: number for number, word in enumerate(_ENGLISH.split("|"), start=1)}
_HAN_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}

_NUMBER = rf"(\d{{1,3}}|{_ENGLISH})"
_SOMEONE = "(?:girl|boy|child|kid|pupil|student|daughter|son|female|male|person)s?"
_AGE = re.compile(
    rf"(?<![a-z0-9]){_NUMBER} ?(?:years? ?olds?|yrs? ?olds?|years? of age|yrs?|y ?olds?|y ?os?)"
    r"(?![a-z])((?: (?!with|and|in|on|by|of|at|near|holding|hugging|riding)[a-z]+){0,3})"
    rf"|(?<![a-z])(?:aged?|ages|age is|age of|turning|just turned) (?:only |about |around )?{_NUMBER}"
    r"(?![0-9a-z]| ?(?:months?|weeks?|days?|hours?))"
    rf"|(?<![a-z0-9]){_NUMBER} years?(?= {_SOMEONE}(?![a-z]))"
    rf"|(?<![a-z]){_SOMEONE}(?:[ ,]{_NUMBER} years?|,? of {_NUMBER})(?![0-9a-z])"
    r"|(\d{1,3}|[一二三四五六七八九十]{1,3}) ?(?:周岁|岁)"
)
# What every age has, and how far from it the rest of it may stand; a search for the whole of it
# takes its time.
_SIGN = re.compile(r"y(?:ear|rs?|[ o])|岁|age|turn(?:ing|ed)| of (?:\d|[otfsen])")
_BEFORE, _AFTER = 40, 90  # characters
_THING = re.compile(
    r"\b(?:oak|trees?|pine|olive|bonsai|whisk(?:e)?y|scotch|wine|brandy|rum|cheese|house|building|"
    r"castle|church|temple|bridge|city|town|village|tradition|statue|car|truck|ship|boat|book|map|"
    r"painting|manuscript|dog|cat|horse|pony|elephant|tortoise|parrot|turtle|sofa|chair|computer|"
    r"violin|guitar|coin|vase|wall|ruin|mill|barn|tavern|pub|company|brand|forest)\b"
)


def minor_ages(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of a plain view that give a person's age as below 18."""
    for match in _near_signs(text):
        said, following, *others = match.groups()
        is_thing = bool(following and _THING.search(following))
        years = _number(next(filter(None, (said, *others))))
        if not is_thing and years < ADULT_YEARS:
            yield match.span()


def _near_signs(text: str) -> Iterator[re.Match[str]]:
    """What may be ages, in windows around what every age has."""
    end = 0
    for sign in _SIGN.finditer(text):
        if sign.start() >= end:
            begin, end = max(sign.start() - _BEFORE, end), sign.end() + _AFTER
            edge = text.find(" ", end)
            end = len(text) if edge < 0 else edge
            yield from _AGE.finditer(text, begin, end)


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    if said in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS[said]
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return _HAN_DIGITS.get(said[-1], 0)
    return 10 * _HAN_DIGITS.get(tens[-1:], 1) + _HAN_DIGITS.get(ones[-1:], 0)
