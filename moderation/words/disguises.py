"""Every view of a text in which listed terms are looked for, the cheap ones first.

Most texts are harmless at a glance and have no view at all. The others have the regular ones of
``normalise``, and those in which strange pieces are read as the listed words they may stand for:
``reading`` for Latin letters, ``sounds`` for Chinese, ``signs`` for emoji, ``codes`` for codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .characters import HAN
from .normalise import SPELLED_HAN, Normaliser, View, respelt
from .reading import Glance, Look, Reader, Reading
from .signs import MAY_BE_EMOJI, signs

_PIECE = re.compile(r"\S+")
_IN_CODE = re.compile(
    r"[a-z][A-Z0-9]|[A-Z2-7]{6}|(?:\d{1,2}[-. ]){3}|[%\\][0-9a-fux]|\d{7}|(?:[2-7][0-9a-f][ ,:-]?){4}|(?:[.-]{1,4} +){2}|[\u2801-\u283f]"
)
_CASED = re.compile(r"[a-z][A-Z0-9]|[A-Z2-7]{6}")  # as codes of letters and digits look
_ONLY_HAN = re.compile(f"[{HAN},，。!?！？]+")
_HAS_HAN = re.compile(f"[{HAN}]")
_NOISE_IN_HAN = re.compile(rf"(?<=[{HAN}])(?:[a-z0-9]{{1,2}}|[^\w\s,]{{1,3}})(?=[{HAN}])")

_LATIN = re.compile("[a-z]")

Spans = list[tuple[int, int, str]]


@dataclass(frozen=True, kw_only=True)
class Views:
    """Where terms are looked for."""

    written: list[View] = field(default_factory=list)
    heard: list[View] = field(default_factory=list)  # Chinese, to be compared by its sound


NO_VIEWS = Views()


class Disguises:
    """Text → views; remembers pieces it has seen."""

    def __init__(self, normaliser: Normaliser, reader: Reader) -> None:
        self._normaliser = normaliser
        self._reader = reader

    def views(self, text: str) -> Views:
        """Views in which a term may stand; none where nothing can."""
        if text.isascii() and (few := self._at_a_glance(text)) is not None:
            return few
        found = self._folded_views(self._normaliser.fold(text))
        decoded = self._normaliser.decoded(text) if _IN_CODE.search(text) else None
        sounded = None if text.isascii() else self._normaliser.sounded(text)
        for other in filter(None, (decoded, sounded)):
            more = self._folded_views(other)
            found = Views(written=found.written + more.written, heard=found.heard + more.heard)
        return found

    def _at_a_glance(self, text: str) -> Views | None:
        """The few views of an ASCII text without disguise; None where there may be one."""
        lower = text.lower()
        seen = self._reader.glance(lower)
        if Glance.DISGUISED in seen:
            return None
        if Glance.UNKNOWN in seen and (self._reader.has_pieced(lower) or _CASED.search(text)):
            return None
        if Glance.TELLING in seen:
            return Views(written=[self._normaliser.plain_view(self._normaliser.fold(text))])
        return NO_VIEWS

    def _folded_views(self, folded: View) -> Views:
        if folded.text.isascii():
            return Views(written=list(self._latin_views(folded)))
        if _ONLY_HAN.fullmatch(folded.text) and not SPELLED_HAN.search(folded.text):
            plain = self._normaliser.plain_view(folded)
            return Views(written=[plain, *self._normaliser.doubtful_han(folded)], heard=[plain])
        written = list(self._normaliser.views(folded))
        if _LATIN.search(folded.text):
            written += self._respelt(folded, self._looks(folded))
        is_chinese = _HAS_HAN.search(folded.text) is not None
        named = list(self._named(folded, is_chinese=is_chinese))
        written += map(self._normaliser.plain_view, named)
        if not is_chinese:
            return Views(written=written)
        written += self._normaliser.doubtful_han(folded)
        if _NOISE_IN_HAN.search(folded.text):
            spans = [(*match.span(), "") for match in _NOISE_IN_HAN.finditer(folded.text)]
            written.append(self._normaliser.plain_view(respelt(folded, spans, is_doubtful=True)))
        return Views(written=written, heard=list(map(self._normaliser.together, named or [folded])))

    def _latin_views(self, folded: View) -> Iterator[View]:
        looks = self._looks(folded)
        respelt_views = list(self._respelt(folded, looks))
        if any(
            look.is_mixed or (look.is_strange and end - start == 1) for start, end, look in looks
        ):
            yield from self._normaliser.views(folded)
        elif respelt_views or any(look.is_telling for *_, look in looks):
            yield self._normaliser.plain_view(folded)
        yield from respelt_views

    def _looks(self, folded: View) -> list[tuple[int, int, Look]]:
        look = self._reader.look
        return [(*match.span(), look(match[0])) for match in _PIECE.finditer(folded.text)]

    def _respelt(self, folded: View, looks: list[tuple[int, int, Look]]) -> Iterator[View]:
        """With disguised words as they are meant: first the sure ones, then whatever may be."""
        strange = [place for place, (*_, look) in enumerate(looks) if look.is_strange]
        if not strange:
            return
        options: list[tuple[int, int, tuple[Reading, ...]]] = [
            (start, end, look.readings) for start, end, look in looks if look.readings
        ]
        pieces = [folded.text[start:end] for start, end, _ in looks]
        for first, last, reading in self._reader.pieced(pieces, strange):
            options.append((looks[first][0], looks[last - 1][1], (reading,)))
        options.sort(key=lambda option: (option[0], -option[1]))
        most = max((len(readings) for *_, readings in options), default=0)
        for is_sure, rank in ((True, 0), (False, 0), (False, 1), (False, 2))[: most + 1]:
            spans = list(_chosen(options, is_sure, rank))
            if spans:
                view = respelt(folded, spans, is_doubtful=folded.is_doubtful or not is_sure)
                yield self._normaliser.plain_view(view)

    def _named(self, folded: View, *, is_chinese: bool) -> Iterator[View]:
        """With emoji in words, one view for each of the first two meanings; none without emoji."""
        table = signs()
        if not MAY_BE_EMOJI.search(folded.text):
            return
        found = list(table.pattern.finditer(folded.text))
        for rank in range(2 if is_chinese and found else bool(found)):
            spans: Spans = [
                (*match.span(), table.in_chinese(match[0], rank) if is_chinese
                 else f" {table.english[match[0]]} ") for match in found
            ]  # fmt: skip
            yield respelt(folded, spans, is_doubtful=True)


def _chosen(
    options: list[tuple[int, int, tuple[Reading, ...]]], is_sure: bool, rank: int
) -> Iterator[tuple[int, int, str]]:
    """One reading for each place, where places do not overlap."""
    position = 0
    for start, end, readings in options:
        fitting = [reading for reading in readings if reading.is_sure or not is_sure]
        if start >= position and len(fitting) > rank * (not is_sure):
            yield start, end, f" {fitting[min(rank, len(fitting) - 1)].word} "
            position = end
