"""The styles that are offered here, each with a sample picture."""

from __future__ import annotations

from collections.abc import Sequence

from store.blobs import BlobStore

from .asks import Reply
from .chat import Card, CardKind, Image
from .preferences import read_choices
from .style_samples import sample_of
from .styles import offered_here, style_name
from .texts import say
from .visits import Call, Later


async def styles(call: Call) -> Later:
    """One line and, where there is one, one picture for each style."""
    _, community = await read_choices(call.session, call.visitor)
    shop, language = call.studio.shop, call.language
    offered = offered_here(community, shop.settings.styles_folder)

    async def show() -> Reply:
        return Reply(card=await _card(shop.blobs, language, offered))

    return show


async def _card(blobs: BlobStore, language: str, offered: Sequence[str]) -> Card:
    lines, images = [], []
    for style in offered:
        name = style_name(language, style)
        data = sample_of(style)
        if data is not None:
            words = say(language, "alt-style", style=name)
            sha256 = await blobs.put(data)
            images.append(Image(sha256=sha256, media_type="image/png", alt_text=words))
        lines.append(f"{len(images)}. {name}" if data is not None else name)
    return Card(
        kind=CardKind.PICTURE,
        lines=(say(language, "styles-headline"), *lines),
        images=tuple(images),
        is_private=True,
    )
