"""Reads what Discord tells of a person's deed into the words of the port; no network, no core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.chat import Event, Place, Speaker
from bot.commands import Command, Kind, every_name

from .addresses import TOKEN_SECONDS, Address, MessageId
from .registration import MESSAGE, command_on_message

PLATFORM = "discord"
GROUPS = (1, 2)  # option types that hold options: a subcommand, a group of them
Interaction = discord.Interaction[Any]
Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Given:
    """A command as it was given. ``pictures``: attachments that are still to be fetched."""

    command: Command
    options: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, Json] = field(default_factory=dict)  # option name → attachment
    focused: str = ""  # the option being typed


def address_of(interaction: Interaction) -> Address:
    """Where answers to the interaction go."""
    return Address(
        channel=interaction.channel_id or 0,
        user=interaction.user.id,
        is_direct=interaction.guild_id is None,
        application=interaction.application_id,
        token=interaction.token,
        until=interaction.created_at.timestamp() + TOKEN_SECONDS,
        has_original=interaction.message is None,
    )


def event_of(interaction: Interaction, address: Address) -> Event:
    """The event, with the message that was pressed or pointed at."""
    message_id = None
    if interaction.message is not None:
        is_private = interaction.message.flags.ephemeral
        message_id = _message_id(address.channel, interaction.message.id, is_private=is_private)
    elif target := data_of(interaction).get("target_id"):
        message_id = _message_id(address.channel, int(target))
    may = interaction.permissions
    return Event(
        id=str(interaction.id),
        speaker=Speaker(
            platform=PLATFORM, external_id=str(interaction.user.id),
            name=interaction.user.display_name, locale=str(interaction.locale),
        ),
        place=_place(interaction.guild_id, interaction.guild, address.channel),
        address=address.to_row(),
        message_id=message_id,
        is_administrator=may.administrator or may.manage_guild,
    )  # fmt: skip


def event_of_message(message: discord.Message, text: str) -> Event:
    """Words in a channel, perhaps in reply to a message."""
    guild_id = message.guild.id if message.guild else None
    replied = message.reference.message_id if message.reference else None
    address = Address(
        channel=message.channel.id, user=message.author.id, is_direct=guild_id is None
    )
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
    return Event(
        id=str(message.id),
        speaker=Speaker(
            platform=PLATFORM, external_id=str(message.author.id),
            name=message.author.display_name, locale="zh-CN" if is_chinese else None,
        ),
        place=_place(guild_id, message.guild, message.channel.id),
        address=address.to_row(),
        message_id=_message_id(message.channel.id, replied) if replied else None,
    )  # fmt: skip


def command_of(interaction: Interaction) -> Given | None:
    """The command and its options; None for one that is not in our table."""
    data = data_of(interaction)
    if data.get("type") == MESSAGE:
        return _on_message(interaction)
    names, options = [str(data.get("name"))], data.get("options") or []
    while options and options[0]["type"] in GROUPS:
        names.append(options[0]["name"])
        options = options[0].get("options") or []
    command = every_name().get(" ".join(names))
    if command is None:
        return None
    found = Given(command=command)
    for option in options:
        _read(found, option, data.get("resolved") or {})
    focused = next((one["name"] for one in options if one.get("focused")), "")
    return Given(command=command, options=found.options, pictures=found.pictures, focused=focused)


def words_of_form(interaction: Interaction) -> str:
    """What was written into the only field of a form."""
    return next(_values(data_of(interaction).get("components") or []), "")


def token_of(interaction: Interaction) -> str:
    """The token of what was pressed, or of the option that was chosen, or of the form."""
    data = data_of(interaction)
    values = data.get("values") or []
    return str(values[0] if values else data.get("custom_id", ""))


def pictures_of_target(interaction: Interaction) -> list[Json]:
    """The pictures in the message that was pointed at: its own, then those its links show."""
    data = data_of(interaction)
    shown = ((data.get("resolved") or {}).get("messages") or {}).get(data.get("target_id")) or {}
    attached = [one for one in shown.get("attachments") or [] if is_picture(one)]
    return [*attached, *_linked(shown.get("embeds") or [])]


def _linked(embeds: list[Json]) -> Iterator[Json]:
    """Pictures behind links, by Discord's own copy of them, as attachments are told."""
    for embed in embeds:
        is_only_a_picture = embed.get("type") == "image"
        shown = embed.get("image") or (embed.get("thumbnail") if is_only_a_picture else None) or {}
        if shown.get("proxy_url"):
            yield {"url": shown["proxy_url"], "content_type": shown.get("content_type")}


def is_picture(attachment: Json) -> bool:
    """Whether Discord takes it for a picture."""
    return str(attachment.get("content_type", "")).startswith("image/")


def _on_message(interaction: Interaction) -> Given | None:
    command = command_on_message(str(data_of(interaction).get("name")))
    if command is None:
        return None
    picture = next(iter(pictures_of_target(interaction)), None)
    option = next((one for one in command.options if one.kind is Kind.PICTURE), None)
    pictures = {option.name: picture} if option and picture else {}
    return Given(command=command, pictures=pictures)


def _read(given: Given, option: Json, resolved: Json) -> None:
    """One option's value as its kind."""
    known = given.command.option(option["name"])
    if known is None:
        return
    value = option["value"]
    match known.kind:
        case Kind.PICTURE:
            given.pictures[known.name] = resolved["attachments"][value]
        case Kind.PERSON:
            user = resolved["users"][value]
            name = user.get("global_name") or user["username"]
            speaker = Speaker(platform=PLATFORM, external_id=str(value), name=name)
            given.options[known.name] = speaker
        case Kind.NUMBER:
            given.options[known.name] = float(value)
        case _:
            given.options[known.name] = value


def _values(components: list[Json]) -> Iterator[str]:
    for part in components:
        inside = [*(part.get("components") or []), *filter(None, [part.get("component")])]
        yield from _values(inside)
        if "value" in part:
            yield str(part["value"])


def _place(guild_id: int | None, guild: discord.Guild | None, channel: int) -> Place:
    """A guild is a community; a direct channel is a community of one."""
    if guild_id is None:
        return Place(platform=PLATFORM, external_id=f"dm:{channel}", is_private=True)
    name = guild.name if guild is not None and not guild.unavailable else ""
    return Place(platform=PLATFORM, external_id=str(guild_id), name=name or "")


def _message_id(channel: int, message: int, *, is_private: bool = False) -> str:
    return str(MessageId(channel=channel, message=message, is_private=is_private))


def data_of(interaction: Interaction) -> Json:
    """What the interaction holds, as Discord sent it."""
    return interaction.data or {}
