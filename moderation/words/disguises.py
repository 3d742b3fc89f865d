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
from .normalise import NETWORK, SPELLED_HAN, Normaliser
from .reading import Glance, Look, Patience, Reader, Reading
from .signs import MAY_BE_EMOJI, signs
from .views import Spans, View

_PIECE = re.compile(r"\S+")
# Each begins with a class of characters, which lets a search skip quickly.
_CODES = tuple(
    map(
        re.compile,
        (
            r"[A-Z0-9](?:(?<=[a-z].)|[A-Z2-7]{5})",
            r"\d(?:\d?[-. ]\d{1,2}[-. ]\d{1,2}[-. ]|\d{6})",
            r"[2-7][0-9a-f][ ,:-]?(?:[2-7][0-9a-f][ ,:-]?){3}",
            r"[%\\][0-9a-fux]|[.-]{1,4} +[.-]{1,4} +|[\u2801-\u283f]",
        ),
    )
)
_CASED = _CODES[0]  # as codes of letters and digits look
_ONLY_HAN = re.compile(f"[{HAN},，。!?！？]+")
_HAS_HAN = re.compile(f"[{HAN}]")
_NOISE_IN_HAN = re.compile(rf"(?<=[{HAN}])(?:[a-z0-9]{{1,2}}|[^\w\s,]{{1,3}})(?=[{HAN}])")

_LATIN = re.compile("[a-z]")


@dataclass(frozen=True, kw_only=True)
class Views:
    """Where terms are looked for."""

    written: list[View] = field(default_factory=list)
    heard: list[View] = field(default_factory=list)  # Chinese, to be compared by its sound
    is_complete: bool = True  # False: more is strange in the text than is looked at


NO_VIEWS = Views()


class Disguises:
    """Text → views; remembers pieces it has seen."""

    def __init__(self, normaliser: Normaliser, reader: Reader) -> None:
        self._normaliser = normaliser
        self._reader = reader

    def views(self, text: str) -> Views:
        """Views in which a term may stand; none where nothing can."""
        patience = Patience()
        if text.isascii() and (few := self._at_a_glance(text, patience)) is not None:
            return few
        decoded = (
            self._normaliser.decoded(text) if any(code.search(text) for code in _CODES) else None
        )
        sounded = None if text.isascii() else self._normaliser.sounded(text)
        ways = (self._normaliser.fold(text), decoded, sounded)
        found = [self._folded_views(way, patience) for way in ways if way is not None]
        return Views(
            written=[view for each in found for view in each.written],
            heard=[view for each in found for view in each.heard],
            is_complete=not patience.is_over,
        )

    def _at_a_glance(self, text: str, patience: Patience) -> Views | None:
        """The few views of an ASCII text without disguise; None where there may be one."""
        lower = text.lower().replace("_", "-")
        if "<" in lower:
            lower = NETWORK.sub(r" \1 ", lower)
        seen = self._reader.glance(lower, patience)
        if Glance.DISGUISED in seen or patience.is_over:
            return None
        if Glance.UNKNOWN in seen and _CASED.search(text):
            return None
        if Glance.TELLING in seen:
            return Views(written=[self._normaliser.plain_view(self._normaliser.fold(text))])
        return NO_VIEWS

    def _folded_views(self, folded: View, patience: Patience) -> Views:
        if folded.text.isascii():
            return Views(written=list(self._latin_views(folded, patience)))
        if _ONLY_HAN.fullmatch(folded.text) and not SPELLED_HAN.search(folded.text):
            plain = self._normaliser.plain_view(folded)
            return Views(written=[plain, *self._normaliser.doubtful_han(folded)], heard=[plain])
        written = list(self._normaliser.views(folded))
        if _LATIN.search(folded.text):
            written += self._respelt(folded, self._looks(folded, patience), patience)
        is_chinese = _HAS_HAN.search(folded.text) is not None
        named = list(self._named(folded, is_chinese=is_chinese))
        written += map(self._normaliser.plain_view, named)
        if not is_chinese:
            return Views(written=written)
        written += self._normaliser.doubtful_han(folded)
        if _NOISE_IN_HAN.search(folded.text):
            spans = [(*match.span(), "") for match in _NOISE_IN_HAN.finditer(folded.text)]
            written.append(self._normaliser.plain_view(folded.respelt(spans, is_doubtful=True)))
        return Views(written=written, heard=list(map(self._normaliser.together, named or [folded])))

    def _latin_views(self, folded: View, patience: Patience) -> Iterator[View]:
        looks = self._looks(folded, patience)
        respelt_views = list(self._respelt(folded, looks, patience))
        if any(
            look.is_mixed or (look.is_strange and end - start == 1) for start, end, look in looks
        ):
            yield from self._normaliser.views(folded)
        elif respelt_views or any(look.is_telling for *_, look in looks):
            yield self._normaliser.plain_view(folded)
        yield from respelt_views

    def _looks(self, folded: View, patience: Patience) -> list[tuple[int, int, Look]]:
        look = self._reader.look
        return [(*match.span(), look(match[0], patience)) for match in _PIECE.finditer(folded.text)]

    def _respelt(
        self, folded: View, looks: list[tuple[int, int, Look]], patience: Patience
    ) -> Iterator[View]:
        """With disguised words as they are meant: first the sure ones, then whatever may be."""
        strange = [place for place, (*_, look) in enumerate(looks) if look.is_strange]
        if not strange:
            return
        options: list[tuple[int, int, tuple[Reading, ...]]] = [
            (start, end, look.readings) for start, end, look in looks if look.readings
        ]
        pieces = [folded.text[start:end] for start, end, _ in looks]
        for first, last, reading in self._reader.pieced(pieces, strange, patience):
            options.append((looks[first][0], looks[last - 1][1], (reading,)))
        options.sort(key=lambda option: (option[0], -option[1]))
        most = max((len(readings) for *_, readings in options), default=0)
        for is_sure, rank in ((True, 0), (False, 0), (False, 1), (False, 2))[: most + 1]:
            spans = list(_chosen(options, is_sure, rank))
            if spans:
                view = folded.respelt(spans, is_doubtful=folded.is_doubtful or not is_sure)
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
            yield folded.respelt(spans, is_doubtful=True)


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
