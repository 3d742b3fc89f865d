"""Logistic regression on hashed features, in NumPy: sentences → model. Knows no grammar."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.words.classifier import HEADS, WEIGHTS, Cut, Model
from moderation.words.features import NUM_BUCKETS, features

from .grammar import BENIGN, HARMLESS, Example

NUM_EPOCHS = 5
BATCH = 256
RATE = 0.35  # of AdaGrad
DECAY = 2e-5
DROPPED = 0.15  # of features, at random in each epoch: no single word decides
MAX_FALSE_ALARMS = {"en": 0.003, "zh": 0.008}  # of harmless validation sentences; twice as many
# of those written by hand, of which half were written to mislead
BLOCK_MARGIN = 1.5  # logits above the most suspicious harmless validation sentence

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Data:
    """Sentences as rows of buckets (CSR): row ``i`` is ``starts[i]:starts[i + 1]``."""

    buckets: Integers
    values: Floats
    starts: Integers
    labels: NDArray[np.bool_]  # (rows, heads + 1)
    languages: NDArray[np.str_]
    is_wish: NDArray[np.bool_]  # for a picture, and harmless
    is_written: NDArray[np.bool_]  # by hand, not by a grammar

    @classmethod
    def of(cls, examples: Sequence[Example], prepared: Callable[[str], str]) -> Data:
        """Features of every sentence, as the filter prepares it."""
        buckets: list[int] = []
        values: list[float] = []
        starts = [0]
        for example in examples:
            own_buckets, own_values = features(prepared(example.text))
            buckets += own_buckets
            values += own_values
            starts.append(len(buckets))
        heads = [*map(str, HEADS)]
        labels = [[e.label == head for head in heads] + [e.label not in HARMLESS] for e in examples]
        return cls(
            buckets=np.array(buckets, dtype=np.int64),
            values=np.array(values, dtype=np.float32),
            starts=np.array(starts, dtype=np.int64),
            labels=np.array(labels, dtype=np.bool_),
            languages=np.array([example.language for example in examples]),
            is_wish=np.array([example.label == BENIGN for example in examples]),
            is_written=np.array([example.is_written for example in examples]),
        )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def is_harmful(self) -> NDArray[np.bool_]:
        return self.labels[:, -1]

    def rows(self, chosen: Integers) -> tuple[Integers, Floats, Integers]:
        """Buckets and values of some rows, one after another, and where each begins."""
        lengths = self.starts[chosen + 1] - self.starts[chosen]
        begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(lengths.sum()) + np.repeat(self.starts[chosen] - begins, lengths)
        return self.buckets[places], self.values[places], begins


def learn(train: Data, validation: Data, *, seed: int) -> Model:
    """Fit by AdaGrad, then choose the cuts on ``validation``."""
    random = np.random.default_rng(seed)
    weights = np.zeros((NUM_BUCKETS, len(HEADS) + 1), dtype=np.float32)
    biases = np.full(len(HEADS) + 1, -2.0, dtype=np.float32)
    past = np.full_like(weights, 1e-3)
    for epoch in range(NUM_EPOCHS):
        order = random.permutation(len(train))
        for first in range(0, len(train), BATCH):
            chosen = order[first : first + BATCH]
            buckets, values, begins = train.rows(chosen)
            values = values * (random.random(len(values)) > DROPPED) / (1 - DROPPED)
            logits = np.add.reduceat(weights[buckets] * values[:, None], begins) + biases
            error = (_sigmoid(logits) - train.labels[chosen]).astype(np.float32)
            biases -= 0.02 / (1 + epoch) * error.mean(axis=0)
            counts = np.diff([*begins, len(values)])
            gradient = np.repeat(error, counts, axis=0) * values[:, None]
            own, inverse = np.unique(buckets, return_inverse=True)
            total = np.zeros((len(own), error.shape[1]), dtype=np.float32)
            np.add.at(total, inverse, gradient)
            total += DECAY * BATCH * weights[own]
            past[own] += total**2
            weights[own] -= RATE * total / np.sqrt(past[own])
    return _with_cuts(_rounded(weights, biases), validation)


def _sigmoid(logits: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)


def _rounded(weights: Floats, biases: Floats) -> Model:
    """As they will be stored: eight bits a weight."""
    scales = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-8).astype(np.float32)
    steps = np.clip(np.rint(weights / scales), -127, 127)
    digest = hashlib.sha256(steps.astype(np.int8).tobytes()).hexdigest()[:12]
    return Model(
        weights=(steps * scales).astype(np.float32), biases=biases, cuts={}, version=digest
    )


def logits_of(model: Model, data: Data) -> Floats:
    """(rows,) the highest logit of each row."""
    buckets, values, begins = data.rows(np.arange(len(data)))
    sums = np.add.reduceat(model.weights[buckets] * values[:, None], begins)
    highest: Floats = (sums + model.biases).max(axis=1)
    return highest


def _with_cuts(model: Model, validation: Data) -> Model:
    """Cuts such that few harmless image wishes are reviewed and none is blocked."""
    logits = logits_of(model, validation)
    cuts = {}
    for language, share in MAX_FALSE_ALARMS.items():
        own = (validation.languages == language) & validation.is_wish
        review = max(
            _upper(logits[own & validation.is_written], 2 * share), _upper(logits[own], share)
        )
        highest = float(logits[own].max())
        cuts[language] = Cut(review=review, block=max(highest, review) + BLOCK_MARGIN)
    return Model(weights=model.weights, biases=model.biases, cuts=cuts, version=model.version)


def _upper(logits: Floats, share: float) -> float:
    """The logit that this share of them reaches."""
    if not len(logits):
        return -np.inf
    return float(np.quantile(logits, 1 - share))


def report(model: Model, test: Data) -> Iterator[str]:
    """What it catches and what it wrongly stops, per language."""
    logits = logits_of(model, test)
    for language, cut in model.cuts.items():
        own = test.languages == language
        harmless, harmful = own & ~test.is_harmful, own & test.is_harmful
        yield (
            f"{language}: of harmful sentences {np.mean(logits[harmful] >= cut.review):.1%} reviewed, "
            f"{np.mean(logits[harmful] >= cut.block):.1%} blocked; of harmless ones "
            f"{np.mean(logits[harmless] >= cut.review):.2%} and "
            f"{np.mean(logits[harmless] >= cut.block):.2%}"
        )
        for place, head in enumerate(HEADS):
            rows = own & test.labels[:, place]
            yield f"  {head}: {np.mean(logits[rows] >= cut.review):.1%} reviewed"


def save(model: Model, path: Path = WEIGHTS) -> Path:
    """Write the weights and the cuts."""
    from safetensors.numpy import save_file

    scales = np.maximum(np.abs(model.weights).max(axis=0) / 127, 1e-8).astype(np.float32)
    said = {
        "version": model.version,
        "cuts": {k: {"review": c.review, "block": c.block} for k, c in model.cuts.items()},
    }
    tensors = {
        "weights": np.rint(model.weights / scales).astype(np.int8),
        "scales": scales,
        "biases": model.biases,
    }
    path.parent.mkdir(exist_ok=True)
    save_file(tensors, path, metadata={"model": json.dumps(said, sort_keys=True)})
    return path
