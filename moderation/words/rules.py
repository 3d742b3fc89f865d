"""The filter of words that people meet: lists, classifier and guards, re-read while it runs.

An operator's folder is looked at every few seconds; what is wrong in it is logged and the rules
that were in force stay. Knows no database: a community is a name, its strictness stands in
``communities.tsv`` of that folder.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from moderation.errors import ListError, ModerationError
from moderation.policy import Decision, Level, Verdict, WordFilter, strictest, unchecked

from .entries import rows
from .filter import LexiconFilter
from .lexicon import COMMUNITIES, NEGATIVE_LISTS, Lexicon, load_lexicon
from .normalise import Normaliser

if TYPE_CHECKING:
    from .classifier import Classifier

logger = logging.getLogger(__name__)
RELOAD_SECONDS = 2.0
_GATED = {"gated": True, "-": False}


@dataclass(frozen=True, kw_only=True)
class Strictness:
    """How strict a community is."""

    level: Level = Level.STANDARD
    is_age_gated: bool = False


@dataclass(frozen=True, kw_only=True)
class Edition:
    """The rules at one time."""

    lexicon: Lexicon
    communities: Mapping[str, Strictness]
    seen: tuple[tuple[str, int, int], ...]  # names, times and sizes of the operator's files


class WordRules:
    """Judges text by everything there is; the strictest verdict wins.

    ``guards`` are asked about what the rules themselves do not block; one that fails means review.
    """

    def __init__(
        self,
        strictness: Strictness,
        lists: Path | None = None,
        *,
        has_classifier: bool = False,
        guards: Mapping[str, WordFilter] | None = None,
        reload_seconds: float = RELOAD_SECONDS,
    ) -> None:
        self._strictness = strictness
        self._lists = lists
        self._has_classifier = has_classifier
        self._guards = guards or {}
        self._reload_seconds = reload_seconds
        self._normaliser = Normaliser()
        self._edition = self._read()
        self._filters: dict[str, _Judges] = {}
        self._looked_at = monotonic()
        self._reading = Lock()

    def check(self, text: str) -> Verdict:
        """Judge ``text`` where no community is known."""
        return self.within("").check(text)

    def within(self, community: str) -> WordFilter:
        """The filter of one community, by the name its folder of lists has."""
        self._look_for_changes()
        if (found := self._filters.get(community)) is None:
            found = self._judges(self._edition, community)
            self._filters = {**self._filters, community: found}
        return found

    def strictness(self, community: str) -> Strictness:
        """How strict a community is; pictures are judged by it, too."""
        self._look_for_changes()
        return self._edition.communities.get(community, self._strictness)

    def _judges(self, edition: Edition, community: str) -> _Judges:
        strict = edition.communities.get(community, self._strictness)
        lists = LexiconFilter(
            edition.lexicon,
            self._normaliser,
            strict.level,
            is_age_gated=strict.is_age_gated,
            community=community,
        )
        if not self._has_classifier:
            return _Judges(lists, None, self._guards)
        from .classifier import Classifier, load_model  # NumPy, which a start need not wait for

        classifier = Classifier(
            load_model(), self._normaliser, strict.level, is_age_gated=strict.is_age_gated
        )
        return _Judges(lists, classifier, self._guards)

    def _look_for_changes(self) -> None:
        """Read the operator's folder again where a file of it has changed."""
        now = monotonic()
        if self._lists is None or now - self._looked_at < self._reload_seconds:
            return
        if not self._reading.acquire(blocking=False):
            return  # another thread is at it; the rules in force judge meanwhile
        try:
            self._looked_at = now
            if _seen(self._lists) != self._edition.seen:
                self._edition = self._read()
                self._filters = {}
        except (ModerationError, OSError, UnicodeDecodeError) as error:
            logger.warning("word lists not reloaded, the old ones stay: %s", error)
        finally:
            self._reading.release()

    def _read(self) -> Edition:
        seen = _seen(self._lists) if self._lists else ()
        return Edition(
            lexicon=load_lexicon(self._normaliser, self._lists),
            communities=_communities(self._lists, self._strictness),
            seen=seen,
        )


class _Judges:
    """One community's filters, composed."""

    def __init__(
        self,
        lists: LexiconFilter,
        classifier: Classifier | None,
        guards: Mapping[str, WordFilter],
    ) -> None:
        self._lists = lists
        self._classifier = classifier
        self._guards = guards

    def check(self, text: str) -> Verdict:
        verdict = self._lists.check(text)
        verdicts = [verdict]
        if self._classifier is not None and verdict.decision is not Decision.BLOCK:
            verdicts.append(self._classified(self._classifier, text))
        if not any(said.decision is Decision.BLOCK for said in verdicts):
            verdicts += (_asked(name, guard, text) for name, guard in self._guards.items())
        return verdict if len(verdicts) == 1 else _merged(verdicts)

    def _classified(self, classifier: Classifier, text: str) -> Verdict:
        """What the classifier says, of what no allowed term excuses."""
        verdict = classifier.check(text)
        if verdict.decision is Decision.ALLOW:
            return verdict
        remainder = self._lists.without_excused(text)
        return verdict if remainder == text else classifier.check(remainder)


def _asked(name: str, guard: WordFilter, text: str) -> Verdict:
    try:
        return guard.check(text)
    except Exception as error:  # noqa: BLE001 - fail closed: a guard that fails means a human looks
        logger.warning("guard %s gave no verdict: %s", name, type(error).__name__)
        return unchecked(f"words.guard.{name}", type(error).__name__)


def _merged(verdicts: Sequence[Verdict]) -> Verdict:
    """The strictest, under the names of every set of rules that was asked."""
    merged = strictest(verdicts)
    first, *others = dict.fromkeys(verdict.policy for verdict in verdicts)
    parts = (other.partition("/")[2] for other in others)
    return replace(merged, policy="/".join((first, *filter(None, parts))))


def _seen(folder: Path) -> tuple[tuple[str, int, int], ...]:
    paths = sorted(folder.rglob("*.tsv")) if folder.is_dir() else [folder]
    stats = ((str(path), path.stat()) for path in paths)
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _communities(lists: Path | None, usual: Strictness) -> dict[str, Strictness]:
    """``community  level  gated|-`` per line; ``-`` as the level means the usual one."""
    path = lists / COMMUNITIES if lists else None
    if path is None or not path.is_file():
        return {}
    found: dict[str, Strictness] = {}
    for number, columns in rows(path):
        try:
            community, level, gated = columns
            found[community] = Strictness(
                level=usual.level if level == "-" else Level(level), is_age_gated=_GATED[gated]
            )
        except (ValueError, KeyError) as error:
            raise ListError("list-bad-community", path=path.name, line=number) from error
    return found


def load_word_filter(
    level: str = Level.STANDARD,
    lists: Path | None = None,
    *,
    is_age_gated: bool = False,
    guards: Mapping[str, WordFilter] | None = None,
) -> WordRules:
    """Everything together, in about a fifth of a second. Raises ``ListError``."""
    strictness = Strictness(level=Level(level), is_age_gated=is_age_gated)
    return WordRules(strictness, lists, has_classifier=True, guards=guards)


def load_list_filter(
    level: str = Level.STANDARD, lists: Path | None = None, *, is_age_gated: bool = False
) -> LexiconFilter:
    """The lists alone, as they are now."""
    normaliser = Normaliser()
    lexicon = load_lexicon(normaliser, lists)
    return LexiconFilter(lexicon, normaliser, Level(level), is_age_gated=is_age_gated)


def load_negative_filter(
    level: str = Level.STANDARD, *, is_age_gated: bool = False
) -> LexiconFilter:
    """The filter for negative prompts, where "nsfw" is a wish for a clean picture and "clothes"
    is none. Words that a person asks to leave out say nothing about what they want."""
    normaliser = Normaliser()
    lexicon = load_lexicon(normaliser, folder=NEGATIVE_LISTS)
    return LexiconFilter(lexicon, normaliser, Level(level), is_age_gated=is_age_gated)
