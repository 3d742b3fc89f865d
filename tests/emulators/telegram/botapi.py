"""Judges Bot API requests and answers by the machine-readable API file; knows no server.

Telegram publishes its API as a page, not as a schema. The file this reads was made from that page
and keeps limits and constants in its descriptions ("0-1024 characters", "must be photo"), so they
are read out of the sentences here and become JSON Schema. Keys that the file does not name are
wrong everywhere: a misspelled one would otherwise pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.emulators.telegram.markup import BadMarkup, parse_html

MAX_PROBLEMS = 5
PLAIN = {
    "Integer": {"type": "integer"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Float": {"type": "number"},
}
UPLOAD = {  # what a part of a multipart request becomes
    "type": "object",
    "required": ["file_name", "size"],
    "properties": {"file_name": {"type": "string"}, "size": {"type": "integer", "minimum": 1}},
}
CHARACTERS = re.compile(r"(\d+)-(\d+) (?:characters|bytes)")
BYTES = re.compile(r"(\d+)-(\d+) bytes")
NUMBERS = re.compile(r"(\d+)-(\d+)")
CONSTANT = re.compile(r"(?:must be|always) \"?(\w+)\"?\.?$")
CHOICES = re.compile(r"(?:[Mm]ust be one of|can be either) (\"[^.]*\")")


@cache
def load_api(path: Path) -> BotApi:
    """The API file at ``path``, read once per process."""
    return BotApi(json.loads(path.read_text("utf-8")))


class BotApi:
    """One version of the Bot API."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._methods: dict[str, Any] = document["methods"]
        types = document["types"]
        self._schemas = {name: _type_schema(kind) for name, kind in types.items()}
        self._schemas["InputFile"] = UPLOAD
        for name, method in self._methods.items():
            self._schemas[f"{name} request"] = _object_schema(method.get("fields", []))
            self._schemas[f"{name} answer"] = _any_of(method["returns"])
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def has_method(self, name: str) -> bool:
        """Whether the file knows the method."""
        return name in self._methods

    def decode(
        self, method: str, parameters: Mapping[str, str], uploads: Mapping[str, Mapping[str, Any]]
    ) -> tuple[dict[str, Any], list[str]]:
        """The parameters as values of their declared types, and what could not be read.

        All arrive as text. A parameter whose value names a part of the request (``attach://…``)
        keeps it; a part that *is* a parameter becomes that value. Marked-up text becomes plain
        text with entities, for limits count what is left after parsing.
        """
        fields = {
            field["name"]: field["types"] for field in self._methods[method].get("fields", [])
        }
        body: dict[str, Any] = {
            name: dict(part) for name, part in uploads.items() if name in fields
        }
        problems: list[str] = []
        for name, text in parameters.items():
            try:
                body[name] = _decoded(text, fields.get(name, ["String"]))
            except ValueError:
                problems.append(f"{method} {name}: not {fields[name]}: {text[:60]}")
        try:
            unmarked = _unmarked(body)
        except BadMarkup as error:
            return body, [*problems, f"{method}: can't parse entities: {error}"]
        assert isinstance(unmarked, dict)
        return unmarked, problems + _lost_parts(method, unmarked, uploads)

    def request_problems(self, method: str, body: Mapping[str, Any]) -> list[str]:
        """What is wrong with decoded parameters; an empty list is a pass."""
        return self.problems(f"{method} request", dict(body))

    def answer_problems(self, method: str, result: object) -> list[str]:
        """What is wrong with the result of a method."""
        return self.problems(f"{method} answer", result)

    def problems(self, name: str, value: object) -> list[str]:
        """What is wrong with ``value`` as the named type."""
        if name not in self._validators:
            schema = {"$defs": self._schemas, "$ref": f"#/$defs/{name.replace(' ', '%20')}"}
            self._validators[name] = jsonschema_rs.Draft202012Validator(
                schema, validate_formats=True, formats={"bytes64": _fits_64_bytes}
            )
        errors = self._validators[name].iter_errors(value)
        return [
            f"{name} {'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
            for error, _ in zip(errors, range(MAX_PROBLEMS), strict=False)
        ]


def _type_schema(kind: dict[str, Any]) -> dict[str, Any]:
    if "subtypes" in kind:
        return _any_of(kind["subtypes"])
    return _object_schema(kind.get("fields", []))


def _object_schema(fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field["name"]: _field_schema(field) for field in fields},
        "required": [field["name"] for field in fields if field["required"]],
        "additionalProperties": False,
    }


def _field_schema(field: dict[str, Any]) -> dict[str, Any]:
    """The type and what the description limits it to."""
    schema = _any_of(field["types"])
    words = field["description"]
    if field["types"] == ["String"]:
        return schema | _text_limits(words)
    found = NUMBERS.search(words)
    if found and field["types"] in (["Integer"], ["Float"]):
        return schema | {"minimum": int(found[1]), "maximum": int(found[2])}
    if found and all(kind.startswith("Array") for kind in field["types"]) and "items" in words:
        return schema | {"minItems": int(found[1]), "maxItems": int(found[2])}
    return schema


def _text_limits(words: str) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if found := CHARACTERS.search(words):
        limits |= {"minLength": int(found[1]), "maxLength": int(found[2])}
    if (found := BYTES.search(words)) and int(found[2]) == 64:
        limits["format"] = "bytes64"  # a schema counts characters, Telegram bytes
    if found := CONSTANT.search(words):
        limits["const"] = found[1]
    found = CHOICES.search(words)
    if found and len(choices := re.findall(r'"(\w+)"', found[1])) > 1:
        limits["enum"] = choices
    return limits


def _any_of(kinds: list[str]) -> dict[str, Any]:
    if len(kinds) == 1:
        return _kind_schema(kinds[0])
    return {"anyOf": [_kind_schema(kind) for kind in kinds]}


def _kind_schema(kind: str) -> dict[str, Any]:
    if kind.startswith("Array of "):
        return {"type": "array", "items": _kind_schema(kind.removeprefix("Array of "))}
    return dict(PLAIN.get(kind) or {"$ref": f"#/$defs/{kind}"})


def _fits_64_bytes(text: str) -> bool:
    return len(text.encode()) <= 64


def _decoded(text: str, kinds: list[str]) -> Any:
    """A parameter's text as a value of one of ``kinds``; raises ``ValueError``."""
    if "Integer" in kinds and re.fullmatch(r"-?\d+", text):
        return int(text)
    if "String" in kinds or kinds == ["InputFile"]:
        return text
    if kinds == ["Boolean"] and text not in ("true", "false"):
        raise ValueError(text)
    return json.loads(text)


def _unmarked(value: Any) -> Any:
    """``value`` with HTML in ``text`` and ``caption`` parsed, at any depth."""
    if isinstance(value, list):
        return [_unmarked(each) for each in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _unmarked(each) for key, each in value.items()}
    mode = plain.pop("parse_mode", None)
    if mode not in (None, "HTML"):
        raise BadMarkup(f"parse mode {mode} is not implemented")
    for key, entities in (("text", "entities"), ("caption", "caption_entities")):
        if mode and isinstance(plain.get(key), str):
            plain[key], found = parse_html(plain[key])
            if found:
                plain[entities] = found
    return plain


def _lost_parts(method: str, body: Any, uploads: Mapping[str, Any]) -> list[str]:
    """Parts that nothing refers to, and references to parts that are not there."""
    named = set(re.findall(r'"attach://([^"]+)"', json.dumps(body)))
    lost = [f"{method}: no part {name}" for name in sorted(named - uploads.keys())]
    unused = uploads.keys() - named - body.keys()
    return lost + [f"{method}: a part nobody names: {name}" for name in sorted(unused)]
