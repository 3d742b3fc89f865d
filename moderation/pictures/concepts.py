"""The concept filter: is a picture nearer to the names of an unwanted thing than to harmless ones?

A margin (a difference of cosines, or what a read-out of patches says) becomes a score of 0…1, the
score a decision by how strict a place is. The list of concepts is re-read while running. Importing
this loads torch. It knows no database and never acts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from torch import Tensor

from moderation.policy import Category, Decision, Finding, Verdict
from moderation.reloading import Reloading

from .clip import Clip, Sight
from .concept_list import CONCEPTS, Concept, ConceptList, FromPatches, load_concepts
from .parts import Look, Strictness, verdict_of
from .readout import Readout, find_readout
from .squares import squares


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A picture as it was seen, square by square."""

    sight: Sight
    scores: Tensor  # of the read-out; nothing where there is none


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """Measures one concept, by its names or by a read-out of patches where one fits."""

    concept: Concept
    threshold: float  # the margin at which the score is 0.5
    steepness: float
    margin: Callable[[Seen], float]  # of the square that shows it most

    def score(self, margin: float) -> float:
        """A margin → 0…1."""
        return 0.5 + 0.5 * math.tanh(0.5 * self.steepness * (margin - self.threshold))


def gauge_by_names(concept: Concept, concepts: ConceptList, clip: Clip) -> Gauge:
    """The margin is how much nearer a picture is to the names than to the contrasts: cosines."""
    wanted = clip.read(concepts.sentences(concept.names)).mean(dim=0)
    others = clip.read(concepts.sentences(concept.contrasts or concepts.contrasts)).mean(dim=0)
    direction = wanted - others  # (D,)
    return Gauge(
        concept=concept,
        threshold=concept.threshold,
        steepness=concept.steepness,
        margin=lambda seen: float((seen.sight.whole @ direction).max()),
    )


def gauge_by_patches(concept: Concept, told: FromPatches, readout: Readout) -> Gauge:
    """The margin is how sure the surest patch is of the label: log odds."""
    return Gauge(
        concept=concept,
        threshold=told.threshold,
        steepness=told.steepness,
        margin=lambda seen: readout.log_odds(seen.scores, told.label),
    )


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The list of concepts at one time, placed in the space of a CLIP."""

    concepts: ConceptList
    gauges: tuple[Gauge, ...]  # one for each concept, in the order of the list


class ConceptFilter:
    """Looks for the concepts of one list with one CLIP."""

    name = "concepts"

    def __init__(self, clip: Clip, placed: Reloading[Placed], readout: Readout | None) -> None:
        self._clip = clip
        self._readout = readout
        self._placed = placed

    @property
    def version(self) -> str:
        """Of the list."""
        return f"concepts-{self._placed.get().concepts.version}"

    @property
    def has_tier(self) -> bool:
        """True where a concept is of the child-safety tier."""
        return Category.CHILD_SAFETY in self._placed.get().concepts.categories

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """One for each concept, in the order of the list."""
        return self._placed.get().gauges

    def margins(self, image: Image.Image) -> list[float]:
        """One RGB picture → the margin of every concept."""
        return self._margins(self._placed.get(), image)

    def check(self, look: Look, strictness: Strictness) -> Verdict:
        """The score of every category that has a concept, and a finding for each concept seen."""
        placed = self._placed.get()
        scores: dict[Category, float] = {}
        findings = []
        for gauge, margin in zip(placed.gauges, self._margins(placed, look.image), strict=True):
            concept, score = gauge.concept, gauge.score(margin)
            scores[concept.category] = max(score, scores.get(concept.category, 0.0))
            limits = placed.concepts.thresholds(concept.category, strictness, look.community)
            decision = concept.at_most(limits.decide(score))
            if decision is not Decision.ALLOW:
                rule, category = f"concept.{concept.id}", concept.category
                findings.append(
                    Finding(rule_id=rule, category=category, decision=decision, score=score)
                )
        return verdict_of(findings, scores)

    def _margins(self, placed: Placed, image: Image.Image) -> list[float]:
        parts = [part for zoom in placed.concepts.zooms for part in squares(image, zoom)]
        sight = self._clip.look(parts, is_close=self._readout is not None)
        scores = self._readout.scores(sight.patches) if self._readout else sight.patches
        seen = Seen(sight=sight, scores=scores)
        return [gauge.margin(seen) for gauge in placed.gauges]


def load_concept_filter(clip_folder: Path, concepts: Path | None = None) -> ConceptFilter:
    """Load the CLIP and place the concepts in its space; raises ``ConceptError``."""
    path = concepts or CONCEPTS
    load_concepts(path)  # what is wrong with it is said before anything heavy is loaded
    clip = Clip.load(clip_folder)
    readout = find_readout(clip_folder, clip.fingerprint)

    def read() -> Placed:
        listed = load_concepts(path)
        gauges = tuple(_gauge(concept, listed, clip, readout) for concept in listed.concept)
        return Placed(concepts=listed, gauges=gauges)

    return ConceptFilter(clip, Reloading(read, lambda: path.stat().st_mtime_ns), readout)


def _gauge(concept: Concept, listed: ConceptList, clip: Clip, readout: Readout | None) -> Gauge:
    told = concept.patches
    if told is not None and readout is not None and told.label in readout.labels:
        return gauge_by_patches(concept, told, readout)
    return gauge_by_names(concept, listed, clip)
