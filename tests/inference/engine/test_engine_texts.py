"""Every sentence the engine may name exists, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

INFERENCE = Path(__file__).parents[3] / "inference"
KEY = re.compile(r'"((?:job|render)-[a-z-]+)"')


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_key_has_a_sentence_and_every_sentence_a_use(language: str) -> None:
    """No key without words, no words without a key."""
    sources = [INFERENCE / "jobs.py", *(INFERENCE / "engine").rglob("*.py")]
    used = {key for source in sources for key in KEY.findall(source.read_text("utf-8"))}
    lines = (INFERENCE / "engine" / "texts" / f"{language}.ftl").read_text("utf-8").splitlines()
    said = {line.split(" = ")[0] for line in lines if " = " in line and line[0].isalpha()}
    assert used == said
