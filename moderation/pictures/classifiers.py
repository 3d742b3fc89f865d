"""Classifiers of pictures that the operator adds: models in transformers format, in folders.

None is shipped and none is fetched; the list says under which licence each is used. Importing this
loads torch. It knows no database and never acts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from PIL.Image import Image
from transformers import AutoModelForImageClassification

from moderation.errors import ConceptError
from moderation.policy import Category, Decision, Finding, Verdict, thresholds

from .classifier_list import Classifier, load_classifiers
from .clip import Preprocessing
from .parts import Look, Strictness, verdict_of


class ClassifierPart:
    """One model whose labels mean categories."""

    def __init__(self, listed: Classifier, version: str) -> None:
        """Raises ``ConceptError`` where the folder holds no such model, or lacks a label."""
        self._listed = listed
        self._version = version
        self._model, self._preprocessing = _load(listed.model)
        names = {name.lower(): number for number, name in self._model.config.id2label.items()}
        unknown = [label for label in listed.labels if label.lower() not in names]
        if unknown:
            known = ", ".join(sorted(names))
            raise ConceptError("classifier-bad-label", label=unknown[0], known=known)
        self._columns = {
            names[label.lower()]: category for label, category in listed.labels.items()
        }

    @property
    def name(self) -> str:
        return f"classifier.{self._listed.id}"

    @property
    def version(self) -> str:
        """Of the list of classifiers."""
        return f"{self.name}-{self._version}"

    @property
    def has_tier(self) -> bool:
        """True where a label is of the child-safety tier."""
        return Category.CHILD_SAFETY in self._listed.labels.values()

    def check(self, look: Look, strictness: Strictness) -> Verdict:
        """The score of every category that has a label, and a finding where it is high enough."""
        shares = self._shares(look.image)
        scores: dict[Category, float] = {}
        for column, category in self._columns.items():
            scores[category] = max(shares[column], scores.get(category, 0.0))
        found = [self._finding(category, score, strictness) for category, score in scores.items()]
        return verdict_of((each for each in found if each.decision is not Decision.ALLOW), scores)

    @torch.inference_mode()
    def _shares(self, image: Image) -> list[float]:
        """How sure the model is of each of its labels, 0…1."""
        pixels = self._preprocessing(image)[None]
        logits = self._model(pixel_values=pixels).logits[0].float()
        is_many = self._model.config.problem_type == "multi_label_classification"
        shares: list[float] = (logits.sigmoid() if is_many else logits.softmax(dim=-1)).tolist()
        return shares

    def _finding(self, category: Category, score: float, strictness: Strictness) -> Finding:
        own = self._listed.limits.get(category)
        usual = thresholds(category, strictness.level, is_age_gated=strictness.is_age_gated)
        limits = own.thresholds if own else usual
        return Finding(
            rule_id=f"{self.name}.{category}",
            category=category,
            decision=self._listed.at_most(limits.decide(score)),
            score=score,
        )


def load_parts(path: Path) -> tuple[ClassifierPart, ...]:
    """Every classifier of a list; raises ``ConceptError``."""
    listed = load_classifiers(path)
    return tuple(ClassifierPart(each, listed.version) for each in listed.classifier)


def _load(folder: Path) -> tuple[Any, Preprocessing]:
    try:
        preprocessing = Preprocessing.read(folder)
        model = AutoModelForImageClassification.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, use_safetensors=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise ConceptError("classifier-missing", path=str(folder)) from error
    return model.eval(), preprocessing
