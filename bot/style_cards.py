"""The styles that are offered here, each with a sample picture."""

from __future__ import annotations

from .asks import Reply
from .chat import Card, CardKind, Image
from .preferences import read_choices
from .style_samples import sample_of
from .styles import offered_here, style_name
from .texts import say
from .visits import Call


async def styles(call: Call) -> Reply:
    """One line and, where there is one, one picture for each style."""
    _, community = await read_choices(call.session, call.visitor)
    offered = offered_here(community, call.studio.shop.settings.lora_folder)
    lines, images = [], []
    for style in offered:
        name = style_name(call.language, style)
        data = sample_of(style)
        if data is not None:
            sha256 = await call.studio.shop.blobs.put(data)
            words = say(call.language, "alt-style", style=name)
            images.append(Image(sha256=sha256, media_type="image/png", alt_text=words))
        lines.append(f"{len(images)}. {name}" if data is not None else name)
    card = Card(
        kind=CardKind.PICTURE,
        lines=(say(call.language, "styles-headline"), *lines),
        images=tuple(images),
        is_private=True,
    )
    return Reply(card=card)
