"""Conversations as data, played on any platform through a small driver.

A conversation is a TOML file beside this one: people, then steps. A step is one thing a person
does and what must be seen after it. The table knows no platform; a driver knows one.

``[people.NAME]``: ``locale``; ``is_administrator``; both may be left out (English, no).

``[[step]]``: ``who`` does one of

* ``say = "words"``, ``reply = "words"`` (to the newest message with pictures they can see)
* ``command = "imagine"`` with ``options = {…}``; ``{ upload = "green" }`` is a picture of that
  colour, ``{ person = "bob" }`` someone mentioned
* ``press = "vary"`` (an ``Action``) with ``nth`` (1), ``ending`` (of the button's argument) and
  ``text`` (what a form asks for)
* ``looks = true``: nothing; everything they can see counts, whenever it came
* ``restart = true``: the service ends and starts again on the same data

and then, each true of what is new or changed for them since the step began:

* ``sees``: words, each of which some message must hold; ``never``: words no message may hold
* ``pictures``, ``files``: how many one message shows; ``buttons``: actions that one message offers
* ``private = true``: what they see of it is for them alone, ``others`` may not see ``sees``
* ``keeps = { code = "regular expression" }``: remembered; ``{code}`` in later words is replaced
* ``twice = true``: the platform delivers the event two times
* ``rows = { requests = 1 }``: how many rows the table then has
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import func, select

from bot.app import App
from bot.chat import Action, Upload
from store.tables import Table
from tests.bot.path_fakes import PATIENCE

FOLDER = Path(__file__).parent
SECONDS = 20.0  # for what happens by itself, on a quiet machine
LOOK_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message as a person sees it now."""

    id: str
    text: str  # everything readable, alt texts not
    num_pictures: int = 0
    actions: tuple[str, ...] = ()  # of buttons and of menus' options
    files: tuple[str, ...] = ()  # names
    alt_texts: tuple[str, ...] = ()
    is_private: bool = False  # nobody else can see it


@dataclass(frozen=True, kw_only=True)
class Member:
    """Someone in the room."""

    name: str
    locale: str = "en"
    is_administrator: bool = False


class Driver(Protocol):
    """One platform on which people talk with the service. Every ``who`` is a member's name.

    All of them meet in one room (a guild's channel, a group) where each can see what is not
    private; a private chat with the bot exists beside it.
    """

    @property
    def app(self) -> App:
        """The service that runs now."""

    async def join(self, members: Sequence[Member]) -> None:
        """These people are in the room."""

    async def say(self, who: str, text: str, *, twice: bool = False) -> None:
        """Plain words to the bot."""

    async def reply(self, who: str, text: str) -> None:
        """Plain words in reply to the newest message with pictures."""

    async def command(
        self, who: str, name: str, options: Mapping[str, Any], *, twice: bool = False
    ) -> None:
        """A command of ``bot.commands``; an ``Upload`` is attached, a ``Member`` mentioned."""

    async def press(
        self,
        who: str,
        action: Action,
        *,
        nth: int = 1,
        ending: str = "",
        text: str = "",
        twice: bool = False,
    ) -> None:
        """The nth button (or menu's option) of that action whose argument ends so, on the newest
        message they can see that has one; ``text`` goes into the form it opens."""

    async def shown(self, who: str) -> Sequence[Shown]:
        """Every message they can see now, oldest first."""

    async def restart(self) -> None:
        """End the service and start it again on the same data."""


@dataclass
class Conversation:
    """One file, and what it has remembered so far."""

    title: str
    members: Sequence[Member]
    steps: Sequence[Mapping[str, Any]]
    kept: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Conversation:
        """A conversation from its file."""
        data = tomllib.loads(path.read_text("utf-8"))
        members = [Member(name=name, **facts) for name, facts in data["people"].items()]
        return cls(title=data["title"], members=members, steps=data["step"])


def conversations() -> list[Path]:
    """Every conversation there is, for ``pytest.mark.parametrize``."""
    return sorted(FOLDER.glob("*.toml"))


async def play(driver: Driver, conversation: Conversation) -> None:
    """Play every step; fails with the step and everything that was seen."""
    await driver.join(conversation.members)
    for number, step in enumerate(conversation.steps, start=1):
        await _play_step(driver, conversation, step, f"{conversation.title}, step {number}: {step}")


async def _play_step(
    driver: Driver, conversation: Conversation, step: Mapping[str, Any], where: str
) -> None:
    if step.get("restart"):
        await driver.restart()
        return
    who = step["who"]
    looks = bool(step.get("looks"))
    before = set() if looks else {(one.id, _print(one)) for one in await driver.shown(who)}
    if not looks:
        await _act(driver, conversation, step)
    fresh = await _wait(driver, step, before, where)
    everything = "\n".join(one.text for one in fresh)
    for words in step.get("never", ()):
        assert words not in everything, f"{where}\n{everything}"
    if step.get("private"):
        await _expect_unseen_by_others(driver, conversation, step, fresh, where)
    for name, pattern in step.get("keeps", {}).items():
        found = re.search(pattern, everything)
        assert found, f"{where}\n{everything}"
        conversation.kept[name] = found[0]
    for table, number in step.get("rows", {}).items():
        assert await _num_rows(driver.app, table) == number, f"{where}: rows of {table}"


async def _act(driver: Driver, conversation: Conversation, step: Mapping[str, Any]) -> None:
    who, twice = step["who"], bool(step.get("twice"))
    kept = conversation.kept

    def filled(words: str) -> str:
        for name, value in kept.items():
            words = words.replace(f"{{{name}}}", value)
        return words

    if "say" in step:
        await driver.say(who, filled(step["say"]), twice=twice)
    elif "reply" in step:
        await driver.reply(who, filled(step["reply"]))
    elif "command" in step:
        options = {
            name: _option(conversation, filled(value) if isinstance(value, str) else value)
            for name, value in step.get("options", {}).items()
        }
        await driver.command(who, step["command"], options, twice=twice)
    else:
        await driver.press(
            who,
            Action(step["press"]),
            nth=step.get("nth", 1),
            ending=filled(step.get("ending", "")),
            text=filled(step.get("text", "")),
            twice=twice,
        )


async def _wait(
    driver: Driver, step: Mapping[str, Any], before: set[tuple[str, str]], where: str
) -> list[Shown]:
    """What is new or changed, once everything that must be seen is seen."""
    fresh: list[Shown] = []
    try:
        async with asyncio.timeout(SECONDS * PATIENCE):
            while True:
                now = await driver.shown(step["who"])
                fresh = [one for one in now if (one.id, _print(one)) not in before]
                if not _missing(step, fresh):
                    return fresh
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        seen = "\n".join(f"- {_print(one)}" for one in fresh)
        raise AssertionError(f"{where}\nnot seen: {_missing(step, fresh)}\nseen:\n{seen}") from None


def _missing(step: Mapping[str, Any], fresh: Sequence[Shown]) -> list[str]:
    everything = "\n".join(one.text for one in fresh)
    missing = [words for words in step.get("sees", ()) if words not in everything]
    wanted = set(step.get("buttons", ()))
    if wanted and not any(wanted <= set(one.actions) for one in fresh):
        missing.append(f"buttons {sorted(wanted)}")
    for name, counts in (
        ("pictures", [one.num_pictures for one in fresh]),
        ("files", [len(one.files) for one in fresh]),
    ):
        if name in step and step[name] not in counts:
            missing.append(f"{name} {step[name]}")
    return missing


async def _expect_unseen_by_others(
    driver: Driver,
    conversation: Conversation,
    step: Mapping[str, Any],
    fresh: Sequence[Shown],
    where: str,
) -> None:
    mine = {one.id for one in fresh if any(words in one.text for words in step["sees"])}
    assert mine, where
    for member in conversation.members:
        if member.name != step["who"]:
            theirs = {one.id for one in await driver.shown(member.name)}
            assert not mine & theirs, f"{where}: {member.name} sees it, too"


def _option(conversation: Conversation, value: Any) -> Any:
    if isinstance(value, Mapping) and "upload" in value:
        return Upload(data=flat_png(value["upload"]))
    if isinstance(value, Mapping) and "person" in value:
        return next(one for one in conversation.members if one.name == value["person"])
    return value


def flat_png(color: str) -> bytes:
    """A small picture of one colour."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (96, 96), color).save(out, "PNG")
    return out.getvalue()


def _print(one: Shown) -> str:
    return f"{one.text} | {one.num_pictures} pictures | {' '.join(one.actions)} | {one.files}"


async def _num_rows(app: App, table: str) -> int:
    async with app.db.session() as session:
        counted = select(func.count()).select_from(Table.metadata.tables[table])
        return await session.scalar(counted) or 0
