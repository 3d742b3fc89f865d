"""``serve``, ``chat``, ``doctor``, ``demo``: the service, and looking at it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from bot.edge import DONE, REFUSED, WrongUsage
from bot.settings import Settings

from .front_door import accept_terms, executing_or_beside, operator, ready_database
from .output import Output, opened

if TYPE_CHECKING:
    from bot.app import App
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
    roles: Annotated[str, typer.Option(help="help-roles")] = "chat,render,desk",
) -> int:
    """Serve every chat whose token is set."""
    settings, output = opened()
    asyncio.run(_serve(settings, output, read_roles(roles)))
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
    output.say("doctor-well" if is_well else "doctor-ill")
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
    from bot.app import build

    ready_database(settings)
    app = build(settings, roles)
    terminal = None
    if "chat" in roles and sys.stdin.isatty():
        terminal = _terminal(app, settings, output)
        app.join(terminal)
    await app.start()
    try:
        output.sentence("serve-started", roles=", ".join(roles))
        await _until_stopped(terminal)
    finally:
        output.sentence("serve-stopping")
        await app.stop()


async def _chat(settings: Settings, output: Output) -> None:
    async with executing_or_beside(settings, lambda app: _terminal(app, settings, output)) as app:
        await accept_terms(app, output.language)
        terminal = app.chats["terminal"]
        output.say("chat-welcome")
        await terminal.run()


async def _until_stopped(terminal: ConsoleChat | None) -> None:
    """Until SIGINT or SIGTERM, or until the person at the terminal leaves."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    waiting = [asyncio.ensure_future(stopped.wait())]
    if terminal:
        waiting.append(asyncio.ensure_future(terminal.run()))
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await one


def _terminal(app: App, settings: Settings, output: Output) -> ConsoleChat:
    from bot.console_chat import ConsoleChat, typed_lines
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
