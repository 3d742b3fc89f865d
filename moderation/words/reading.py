"""What the pieces of a text may be read as: harmless, telling, or a disguise of a listed word.

A piece is what stands between blanks. What a dictionary knows and no telling term begins with is
harmless, and so are most texts as a whole, which are done with here. What is strange is looked at
for the word it stands for; what was once looked at is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Flag, auto
from itertools import islice

from .codes import word_codes
from .kin import MIN_LETTERS, Kin
from .pieces import MAX_PIECES, letters_of, num_words_after, num_words_before, runs_through

_LETTERS = re.compile("[a-z]+")
_NO_LETTERS = re.compile("[^a-z]+")
_REPEATED = re.compile(r"([a-z])\1\1|^\W*(?:([a-z])\2){3,}\W*$")
_BETWEEN = re.compile(r"[a-z0-9][^a-z0-9\s,]+(?=[a-z0-9])|[a-z][0-9@$!|+€£]|[0-9@$!|+€£][a-z]")
_ODD = re.compile(
    r"[\\%&<]|[^\x00-\x7f]|^[01]{7,8}$|^[2-7][0-9a-f]$|^(?=.*\.)(?=.*-)[.-]{2,4}$|^(?:\d{1,2}[-.]){3,}\d{1,2}\W*$"
)
_POSSESSIVE = re.compile(r"['’]s?(?![a-z])")
_HYPHENED = re.compile(r"^\W*[a-z]+(?:[-&/'’][a-z]+)+\W*$")
_VERSION = re.compile(r"[-.]?v\d{1,3}(?:\.\d)?$")  # neon-v2, as models of styles are called
_COUNTED = re.compile(r"^[(\[{]*\d[a-z]{3,}[^a-z0-9]*$")  # 1girl, 2dogs
_OUTSIDE = "()[]{}<>.,;:!?'\"|/\\*~`_-+="
_SIZES = re.compile(r"^[(\[{]*\d[\d.,:x/*-]*[a-z]{0,3}[)\]},.]*$|^--[a-z]{1,7}$")

_MAX_REMEMBERED = 100_000
_MAX_PIECE_LETTERS = 40  # longer ones are read only by what stands in them
_MAX_READINGS = 3
_MAX_WORDS_BESIDE, _MIN_HIDDEN_LETTERS = 4, 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a piece may stand for, and whether anything else is likely."""

    word: str
    is_sure: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What was seen in a piece."""

    is_telling: bool = False  # a listed word stands in it as it is
    is_strange: bool = False  # no dictionary knows it
    is_mixed: bool = False  # signs or digits stand among its letters
    readings: tuple[Reading, ...] = ()


HARMLESS = Look()
UNREAD = Look(is_strange=True)  # nobody has looked: the text has more strange pieces than is read


class Patience:
    """How much one text may ask for; when it is over, what is left stays unread, and is told."""

    def __init__(self, num_readings: int = 120, num_runs: int = 2500) -> None:
        self.num_readings = num_readings  # of strange pieces never seen before, 0.1 ms each
        self.num_runs = num_runs  # of neighbours put together, a few thousandths of a ms each

    @property
    def is_over(self) -> bool:
        """Whether something was left unread."""
        return self.num_readings < 0 or self.num_runs < 0


class Glance(Flag):
    """What a text shows at a glance; nothing of it means that no listed term can stand in it."""

    HARMLESS = 0
    TELLING = auto()  # listed words may stand in it as they are
    UNKNOWN = auto()  # words that no dictionary has, which stand for no other by themselves
    DISGUISED = auto()  # what may stand for a listed word


class Reader:
    """Looks at pieces; remembers them, within bounds."""

    def __init__(
        self,
        kin: Kin,
        *,
        alone: frozenset[str],
        telling: frozenset[str],
        stems: frozenset[str],
        ordinary: frozenset[str],
        pinyin: Mapping[str, str],
    ) -> None:
        self._kin = kin
        self._pinyin = pinyin  # Chinese terms by how they are typed
        self._alone = alone  # words that are terms by themselves
        self._telling = telling  # and of every longer term one word
        self._stems = stems  # words so begun are telling too
        self._stem_lengths = sorted({len(stem) for stem in stems})
        self._ordinary = ordinary
        self._plain = ordinary - telling
        self._harmless = set(self._plain)
        self._looks: dict[str, Look] = {}

    def glance(self, lower: str, patience: Patience) -> Glance:
        """What the lower-case text may need, at a few millionths of a second."""
        is_telling = False
        strange: set[str] = set()
        pieces = lower.split()
        for piece in set(pieces) - self._harmless:
            look = self.look(piece, patience)
            if look is HARMLESS:
                continue
            is_telling = is_telling or look.is_telling
            if look.readings or look.is_mixed or (look.is_strange and len(piece) == 1):
                return Glance.DISGUISED
            if look.is_strange:
                strange.add(piece)
        if not strange:
            return Glance.TELLING if is_telling else Glance.HARMLESS
        places = [place for place, piece in enumerate(pieces) if piece in strange]
        if next(self.pieced(pieces, places, patience), None) is not None:
            return Glance.DISGUISED
        return Glance.TELLING | Glance.UNKNOWN if is_telling else Glance.UNKNOWN

    def look(self, piece: str, patience: Patience) -> Look:
        """What the lower-case piece may be."""
        if piece in self._harmless:
            return HARMLESS
        found = self._looks.get(piece)
        if found is None:
            patience.num_readings -= 1 + len(piece) // _MAX_PIECE_LETTERS
            if patience.num_readings < 0:
                return UNREAD
            found = self._look(piece)
            if found is HARMLESS and len(self._harmless) < 3 * _MAX_REMEMBERED:
                self._harmless.add(piece)
            elif len(self._looks) < _MAX_REMEMBERED:
                self._looks[piece] = found
        return found

    def _look(self, piece: str) -> Look:
        piece = _VERSION.sub("", _POSSESSIVE.sub("", piece))
        words = _LETTERS.findall(piece)
        is_telling = any(map(self._is_telling, words))
        is_known = self._ordinary.issuperset(words)
        is_mixed = bool(_BETWEEN.search(piece) or _REPEATED.search(piece))
        if _ODD.search(piece):
            readings = self._read(piece)
            return Look(is_strange=True, is_mixed=True, is_telling=is_telling, readings=readings)
        if _SIZES.match(piece) or (_COUNTED.match(piece) and self._plain.issuperset(words)):
            return HARMLESS
        if is_known and not is_mixed:
            return Look(is_telling=True) if is_telling else HARMLESS
        readings = self._read(piece)
        if not readings and _HYPHENED.match(piece) and self._is_compound(piece):
            return Look(is_telling=True) if is_telling else HARMLESS
        if is_known and not readings:
            return Look(is_telling=True) if is_telling else HARMLESS
        return Look(is_telling=is_telling, is_strange=True, is_mixed=is_mixed, readings=readings)

    def _is_telling(self, word: str) -> bool:
        if word in self._telling:
            return True
        is_begun_so = any(word[:length] in self._stems for length in self._stem_lengths)
        return is_begun_so and word not in self._ordinary

    def _read(self, piece: str) -> tuple[Reading, ...]:
        bare = piece.strip(_OUTSIDE)
        if len(bare) > _MAX_PIECE_LETTERS:
            return tuple(Reading(word=word, is_sure=False) for word in self._hidden_in(bare))
        sure = dict.fromkeys((*self._kin.alike(bare), *self._kin.alike(piece)))
        if sure:
            return _readings(sure, is_sure=True)
        is_one_word = bare.isalpha()
        if is_one_word and (bare in self._ordinary or len(bare) < 3):
            return ()
        doubtful: dict[str, None] = {}
        letters = bare if is_one_word else _NO_LETTERS.sub("", bare)
        if (is_one_word or len(letters) * 2 > len(bare)) and letters not in self._ordinary:
            doubtful |= dict.fromkeys(w for w in word_codes(letters) if w in self._kin)
            doubtful |= dict.fromkeys(filter(None, (self._pinyin.get(letters),)))
        doubtful |= dict.fromkeys(self._stuck_together(bare))
        if not self._is_compound(bare):
            doubtful |= dict.fromkeys(self._kin.near(bare))
        return _readings(doubtful, is_sure=False)

    def _is_compound(self, bare: str) -> bool:
        """well-known, coffee&cream, x-ray: ordinary words with a sign between, one letter at most."""
        words = _LETTERS.findall(bare)
        letters = [word for word in words if len(word) == 1]
        return (
            len(words) > 1
            and len(letters) <= 1
            and all(len(word) == 1 or word in self._ordinary for word in words)
        )

    def _stuck_together(self, bare: str) -> Iterator[str]:
        """A listed word within others that a dictionary knows: nudebeach, gorefest."""
        letters = "".join(_LETTERS.findall(bare))
        if len(letters) < 7 or letters in self._ordinary:
            return
        found = list(self._standing_in(letters, MIN_LETTERS))
        if not found:
            return
        before, after = (
            num_words_before(letters, self._ordinary),
            num_words_after(letters, self._ordinary),
        )
        for start, end in found:
            if before[start] <= _MAX_WORDS_BESIDE and after[end] <= _MAX_WORDS_BESIDE:
                yield f"{letters[:start]} {letters[start:end]} {letters[end:]}".strip()
                return

    def _hidden_in(self, bare: str) -> Iterator[str]:
        """A listed word in a piece that is far longer than any word."""
        letters = "".join(_LETTERS.findall(bare))
        for start, end in self._standing_in(letters, _MIN_HIDDEN_LETTERS):
            yield f"{letters[:start]} {letters[start:end]} {letters[end:]}".strip()
            return

    def _standing_in(self, letters: str, least: int) -> Iterator[tuple[int, int]]:
        """Where words that are terms by themselves stand, of as many letters, the longest first."""
        for start in range(len(letters) - least + 1):
            for end in range(min(start + 16, len(letters)), start + least - 1, -1):
                if letters[start:end] in self._alone:
                    yield start, end

    def pieced(
        self, pieces: list[str], strange: list[int], patience: Patience
    ) -> Iterator[tuple[int, int, Reading]]:
        """Words that neighbours make together, as ranges of pieces: po rn, hen BREAK tai.

        ``strange`` says which pieces no dictionary knows; without one of them there is none.
        """
        seen: set[tuple[int, int]] = set()
        letters = [letters_of(piece) for piece in pieces] if strange else []
        for place in strange:
            if not letters[place]:
                continue
            begin = max(place - MAX_PIECES, 0)
            near = letters[begin : place + MAX_PIECES + 1]
            reach = 2 if len(letters[place]) == 1 else MAX_PIECES
            for first, end, word in runs_through(near, place - begin, reach):
                patience.num_runs -= 1
                if patience.num_runs < 0:
                    return
                span = first + begin, end + begin
                if span not in seen and word not in self._plain:
                    seen.add(span)
                    if (reading := self._joined(word)) is not None:
                        yield *span, reading

    def _joined(self, word: str) -> Reading | None:
        if word in self._kin:
            return Reading(word=word, is_sure=True)
        if word in self._pinyin:
            return Reading(word=self._pinyin[word], is_sure=False)
        if len(word) > MIN_LETTERS + 1 and (found := self._kin.shaped_like(word)):
            return Reading(word=found, is_sure=False)
        return None


def _readings(words: Iterable[str], *, is_sure: bool) -> tuple[Reading, ...]:
    return tuple(Reading(word=word, is_sure=is_sure) for word in islice(words, _MAX_READINGS))
