"""The operator's list of concepts, read from TOML and checked. Knows no model and no picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from moderation.policy import Category, Level, Thresholds, thresholds

from .parts import Strictness
from .toml_lists import Data, Limits, Rule, RuleList, read_list

CONCEPTS = Path(__file__).with_name("concepts.toml")

Zoom = Annotated[float, Field(ge=1.0, le=4.0)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class FromPatches(Data):
    """How to tell the concept from a read-out of the CLIP's patches, where there is one."""

    label: str
    threshold: float  # log odds at which the score is 0.5
    steepness: float = Field(gt=0)


class Concept(Rule):
    """One thing to look for."""

    category: Category
    names: Names
    contrasts: tuple[str, ...] = ()
    threshold: float  # difference of cosines at which the score is 0.5
    steepness: float = Field(gt=0)  # of the score, per unit of that difference
    patches: FromPatches | None = None


def _no_floor(limits: Mapping[Category, Limits]) -> Mapping[Category, Limits]:
    if Category.CHILD_SAFETY in limits:
        raise ValueError("child_safety is the same everywhere")
    return limits


ByCategory = Annotated[Mapping[Category, Limits], AfterValidator(_no_floor)]


class ConceptList(RuleList):
    """Every concept, how names become sentences, and limits that differ from the policy's."""

    templates: Names = ("a picture of {}",)
    contrasts: Names
    zooms: Annotated[tuple[Zoom, ...], Field(min_length=1)] = (1.0,)  # how closely to look
    concept: tuple[Concept, ...]
    levels: Mapping[Level, ByCategory] = Field(default_factory=dict)
    communities: Mapping[str, ByCategory] = Field(default_factory=dict)  # by "discord-1234"

    @property
    def categories(self) -> frozenset[Category]:
        """Every category that has a concept."""
        return frozenset(concept.category for concept in self.concept)

    def sentences(self, names: tuple[str, ...]) -> list[str]:
        """Every name in every template."""
        return [template.format(name) for name in names for template in self.templates]

    def thresholds(
        self, category: Category, strictness: Strictness, community: str = ""
    ) -> Thresholds:
        """The file's limits for that community, else for its level, else the policy's."""
        for limits in (self.communities.get(community), self.levels.get(strictness.level)):
            own = (limits or {}).get(category)
            if own is not None:
                return own.thresholds
        return thresholds(category, strictness.level, is_age_gated=strictness.is_age_gated)


def load_concepts(path: Path | None = None) -> ConceptList:
    """Read ``path``, or the shipped list; raises ``ConceptError``."""
    return read_list(ConceptList, path or CONCEPTS, "concept-list")
