"""Tells where the platforms' API descriptions come from and whether they are here.

Tests hold our emulators and adapters against them. They belong to others and are not ours to
redistribute as part of this repository, so each checkout names a folder in ``SPECS_DIR``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SPECS_DIR = Path(os.environ.get("SPECS_DIR", "../shared/specs"))
WANTED = {
    "discord-openapi.json": "discord/discord-api-spec at 74fda0f: specs/openapi.json",
    "discord-gateway.schema.json": (
        "discord-api-types 0.38.57, its gateway types through ts-json-schema-generator 2.4.0"
    ),
    "telegram-botapi.json": "PaulSonOfLars/telegram-bot-api-spec at 160fd99: api.json",
    "openai-openapi.json": "openai/openai-openapi at f85dbe2, its openapi.yaml written as JSON",
}


def main() -> int:
    """Print one line a file; 0 where all are here, else 1."""
    print(f"The API descriptions that tests read, in SPECS_DIR ({SPECS_DIR}):")
    missing = [name for name in WANTED if not (SPECS_DIR / name).is_file()]
    for name, source in WANTED.items():
        print(f"  {'missing' if name in missing else 'here':8} {name:28} {source}")
    if missing:
        print(
            "Get the missing ones from these GitHub repositories, put them into one folder and"
            " name it: SPECS_DIR=FOLDER make test",
            file=sys.stderr,
        )
    return 1 if missing else 0


sys.exit(main())
