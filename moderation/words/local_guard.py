"""A guard on request: classifiers of text in folders of the operator's, asked about the words.

They are listed as classifiers of pictures are (``moderation/pictures/classifier_list.py``); none is
shipped and none is fetched. Loads torch when first asked, so only the render role may ask. A model
that is missing or fails raises, which means a human looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from moderation.errors import ConceptError
from moderation.pictures.classifier_list import Classifier, ClassifierList, load_classifiers
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

_MAX_TOKENS, _OVERLAP = 512, 32  # of a window: a long text is read in several, never cut


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    """A model, how it reads, and which of its columns mean a category."""

    listed: Classifier
    tokenizer: Any
    model: Any
    columns: dict[int, Category]


class LocalGuard:
    """Judges text by every classifier of a list, at one level."""

    def __init__(
        self, path: Path, *, level: Level = Level.STANDARD, is_age_gated: bool = False
    ) -> None:
        """Read the list; raises ``ConceptError``. The models are loaded when first asked."""
        self._listed: ClassifierList = load_classifiers(path)
        self._level = level
        self._is_age_gated = is_age_gated

    def load(self) -> None:
        """Load the models, which may take longer than a check may; raises as ``check`` does."""
        _ = self._models

    def check(self, text: str) -> Verdict:
        """Judge ``text``; raises ``ConceptError`` for a model that cannot be used."""
        return strictest(self._judged(one, text) for one in self._models)

    @cached_property
    def _models(self) -> tuple[_Loaded, ...]:
        return tuple(_load(listed) for listed in self._listed.classifier)

    def _judged(self, one: _Loaded, text: str) -> Verdict:
        scores: dict[Category, float] = {}
        for column, share in enumerate(_shares(one, text)):
            if (category := one.columns.get(column)) is not None:
                scores[category] = max(share, scores.get(category, 0.0))
        findings = [self._finding(one.listed, *found) for found in scores.items()]
        return Verdict(
            decision=strictest(Verdict(decision=found.decision) for found in findings).decision,
            scores=scores,
            findings=tuple(f for f in findings if f.decision is not Decision.ALLOW),
            policy=f"{POLICY_VERSION}/guard.{one.listed.id}-{self._listed.version}",
        )

    def _finding(self, listed: Classifier, category: Category, score: float) -> Finding:
        own = listed.limits.get(category)
        usual = thresholds(category, self._level, is_age_gated=self._is_age_gated)
        limits = own.thresholds if own else usual
        return Finding(
            rule_id=f"words.guard.{listed.id}.{category}",
            category=category,
            decision=listed.at_most(limits.decide(score)),
            score=round(score, 4),
        )


def _load(listed: Classifier) -> _Loaded:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(listed.model, local_files_only=True)
        model = AutoModelForSequenceClassification.from_pretrained(
            listed.model, local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise ConceptError("classifier-missing", path=str(listed.model)) from error
    names = {name.lower(): number for number, name in model.config.id2label.items()}
    unknown = [label for label in listed.labels if label.lower() not in names]
    if unknown:
        raise ConceptError("classifier-bad-label", label=unknown[0], known=", ".join(sorted(names)))
    columns = {names[label.lower()]: category for label, category in listed.labels.items()}
    return _Loaded(listed=listed, tokenizer=tokenizer, model=model.eval(), columns=columns)


def _shares(one: _Loaded, text: str) -> list[float]:
    """How sure the model is of each of its labels, 0…1; of a long text the highest of any part."""
    import torch

    most = min(_MAX_TOKENS, int(getattr(one.model.config, "max_position_embeddings", _MAX_TOKENS)))
    read = one.tokenizer(
        text,
        truncation=True,
        max_length=most,
        stride=min(_OVERLAP, most // 4),
        return_overflowing_tokens=True,
        padding=True,
        return_tensors="pt",
    )
    read.pop("overflow_to_sample_mapping", None)
    with torch.inference_mode():
        logits = one.model(**read).logits.float()  # (windows, labels)
    is_many = one.model.config.problem_type == "multi_label_classification"
    shares = logits.sigmoid() if is_many else logits.softmax(dim=-1)
    highest: list[float] = shares.max(dim=0).values.tolist()
    return highest
