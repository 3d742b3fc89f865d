"""Judges what crosses the wire by Discord's official description; knows no state.

REST bodies are judged by the OpenAPI document, gateway payloads by the gateway's schema. The
allow-list below names every place where the real client and the document differ; an entry that
nothing needs any more is a finding too (``Judge.unneeded``).
"""

from __future__ import annotations

import copy
import itertools
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
    """One difference that is known and is mended before a body is judged: at ``path`` (``*`` is
    every element) a number stands for an id, or, with ``is_removed``, a key that nobody reads."""

    path: str
    reason: str
    methods: str = "POST PATCH"
    is_removed: bool = False


NUMBERS = "discord.py sends it as a number; Discord reads ids in both forms, "
NUMBERS += "https://docs.discord.com/developers/reference#snowflakes"
ALLOWED = (
    Allowed(
        path="attachments/*/id",
        reason="discord.py sends the index of a new file as a number, as the documents show it, "
        "https://docs.discord.com/developers/reference#uploading-files",
    ),
    Allowed(path="data/attachments/*/id", reason="the same in the answer to an interaction"),
    Allowed(path="allowed_mentions/users/*", reason=NUMBERS),
    Allowed(path="message_reference/message_id", reason=NUMBERS),
    Allowed(path="message_reference/channel_id", reason=NUMBERS),
    Allowed(path="recipient_id", reason=NUMBERS),
    Allowed(
        path="tts", methods="PATCH", is_removed=True,
        reason="discord.py sends tts with every message, edits included; Discord ignores it there",
    ),
    Allowed(
        path="data/tts", methods="POST", is_removed=True,
        reason="the same where an edit is the first answer to a press",
    ),
)  # fmt: skip


class Judge:
    """Collects what broke the description. ``violations`` is empty after a clean run."""

    def __init__(self, specs: Path) -> None:
        self.rest = load_rest(specs / "discord-openapi.json")
        self.gateway = load_gateway(specs / "discord-gateway.schema.json")
        self.violations: list[str] = []
        self.needed: set[Allowed] = set()

    def request(self, method: str, path: str, body: Json) -> list[str]:
        """What is wrong with a client's JSON body, the allow-list applied; recorded."""
        mended = copy.deepcopy(body)
        self.needed |= {one for one in ALLOWED if method in one.methods and _mend(mended, one)}
        found = self.rest.request_problems(method, path, mended)
        found += self.rest.unknown_keys(method, path, mended)
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
        told = [f"{where}: {problem}" for problem in found]
        self.violations += told
        return told


def _mend(body: Json, allowed: Allowed) -> bool:
    """Mend the difference wherever it is; True where it was."""
    *way, last = allowed.path.split("/")
    parts = [body]
    for step in way:
        inside = [part if step == "*" else [part.get(step)] for part in parts
                  if isinstance(part, list if step == "*" else dict)]  # fmt: skip
        parts = list(itertools.chain.from_iterable(inside))
    was_there = False
    for part in parts:
        if isinstance(part, list) and last == "*":
            was_there |= any(isinstance(one, int) for one in part)
            part[:] = [str(one) if isinstance(one, int) else one for one in part]
        elif isinstance(part, dict) and last in part:
            if allowed.is_removed:
                was_there = part.pop(last) is not None or was_there
            elif isinstance(part[last], int):
                part[last], was_there = str(part[last]), True
    return was_there


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
