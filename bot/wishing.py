"""The command to make pictures: its options become an ask. Knows no platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.jobs import Reference

from . import intake, terms
from .asks import Ask, Reply
from .command_lines import parse_size
from .consents import has_accepted_terms
from .visits import Call, Visit

DEFAULT_STRENGTH = 0.6  # as far from the reference as towards it


async def imagine(call: Call) -> Reply:
    """Admit the wish; its pictures follow."""
    upload = call.options.get("reference")
    shop = call.studio.shop
    sha256 = await intake.keep_upload(shop, call.session, call.visitor, upload) if upload else None
    return await wish(call, ask_of(call.options, sha256), "imagine")


async def wish(visit: Visit, ask: Ask, kind: str) -> Reply:
    """Admit a wish, or keep it until the terms are accepted."""
    if not await has_accepted_terms(visit.session, visit.visitor.person_id):
        return await terms.ask_first(visit, ask, kind)
    shop = visit.studio.shop
    request_id = await intake.take(shop, visit.session, visit.event, visit.visitor, ask, kind)
    return visit.accepted(request_id, is_private=bool(ask.is_private))


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
