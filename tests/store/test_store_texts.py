"""Every failure of the store has a sentence in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource

import store
from store import errors


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_failure_has_its_sentence(language: str) -> None:
    """Each key renders with the arguments it is raised with."""
    bundle = FluentBundle([language], use_isolating=False)
    file = Path(str(store.__file__)).parent / "texts" / f"{language}.ftl"
    bundle.add_resource(FluentResource(file.read_text("utf-8")))
    kinds = [errors.StoreError, *errors.StoreError.__subclasses__()]
    for kind in kinds:
        value = bundle.get_message(kind.key).value
        sentence, problems = bundle.format_pattern(value, {"place": "HERE", "sha256": "HERE"})
        assert problems == []
        assert "HERE" in sentence
    assert len({kind.key for kind in kinds}) == len(kinds)
