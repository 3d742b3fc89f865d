"""Judges what crosses the wire by Discord's official description; knows no state.

REST bodies are judged by the OpenAPI document, gateway payloads by the gateway's schema. The
allow-list below names every place where the real client and the document differ; an entry that
nothing needs any more is a finding too (``Judge.unneeded``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.emulators.openapi import MAX_PROBLEMS, Spec

Json = Any
INTERACTIONS = {
    (2, 1): "APIChatInputApplicationCommandInteraction",
    (2, 3): "APIMessageApplicationCommandInteraction",
    (3, 0): "APIMessageComponentInteraction",
    (4, 1): "APIApplicationCommandAutocompleteInteraction",
    (5, 0): "APIModalSubmitInteraction",
}


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """One difference that is known: ``where`` and ``says`` are parts of the finding's words."""

    where: str
    says: str
    reason: str


ALLOWED = (
    Allowed(
        where="request",
        says="attachments/",
        reason="discord.py sends the index of a new file as a number; the document wants a "
        "snowflake, https://docs.discord.com/developers/reference#uploading-files shows a number",
    ),
    Allowed(
        where="PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
        says="unknown key tts",
        reason="discord.py sends tts with every message with files, edits included; Discord "
        "ignores it there",
    ),
    Allowed(
        where="request POST /users/@me/channels",
        says="recipient_id",
        reason="discord.py sends a person's id as a number; Discord reads both forms, "
        "https://docs.discord.com/developers/reference#snowflakes",
    ),
)


class Judge:
    """Collects what broke the description. ``violations`` is empty after a clean run."""

    def __init__(self, specs: Path) -> None:
        self.rest = load_rest(specs / "discord-openapi.json")
        self.gateway = load_gateway(specs / "discord-gateway.schema.json")
        self.violations: list[str] = []
        self.needed: set[Allowed] = set()

    def request(self, method: str, path: str, body: Json) -> list[str]:
        """What is wrong with a client's JSON body, the allow-list applied; recorded."""
        found = self.rest.request_problems(method, path, body)
        found += self.rest.unknown_keys(method, path, body)
        return self._record(f"request {method} {path}", found)

    def response(self, method: str, path: str, status: int, body: Json) -> None:
        """Judge one of our own answers."""
        self._record(
            f"response {method} {path} {status}",
            self.rest.response_problems(method, path, status, body),
        )

    def payload(self, name: str, body: Json) -> list[str]:
        """Judge a gateway payload by the definition called ``name``; an interaction by that of
        its kind, which says more of what is wrong."""
        if name == "GatewayInteractionCreateDispatchData":
            name = INTERACTIONS[body["type"], body["data"].get("type", 0)]
        return self._record(f"gateway {name}", self.gateway.problems(name, body))

    def note(self, words: str) -> None:
        """Record something the schemas cannot say."""
        self.violations.append(words)

    def unneeded(self) -> list[Allowed]:
        """Entries of the allow-list that nothing made use of."""
        return [entry for entry in ALLOWED if entry not in self.needed]

    def _record(self, where: str, found: list[str]) -> list[str]:
        kept = []
        for problem in found:
            entry = next((a for a in ALLOWED if a.where in where and a.says in problem), None)
            if entry is None:
                kept.append(f"{where}: {problem}")
            else:
                self.needed.add(entry)
        self.violations += kept
        return kept


class GatewaySchema:
    """The gateway's payloads by the name of their definition.

    The document was generated from TypeScript, where a set of bits is an enumeration of the
    single bits; a sum of them, 0 first of all, is meant and is accepted.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        definitions = {
            name: {"type": "integer"} if name.endswith("Flags") else definition
            for name, definition in document["definitions"].items()
        }
        self._document = {**document, "definitions": definitions}
        self._validators: dict[str, jsonschema_rs.Draft7Validator] = {}

    def problems(self, name: str, body: Json) -> list[str]:
        """What is wrong with ``body`` as that definition; an empty list is a pass."""
        if name not in self._validators:
            ref = {"$ref": f"#/definitions/{name}"}
            self._validators[name] = jsonschema_rs.Draft7Validator({**self._document, **ref})
        errors = self._validators[name].iter_errors(body)
        return [
            f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
            for error, _ in zip(errors, range(MAX_PROBLEMS), strict=False)
        ]


@cache
def load_rest(path: Path) -> Spec:
    """The REST description, read once per process."""
    return Spec(json.loads(path.read_text("utf-8")))


@cache
def load_gateway(path: Path) -> GatewaySchema:
    """The gateway's description, read once per process."""
    return GatewaySchema(json.loads(path.read_text("utf-8")))
