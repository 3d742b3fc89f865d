"""The concept filter: is a picture nearer to the names of an unwanted thing than to harmless ones?

A margin (a difference of cosines, or what a read-out of patches says) becomes a score of 0…1, the
score a decision by the community's level. Importing this loads torch. It knows no database and never acts.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from moderation.policy import (
    POLICY_VERSION,
    Category,
    Decision,
    Finding,
    Level,
    Verdict,
    strictest,
)

from .broken import check_broken
from .clip import Clip, Sight
from .concept_list import Concept, ConceptList, FromPatches, load_concepts
from .readout import Readout, find_readout
from .squares import squares


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """Measures one concept, by its names or by a read-out of patches where one fits."""

    concept: Concept
    threshold: float  # the margin at which the score is 0.5
    steepness: float
    margin: Callable[[Sight], float]  # of the square that shows it most

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
        margin=lambda sight: float((sight.whole @ direction).max()),
    )


def gauge_by_patches(concept: Concept, told: FromPatches, readout: Readout) -> Gauge:
    """The margin is how sure the surest patch is of the label: log odds."""
    return Gauge(
        concept=concept,
        threshold=told.threshold,
        steepness=told.steepness,
        margin=lambda sight: readout.log_odds(sight.patches, told.label),
    )


class ConceptFilter:
    """Judges pictures by concepts, after the guard against empty ones."""

    def __init__(
        self,
        clip: Clip,
        concepts: ConceptList,
        level: Level = Level.STANDARD,
        *,
        readout: Readout | None = None,
        is_age_gated: bool = False,
    ) -> None:
        self._clip = clip
        self._concepts = concepts
        self._level = level
        self._is_age_gated = is_age_gated
        self._gauges = [self._gauge(concept, readout) for concept in concepts.concept]

    def _gauge(self, concept: Concept, readout: Readout | None) -> Gauge:
        told = concept.patches
        if told is not None and readout is not None and told.label in readout.labels:
            return gauge_by_patches(concept, told, readout)
        return gauge_by_names(concept, self._concepts, self._clip)

    def check(self, picture: bytes) -> Verdict:
        """Judge an encoded picture; raises where it cannot be decoded."""
        with Image.open(io.BytesIO(picture)) as opened:
            image = opened.convert("RGB")
        broken = check_broken(image)
        if broken.decision is not Decision.ALLOW:
            return broken  # what shows nothing is never called unsafe
        return self._look_for_concepts(image)

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """One for each concept, in the order of the list."""
        return tuple(self._gauges)

    def margins(self, image: Image.Image) -> list[float]:
        """One RGB picture → the margin of every concept."""
        parts = [part for zoom in self._concepts.zooms for part in squares(image, zoom)]
        sight = self._clip.look(parts)
        return [gauge.margin(sight) for gauge in self._gauges]

    def _look_for_concepts(self, image: Image.Image) -> Verdict:
        scores: dict[Category, float] = {}
        findings = []
        for gauge, margin in zip(self._gauges, self.margins(image), strict=True):
            score, category = gauge.score(margin), gauge.concept.category
            scores[category] = max(score, scores.get(category, 0.0))
            decision = self._decide(gauge.concept, score)
            if decision is not Decision.ALLOW:
                findings.append(
                    Finding(
                        rule_id=f"concept.{gauge.concept.id}",
                        category=category,
                        decision=decision,
                        score=score,
                    )
                )
        decision = strictest(Verdict(decision=f.decision) for f in findings).decision
        policy = f"{POLICY_VERSION}/concepts-{self._concepts.version}"
        return Verdict(decision=decision, scores=scores, findings=tuple(findings), policy=policy)

    def _decide(self, concept: Concept, score: float) -> Decision:
        limits = self._concepts.thresholds(
            concept.category, self._level, is_age_gated=self._is_age_gated
        )
        decision = limits.decide(score)
        if decision is Decision.BLOCK and concept.most == "review":
            return Decision.REVIEW
        return decision


def load_concept_filter(
    clip_folder: Path, level: str, concepts: Path | None, *, is_age_gated: bool = False
) -> ConceptFilter:
    """Load the CLIP and place the concepts in its space; raises ``ConceptError``."""
    listed = load_concepts(concepts)
    clip = Clip.load(clip_folder)
    readout = find_readout(clip_folder, clip.fingerprint)
    return ConceptFilter(clip, listed, Level(level), readout=readout, is_age_gated=is_age_gated)
