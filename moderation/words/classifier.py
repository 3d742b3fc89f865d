"""A small linear classifier behind the lists: text → verdict. Knows no list and no person.

It weighs what the lists cannot: many mild words together. It was trained on sentences made by
our own grammars (``moderation/words/training``); a bare number of its score means what the
thresholds of ``policy`` make of it: 0.5 is where its review begins, 0.8 where it would block.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderation.policy import (
    POLICY_VERSION,
    Category,
    Decision,
    Finding,
    Level,
    Verdict,
    thresholds,
)

from .features import features
from .normalise import Normaliser
from .signs import signs

WEIGHTS = Path(__file__).parent / "weights" / "classifier.safetensors"
HEADS = (
    Category.SEXUAL,
    Category.VIOLENCE,
    Category.HATE,
    Category.SELF_HARM,
    Category.ILLICIT,
)  # and one more column: any of them
_MAX_SCORE = 0.94  # a guess never counts where a community is relaxed
_LOGIT_OF_BLOCK = 1.3863  # logit of 0.8


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Where in one language a human looks, and where it is refused; in logits."""

    review: float
    block: float

    def score(self, logit: float) -> float:
        """A logit as 0…1, with 0.5 at ``review`` and 0.8 at ``block``."""
        steepness = _LOGIT_OF_BLOCK / (self.block - self.review)
        return min(1 / (1 + exp(-max(min(steepness * (logit - self.review), 30), -30))), _MAX_SCORE)


@dataclass(frozen=True, kw_only=True)
class Model:
    """Weights (NUM_BUCKETS, heads + 1), biases (heads + 1), and the cuts per language."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    cuts: dict[str, Cut]
    version: str

    def logits(self, plain: str) -> NDArray[np.float32]:
        """One logit per head, and that of any harm last."""
        buckets, values = features(plain)
        if not buckets:
            return self.biases
        row: NDArray[np.float32] = np.asarray(values, dtype=np.float32) @ self.weights[buckets]
        return row + self.biases


@cache
def load_model(path: Path = WEIGHTS) -> Model:
    """Read weights of eight bits each, once."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        said: dict[str, Any] = json.loads(file.metadata()["model"])
        scales = file.get_tensor("scales")
        weights = file.get_tensor("weights").astype(np.float32) * scales
        biases = file.get_tensor("biases")
    cuts = {language: Cut(**cut) for language, cut in said["cuts"].items()}
    return Model(weights=weights, biases=biases, cuts=cuts, version=said["version"])


def language_of(plain: str) -> str:
    """``zh`` where it has Chinese, else ``en``."""
    return "en" if plain.isascii() else "zh"


class Classifier:
    """Judges text by its words together; one finding at most."""

    def __init__(
        self,
        model: Model,
        normaliser: Normaliser,
        level: Level = Level.STANDARD,
        *,
        is_age_gated: bool = False,
    ) -> None:
        self._model = model
        self._normaliser = normaliser
        self._level = level
        self._is_age_gated = is_age_gated

    def check(self, text: str) -> Verdict:
        """Judge ``text``; the category is the likeliest."""
        plain = self._normaliser.plain(text)
        logits = self._model.logits(plain)
        if not text.isascii() and signs().pattern.search(text):
            in_words = self._normaliser.plain(signs().in_words(text))
            logits = max(logits, self._model.logits(in_words), key=lambda row: float(row.max()))
        category = HEADS[int(np.argmax(logits[:-1]))]
        score = round(self._model.cuts[language_of(plain)].score(float(logits.max())), 4)
        limits = thresholds(category, self._level, is_age_gated=self._is_age_gated)
        decision = limits.decide(score)
        policy = f"{POLICY_VERSION}/classifier-{self._model.version}"
        if decision is Decision.ALLOW:  # the score is kept: it shows where a cut would be better
            return Verdict(decision=decision, scores={category: score}, policy=policy)
        finding = Finding(
            rule_id=f"words.classifier.{category}",
            category=category,
            decision=decision,
            score=score,
            start=0,
            end=len(text),
        )
        return Verdict(
            decision=decision, scores={category: score}, findings=(finding,), policy=policy
        )
