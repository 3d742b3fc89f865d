"""Classifiers of words in the operator's own folders, with a tiny one made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from moderation.errors import ConceptError
from moderation.policy import Category, Decision
from moderation.words.local_guard import LocalGuard

WORDS = ("grim", "cat", "dog", "tree", "house", "red", "a", "the")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that calls a text ``bad`` where it says "grim"."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    home = tmp_path_factory.mktemp("guard")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    tokenizer = BertTokenizerFast(vocab={word: place for place, word in enumerate(vocabulary)})
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=24, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, id2label={0: "fine", 1: "bad"}, label2id={"fine": 0, "bad": 1},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    _see_one_word(model, tokenizer.convert_tokens_to_ids("grim"))
    model.save_pretrained(home, safe_serialization=True)
    tokenizer.save_pretrained(home)
    return home


def _see_one_word(model: Any, word: int) -> None:
    """Attention takes the mean of all words, of which only one is not nothing; after the layer's
    normalisation its first dimension says whether it was there."""
    import torch

    attention = model.bert.encoder.layer[0].attention
    with torch.no_grad():
        for name, weights in model.named_parameters():
            weights.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)
        model.bert.embeddings.word_embeddings.weight[word, 0] = 10.0
        for each in (attention.self.value, attention.output.dense, model.bert.pooler.dense):
            each.weight.copy_(torch.eye(each.weight.shape[0]))
        model.classifier.weight[1, 0] = 12.0
        model.classifier.bias[1] = -6.0


def listed(tmp_path: Path, model: Path, labels: str = '{ bad = "hate" }', more: str = "") -> Path:
    """A list with that one model."""
    path = tmp_path / "guards.toml"
    path.write_text(
        f'[[classifier]]\nid = "tiny"\nmodel = "{model}"\nlicence = "Apache-2.0"\n'
        f"labels = {labels}\n{more}"
    )
    return path


def test_a_label_is_a_category(folder: Path, tmp_path: Path) -> None:
    """What the model is sure of is refused under the list's name; the rest is allowed."""
    guard = LocalGuard(listed(tmp_path, folder))
    found = guard.check("a grim cat")
    assert found.decision is Decision.BLOCK
    assert found.categories == (Category.HATE,)
    assert found.rule_ids == ("words.guard.tiny.hate",)
    assert "guard.tiny" in found.policy
    assert guard.check("a red cat").decision is Decision.ALLOW


def test_a_long_text_is_read_to_its_end(folder: Path, tmp_path: Path) -> None:
    """In windows: what stands behind the model's length counts as well."""
    guard = LocalGuard(listed(tmp_path, folder))
    assert guard.check("a cat " * 40).decision is Decision.ALLOW
    assert guard.check("a cat " * 40 + "grim").decision is Decision.BLOCK


def test_the_list_may_ask_for_a_human_at_most(folder: Path, tmp_path: Path) -> None:
    """``most`` caps what follows."""
    guard = LocalGuard(listed(tmp_path, folder, more='most = "review"\n'))
    assert guard.check("grim").decision is Decision.REVIEW
    assert guard.check("cat").decision is Decision.ALLOW


def test_a_model_that_is_missing_or_has_no_such_label_is_said(folder: Path, tmp_path: Path) -> None:
    """Both raise, which the path turns into a human's look."""
    with pytest.raises(ConceptError) as caught:
        LocalGuard(listed(tmp_path, tmp_path / "nothing")).check("a cat")
    assert caught.value.key == "classifier-missing"
    with pytest.raises(ConceptError) as caught:
        LocalGuard(listed(tmp_path, folder, labels='{ awful = "hate" }')).load()
    assert caught.value.key == "classifier-bad-label"
