"""Judges requests and responses by an OpenAPI 3.1 document; knows no platform and no product.

Schemas are referred to inside the document itself, so nothing is copied or simplified; each is
compiled once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs

MAX_PROBLEMS = 5


@cache
def load_spec(path: Path) -> Spec:
    """The document at ``path``, read once per process."""
    return Spec(json.loads(path.read_text("utf-8")))


class Spec:
    """One OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def has_operation(self, method: str, path: str) -> bool:
        """Whether the document knows the operation."""
        return method.lower() in self.document["paths"].get(path, {})

    def request_problems(self, method: str, path: str, body: object) -> list[str]:
        """What is wrong with a JSON request body; an empty list is a pass."""
        content = self._operation(method, path).get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return [f"{method} {path} takes no JSON body"]
        pointer = ["paths", path, method.lower(), "requestBody", "content", "application/json"]
        return self._problems([*pointer, "schema"], body)

    def response_problems(self, method: str, path: str, status: int, body: object) -> list[str]:
        """What is wrong with a JSON response body for a status the document describes; ``None``
        is the body of an answer that has none."""
        responses = self._operation(method, path)["responses"]
        named = next((one for one in (str(status), f"{status // 100}XX") if one in responses), "")
        if not named:
            return [f"{method} {path} never answers {status}"]
        pointer = ["paths", path, method.lower(), "responses", named]
        if "$ref" in responses[named]:
            pointer = responses[named]["$ref"].removeprefix("#/").split("/")
        elif "content" not in responses[named]:
            return [] if body is None else [f"{method} {path} {status} has no body"]
        return self._problems([*pointer, "content", "application/json", "schema"], body)

    def unknown_keys(self, method: str, path: str, body: object) -> list[str]:
        """Keys of a JSON request body that the document does not know. It never forbids more
        keys, so a misspelt one would pass as valid."""
        content = self._operation(method, path).get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return [] if schema is None else list(self._unknown([schema], body, ""))

    def schema_problems(self, name: str, body: object) -> list[str]:
        """What is wrong with ``body`` as the named component."""
        return self._problems(["components", "schemas", name], body)

    def _unknown(self, schemas: Sequence[Any], value: object, where: str) -> Iterator[str]:
        branches = [branch for schema in schemas for branch in self._branches(schema)]
        if isinstance(value, list):
            items = [branch["items"] for branch in branches if "items" in branch]
            for number, one in enumerate(value):
                yield from self._unknown(items, one, f"{where}{number}/")
        elif isinstance(value, dict):
            fitting = [branch for branch in branches if _may_be(branch, value)]
            is_open = not any("properties" in branch for branch in fitting)
            for key, inner in value.items():
                known = [branch["properties"][key] for branch in fitting
                         if key in branch.get("properties", {})]  # fmt: skip
                others = [branch["additionalProperties"] for branch in fitting
                          if isinstance(branch.get("additionalProperties"), dict)]  # fmt: skip
                if not known and not others and not is_open:
                    yield f"{where}: unknown key {key}"
                yield from self._unknown(known or others, inner, f"{where}{key}/")

    def _branches(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The schema and everything it may or must also be."""
        if "$ref" in schema:
            found: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            yield from self._branches(found)
            return
        yield schema
        for word in ("allOf", "anyOf", "oneOf"):
            for branch in schema.get(word, ()):
                yield from self._branches(branch)

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        operation: dict[str, Any] = self.document["paths"][path][method.lower()]
        return operation

    def _problems(self, pointer: list[str], body: object) -> list[str]:
        ref = "#/" + "/".join(
            quote(part.replace("~", "~0").replace("/", "~1"), safe="~") for part in pointer
        )
        if ref not in self._validators:
            self._validators[ref] = jsonschema_rs.Draft202012Validator(
                {**self.document, "$ref": ref}
            )
        errors = self._validators[ref].iter_errors(body)
        return [
            f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
            for error, _ in zip(errors, range(MAX_PROBLEMS), strict=False)
        ]


def _may_be(branch: dict[str, Any], value: dict[str, Any]) -> bool:
    """False where ``type``, the field by which variants tell themselves apart, excludes it."""
    kinds = branch.get("properties", {}).get("type", {}).get("enum")
    return kinds is None or value.get("type") in kinds
