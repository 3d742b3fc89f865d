"""The word filter: text → verdict. Knows no person, no chat and no database.

Terms are looked for in every view of the text; a denial covered by an allowed term does not
count; roles found near each other make combinations. Findings point into the original text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import NamedTuple

from moderation.policy import (
    POLICY_VERSION,
    Category,
    Decision,
    Finding,
    Level,
    Verdict,
    strictest,
    thresholds,
)

from .ages import minor_ages
from .lexicon import (
    SAID_OF_PEOPLE,
    SCORES,
    Combination,
    Entry,
    Lexicon,
    Role,
    Severity,
)
from .normalise import Normaliser, View, respelt
from .sounds import sounds

MAX_CHARACTERS = 8000  # longer texts are refused unread: what is cut off could say anything


class Match(NamedTuple):
    """An entry found in a view."""

    view: View
    entry: Entry
    start: int
    end: int
    is_heard: bool = False  # it sounds so, and is written otherwise


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An entry found in the original text."""

    entry: Entry
    start: int
    end: int
    is_doubtful: bool = False


_SHADOW = "shadow."
_MAX_LISTENED = 500  # places that sound like a term, of which most are explained
_MAX_HEARD = 50  # a text of nothing but homophones need not be heard to its end
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
        community: str = "",
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self._lexicon = lexicon
        self._normaliser = normaliser
        self._level = level
        self._is_age_gated = is_age_gated
        self._community = community
        self._max_characters = max_characters
        self._nothing_found = self._verdict([])

    def check(self, text: str) -> Verdict:
        """Judge ``text``; a text that is too long is refused, not cut."""
        if len(text) > self._max_characters:
            return _too_long()
        hits = _uncovered(self._hits(text))
        if not hits:
            return self._nothing_found
        findings = [*self._denials(text, hits), *self._combinations(text, hits)]
        return self._verdict(findings)

    def without_excused(self, text: str) -> str:
        """The text with blanks for what an allowed term excuses: that means nothing bad."""
        view = self._normaliser.plain_view(self._normaliser.fold(text))
        allowed = (_hit(match) for match in self._written_in(view) if match.entry.is_allowed)
        spans = _merged((hit.start, hit.end) for hit in allowed)
        for start, end in spans:
            text = text[:start] + " " * (end - start) + text[end:]
        return text

    def _hits(self, text: str) -> list[Hit]:
        """Every entry in every view, each place once; and ages below 18 beside those that make
        them matter. Nothing where no hit could matter: places are only worked out for the rest."""
        views = self._lexicon.disguises.views(text)
        written = list(chain.from_iterable(map(self._written_in, views.written)))
        written += islice(chain.from_iterable(map(self._heard_in, views.heard)), _MAX_HEARD)
        if not any(match.entry.is_telling for match in written):
            return []
        found: dict[tuple[str, int, int], Hit] = {}
        for hit in map(_hit, written):
            place = (hit.entry.rule_id, hit.start, hit.end)
            if place not in found or found[place].is_doubtful:
                found[place] = hit
        hits = list(found.values())
        if any(hit.entry.roles & SAID_OF_PEOPLE for hit in hits):
            plain = views.written[0]
            hits += (_hit(Match(plain, _AGE, *place)) for place in minor_ages(plain.text))
        return hits

    def _heard_in(self, view: View) -> Iterator[Match]:
        """Chinese terms by their sound, where no ordinary word explains it."""
        table = sounds()
        said = view
        if spans := table.latin_spans(view.text):
            said = respelt(view, spans, is_doubtful=True)
        alike = self._lexicon.sounding.iter(table.of(said.text))
        for last, entries in islice(alike, _MAX_LISTENED):
            for entry in filter(self._is_ours, entries):
                start, end = last + 1 - len(entry.term), last + 1
                is_as_written = said.text[start:end] == entry.term
                if not is_as_written and not table.is_explained(said.text, start, end, entry.term):
                    yield Match(said, entry, start, end, is_heard=True)

    def _written_in(self, view: View) -> Iterator[Match]:
        for last, entries in self._lexicon.automaton.iter(view.text):
            end = last + 1
            for entry in filter(self._is_ours, entries):
                start = end - len(entry.term)
                if (entry.is_open_start or view.is_word_edge(start)) and (
                    entry.is_open_end or view.is_word_edge(end)
                ):
                    yield Match(view, entry, start, end)

    def _is_ours(self, entry: Entry) -> bool:
        return not entry.community or entry.community == self._community

    def _denials(self, text: str, hits: Iterable[Hit]) -> Iterator[Finding]:
        for hit in hits:
            category = hit.entry.category
            if category is not None:
                score = hit.entry.score
                if hit.is_doubtful:
                    score = min(score, SCORES[Severity.STRONG])
                found = self._finding(text, hit.entry.rule_id, category, score, hit.start, hit.end)
                yield _in_shadow(found) if hit.entry.is_shadow else found

    def _combinations(self, text: str, hits: list[Hit]) -> Iterator[Finding]:
        hits = [hit for hit in hits if not hit.entry.is_shadow]
        roles = frozenset().union(*(hit.entry.roles for hit in hits))
        for combination in self._lexicon.combinations:
            if not roles.issuperset(combination.roles):
                continue
            met = _closest(combination, hits)
            if met is not None and not _is_denied(combination, hits, met):
                start, end, distance = met
                is_near = distance <= combination.max_near_characters
                score = combination.near_score if is_near else combination.far_score
                yield self._finding(
                    text, combination.rule_id, combination.category, score, start, end
                )

    def _verdict(self, findings: list[Finding]) -> Verdict:
        telling = tuple(f for f in findings if f.decision is not Decision.ALLOW or _is_shadow(f))
        scores: dict[Category, float] = {}
        for finding in findings:
            if _is_shadow(finding):
                continue
            scores[finding.category] = max(finding.score, scores.get(finding.category, 0.0))
        decision = strictest(Verdict(decision=f.decision) for f in telling).decision
        policy = f"{POLICY_VERSION}/words-{self._lexicon.version}"
        return Verdict(decision=decision, scores=scores, findings=telling, policy=policy)

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


def _hit(match: Match) -> Hit:
    first, last = match.view.origin(match.start, match.end)
    is_doubtful = match.is_heard or match.entry.is_guess or match.view.is_doubtful
    return Hit(entry=match.entry, start=first, end=last, is_doubtful=is_doubtful)


def _in_shadow(finding: Finding) -> Finding:
    """What a rule on trial would have done: told, and not done."""
    rule_id = f"{_SHADOW}{finding.decision}.{finding.rule_id}"
    return replace(finding, rule_id=rule_id, decision=Decision.ALLOW)


def _is_shadow(finding: Finding) -> bool:
    return finding.rule_id.startswith(_SHADOW)


def _uncovered(hits: list[Hit]) -> list[Hit]:
    """Drop what lies within allowed words; of a doubtful reading, what touches them."""
    spans = _merged((hit.start, hit.end) for hit in hits if hit.entry.is_allowed)
    ends = [end for _, end in spans]
    kept = []
    for hit in hits:
        place = bisect_right(ends, hit.start)  # the first span that ends behind the hit's start
        start, end = spans[place] if place < len(spans) else (hit.end, hit.end)
        is_covered = start <= hit.start and hit.end <= end
        is_touched = start < hit.end and hit.is_doubtful
        if not (hit.entry.is_allowed or is_covered or is_touched):
            kept.append(hit)
    return kept


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _is_denied(combination: Combination, hits: list[Hit], met: tuple[int, int, int]) -> bool:
    """Whether something near says the opposite: that it is wrong to say so."""
    reach = combination.max_near_characters
    return any(
        combination.unless in hit.entry.roles
        and hit.end > met[0] - reach
        and hit.start < met[1] + reach
        for hit in hits
    )


def _closest(combination: Combination, hits: list[Hit]) -> tuple[int, int, int] | None:
    """Start, end and distance of the two hits of these roles that are nearest to each other."""
    best: tuple[int, int, int] | None = None
    last: dict[Role, Hit] = {}  # by role, the hit so far that reaches furthest
    one, other = combination.roles
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        for own, opposite in ((one, other), (other, one)):
            if own in hit.entry.roles and opposite in last:
                partner = last[opposite]
                distance = max(hit.start - partner.end, 0)
                if best is None or distance < best[2]:
                    best = partner.start, max(hit.end, partner.end), distance
        for role in hit.entry.roles.intersection(combination.roles):
            if role not in last or last[role].end <= hit.end:
                last[role] = hit
    return best


def _too_long() -> Verdict:
    finding = Finding(
        rule_id="words-too-long", category=Category.UNCHECKED, decision=Decision.BLOCK
    )
    return Verdict(decision=Decision.BLOCK, findings=(finding,))
