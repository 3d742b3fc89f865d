"""The command to make pictures: its options become an ask. Knows no platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.jobs import Reference

from .asks import Ask, Reply
from .command_lines import parse_size
from .visits import Call

DEFAULT_STRENGTH = 0.6  # as far from the reference as towards it


async def imagine(call: Call) -> Reply:
    """Admit the wish; its pictures follow."""
    upload = call.options.get("reference")
    sha256 = await call.studio.keep_upload(call, upload) if upload else None
    return await call.studio.wish(call, ask_of(call.options, sha256), "imagine")


def ask_of(options: Mapping[str, Any], reference_sha256: str | None = None) -> Ask:
    """What was chosen beside the command; raises ``WrongUsage`` and ``JobError``."""
    size = options.get("size")
    width, height = parse_size(size) if size else (None, None)
    strength = options.get("strength", DEFAULT_STRENGTH)
    return Ask(
        text=options.get("prompt", ""),
        style=options.get("style") or None,
        negative_prompt=options.get("negative", ""),
        count=options.get("count"),
        steps=options.get("steps"),
        guidance=options.get("guidance"),
        seed=options.get("seed"),
        width=width,
        height=height,
        reference=(
            Reference(sha256=reference_sha256, strength=strength) if reference_sha256 else None
        ),
        may_expand=options.get("expand"),
        is_private=options.get("private"),
        aspect=options.get("aspect"),
    )
