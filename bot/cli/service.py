"""``serve``, ``chat``, ``doctor``, ``demo``: the service, and looking at it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.edge import DONE, REFUSED, Refused, WrongUsage
from bot.platforms import make_chats
from bot.settings import Settings

from .front_door import entered, executing_or_beside, introduce_operator, operator, ready_database
from .output import Output, opened

if TYPE_CHECKING:
    from bot.app import App
    from bot.chat import Chat
    from bot.console_chat import ConsoleChat

Json = Annotated[bool, typer.Option("--json", help="help-json")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    app.command("chat", help="help-chat")(chat)
    app.command("serve", help="help-serve")(serve)
    app.command("doctor", help="help-doctor")(doctor)
    app.command("demo", help="help-demo")(demo)


def chat() -> int:
    """Talk with the studio in this terminal."""
    settings, output = opened()
    asyncio.run(_chat(settings, output))
    return DONE


def serve(
    roles: Annotated[str | None, typer.Option(help="help-roles")] = None,
) -> int:
    """Serve every chat whose token is set, and the desk where it has an address."""
    settings, output = opened()
    usual = "chat,render,desk" if settings.desk_url else "chat,render"
    named = read_roles(usual if roles is None else roles)
    if settings.is_embedded and len({"chat", "render"} & set(named)) == 1:
        raise WrongUsage("usage-roles-together")
    if "desk" in named:  # the chats give links to it
        settings = settings.model_copy(update={"desk_url": settings.desk_address})
    import uvloop  # asyncio's loop, quicker: a service waits for many things at once

    uvloop.run(_serve(settings, output, named))
    return DONE


def doctor(*, is_json: Json = False) -> int:
    """Tell what is configured, what is missing and what to do."""
    from bot.doctor import Health, examine

    settings, output = opened(is_json=is_json)
    findings = examine(settings, output.language)
    is_well = all(one.health is not Health.BAD for one in findings)
    output.document(
        {
            "is_well": is_well,
            "findings": [
                {
                    "topic": one.topic, "health": one.health.value, "key": one.key,
                    "sentence": one.sentence(output.language),
                }
                for one in findings
            ],
        }
    )  # fmt: skip
    marks = {Health.GOOD: "✓", Health.UNUSED: "·", Health.DOUBTFUL: "!", Health.BAD: "✗"}
    for one in findings:
        output.text(f"{marks[one.health]} {one.sentence(output.language)}")
    is_doubtful = any(one.health is Health.DOUBTFUL for one in findings)
    output.say("doctor-ill" if not is_well else "doctor-doubtful" if is_doubtful else "doctor-well")
    return DONE if is_well else REFUSED


def demo() -> int:
    """Hold one real conversation from end to end in a data folder of its own."""
    from bot.demo import hold

    return asyncio.run(hold())


def read_roles(words: str) -> tuple[str, ...]:
    """``chat,render`` as roles; raises ``WrongUsage`` for one that does not exist."""
    from bot.app import ROLES

    roles = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    for role in roles or ("",):
        if role not in ROLES:
            raise WrongUsage("usage-role", role=role, roles=", ".join(ROLES))
    return roles


async def _serve(settings: Settings, output: Output, roles: Collection[str]) -> None:
    _check_tokens(settings, output)
    ready_database(settings)
    chats: list[Chat] = []
    stopped = _stop_signal()  # before anything says that it serves

    async def prepare(app: App) -> None:
        if "chat" not in roles:
            return
        chats.extend(make_chats(settings, app.studio, app.load_blob))
        if sys.stdin.isatty():
            chats.append(_terminal(app, settings, output))
            await introduce_operator(app, output.language)
        for chat in chats:
            app.join(chat)

    async with entered(settings, roles, prepare) as app:
        app.settle()
        output.sentence("serve-started", roles=", ".join(roles))
        if "desk" in roles:
            output.sentence("desk-served", url=settings.desk_address)
        await _until_stopped(stopped, chats)
        output.sentence("serve-stopping")


def _check_tokens(settings: Settings, output: Output) -> None:
    """A token that cannot be one ends the start."""
    from bot.doctor import Health, look_at_tokens

    for found in look_at_tokens(settings):
        if found.health is Health.BAD:
            raise Refused(found.sentence(output.language), {"error": "token", **found.args})


async def _chat(settings: Settings, output: Output) -> None:
    terminals: list[ConsoleChat] = []

    async def prepare(app: App) -> None:
        terminals.append(_terminal(app, settings, output))
        app.join(terminals[0])
        await introduce_operator(app, output.language)

    async with executing_or_beside(settings, prepare) as app:
        terminals[0].fetches = not app.is_executing
        terminals[0].finishes = not sys.stdin.isatty()
        output.say("chat-welcome")
        await terminals[0].run()


def _stop_signal() -> asyncio.Event:
    """Set by SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    return stopped


async def _until_stopped(stopped: asyncio.Event, chats: Sequence[Chat]) -> None:
    """Until it is asked to stop, the person at the terminal leaves, or a platform refuses us."""
    waiting: list[asyncio.Task[Any]] = [asyncio.create_task(stopped.wait())]
    waiting += [asyncio.create_task(chat.run()) for chat in chats]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await one


def _terminal(app: App, settings: Settings, output: Output) -> ConsoleChat:
    from bot.console_chat import ConsoleChat
    from bot.console_keyboard import typed_lines
    from bot.console_pictures import PictureShelf
    from bot.terminal_pictures import ability

    shelf = PictureShelf(
        settings.data_dir / "pictures",
        app.load_blob,
        how=ability(os.environ, sys.stdout.isatty()),
        write=sys.stdout.write,
        columns=shutil.get_terminal_size().columns,
    )
    return ConsoleChat(
        app.studio,
        typed_lines(operator(output.language)),
        console=output.console(),
        shelf=shelf,
        settings=settings,
    )
