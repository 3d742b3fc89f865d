"""Word lists made ready for matching: as written, as they sound, and in disguise.

Knows which files there are and no text to judge; ``entries`` reads the lines of a list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moderation.errors import ListError

from .disguises import Disguises
from .entries import Combination, Entry, Role, combination_of, entries_of, rows
from .kin import Kin
from .normalise import Normaliser
from .ordinary import english, english_beginning_with
from .reading import Reader
from .signs import in_parts
from .sounds import sounds

LISTS = Path(__file__).parent / "lists"
NEGATIVE_LISTS = LISTS / "negative"
COMBINATIONS, COMMUNITIES = "combinations.tsv", "communities.tsv"
SHADOW = ".shadow.tsv"  # the end of a list's name whose rules are tried out


_HEARD_ROLES = {Role.MINOR, Role.SEXUAL}
_LETTERS = re.compile("[a-z0-9]+")
_ENDINGS = ("a", "e", "ed", "er", "es", "ia", "ic", "ing", "ion", "ment", "s")
_MIN_PINYIN_LETTERS = 6
_MIN_STEM_LETTERS = 4  # of an open term, for the words that begin so to be looked for in disguise
# Words that terms share with everything else: never what a term is known by.
_COMMON = (
    "with without from have has having make making made take your them their this that body "
    "hands head heads people person woman women girl girls wearing scene images photo picture "
    "video image pictures film movie book show shows everything anything nothing only just "
    "being been were does into over under about after against between through during before "
    "above below off out the and for are but not you all any can her was one our out his how "
    "its who did get him see two way may say she use old new now day man men"
)
_EVERYWHERE = frozenset(_COMMON.split())
# Words that wishes use so often that another of a term is the better sign.
_USUAL = (
    "cocktail school birthday white black hand crystal money diagram bomb fake crime recipe bed "
    "face child children dress clothes blood dead baby dancing french power card shirt party"
)
_OFTEN = frozenset(_USUAL.split())


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Every entry, ready for matching."""

    automaton: Any  # ahocorasick.Automaton: term → tuple[Entry, ...]
    sounding: Any  # the same, Chinese terms by the codes of their syllables
    disguises: Disguises
    combinations: tuple[Combination, ...]
    version: str  # changes with the lists


def load_lexicon(
    normaliser: Normaliser, extra_lists: Path | None = None, *, folder: Path = LISTS
) -> Lexicon:
    """Read a folder of lists and ``extra_lists`` (a TSV or a folder of them); ``ListError``."""
    entries: list[Entry] = []
    combinations: list[Combination] = []
    digest = hashlib.sha256()
    for path, community in [*_of_everyone(folder), *_extra_paths(extra_lists)]:
        digest.update(path.read_bytes())
        if path.name == COMBINATIONS:
            combinations += (combination_of(path, *row) for row in rows(path))
        elif path.name != COMMUNITIES:
            read = (entry for row in rows(path) for entry in entries_of(path, *row, normaliser))
            is_shadow = path.name.endswith(SHADOW)
            entries += (
                replace(entry, is_shadow=is_shadow, community=community)
                for entry in read
                if not (is_shadow and entry.is_allowed)  # what is on trial excuses nothing
            )
    return Lexicon(
        automaton=_automaton(_by_spelling(entries)),
        sounding=_automaton(_by_sound(entries)),
        disguises=_disguises(entries, normaliser),
        combinations=tuple(combinations),
        version=digest.hexdigest()[:12],
    )


def _of_everyone(folder: Path) -> list[tuple[Path, str]]:
    return [(path, "") for path in sorted(folder.glob("*.tsv"))]


def _extra_paths(extra_lists: Path | None) -> list[tuple[Path, str]]:
    """An operator's lists; those in a folder named after a community count only there."""
    if extra_lists is None:
        return []
    if not extra_lists.exists():
        raise ListError("list-missing", path=str(extra_lists))
    if not extra_lists.is_dir():
        return [(extra_lists, "")]
    of_one = [(path, path.parent.name) for path in sorted(extra_lists.glob("*/*.tsv"))]
    return [*_of_everyone(extra_lists), *of_one]


def _automaton(by_term: dict[str, list[Entry]]) -> Any:
    from ahocorasick import Automaton

    automaton = Automaton()
    for term, same in by_term.items():
        automaton.add_word(term, tuple(same))
    automaton.make_automaton()
    return automaton


def _by_spelling(entries: list[Entry]) -> dict[str, list[Entry]]:
    """As written, and Chinese ones typed in parts: 女干 is 奸."""
    by_term: dict[str, list[Entry]] = {}
    for entry in entries:
        by_term.setdefault(entry.term, []).append(entry)
        if not entry.term.isascii() and not entry.is_allowed:
            for written in in_parts(entry.term):
                by_term.setdefault(written, []).append(replace(entry, term=written))
            for written in _guesses(entry):
                by_term.setdefault(written, []).append(replace(entry, term=written, is_guess=True))
    return by_term


def _guesses(entry: Entry) -> Iterator[str]:
    """A denied Chinese term with one syllable shortened to its initial, or two exchanged."""
    term, table = entry.term, sounds()
    if entry.category is None or not all(map(table.syllable.get, term)):
        return
    for place, character in enumerate(term):
        yield term[:place] + table.syllable[character][0] + term[place + 1 :]
    if len(term) > 2:
        for place in range(len(term) - 1):
            yield term[:place] + term[place + 1] + term[place] + term[place + 2 :]


def _by_sound(entries: list[Entry]) -> dict[str, list[Entry]]:
    """Chinese terms that matter by themselves or with another, as they sound."""
    by_sound: dict[str, list[Entry]] = {}
    table = sounds()
    for entry in entries:
        is_heard = entry.category is not None or entry.roles & _HEARD_ROLES
        if is_heard and not entry.is_allowed and all(map(table.syllable.get, entry.term)):
            by_sound.setdefault(table.of(entry.term), []).append(entry)
    return by_sound


def _disguises(entries: list[Entry], normaliser: Normaliser) -> Disguises:
    """What sees through disguises of the terms' Latin words.

    A text is worth a closer look only where one word of each term, the most unusual, may stand.
    """
    alone: set[str] = set()  # words that are terms by themselves
    stems: set[str] = set()
    words: set[str] = set()
    phrases: list[tuple[Entry, list[str]]] = []
    for entry in entries:
        parts = _LETTERS.findall(entry.term) if entry.term.isascii() else []
        if entry.is_allowed or not parts or not (entry.category or entry.roles):
            continue
        words.update(_written(entry, parts))
        is_telling = entry.is_telling
        if is_telling and len(parts) > 1:
            phrases.append((entry, parts))
        elif is_telling:
            alone.update(_written(entry, parts))
            if entry.is_open_end:
                stems.update(parts)
    telling = set(alone)
    for entry, parts in phrases:
        if telling.isdisjoint(parts):
            telling.add(mark := max(parts, key=_rarity))
            if entry.is_open_end and mark == parts[-1]:
                stems.add(mark)
                telling.update(english_beginning_with(mark))
    kin = Kin(words, frozenset(alone), english())
    reader = Reader(
        kin,
        alone=frozenset(alone),
        telling=frozenset(telling),
        stems=frozenset(stems),
        ordinary=english(),
        pinyin=_typed(entries),
    )
    return Disguises(normaliser, reader)


def _typed(entries: list[Entry]) -> dict[str, str]:
    """Denied Chinese terms by their pinyin, where that is long enough to be nothing else."""
    typed: dict[str, str] = {}
    for entry in entries:
        if entry.category is not None and not entry.is_allowed and not entry.term.isascii():
            letters = sounds().pinyin(entry.term)
            if len(letters) >= _MIN_PINYIN_LETTERS and letters not in english():
                typed.setdefault(letters, entry.term)
    return typed


def _rarity(word: str) -> tuple[bool, bool, int]:
    return len(word) > 2 and word not in _EVERYWHERE, word not in _OFTEN, len(word)


def _written(entry: Entry, parts: list[str]) -> set[str]:
    """The words of a term, and those that an open one may go on as."""
    words = set(parts)
    if entry.is_open_end and len(parts[-1]) >= _MIN_STEM_LETTERS:
        words.update(english_beginning_with(parts[-1]))
        words.update(parts[-1] + ending for ending in _ENDINGS)
    if entry.is_open_start:
        words.update(word for word in english() if word.endswith(parts[0]))
    return words
