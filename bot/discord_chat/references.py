"""A picture in any message as the reference of a wish: right click, Apps, and a form for the words.

The form carries which message was meant, so that it is understood after a restart; the picture is
fetched when the form comes back.
"""

from __future__ import annotations

import aiohttp
import discord

from bot.chat import Form, Upload
from bot.commands import MAX_CHARACTERS
from bot.texts import say

from .reading import Interaction, data_of, pictures_of_target
from .registration import MESSAGE, REFERENCE_NAME

TOKEN = "picture"  # noqa: S105 - what the form's id begins with; no action is called so


class PictureGone(Exception):
    """The message is not there any more, or not for us; ``key`` names a Fluent sentence."""

    key = "discord-picture-gone"


def is_asked(interaction: Interaction) -> bool:
    """True where somebody points at a message to start from its picture."""
    data = data_of(interaction)
    return data.get("type") == MESSAGE and data.get("name") == say("en", REFERENCE_NAME)


def token(interaction: Interaction) -> str | None:
    """What the form is to carry; None where the message has no picture."""
    if not pictures_of_target(interaction):
        return None
    return f"{TOKEN}:{interaction.channel_id}:{data_of(interaction)['target_id']}"


def form(language: str) -> Form:
    """What to ask for."""
    return Form(
        title=say(language, REFERENCE_NAME),
        label=say(language, "discord-reference-label"),
        max_characters=MAX_CHARACTERS,
    )


async def fetch(client: discord.Client, carried: str, *, max_bytes: int) -> Upload:
    """The picture of the message a form carries; raises ``PictureGone``."""
    _, channel, message = carried.split(":")
    try:
        found = await client.get_partial_messageable(int(channel)).fetch_message(int(message))
        for attachment in found.attachments:
            kind = attachment.content_type or ""
            if kind.startswith("image/") and attachment.size <= max_bytes:
                return Upload(data=await attachment.read(), media_type=kind.partition(";")[0])
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise PictureGone from error
    raise PictureGone
