"""Scripted people: what a hand on Discord can do, and only that.

A command that is not registered, a button that is not there or a form nobody opened fails the
test, as it would be impossible on the real platform.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .rules import walk
from .state import MENTION, new_file
from .world import Account, Asked, Channel, File, Json, Message, attachment, snowflake

if TYPE_CHECKING:
    from .server import DiscordEmulator

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
KINDS = {3: str, 4: int, 5: bool, 10: (int, float)}
PERSON, ATTACHMENT = 6, 11


class User:
    """Someone with a keyboard and a mouse."""

    def __init__(self, discord: DiscordEmulator, account: Account) -> None:
        self.discord, self.account = discord, account

    @property
    def direct(self) -> Channel:
        """The private channel with the bot."""
        return self.discord.state.direct(self.account)

    def sees(self, channel: Channel) -> list[Message]:
        """The messages in view, oldest first."""
        return self.discord.state.seen_in(channel, self.account)

    async def slash(self, channel: Channel, words: str, /, **options: Any) -> Asked:
        """``/imagine prompt:…``; ``words`` may name a subcommand: ``"mydata export"``."""
        command, path, known = self._command(words)
        resolved: Json = {}
        filled = [self._fill(known[name], value, resolved, channel)
                  for name, value in options.items() if value is not None]  # fmt: skip
        missing = {name for name, one in known.items() if one.get("required")} - set(options)
        assert not missing, f"/{words} needs {missing}"
        return await self._ask(channel, COMMAND, _data(command, path, filled, resolved))

    async def types(self, channel: Channel, words: str, option: str, typed: str) -> Asked:
        """Typing into an option that completes itself."""
        command, path, known = self._command(words)
        assert known[option].get("autocomplete"), f"{option} does not complete itself"
        filled = [{"name": option, "type": 3, "value": typed, "focused": True}]
        return await self._ask(channel, AUTOCOMPLETE, _data(command, path, filled, {}))

    async def context(self, name: str, message: Message) -> Asked:
        """A message command: right click, Apps, ``name``."""
        command = next(
            (one for one in self.discord.state.commands if one["type"] == 3
             and name in (one["name"], *(one.get("name_localizations") or {}).values())), None,
        )  # fmt: skip
        assert command is not None, f"no message command {name}"
        resolved = {"messages": {message.id: self._shown(message)}}
        data = {
            "id": command["id"], "name": command["name"], "type": 3, "target_id": message.id,
            "resolved": resolved,
        }  # fmt: skip
        return await self._ask(message.channel, COMMAND, data)

    async def click(self, message: Message, label: str) -> Asked:
        """Press the button whose label holds ``label``, or whose custom id is it."""
        found = [part for part in self._parts(message) if part["type"] == 2
                 and not part.get("disabled")
                 and (label == part.get("custom_id") or label in (part.get("label") or ""))]  # fmt: skip
        labels = [part.get("label") for part in self._parts(message) if part["type"] == 2]
        assert found, f"no button {label!r} among {labels}"
        data = {"component_type": 2, "custom_id": found[0]["custom_id"], "id": 1}
        return await self._ask(message.channel, COMPONENT, data, message)

    async def select(self, message: Message, label: str) -> Asked:
        """Choose the option whose label holds ``label``, or whose value is it, in any menu."""
        for part in self._parts(message):
            for option in part.get("options", ()) if part["type"] == 3 else ():
                if label in option["label"] or label == option["value"]:
                    data = {
                        "component_type": 3, "custom_id": part["custom_id"], "id": 1,
                        "values": [option["value"]],
                    }  # fmt: skip
                    return await self._ask(message.channel, COMPONENT, data, message)
        menus = [[option["label"] for option in part["options"]]
                 for part in self._parts(message) if part["type"] == 3]  # fmt: skip
        raise AssertionError(f"no option {label!r} in {menus}")

    async def submit(self, opened: Asked, **values: str) -> Asked:
        """Fill in the form that ``opened`` led to: values by custom id, or one for its field."""
        form = opened.modal
        assert form is not None, "no form was opened"
        fields = [part for top in form["components"] for part in walk(top) if part["type"] == 4]
        by_id = {field["custom_id"]: str(field.get("value") or "") for field in fields}
        given = {fields[0]["custom_id"] if key == "text" else key: value
                 for key, value in values.items()}  # fmt: skip
        assert set(given) <= set(by_id), f"the form has {list(by_id)}"
        filled = by_id | given
        rows = [_filled(top, filled) for top in form["components"]]
        data = {"custom_id": form["custom_id"], "components": rows}
        return await self._ask(opened.channel, MODAL, data, opened.message)

    async def says(
        self, channel: Channel, text: str, *, reply_to: Message | None = None,
        pings: bool = True, files: tuple[File, ...] = (),
    ) -> Message:  # fmt: skip
        """A message; a reply pings the author of what it answers unless that is switched off."""
        state = self.discord.state
        mentions = [state.people[one] for one in MENTION.findall(text) if one in state.people]
        if f"<@{state.bot.id}>" in text or (reply_to and pings and reply_to.author is state.bot):
            mentions.append(state.bot)
        message = Message(
            channel=channel, author=self.account, content=text, reply_to=reply_to,
            mentions=mentions, files=list(files),
        )  # fmt: skip
        state.files |= {file.id: file for file in files}
        await self.discord.said(message)
        return message

    async def _ask(
        self, channel: Channel, kind: int, data: Json, message: Message | None = None
    ) -> Asked:
        asked = Asked(
            person=self.account, channel=channel, kind=kind, data=data,
            locale=self.account.locale, token=secrets.token_urlsafe(48), message=message,
        )  # fmt: skip
        await self.discord.happen(asked)
        return asked

    def _command(self, words: str) -> tuple[Json, list[str], dict[str, Json]]:
        name, *path = words.split()
        commands = self.discord.state.commands
        command = next((one for one in commands if one["type"] == 1 and one["name"] == name), None)
        assert command is not None, f"no command /{name} among {[one['name'] for one in commands]}"
        level = command
        for word in path:
            inner = {one["name"]: one for one in level.get("options") or [] if one["type"] <= 2}
            assert word in inner, f"/{words}: {word} is none of {list(inner)}"
            level = inner[word]
        return command, path, {one["name"]: one for one in level.get("options") or []}

    def _fill(self, option: Json, value: Any, resolved: Json, channel: Channel) -> Json:
        kind = option["type"]
        if kind == ATTACHMENT:
            file = value if isinstance(value, File) else new_file("mine.png", value, "image/png")
            self.discord.state.files[file.id] = file
            shown = attachment(file, channel, "https://cdn.discordapp.com")
            resolved.setdefault("attachments", {})[file.id] = shown
            return {"name": option["name"], "type": kind, "value": file.id}
        if kind == PERSON:
            resolved.setdefault("users", {})[value.account.id] = value.account.payload()
            return {"name": option["name"], "type": kind, "value": value.account.id}
        assert isinstance(value, KINDS[kind]), f"{option['name']} is no {KINDS[kind]}"
        offered = [choice["value"] for choice in option.get("choices") or []]
        assert not offered or value in offered, f"{value!r} is none of {offered}"
        low, high = option.get("min_value"), option.get("max_value")
        assert low is None or value >= low, f"{option['name']} begins at {low}"
        assert high is None or value <= high, f"{option['name']} ends at {high}"
        most = option.get("max_length")
        assert not most or len(value) <= most, f"{option['name']} takes {most} characters"
        return {"name": option["name"], "type": kind, "value": value}

    def _parts(self, message: Message) -> list[Json]:
        assert not message.is_deleted, "that message is gone"
        assert message.seen_by in (None, self.account), "that message is not for them"
        return [part for top in message.components for part in walk(top)]

    def _shown(self, message: Message) -> Json:
        return message.payload("https://cdn.discordapp.com")


def _data(command: Json, path: list[str], filled: list[Json], resolved: Json) -> Json:
    options = filled
    for depth, name in reversed(list(enumerate(path))):
        kind = 1 if depth == len(path) - 1 else 2
        options = [{"name": name, "type": kind, "options": options}]
    found: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    return {**found, "resolved": resolved} if resolved else found


def _filled(top: Json, values: Mapping[str, str]) -> Json:
    """A row or label of a form, with what was typed."""
    if top["type"] == 18:
        inner = top["component"]
        typed = {"type": 4, "custom_id": inner["custom_id"], "id": 2,
                 "value": values[inner["custom_id"]]}  # fmt: skip
        return {"type": 18, "id": 1, "component": typed}
    parts = [
        {"type": 4, "custom_id": part["custom_id"], "id": 2, "value": values[part["custom_id"]]}
        for part in top["components"]
    ]
    return {"type": 1, "id": 1, "components": parts}


__all__ = ["User", "snowflake"]
