"""The word filter: text → verdict. Knows no person, no chat and no database.

Terms are looked for in every view of the text; a denial covered by an allowed term does not
count; roles found near each other make combinations. Findings point into the original text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from moderation.policy import (
    ALLOWED,
    Category,
    Decision,
    Finding,
    Level,
    Verdict,
    strictest,
    thresholds,
)

from .ages import minor_ages
from .lexicon import SCORES, Combination, Entry, Lexicon, Role, Severity, load_lexicon
from .normalise import Normaliser, View

MAX_CHARACTERS = 8000  # longer texts are refused unread: what is cut off could say anything


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An entry found in the original text."""

    entry: Entry
    start: int
    end: int
    is_doubtful: bool = False


_AGE = Entry(rule_id="words.age", term="", roles=frozenset({Role.MINOR}))


class LexiconFilter:
    """Judges text by word lists, ages and combinations; a pure function once built."""

    def __init__(
        self,
        lexicon: Lexicon,
        normaliser: Normaliser,
        level: Level = Level.STANDARD,
        *,
        is_age_gated: bool = False,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self._lexicon = lexicon
        self._normaliser = normaliser
        self._level = level
        self._is_age_gated = is_age_gated
        self._max_characters = max_characters

    def check(self, text: str) -> Verdict:
        """Judge ``text``; a text that is too long is refused, not cut."""
        if len(text) > self._max_characters:
            return _too_long()
        hits = self._hits(text)
        if not hits:
            return ALLOWED
        findings = [*self._denials(text, hits), *self._combinations(text, hits)]
        return _verdict(findings)

    def _hits(self, text: str) -> list[Hit]:
        """Every entry in every view, without what an allowed term covers, each once."""
        found: dict[tuple[Entry, int, int], Hit] = {}
        for view in self._normaliser.views(text):
            for hit in _uncovered(list(self._entries_in(view))):
                known = found.get((hit.entry, hit.start, hit.end))
                if known is None or known.is_doubtful:
                    found[hit.entry, hit.start, hit.end] = hit
        return list(found.values())

    def _entries_in(self, view: View) -> Iterator[Hit]:
        for last, entries in self._lexicon.automaton.iter(view.text):
            end = last + 1
            for entry in entries:
                start = end - len(entry.term)
                if (entry.is_open_start or view.is_word_edge(start)) and (
                    entry.is_open_end or view.is_word_edge(end)
                ):
                    yield _hit(entry, view, start, end)
        for start, end in minor_ages(view.text):
            yield _hit(_AGE, view, start, end)

    def _denials(self, text: str, hits: Iterable[Hit]) -> Iterator[Finding]:
        for hit in hits:
            category = hit.entry.category
            if category is not None:
                score = hit.entry.score
                if hit.is_doubtful:
                    score = min(score, SCORES[Severity.STRONG])
                yield self._finding(text, hit.entry.rule_id, category, score, hit.start, hit.end)

    def _combinations(self, text: str, hits: list[Hit]) -> Iterator[Finding]:
        for combination in self._lexicon.combinations:
            met = _closest(combination, hits)
            if met is not None:
                start, end, distance = met
                is_near = distance <= combination.max_near_characters
                score = combination.near_score if is_near else combination.far_score
                yield self._finding(
                    text, combination.rule_id, combination.category, score, start, end
                )

    def _finding(
        self, text: str, rule_id: str, category: Category, score: float, start: int, end: int
    ) -> Finding:
        limits = thresholds(category, self._level, is_age_gated=self._is_age_gated)
        return Finding(
            rule_id=rule_id,
            category=category,
            decision=limits.decide(score),
            score=score,
            start=start,
            end=end,
            matched=text[start:end],
        )


def load_word_filter(
    level: str = Level.STANDARD, extra_lists: Path | None = None, *, is_age_gated: bool = False
) -> LexiconFilter:
    """Read the lists and build the filter (about a tenth of a second). Raises ``ListError``."""
    normaliser = Normaliser()
    lexicon = load_lexicon(normaliser, extra_lists)
    return LexiconFilter(lexicon, normaliser, Level(level), is_age_gated=is_age_gated)


def _hit(entry: Entry, view: View, start: int, end: int) -> Hit:
    first, last = view.origin(start, end)
    return Hit(entry=entry, start=first, end=last, is_doubtful=view.is_doubtful)


def _uncovered(hits: list[Hit]) -> list[Hit]:
    """Drop what lies within an allowed term; in a doubtful reading touching one is enough."""
    allowed = [hit for hit in hits if hit.entry.is_allowed]
    if not allowed:
        return hits
    return [
        hit
        for hit in hits
        if not hit.entry.is_allowed and not any(_covers(other, hit) for other in allowed)
    ]


def _covers(allowed: Hit, hit: Hit) -> bool:
    if hit.is_doubtful:
        return allowed.start < hit.end and hit.start < allowed.end
    return allowed.start <= hit.start and hit.end <= allowed.end


def _closest(combination: Combination, hits: list[Hit]) -> tuple[int, int, int] | None:
    """Start, end and distance of the two hits of these roles that are nearest to each other."""
    lefts = [hit for hit in hits if combination.roles[0] in hit.entry.roles]
    rights = [hit for hit in hits if combination.roles[1] in hit.entry.roles]
    pairs = [
        (max(left.start, right.start) - min(left.end, right.end), left, right)
        for left in lefts
        for right in rights
    ]
    if not pairs:
        return None
    distance, left, right = min(pairs, key=lambda pair: pair[0])
    return min(left.start, right.start), max(left.end, right.end), max(distance, 0)


def _verdict(findings: list[Finding]) -> Verdict:
    telling = tuple(f for f in findings if f.decision is not Decision.ALLOW)
    scores: dict[Category, float] = {}
    for finding in findings:
        scores[finding.category] = max(finding.score, scores.get(finding.category, 0.0))
    decision = strictest(Verdict(decision=f.decision) for f in telling).decision
    return Verdict(decision=decision, scores=scores, findings=telling)


def _too_long() -> Verdict:
    finding = Finding(
        rule_id="words.too-long", category=Category.UNCHECKED, decision=Decision.BLOCK
    )
    return Verdict(decision=Decision.BLOCK, findings=(finding,))
