"""Posts, edits and removes messages: by the interaction's token while it lives, else in the
channel or in the person's own.

*Nothing twice.* An edit may be repeated; a message in a channel carries a nonce that Discord
enforces. Only a private notice beside a public message has neither (a webhook takes no nonce): if
the line is cut while it is sent, the core sends it once more, because a person would rather read a
notice twice than never.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord

from bot.chat import Card, ChatRefused, ChatUnavailable, LoadBlob, PrivateClosed

from .addresses import Address, MessageId
from .showing import MAX_UPLOAD_BYTES, Parts, compose
from .troubles import TOKEN_ENDED, TOO_LARGE, NoWay, named

ORIGINAL = 0  # stands for the first answer, whose id we were not told
SMALLER = 4  # how much less to upload where a server took offence
Sent = TypeVar("Sent")


class Outgoing:
    """Everything that leaves for Discord except the first answer to an interaction."""

    def __init__(self, load_blob: LoadBlob) -> None:
        self._load_blob = load_blob
        self._client: discord.Client | None = None

    def use(self, client: discord.Client | None) -> None:
        """Send through ``client``; None where there is no connection."""
        self._client = client

    @property
    def client(self) -> discord.Client:
        """The client that is logged in; raises ``ChatUnavailable``."""
        if self._client is None or self._client.is_closed():
            raise ChatUnavailable("not connected")
        return self._client

    async def parts(self, card: Card, *, max_bytes: int = MAX_UPLOAD_BYTES) -> Parts:
        """The card as a message."""
        return await compose(card, self._load_blob, max_bytes=max_bytes)

    async def send(
        self, address: Address, card: Card, *, nonce: str, replaces: MessageId | None
    ) -> MessageId:
        """Post ``card``; in the place of ``replaces`` wherever that can be."""

        async def attempt(parts: Parts) -> MessageId:
            if address.is_live:
                try:
                    return await self._by_token(address, card, parts, replaces)
                except NoWay:
                    pass
            return await self._without_token(address, card, parts, nonce, replaces)

        with named():
            return await self._fitting(card, attempt)

    async def edit(self, address: Address, message: MessageId, card: Card) -> None:
        """Replace a message."""

        async def attempt(parts: Parts) -> None:
            if address.is_live:
                try:
                    await self._edit_by_token(address, message.message, parts)
                    return
                except NoWay:
                    pass
            await self._edit_in_channel(message, parts)

        with named():
            await self._fitting(card, attempt)

    async def delete(self, address: Address, message: MessageId) -> None:
        """Remove a message; one that is gone is removed."""
        with named():
            if address.is_live:
                try:
                    await self.webhook(address).delete_message(message.message)
                    return
                except discord.HTTPException as error:
                    if error.status not in TOKEN_ENDED:
                        raise
            if message.is_private:
                return  # only its person sees it, and they can dismiss it
            try:
                await self._partial(message).delete()
            except discord.NotFound:
                return

    def webhook(self, address: Address) -> discord.Webhook:
        """The interaction's token as something to post through."""
        found = discord.Webhook.partial(address.application, address.token, client=self.client)
        found.type = discord.WebhookType.application
        return found

    async def follow(self, address: Address, parts: Parts, *, is_private: bool) -> MessageId:
        """One more message by the token; raises ``NoWay`` where it has ended."""
        try:
            sent = await self.webhook(address).send(**parts.new(), ephemeral=is_private, wait=True)
        except discord.HTTPException as error:
            raise _or_no_way(error) from error
        return MessageId(channel=address.channel, message=sent.id, is_private=is_private)

    async def answer(
        self, address: Address, card: Card, *, nonce: str, reply_to: MessageId
    ) -> MessageId:
        """Answer a message; what is private goes to the person's own channel."""

        async def attempt(parts: Parts) -> MessageId:
            if card.is_private and not address.is_direct:
                return await self._to_person(address, parts, nonce)
            reference = discord.MessageReference(
                message_id=reply_to.message, channel_id=reply_to.channel, fail_if_not_exists=False
            )
            return await self._post(address.channel, parts.new(), nonce, reference=reference)

        with named():
            return await self._fitting(card, attempt)

    async def _by_token(
        self, address: Address, card: Card, parts: Parts, held: MessageId | None
    ) -> MessageId:
        """Raises ``NoWay`` where the token, or the message to replace, is gone."""
        is_hidden = card.is_private and not address.is_direct
        if held is not None and held.is_private == is_hidden and held.channel == address.channel:
            await self._edit_by_token(address, held.message, parts)
            return held
        if held is None and address.has_original and not is_hidden:
            return await self._edit_by_token(address, ORIGINAL, parts)
        sent = await self.follow(address, parts, is_private=is_hidden)
        if held is not None:
            await self._forget(address, held)
        return sent

    async def _without_token(
        self, address: Address, card: Card, parts: Parts, nonce: str, held: MessageId | None
    ) -> MessageId:
        is_nobodys = not address.user
        if card.is_private and not address.is_direct and not is_nobodys:
            sent = await self._to_person(address, parts, nonce)
        elif held is not None and _is_answer_to_words(address, held):
            await self._edit_in_channel(held, parts)
            return held
        else:
            sent = await self._to_channel(address, parts, nonce)
        if held is not None and held != sent:
            await self._forget(address, held)
        return sent

    async def _to_channel(self, address: Address, parts: Parts, nonce: str) -> MessageId:
        """In the open, calling the person; in their own channel where we may not speak there."""
        mention = 0 if address.is_direct else address.user
        try:
            return await self._post(address.channel, parts.new(mention=mention), nonce)
        except (discord.Forbidden, discord.NotFound):
            if address.is_direct or not address.user:
                raise
        try:
            return await self._to_person(address, parts, nonce)
        except PrivateClosed as error:
            raise ChatRefused("no way to the person is open") from error

    async def _to_person(self, address: Address, parts: Parts, nonce: str) -> MessageId:
        with named():
            own = await self.client.create_dm(discord.Object(address.user))
            return await self._post(own.id, parts.new(), nonce)

    async def _post(
        self, channel: int, message: dict[str, Any], nonce: str, **more: Any
    ) -> MessageId:
        target = self.client.get_partial_messageable(channel)
        sent = await target.send(**message, nonce=nonce, **more)
        return MessageId(channel=channel, message=sent.id)

    async def _edit_by_token(self, address: Address, message: int, parts: Parts) -> MessageId:
        which: Any = message if message != ORIGINAL else "@original"
        try:
            edited = await self.webhook(address).edit_message(which, **parts.changed())
        except discord.HTTPException as error:
            raise _or_no_way(error) from error
        is_private = edited.flags.ephemeral
        return MessageId(channel=address.channel, message=edited.id, is_private=is_private)

    async def _edit_in_channel(self, message: MessageId, parts: Parts) -> None:
        if message.is_private:
            raise ChatRefused("a private message whose token has ended")
        await self._partial(message).edit(**parts.changed())

    async def _forget(self, address: Address, message: MessageId) -> None:
        """Remove what told of the progress; not worth a second try."""
        try:
            await self.delete(address, message)
        except (ChatRefused, ChatUnavailable):
            return

    def _partial(self, message: MessageId) -> discord.PartialMessage:
        channel = self.client.get_partial_messageable(message.channel)
        return channel.get_partial_message(message.message)

    async def _fitting(self, card: Card, attempt: Callable[[Parts], Awaitable[Sent]]) -> Sent:
        """Try with the files as they are, and with smaller ones where they are too large."""
        try:
            return await attempt(await self.parts(card))
        except discord.HTTPException as error:
            if error.status != 413 and error.code != TOO_LARGE:
                raise
        return await attempt(await self.parts(card, max_bytes=MAX_UPLOAD_BYTES // SMALLER))


def _or_no_way(error: discord.HTTPException) -> Exception:
    return NoWay(str(error.code)) if error.status in TOKEN_ENDED else error


def _is_answer_to_words(address: Address, held: MessageId) -> bool:
    """True for a message in the same channel for which there never was a token."""
    return not address.token and not held.is_private and held.channel == address.channel
