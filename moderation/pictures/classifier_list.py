"""The operator's list of classifiers, read from TOML and checked. Knows no model; loads no torch.

[[classifier]]
id = "nsfw"
model = "/srv/models/nsfw"           # a folder in transformers format, with safetensors
licence = "Apache-2.0"               # under which you use it
labels = { nsfw = "sexual" }         # the model's labels, and the categories they mean
most = "review"                      # the strictest decision it may lead to; else "block"
limits = { sexual = { review = 0.6, block = 0.95 } }    # else the policy's, by level
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from moderation.policy import Category

from .toml_lists import Limits, Rule, RuleList, read_list


class Classifier(Rule):
    """One model, and what its labels mean."""

    model: Path
    licence: Annotated[str, Field(min_length=1)]
    labels: Annotated[Mapping[str, Category], Field(min_length=1)]
    limits: Mapping[Category, Limits] = Field(default_factory=dict)


class ClassifierList(RuleList):
    """Every classifier."""

    classifier: tuple[Classifier, ...]

    @property
    def categories(self) -> frozenset[Category]:
        """Every category that any label means."""
        return frozenset(kind for each in self.classifier for kind in each.labels.values())


def load_classifiers(path: Path) -> ClassifierList:
    """Read ``path``; raises ``ConceptError``."""
    return read_list(ClassifierList, path, "classifier-list")
