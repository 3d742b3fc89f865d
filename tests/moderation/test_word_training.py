"""How the classifier is made: grammars, splits, the same weights again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moderation.policy import Decision, Level
from moderation.words.classifier import HEADS, Classifier, Cut, load_model
from moderation.words.features import NUM_BUCKETS, features
from moderation.words.normalise import Normaliser
from moderation.words.training.grammar import HARMLESS, Grammar, load_grammar, split_of
from moderation.words.training.learner import Data, learn, save


def grammar(language: str) -> Grammar:
    """A shipped grammar with one word in place of every list."""
    names = [f"{category}.{severity}" for category in HEADS
             for severity in ("mild", "strong", "severe", "absolute")]  # fmt: skip
    return load_grammar(language, {name: ["word"] for name in (*names, "ordinary")})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_template_and_no_phrase_is_in_two_splits(language: str) -> None:
    """What tests the classifier has no sibling in what taught it."""
    read = grammar(language)
    labels = {template.label for template in read.templates}
    assert labels == {*HARMLESS, *map(str, HEADS)}
    for split in ("train", "test"):
        made = list(read.sentences(split, 1000, seed=1))
        assert {one.label for one in made} == labels
    for name in read.phrases:
        assert len({split_of(option) for option in read.slots[name]}) > 1, name


def test_grammars_have_no_open_slots() -> None:
    """Every name in braces is known, and the same seed makes the same sentences."""
    for language in ("en", "zh"):
        made = [one.text for one in grammar(language).sentences("train", 2000, seed=3)]
        assert not [text for text in made if "{" in text or "}" in text]
        assert made == [one.text for one in grammar(language).sentences("train", 2000, seed=3)]


def test_training_twice_gives_the_same_weights(tmp_path: Path) -> None:
    """And a file that is read back as it was."""
    plain = Normaliser().plain
    made = [one for language in ("en", "zh")
            for one in grammar(language).sentences("train", 400, seed=1)]  # fmt: skip
    data = Data.of(made, plain)
    one, two = (learn(data, data, seed=1) for _ in range(2))
    assert one.version == two.version
    read = load_model(save(one, tmp_path / "weights.safetensors"))
    assert np.allclose(read.weights, one.weights, atol=1e-6)
    assert read.cuts == one.cuts


def test_features_are_the_same_everywhere() -> None:
    """Buckets come from CRC-32, not from a hash that differs between processes."""
    buckets, values = features("a cat 黑猫")
    assert (buckets[0], max(buckets) < NUM_BUCKETS) == (features("a dog")[0][0], True)
    assert len(buckets) == len(values)
    assert features("") == ([], [])


def test_a_score_means_what_the_thresholds_make_of_it() -> None:
    """0.5 where a human looks, 0.8 where it is refused, never what counts in a relaxed place."""
    cut = Cut(review=1.0, block=3.0)
    assert [round(cut.score(logit), 2) for logit in (1.0, 3.0, 99.0)] == [0.5, 0.8, 0.94]


@pytest.mark.parametrize(
    ("text", "is_caught"),
    [("all immigrants are vermin and should be shot", True), ("我今晚就想结束生命，遗书写好了", True),
     ("make it blue", False), ("Here are your 4 pictures", False), ("把它变成蓝色，再大一点", False),
     ("the seed changes additions only", False), ("我的老师和我，卡通合影", False),
     ("a lighthouse in the rain, oil painting", False), ("一只橘猫在窗台，水彩", False), ("", False)],
)  # fmt: skip
def test_the_shipped_classifier(text: str, is_caught: bool) -> None:
    """In both languages; where a community is relaxed it stays silent."""
    normaliser = Normaliser()
    verdict = Classifier(load_model(), normaliser).check(text)
    assert (verdict.decision is not Decision.ALLOW) is is_caught
    relaxed = Classifier(load_model(), normaliser, Level.RELAXED).check(text)
    assert relaxed.decision is not Decision.BLOCK
