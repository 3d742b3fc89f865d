"""Judges requests and responses by an OpenAPI 3.1 document; knows no platform and no product.

Schemas are referred to inside the document itself, so nothing is copied or simplified; each is
compiled once.
"""

from __future__ import annotations

import json
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
        self._document = document
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def has_operation(self, method: str, path: str) -> bool:
        """Whether the document knows the operation."""
        return method.lower() in self._document["paths"].get(path, {})

    def request_problems(self, method: str, path: str, body: object) -> list[str]:
        """What is wrong with a JSON request body; an empty list is a pass."""
        content = self._operation(method, path).get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return [f"{method} {path} takes no JSON body"]
        pointer = ["paths", path, method.lower(), "requestBody", "content", "application/json"]
        return self._problems([*pointer, "schema"], body)

    def response_problems(self, method: str, path: str, status: int, body: object) -> list[str]:
        """What is wrong with a JSON response body for a status the document describes."""
        responses = self._operation(method, path)["responses"]
        if str(status) not in responses:
            return [f"{method} {path} never answers {status}"]
        pointer = ["paths", path, method.lower(), "responses", str(status)]
        if "$ref" in responses[str(status)]:
            pointer = responses[str(status)]["$ref"].removeprefix("#/").split("/")
        return self._problems([*pointer, "content", "application/json", "schema"], body)

    def schema_problems(self, name: str, body: object) -> list[str]:
        """What is wrong with ``body`` as the named component."""
        return self._problems(["components", "schemas", name], body)

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        operation: dict[str, Any] = self._document["paths"][path][method.lower()]
        return operation

    def _problems(self, pointer: list[str], body: object) -> list[str]:
        ref = "#/" + "/".join(
            quote(part.replace("~", "~0").replace("/", "~1"), safe="~") for part in pointer
        )
        if ref not in self._validators:
            self._validators[ref] = jsonschema_rs.Draft202012Validator(
                {**self._document, "$ref": ref}
            )
        errors = self._validators[ref].iter_errors(body)
        return [
            f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
            for error, _ in zip(errors, range(MAX_PROBLEMS), strict=False)
        ]
