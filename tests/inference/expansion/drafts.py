"""What a language model may answer, for the tests that play one."""

from __future__ import annotations

import json
from typing import Any

from tests.emulators.llm.server import Reply


def draft(prompt: str, **fields: Any) -> str:
    """A well-formed answer with this prompt."""
    answer = {
        "prompt": prompt,
        "translation": prompt,
        "negative_prompt": "",
        "objects": [],
        "clarity": "constraints",
        "question": None,
        "options": [],
    }
    return json.dumps(answer | fields, ensure_ascii=False)


def says(prompt: str, **fields: Any) -> Reply:
    """The reply that carries such an answer."""
    return Reply(content=draft(prompt, **fields))
