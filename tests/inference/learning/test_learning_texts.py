"""Every refusal of the learning log has a sentence in both languages, and no sentence is idle."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_sentences_and_refusals_are_the_same(language: str, checkout: Path) -> None:
    """The keys in the code are exactly the sentences of each language."""
    package = checkout / "inference" / "learning"
    code = "".join(path.read_text("utf-8") for path in package.glob("*.py"))
    named = set(re.findall(r'LearningError\(\s*"([\w-]+)"', code))
    resource = FluentParser().parse((package / "texts" / f"{language}.ftl").read_text("utf-8"))
    assert named == {each.id.name for each in resource.body if isinstance(each, Message)}
    assert len(named) > 3
