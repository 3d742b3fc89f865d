"""A language model's answer as data: its shape, how it is asked for and how it is read."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from inference.expansion.brief import Clarity

MAX_PROBLEMS: Final = 3
_THOUGHT: Final = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_FENCE: Final = re.compile(r"^```(?:json)?\s*|\s*```$")


class DraftError(ValueError):
    """The answer is not a draft; the message says why in words safe to send back."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DraftObject(_Strict):
    name: str
    count: int
    color: str | None
    position: str | None


class Draft(_Strict):
    """What a language model answers. Nothing in it is trusted until it is checked."""

    prompt: str
    translation: str
    negative_prompt: str
    objects: list[DraftObject]
    clarity: Clarity
    question: str | None
    options: list[str]


def response_formats() -> tuple[dict[str, Any] | None, ...]:
    """How to ask for a draft, strictest first; servers that refuse one are asked by the next."""
    schema = {"name": "brief", "strict": True, "schema": Draft.model_json_schema()}
    return (
        {"type": "json_schema", "json_schema": schema},
        {"type": "json_object"},
        None,
    )


def parse_draft(content: str) -> Draft:
    """The draft in an answer's text, which may think aloud or fence its JSON first."""
    try:
        return Draft.model_validate(_json_in(_THOUGHT.sub("", content)))
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, problem['loc'][:2]))}: {problem['type']}"
            for problem in error.errors(include_input=False, include_url=False)[:MAX_PROBLEMS]
        ]
        raise DraftError("The fields are wrong: " + "; ".join(problems)) from None


def _json_in(content: str) -> Any:
    text = _FENCE.sub("", content.strip())
    start = text.find("{")
    if start < 0:
        raise DraftError("There is no JSON object in it.")
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        raise DraftError("It is not valid JSON.") from None
