"""The word filter: text → verdict. Knows no person, no chat and no database.

Terms are looked for in every view of the text; a denial covered by an allowed term does not
count; roles found near each other make combinations. Findings point into the original text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import nlargest
from itertools import chain, islice

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
from .disguises import Views
from .entries import SAID_OF_PEOPLE, SCORES, Entry, Role, Severity
from .lexicon import Lexicon
from .normalise import Normaliser
from .places import (
    Hit,
    Match,
    closest,
    in_the_original,
    is_denied,
    merged,
    uncovered,
    without_covered,
)
from .sounds import sounds
from .views import View

MAX_CHARACTERS = 5000  # longer texts are refused unread: what is cut off could say anything


_SHADOW = "shadow."
_MAX_LISTENED = 500  # places that sound like a term, of which most are explained
_MAX_HEARD = 50  # a text of nothing but homophones need not be heard to its end
_MAX_PLACES = 800  # of terms in one text; a wish has some dozens
_MAX_FINDINGS = 60  # those that weigh most
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
        views = self._lexicon.disguises.views(text)
        matches, is_complete = self._matches(views)
        hits = uncovered(in_the_original(matches))
        if not hits and is_complete:
            return self._nothing_found
        findings = [*self._denials(text, hits), *self._combinations(text, hits)]
        if not is_complete:
            findings.append(_too_strange())
        return self._verdict(findings)

    def without_excused(self, text: str) -> str:
        """The text with blanks for what an allowed term excuses: that means nothing bad."""
        view = self._normaliser.plain_view(self._normaliser.fold(text))
        allowed = [match for match in self._written_in(view) if match.entry.is_allowed]
        spans = merged(view.origin(match.start, match.end) for match in allowed)
        for start, end in spans:
            text = text[:start] + " " * (end - start) + text[end:]
        return text

    def _matches(self, views: Views) -> tuple[list[Match], bool]:
        """Every entry in every view that could matter, and ages below 18 beside those that make
        them matter; and whether that is all there is."""
        written = [
            match for view in views.written for match in without_covered(self._written_in(view))
        ]
        written += islice(chain.from_iterable(map(self._heard_in, views.heard)), _MAX_HEARD)
        if not any(match.entry.is_telling for match in written):
            return [], views.is_complete
        roles = frozenset().union(*(match.entry.roles for match in written))
        if roles & SAID_OF_PEOPLE:
            plain = views.written[0]
            ages = [Match(plain, _AGE, *place) for place in minor_ages(plain.text)]
            written += ages
            roles |= _AGE.roles if ages else frozenset()
        meeting = self._roles_that_meet(roles)
        matter = [one for one in written if one.entry.is_judged or one.entry.roles & meeting]
        return matter[:_MAX_PLACES], views.is_complete and len(matter) <= _MAX_PLACES

    def _roles_that_meet(self, roles: frozenset[Role]) -> frozenset[Role]:
        """Those of which a combination may come, and what takes its sense away."""
        meet: set[Role] = set()
        for each in self._lexicon.combinations:
            if roles.issuperset(each.roles):
                meet.update(each.roles)
                meet.update({each.unless} if each.unless else ())
        return frozenset(meet)

    def _heard_in(self, view: View) -> Iterator[Match]:
        """Chinese terms by their sound, where no ordinary word explains it."""
        table = sounds()
        said = view
        if spans := table.latin_spans(view.text):
            said = view.respelt(spans, is_doubtful=True)
        alike = self._lexicon.sounding.iter(table.of(said.text))
        for last, entries in islice(alike, _MAX_LISTENED):
            for entry in filter(self._is_ours, entries):
                start, end = last + 1 - len(entry.term), last + 1
                is_as_written = said.text[start:end] == entry.term
                if not is_as_written and not table.is_explained(said.text, start, end, entry.term):
                    yield Match(said, entry, start, end, is_heard=True)

    def _written_in(self, view: View) -> list[Match]:
        found: list[Match] = []
        for last, entries in self._lexicon.automaton.iter(view.text):
            end = last + 1
            for entry in entries:
                start = end - entry.length
                if (
                    (entry.is_open_start or view.is_word_edge(start))
                    and (entry.is_open_end or view.is_word_edge(end))
                    and self._is_ours(entry)
                ):
                    found.append(Match(view, entry, start, end))
        return found

    def _is_ours(self, entry: Entry) -> bool:
        return not entry.community or entry.community == self._community

    def _denials(self, text: str, hits: Iterable[Hit]) -> Iterator[Finding]:
        denied = [hit for hit in hits if hit.entry.category is not None]
        if len(denied) > _MAX_FINDINGS:
            denied = nlargest(_MAX_FINDINGS, denied, key=_weight)
        for hit in denied:
            if (category := hit.entry.category) is not None:
                rule_id, score = hit.entry.rule_id, _weight(hit)
                found = self._finding(text, rule_id, category, score, hit.start, hit.end)
                yield _in_shadow(found) if hit.entry.is_shadow else found

    def _combinations(self, text: str, hits: list[Hit]) -> Iterator[Finding]:
        hits = [hit for hit in hits if not hit.entry.is_shadow]
        roles = frozenset().union(*(hit.entry.roles for hit in hits))
        for combination in self._lexicon.combinations:
            if not roles.issuperset(combination.roles):
                continue
            met = closest(combination, hits)
            if met is not None and not is_denied(combination, hits, met):
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


def _weight(hit: Hit) -> float:
    """Its score; what is in doubt may only ask a human."""
    return min(hit.entry.score, SCORES[Severity.STRONG]) if hit.is_doubtful else hit.entry.score


def _in_shadow(finding: Finding) -> Finding:
    """What a rule on trial would have done: told, and not done."""
    rule_id = f"{_SHADOW}{finding.decision}.{finding.rule_id}"
    return replace(finding, rule_id=rule_id, decision=Decision.ALLOW)


def _is_shadow(finding: Finding) -> bool:
    return finding.rule_id.startswith(_SHADOW)


def _too_strange() -> Finding:
    """More in it is strange than is read, or more terms than a wish has: a human looks."""
    return Finding(
        rule_id="words-too-strange", category=Category.UNCHECKED, decision=Decision.REVIEW
    )


def _too_long() -> Verdict:
    finding = Finding(
        rule_id="words-too-long", category=Category.UNCHECKED, decision=Decision.BLOCK
    )
    return Verdict(decision=Decision.BLOCK, findings=(finding,))
