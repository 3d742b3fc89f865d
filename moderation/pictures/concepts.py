"""The concept filter: is a picture nearer to the names of an unwanted thing than to harmless ones?

The difference of two cosines becomes a score of 0…1, the score a decision by the community's
level. Importing this loads torch. It knows no database and never acts.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
from PIL import Image
from torch import Tensor

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
from .clip import Clip
from .concept_list import Concept, ConceptList, load_concepts
from .squares import squares


@dataclass(frozen=True, kw_only=True)
class Direction:
    """Where a concept lies, seen from its contrasts."""

    concept: Concept
    vector: Tensor  # (D,): mean of the names' sentences minus mean of the contrasts'

    @classmethod
    def find(cls, concept: Concept, concepts: ConceptList, clip: Clip) -> Self:
        wanted = clip.read(concepts.sentences(concept.names)).mean(dim=0)
        others = clip.read(concepts.sentences(concept.contrasts or concepts.contrasts)).mean(dim=0)
        return cls(concept=concept, vector=wanted - others)

    def score(self, margin: float) -> float:
        """A difference of cosines → 0…1, 0.5 at the concept's threshold."""
        return 0.5 + 0.5 * math.tanh(
            0.5 * self.concept.steepness * (margin - self.concept.threshold)
        )


class ConceptFilter:
    """Judges pictures by concepts, after the guard against empty ones."""

    def __init__(
        self,
        clip: Clip,
        concepts: ConceptList,
        level: Level = Level.STANDARD,
        *,
        is_age_gated: bool = False,
    ) -> None:
        self._clip = clip
        self._concepts = concepts
        self._level = level
        self._is_age_gated = is_age_gated
        self._directions = [Direction.find(c, concepts, clip) for c in concepts.concept]

    def check(self, picture: bytes) -> Verdict:
        """Judge an encoded picture; raises where it cannot be decoded."""
        with Image.open(io.BytesIO(picture)) as opened:
            image = opened.convert("RGB")
        broken = check_broken(image)
        if broken.decision is not Decision.ALLOW:
            return broken  # what shows nothing is never called unsafe
        return self._look_for_concepts(image)

    @property
    def concept_ids(self) -> tuple[str, ...]:
        """In the order of the columns of ``margins``."""
        return tuple(direction.concept.id for direction in self._directions)

    def margins(self, images: list[Image.Image]) -> Tensor:
        """Square RGB pictures → (pictures, concepts): what scores are made of."""
        vectors = torch.stack([direction.vector for direction in self._directions])
        return self._clip.look(images) @ vectors.T

    def scores(self, margins: Sequence[float]) -> list[float]:
        """One picture's margins → its scores of 0…1, concept by concept."""
        pairs = zip(self._directions, margins, strict=True)
        return [direction.score(margin) for direction, margin in pairs]

    def _look_for_concepts(self, image: Image.Image) -> Verdict:
        best = self.margins(squares(image)).max(dim=0).values.tolist()  # over the squares
        scores: dict[Category, float] = {}
        findings = []
        for direction, score in zip(self._directions, self.scores(best), strict=True):
            category = direction.concept.category
            scores[category] = max(score, scores.get(category, 0.0))
            decision = self._decide(direction.concept, score)
            if decision is not Decision.ALLOW:
                findings.append(
                    Finding(
                        rule_id=f"concept.{direction.concept.id}",
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
    return ConceptFilter(Clip.load(clip_folder), listed, Level(level), is_age_gated=is_age_gated)
