"""Answers one interaction: acknowledged in time, then shown, whatever the line does meanwhile.

Discord waits three seconds for a first answer. The row comes first; where that takes longer than
``row_seconds``, we acknowledge first and answer when it is there (the design's gap one). An answer
whose acknowledgement was lost for good is not lost: its result finds the person through
``Outgoing.send``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord

from bot.asks import Reply
from bot.chat import Card

from .addresses import Address, MessageId
from .outgoing import Outgoing
from .troubles import ALREADY_ANSWERED, Cut, named

NUM_TRIES = 2  # of a first answer whose connection was cut
Given = TypeVar("Given")
Interaction = discord.Interaction[Any]
Posted = Callable[[Card, str], Awaitable[None]]

logger = logging.getLogger(__name__)


class Answer:
    """The answer to one interaction. ``is_private``: what the core says it will be."""

    def __init__(
        self, interaction: Interaction, address: Address, outgoing: Outgoing, *, is_private: bool,
        row_seconds: float,
    ) -> None:  # fmt: skip
        self.interaction, self.address, self.outgoing = interaction, address, outgoing
        self.row_seconds = row_seconds
        self.is_private = is_private and not address.is_direct
        self.is_press = interaction.message is not None
        self.is_promised = False

    async def give(self, asking: Awaitable[Reply], posted: Posted) -> None:
        """Ask the core, answer, and tell it which message shows what."""
        reply = await self._asked(asking)
        if reply.is_duplicate:
            return
        message = await self._show(reply)
        if message is None:
            return
        await self._receipt(reply.card, message, posted)
        for card in reply.also:
            await self._receipt(card, await self._also(card), posted)

    async def _asked(self, asking: Awaitable[Given]) -> Given:
        """What the core says; acknowledged before, if it takes its time."""
        working = asyncio.ensure_future(asking)
        done, _ = await asyncio.wait({working}, timeout=self.row_seconds)
        if not done:
            await self._promise()
        return await working

    async def _promise(self) -> None:
        """Acknowledge. A press keeps its message and is answered beside it or in its place."""
        respond = self.interaction.response
        if self.is_press:
            self.is_promised = await self._first(respond.defer)
        else:
            self.is_promised = await self._first(
                lambda: respond.defer(ephemeral=self.is_private, thinking=True)
            )

    async def _show(self, reply: Reply) -> MessageId | None:
        """The id of the message that shows the reply; None where it did not get through."""
        try:
            with named():
                if self.is_promised:
                    return await self._keep_promise(reply)
                return await self._answer_now(reply)
        except Exception as error:  # noqa: BLE001  (the edge: what was asked for is in the rows)
            logger.warning("an answer was lost: %s", type(error).__name__)
            return None

    async def _answer_now(self, reply: Reply) -> MessageId | None:
        parts = await self.outgoing.parts(reply.card)
        respond = self.interaction.response
        if reply.is_update and self.interaction.message is not None:
            pressed = self.interaction.message
            was_taken = await self._first(lambda: respond.edit_message(**parts.changed()))
            return self._id(pressed.id, pressed.flags.ephemeral) if was_taken else None
        is_private = reply.card.is_private and not self.address.is_direct
        sent: list[int] = []

        async def send() -> None:
            response = await respond.send_message(**parts.new(), ephemeral=is_private)
            sent.append(response.message_id or 0)

        if not await self._first(send):
            return None
        if not any(sent):  # it had arrived although the line was cut
            sent = [(await self.interaction.original_response()).id]
        return self._id(sent[0], is_private)

    async def _keep_promise(self, reply: Reply) -> MessageId:
        parts = await self.outgoing.parts(reply.card)
        is_private = reply.card.is_private and not self.address.is_direct
        if self.is_press and not reply.is_update:
            return await self.outgoing.follow(self.address, parts, is_private=is_private)
        if not self.is_press and is_private and not self.is_private:
            await self.interaction.delete_original_response()  # it was promised in the open
            return await self.outgoing.follow(self.address, parts, is_private=True)
        edited = await self.interaction.edit_original_response(**parts.changed())
        return self._id(edited.id, edited.flags.ephemeral)

    async def _also(self, card: Card) -> MessageId | None:
        try:
            with named():
                parts = await self.outgoing.parts(card)
                is_private = card.is_private and not self.address.is_direct
                return await self.outgoing.follow(self.address, parts, is_private=is_private)
        except Exception as error:  # noqa: BLE001  (the edge: the first message is there)
            logger.warning("a part of an answer was lost: %s", type(error).__name__)
            return None

    async def _receipt(self, card: Card, message: MessageId | None, posted: Posted) -> None:
        if message is not None and card.receipt:
            await posted(card, str(message))

    async def _first(self, answer: Callable[[], Awaitable[object]]) -> bool:
        """Give the first answer; False where it came too late. A cut line is tried again: if the
        answer had arrived, Discord says so."""
        for attempt in range(NUM_TRIES):
            try:
                await answer()
            except Cut:
                continue
            except discord.InteractionResponded:
                return True
            except discord.HTTPException as error:
                return _was_answered(error, is_first_try=attempt == 0)
            return True
        return False

    def _id(self, message: int, is_private: bool) -> MessageId:
        return MessageId(channel=self.address.channel, message=message, is_private=is_private)


def _was_answered(error: discord.HTTPException, *, is_first_try: bool) -> bool:
    """Whether the answer had arrived all the same. At the first try it was somebody else's, unless
    the library tried again by itself after a fault of Discord's."""
    if error.code != ALREADY_ANSWERED:
        logger.warning("not acknowledged: %s %s", error.status, error.code)
    elif is_first_try:
        logger.warning("answered already: does another program run with this bot's token?")
    return error.code == ALREADY_ANSWERED
