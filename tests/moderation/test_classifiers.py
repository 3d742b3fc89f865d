"""Classifiers that an operator adds: labels that mean categories, from models in folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from moderation.errors import ConceptError
from moderation.pictures.classifier_list import load_classifiers
from moderation.pictures.parts import Look, Strictness
from moderation.policy import Category, Decision, Level, Verdict

from .conftest import encoded, gradient

pytestmark = pytest.mark.timeout(400)  # whoever comes first waits for torch to load


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model whose answer is always the same: 90 % "lewd", the rest "fine"."""
    import torch
    from transformers import ViTConfig, ViTForImageClassification

    folder = tmp_path_factory.mktemp("model")
    config = ViTConfig(
        hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        image_size=16, patch_size=8, id2label={0: "fine", 1: "lewd"}, label2id={"fine": 0, "lewd": 1},
    )  # fmt: skip
    made = ViTForImageClassification(config)
    with torch.no_grad():
        made.classifier.weight.zero_()
        made.classifier.bias.copy_(torch.tensor([0.0, 2.1972246]))  # the log of nine
    made.save_pretrained(folder)
    told = {"size": {"height": 16, "width": 16}, "resample": 2,
            "image_mean": [0.5] * 3, "image_std": [0.5] * 3}  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(told))
    return folder


def written(folder: Path, model: Path, more: str = "", labels: str = 'lewd = "sexual"') -> Path:
    """A list with that classifier."""
    path = folder / "classifiers.toml"
    path.write_text(
        f'[[classifier]]\nid = "lewd"\nmodel = "{model}"\nlicence = "Apache-2.0"\n'
        f"labels = {{ {labels} }}\n{more}",
        "utf-8",
    )
    return path


def asked(path: Path, **strictness: Any) -> Verdict:
    """What the one classifier of a list says of a picture."""
    from moderation.pictures.classifiers import load_parts

    (part,) = load_parts(path)
    look = Look(data=encoded(gradient()), image=gradient())
    return part.check(look, Strictness(**strictness))


def test_a_label_means_a_category(model: Path, tmp_path: Path) -> None:
    """Its share is the score, the place's strictness decides, the finding names the classifier."""
    verdict = asked(written(tmp_path, model))
    assert (verdict.decision, verdict.categories) == (Decision.BLOCK, (Category.SEXUAL,))
    assert verdict.rule_ids == ("classifier.lewd.sexual",)
    assert verdict.scores[Category.SEXUAL] == pytest.approx(0.9, abs=1e-3)
    relaxed = asked(written(tmp_path, model), level=Level.RELAXED)
    assert relaxed.decision is Decision.REVIEW
    assert asked(written(tmp_path, model), is_age_gated=True).decision is Decision.REVIEW


def test_an_operator_sets_its_limits(model: Path, tmp_path: Path) -> None:
    """And the strictest thing that it may lead to."""
    limits = "limits = { sexual = { review = 0.95, block = 0.99 } }\n"
    assert asked(written(tmp_path, model, limits)).decision is Decision.ALLOW
    assert asked(written(tmp_path, model, 'most = "review"\n')).decision is Decision.REVIEW


def test_its_tier_is_known(model: Path, tmp_path: Path) -> None:
    """Where a label means child safety, without loading the model too."""
    from moderation.pictures.classifiers import load_parts

    for label, has_tier in (("sexual", False), ("child_safety", True)):
        path = written(tmp_path, model, labels=f'LEWD = "{label}"')
        (part,) = load_parts(path)
        assert part.has_tier is has_tier
        assert (Category.CHILD_SAFETY in load_classifiers(path).categories) is has_tier


@pytest.mark.parametrize(
    ("labels", "folder", "key"),
    [('no = "sexual"', "", "classifier-bad-label"), ('lewd = "sexual"', "none", "classifier-missing"),
     ('lewd = "nonsense"', "", "classifier-list-bad"), ("", "", "classifier-list-bad")],
)  # fmt: skip
def test_what_is_wrong_is_said(
    model: Path, tmp_path: Path, labels: str, folder: str, key: str
) -> None:
    """An operator reads which label, folder or line."""
    path = written(tmp_path, tmp_path / folder if folder else model, labels=labels)
    with pytest.raises(ConceptError) as caught:
        asked(path)
    assert caught.value.key == key


def test_a_licence_must_be_named(tmp_path: Path, model: Path) -> None:
    """Whoever adds a model says under which licence it is used."""
    path = written(tmp_path, model)
    path.write_text(path.read_text("utf-8").replace('licence = "Apache-2.0"\n', ""), "utf-8")
    with pytest.raises(ConceptError) as caught:
        load_classifiers(path)
    assert "licence" in str(caught.value.args_["why"])
