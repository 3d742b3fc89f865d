"""Makes a call of the core of everything a person does on Discord, and has it answered.

Discord may tell of the same thing twice: a moment apart it is caught here, later by the rows.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord.app_commands import Choice

from bot import cards
from bot.asks import Reply
from bot.chat import Card, Event, PrivateClosed, is_private_press, read_token
from bot.settings import Settings
from bot.texts import pick_language

from . import pictures, references
from .addresses import Address, MessageId
from .answering import Answer
from .outgoing import Outgoing
from .reading import (
    Given,
    Interaction,
    Json,
    address_of,
    command_of,
    event_of,
    event_of_message,
    is_picture,
    pictures_of_target,
    token_of,
    words_of_form,
)
from .showing import modal

if TYPE_CHECKING:
    from bot.requests import Studio

NUM_REMEMBERED = 2000  # events heard lately
MAX_CHOICES, MAX_CHOICE = 25, 100
MENTION = re.compile(r"<@[!&]?\d+>")


class Incoming:
    """What the client hears, one method each. Nothing here keeps state that matters."""

    def __init__(
        self, studio: Studio, outgoing: Outgoing, settings: Settings, *, row_seconds: float
    ) -> None:
        self._studio, self._outgoing, self._settings = studio, outgoing, settings
        self._row_seconds = row_seconds
        self._pointed = pictures.Pointed()
        self._heard: OrderedDict[int, None] = OrderedDict()

    async def interaction(self, interaction: Interaction) -> None:
        """A command, a press, a form, or words half typed."""
        if self._is_known(interaction.id) or interaction.channel_id is None:
            return
        match interaction.type:
            case discord.InteractionType.application_command:
                await self._command(interaction)
            case discord.InteractionType.component | discord.InteractionType.modal_submit:
                await self._press(interaction)
            case discord.InteractionType.autocomplete:
                await self._suggest(interaction)

    async def message(self, message: discord.Message, me: int) -> None:
        """Words or a picture: in a direct message, or where they call us. Elsewhere Discord
        blanks them. Who calls us and says nothing is told what can be said."""
        calls_us = message.guild is None or any(user.id == me for user in message.mentions)
        text = MENTION.sub("", message.content).strip()
        shown = [one for one in map(_told, message.attachments) if is_picture(one)]
        is_said = bool(message.content or shown) and calls_us and not message.author.bot
        if not is_said or self._is_known(message.id):
            return
        event = event_of_message(message, text)
        if shown:
            reply = await self._show(event, text, shown[0])
        elif text:
            reply = await self._studio.say(event, text)
        else:
            reply = await self._studio.command(event, "help", {})
        if not reply.is_duplicate:
            await self._answer(message, event, reply)

    async def _answer(self, message: discord.Message, event: Event, reply: Reply) -> None:
        """In reply to the message; what is private and cannot get through is hinted at there."""
        address = Address.from_row(event.address)
        asked = MessageId(channel=message.channel.id, message=message.id)
        for number, card in enumerate((reply.card, *reply.also)):
            nonce = f"m{message.id}.{number}"
            try:
                sent = await self._outgoing.answer(address, card, nonce=nonce, reply_to=asked)
            except PrivateClosed:
                hint = cards.plain(self._language(event), "discord-direct-closed")
                await self._outgoing.answer(address, hint, nonce=f"{nonce}h", reply_to=asked)
                return
            if card.receipt:
                await self._studio.posted(event, card, str(sent))

    async def _command(self, interaction: Interaction) -> None:
        given, address = command_of(interaction), address_of(interaction)
        event = event_of(interaction, address)
        if references.is_asked(interaction):
            await self._ask_for_words(interaction, address, event)
            return
        if given is None:
            await self._say(interaction, address, event, "press-unknown")
            return
        is_private = given.command.is_private or bool(given.options.get("private"))
        await self._give(interaction, address, event, self._obey(event, given), is_private)

    async def _obey(self, event: Event, given: Given) -> Reply:
        return await self._with_pictures(event, given.command.name, given.options, given.pictures)

    async def _show(self, event: Event, text: str, picture: Json) -> Reply:
        """Words with a picture start from it; a picture alone is one to describe."""
        if text:
            told: dict[str, Any] = {"prompt": text}
            return await self._with_pictures(event, "imagine", told, {"reference": picture})
        return await self._with_pictures(event, "describe", {}, {"picture": picture})

    async def _with_pictures(
        self, event: Event, name: str, options: Mapping[str, Any], shown: Mapping[str, Json]
    ) -> Reply:
        """A command, with its pictures fetched."""
        given, most = dict(options), self._settings.max_upload_bytes
        try:
            for option, picture in shown.items():
                client = self._outgoing.client
                given[option] = await pictures.fetch(client, picture, max_bytes=most)
        except pictures.PictureRefused as error:
            return self._refusal(event, error.key)
        return await self._studio.command(event, name, given)

    async def _press(self, interaction: Interaction) -> None:
        address, token = address_of(interaction), token_of(interaction)
        event = event_of(interaction, address)
        if token.startswith(f"{references.TOKEN}:"):
            asking = self._start_from(event, token, words_of_form(interaction))
            await self._give(interaction, address, event, asking, is_private=False)
            return
        found = read_token(token)
        if found is None:
            await self._say(interaction, address, event, "press-unknown")
            return
        action, argument = found
        text = ""
        if interaction.type is discord.InteractionType.modal_submit:
            text = words_of_form(interaction)
        elif form := await self._studio.form(event, action, argument):
            await interaction.response.send_modal(modal(form, token))
            return
        asking = self._studio.press(event, action, argument, text)
        await self._give(interaction, address, event, asking, is_private_press(action))

    async def _ask_for_words(
        self, interaction: Interaction, address: Address, event: Event
    ) -> None:
        """A picture was pointed at: what shall become of it?"""
        shown = pictures_of_target(interaction)
        if not shown:
            await self._say(interaction, address, event, "discord-no-picture")
            return
        carried = references.carried(interaction)
        self._pointed.keep(carried, shown[0])
        form = references.form(self._language(event))
        await interaction.response.send_modal(modal(form, f"{references.TOKEN}:{carried}"))

    async def _start_from(self, event: Event, token: str, words: str) -> Reply:
        """A wish with the picture of a message as its reference."""
        carried = token.removeprefix(f"{references.TOKEN}:")
        try:
            picture = await self._pointed.find(self._outgoing.client, carried)
        except pictures.PictureRefused as error:
            return self._refusal(event, error.key)
        told = {"prompt": words}
        return await self._with_pictures(event, "imagine", told, {"reference": picture})

    async def _suggest(self, interaction: Interaction) -> None:
        given = command_of(interaction)
        if given is None:
            return
        event = event_of(interaction, address_of(interaction))
        typed = str(given.options.get(given.focused, ""))
        found = await self._studio.suggest(event, given.command.name, given.focused, typed)
        shown = [word[:MAX_CHOICE] for word in found[:MAX_CHOICES]]
        await interaction.response.autocomplete([Choice(name=word, value=word) for word in shown])

    async def _give(
        self, interaction: Interaction, address: Address, event: Event, asking: Any,
        is_private: bool,
    ) -> None:  # fmt: skip
        answer = Answer(
            interaction, address, self._outgoing, is_private=is_private,
            row_seconds=self._row_seconds,
        )  # fmt: skip

        async def posted(card: Card, message_id: str) -> None:
            await self._studio.posted(event, card, message_id)

        await answer.give(asking, posted)

    async def _say(
        self, interaction: Interaction, address: Address, event: Event, key: str
    ) -> None:
        async def said() -> Reply:
            return self._refusal(event, key)

        await self._give(interaction, address, event, said(), is_private=True)

    def _refusal(self, event: Event, key: str) -> Reply:
        card = cards.plain(self._language(event), key, is_private=True)
        return Reply(card=card, is_refused=True)

    def _language(self, event: Event) -> str:
        return pick_language(None, event.speaker.locale, self._settings.language)

    def _is_known(self, event_id: int) -> bool:
        """True for an event heard before; remembers it."""
        if event_id in self._heard:
            return True
        self._heard[event_id] = None
        while len(self._heard) > NUM_REMEMBERED:
            self._heard.popitem(last=False)
        return False


def _told(attachment: discord.Attachment) -> Json:
    return dict(attachment.to_dict())
