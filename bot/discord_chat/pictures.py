"""The bytes of pictures that people show on Discord; knows no core.

Discord tells of a picture in a message once, to whoever is meant by it: without the privileged
intent a message between other people is blank when it is asked for again. What was pointed at is
therefore remembered for a while, as its address; not the picture itself.
"""

from __future__ import annotations

from collections import OrderedDict
from urllib.parse import urlsplit

import aiohttp
import discord

from bot.chat import Upload

from .reading import Json, is_picture

NUM_REMEMBERED = 500
HOSTS = ("discord.com", "discordapp.com", "discordapp.net")  # nobody else is asked for bytes


class PictureRefused(Exception):
    """A picture that is not taken; ``key`` names the Fluent sentence that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Pointed:
    """Pictures that were pointed at lately, by what the form carries."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[str, Json] = OrderedDict()

    def keep(self, carried: str, picture: Json) -> None:
        """Remember a picture."""
        self._pictures[carried] = picture
        self._pictures.move_to_end(carried)
        while len(self._pictures) > NUM_REMEMBERED:
            self._pictures.popitem(last=False)

    async def find(self, client: discord.Client, carried: str) -> Json:
        """The picture that ``channel:message`` names. After a restart the message is asked for
        again, which Discord grants for our own and in direct messages; raises ``PictureRefused``.
        """
        if known := self._pictures.get(carried):
            return known
        channel, message = carried.split(":")
        place = client.get_partial_messageable(int(channel))
        try:
            found = await place.fetch_message(int(message))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise PictureRefused("discord-picture-gone") from error
        for attachment in map(discord.Attachment.to_dict, found.attachments):
            if is_picture(attachment):
                return dict(attachment)
        raise PictureRefused("discord-picture-forgotten")


async def fetch(client: discord.Client, picture: Json, *, max_bytes: int) -> Upload:
    """Its bytes; raises ``PictureRefused``."""
    if int(picture.get("size") or 0) > max_bytes:
        raise PictureRefused("upload-too-many-bytes")
    host = urlsplit(picture["url"]).hostname or ""
    if not any(host == one or host.endswith(f".{one}") for one in HOSTS):
        raise PictureRefused("discord-picture-gone")
    try:
        data = await client.http.get_from_cdn(picture["url"])
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise PictureRefused("discord-picture-gone") from error
    kind = str(picture.get("content_type") or "image/png").partition(";")[0]
    return Upload(data=data, media_type=kind)
