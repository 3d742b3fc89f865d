"""What the word filter still catches of words in disguise: signs, codes, sounds, emoji.

Disguises are of two files, one the filter was built against and one nobody looked at. A word counts
as disguised only where its plain form is caught.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from benchmarks import _disguises, _disguises_held_out, _speech
from benchmarks._disguises import Disguise
from benchmarks._word_figures import SEED, Check, Found, is_caught, share
from benchmarks.path import Measure
from moderation.words.ordinary import chinese
from moderation.words.sounds import sounds

_PLAIN = {
    "en": (_speech.ENGLISH_WORDS, _speech.FRAMES),
    "zh": (_speech.CHINESE_WORDS, _speech.CHINESE_FRAMES),
}


def disguised(check: Check) -> Found:
    """What is still caught of what is caught plainly, per kind of disguise."""
    details: dict[str, Any] = {}
    measures: list[Measure] = []
    for name, module, goal in (
        ("listed", _disguises, 92), ("held-out", _disguises_held_out, 80)
    ):  # fmt: skip
        by_kind = {
            f"{language}: {kind}": hits
            for language, kinds in (("en", module.ENGLISH), ("zh", module.CHINESE))
            for kind, hits in _by_kind(check, language, kinds)
        }
        every = [hit for hits in by_kind.values() for hit in hits]
        what = f"disguised words still caught, kinds {name}"
        measures.append(share(f"disguises-{name}", what, every, goal, is_most=False))
        details[f"disguises-{name}"] = {
            kind: round(sum(hits) / max(len(hits), 1), 3) for kind, hits in by_kind.items()
        }
    return Found(measures=measures, details=details)


def _by_kind(
    check: Check, language: str, kinds: Mapping[str, Disguise]
) -> Iterator[tuple[str, list[bool]]]:
    words, frames = _PLAIN[language]
    random = Random(SEED)
    for kind, disguise in kinds.items():
        yield kind, list(_still_caught(check, words, frames, disguise, random))


def _still_caught(
    check: Check,
    words: list[str],
    frames: tuple[str, ...],
    disguise: Disguise,
    random: Random,
) -> Iterator[bool]:
    for word, frame in _speech.framed(words, frames, random):
        if is_caught(check(frame.format(word))):
            hidden = disguise(word, random)
            if hidden != word:
                yield is_caught(check(frame.format(hidden)))


def sounding(check: Check) -> Found:
    """Homophones, pinyin and emoji."""
    random = Random(SEED)
    words, frames = _PLAIN["zh"]
    homophones = list(_still_caught(check, words * 4, frames, _homophone, random))
    pinyin = list(_still_caught(check, words, frames, _half_pinyin, random))
    emoji = [is_caught(check(text)) for text in _speech.EMOJI_ENGLISH + _speech.EMOJI_CHINESE]
    return Found(
        measures=[
            share("homophones", "Chinese homophones still caught", homophones, 95, is_most=False),
            share("pinyin", "a syllable in pinyin still caught", pinyin, 90, is_most=False),
            share("emoji", "emoji for words caught", emoji, 80, is_most=False),
        ],
    )


def _homophone(word: str, random: Random) -> str:
    """One or more characters replaced by common ones that sound the same."""
    same = _same_sound()
    places = [place for place, c in enumerate(word) if len(same.get(c, "")) > 1]
    chosen = random.sample(places, random.randint(1, len(places))) if places else []
    return "".join(
        random.choice([o for o in same[c] if o != c]) if place in chosen else c
        for place, c in enumerate(word)
    )


def _half_pinyin(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    return word[:place] + sounds().syllable.get(word[place], word[place]) + word[place + 1 :]


def _same_sound() -> Mapping[str, str]:
    """Characters that ordinary words are made of, by sound."""
    table = sounds()
    common = sorted({character for word in chinese() for character in word})
    groups: dict[str, str] = {}
    for character in common:
        if (syllable := table.syllable.get(character)) is not None:
            groups[syllable] = groups.get(syllable, "") + character
    return {character: group for group in groups.values() for character in group}


def combinations(check: Check) -> Found:
    """Minors and sexual terms, the half the lists know and the half they do not."""
    measures = []
    for name, texts in (("first", _speech.minors_first_half()),
                        ("second", _disguises_held_out.minors_second_half())):  # fmt: skip
        hits = [is_caught(check(text)) for text in texts]
        what = f"minor and sexual, {name} half, caught"
        measures.append(share(f"minors-{name}", what, hits, 98, is_most=False))
    return Found(measures=measures)
